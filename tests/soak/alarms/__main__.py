"""One episode once more, step by step: `python -m tests.soak.alarms SEED NUMBER`."""

import sys
from collections.abc import Iterator

from tests.soak.alarms.campaign import Campaign
from tests.soak.alarms.course import Account, account_of
from tests.soak.alarms.judge import findings_of, outcome_of
from tests.soak.alarms.plan import episode

_S = 1_000_000


def main() -> None:
    """Tell all that happened in it, and what was amiss."""
    seed, number = map(int, sys.argv[1:3])
    plan = episode(seed, number)
    account = account_of(plan, Campaign().images[plan.board])
    sys.stdout.write(f"{plan.board}, talks {plan.talk_s} s\n")
    for t_us, text in sorted(_timeline(account)):
        sys.stdout.write(f"{t_us / _S:10.3f}  {text}\n")
    sys.stdout.write(account.log)
    for finding in findings_of(account) or ["nothing is amiss"]:
        sys.stdout.write(f"{finding}\n")


def _timeline(account: Account) -> Iterator[tuple[int, str]]:
    record, truth = account.record, account.truth
    for alarm in account.alarms:
        yield alarm.pressed_us, f"== press, held {alarm.plan.hold_ms} ms: {outcome_of(alarm)}"
        for strike in alarm.plan.strikes:
            at_us = alarm.pressed_us + round(strike.at_s * _S)
            yield at_us, f"-- {strike.fault} {dict(strike.values)}, lasts {strike.lasts_s} s"
    for mark in record.marks:
        yield mark.t_us, f"{mark.reporter.value}: {mark.stage.name} {mark.attempt or ''}"
    for felt in record.notices_felt:
        yield felt.t_us, f"felt: {felt.notice.name}"
    for outage in truth.outages_us:
        yield outage[0], f"no supply{f' until {outage[1] / _S:.3f}' if outage[1:] else ''}"
    for attempt, span in truth.spans.items():
        yield span.placed_us, f"call {attempt}"
        if span.ended_us is not None:
            yield span.ended_us, f"call {attempt} is over"


if __name__ == "__main__":
    main()
