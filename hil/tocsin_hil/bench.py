"""What a contract test asks of any target: a press under given circumstances, and its record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tocsin_host.measure import RunRecord

Until = Callable[[RunRecord], bool]
"""Whether a run, as far as it has come, has shown what it was for."""

LINGER_S = 2.0
"""How long a run is watched on, so that the last notice is felt to its end."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What surrounds one press.

    `refuse_calls` attempts fail; unless `nobody_answers` the next is answered and hung up by
    the far end `talk_s` later; the network ends ringing after `ring_limit_s`. `first_fix_s` and
    `sms_delay_s` are medians. The run is watched for `limit_s` at most.
    """

    seed: int = 1
    issued: bool = True
    hold_ms: int = 1500
    refuse_calls: int = 0
    nobody_answers: bool = False
    ring_limit_s: float = 30.0
    talk_s: float = 45.0
    first_fix_s: float = 6.0
    sms_delay_s: float = 3.0
    limit_s: float = 60.0


def closed(record: RunRecord) -> bool:
    """Whether the activation has ended."""
    return record.outcome is not None


class Bench(Protocol):
    """A handset that can be pressed, and everything around it that is seen."""

    def press(self, circumstances: Circumstances, until: Until = closed) -> RunRecord:
        """Press a handset that has settled, and watch it `until` enough was seen.

        Each press meets a freshly provisioned handset. Times in the record count from the
        press. Raises BlockedError when the rig, not the handset, failed.
        """
