"""What minipb asks of module bisect, which no port freezes."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def bisect_right(numbers: "Sequence[int]", number: int) -> int:
    return sum(each <= number for each in numbers)
