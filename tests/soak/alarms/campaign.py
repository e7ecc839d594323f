"""All the alarms of one seed: what each came to, how often each fault struck, what was amiss."""

import sys
from collections import Counter
from dataclasses import dataclass

from tests.cores import Forked
from tests.soak.alarms.course import account_of
from tests.soak.alarms.judge import ENDS, findings_of, outcome_of
from tests.soak.alarms.plan import Episode, episode

from tocsin_host.firmware_tree import board_names, firmware_root
from tocsin_sim.vm.image import FirmwareImage

ALARMS = 20_000
COLUMNS = ("alarms", *ENDS)
_MAX_TOLD = 20
_TELL_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Result:
    """One episode in short: what each alarm came to, each fault with that, what was amiss."""

    board: str
    ends: list[str]
    faults: list[tuple[str, str]]
    findings: list[str]


class Campaign:
    """Runs episodes with firmware built once for each board."""

    def __init__(self) -> None:
        self.images = {
            board: FirmwareImage.build(firmware_root(), board) for board in board_names()
        }

    def carried_out(self, plan: Episode) -> Result:
        """Carry out one episode and judge it."""
        account = account_of(plan, self.images[plan.board])
        ends = [outcome_of(alarm) for alarm in account.alarms]
        return Result(
            plan.board,
            ends,
            [
                (strike.fault, end)
                for end, alarm in zip(ends, account.alarms, strict=True)
                for strike in alarm.plan.strikes
                if strike in account.struck
            ],
            findings_of(account),
        )


def every_fault(seed: int, scale: float) -> dict[str, tuple[int, ...]]:
    """Return what the alarms came to (COLUMNS): in all, by board, and where each fault struck.

    Raises AssertionError for what must never be, with the commands that repeat it.
    """
    campaign, wanted, alarms = Campaign(), round(ALARMS * scale), 0
    rows: dict[str, Counter[str]] = {"all": Counter()}
    amiss: list[str] = []
    number, chunk = 0, 32
    while alarms < wanted:
        plans = [episode(seed, each) for each in range(number, number + chunk)]
        number += chunk
        for plan, result in Forked(campaign.carried_out).over(plans):
            before, alarms = alarms, alarms + len(result.ends)
            amiss += [f"{_repeat(plan)}: {finding}" for finding in result.findings]
            for name in ("all", result.board):
                rows.setdefault(name, Counter()).update(result.ends)
            for name, end in result.faults:
                rows.setdefault(name, Counter())[end] += 1
            if alarms // _TELL_EVERY > before // _TELL_EVERY:
                _say(f"  {alarms:,} alarms, {len(amiss)} findings")
    told = "\n".join(amiss[:_MAX_TOLD])
    assert not amiss, f"{len(amiss)} findings in {alarms} alarms, the first of them:\n{told}"
    return {name: _row(counts) for name, counts in rows.items()}


def _row(counts: Counter[str]) -> tuple[int, ...]:
    return (sum(counts[end] for end in ENDS), *(counts[end] for end in ENDS))


def _repeat(plan: Episode) -> str:
    return f"python -m tests.soak.alarms {plan.seed} {plan.number} ({plan.board})"


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
