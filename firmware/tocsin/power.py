"""The battery: its charge estimated from its voltage at rest, and what is kept for calls.

At any charge an alarm calls and sends its tag and one text. Below 30 % nothing else spends charge
but a daily report; below 10 % an alarm sends no further positions, nor takes any.
"""

from array import array

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

# One lithium-ion cell at light load, millivolts at 0, 10 ... 100 %.
_CURVE_MV = array("H", (3300, 3600, 3680, 3730, 3770, 3800, 3850, 3910, 3980, 4070, 4180))
# A call's bursts pull the voltage down for moments.
_READINGS = const(8)


class Battery:
    """Charge of one lithium-ion cell."""

    def __init__(self, read_mv: "Callable[[], int]") -> None:
        self.read_mv = read_mv
        self._empty = 0

    def percent(self) -> int:
        """Charge, 0..100 %, by linear interpolation of the cell's rest voltage."""
        mv = self.read_mv()
        if mv <= _CURVE_MV[0]:
            return 0
        for i in range(1, len(_CURVE_MV)):
            if mv < _CURVE_MV[i]:
                low_mv = _CURVE_MV[i - 1]
                return (i - 1) * 10 + (mv - low_mv) * 10 // (_CURVE_MV[i] - low_mv)
        return 100

    def is_empty(self) -> bool:
        """Whether nothing was left each of the last times that this was asked."""
        self._empty = 0 if self.percent() else self._empty + 1
        return self._empty >= _READINGS
