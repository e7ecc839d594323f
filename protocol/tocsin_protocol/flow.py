"""How a message takes part in an exchange, and which lane of the link it takes."""

from enum import Enum, IntEnum


class Flow(Enum):
    """A message's place in an exchange; the value is the phrase in the interface document."""

    STARTS = "starts an exchange"
    CONTINUES = "continues an exchange"
    ENDS = "ends an exchange"
    EVENT = "stands alone"
    APART = "takes part in no exchange"

    @property
    def is_answered(self) -> bool:
        """Whether something must follow."""
        return self in (Flow.STARTS, Flow.CONTINUES)

    @property
    def is_answer(self) -> bool:
        """Whether something must have gone before."""
        return self in (Flow.CONTINUES, Flow.ENDS)


class Lane(IntEnum):
    """The priority class: whatever waits in the urgent lane goes first."""

    NORMAL = 0
    URGENT = 1
