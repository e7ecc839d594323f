"""The health report: a self-test's outcome and the handset's state, sealed, in one SMS."""

import asyncio

from micropython import const

from tocsin import build, tag, wire
from tocsin.health import selftest
from tocsin.health.wire import HEALTH_BATTERY, HEALTH_HEARTBEAT, HealthReport

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.handset import Handset
    from tocsin.health.selftest import Finding

_WAKE_MS = const(100)
_MAX_FAULTS = const(65_535)


async def run(handset: "Handset", is_last: bool, heard: int) -> bool:
    """Whether the network has accepted a report; an alarm ends the attempt.

    The receiver is tested if it has not told of itself since `handset.sentences` was `heard`.
    """

    async def pause() -> None:
        await selftest.pause(handset)

    def go_on() -> None:
        pass

    try:
        found = await selftest.run(handset, heard)
        if found is None:
            return False
        report = _report(handset, is_last, found)
        with handset.gate:
            counter = handset.counter.take()
        pdu_hex, tpdu_bytes = await tag.message(report, handset.config, counter, pause)
        handset.modem.wake()
        await asyncio.sleep_ms(_WAKE_MS)
        await pause()
    except selftest.NeededError:
        return False
    is_sent = await handset.modem.send(pdu_hex, tpdu_bytes, go_on)
    if is_sent:
        handset.history.note(wire.JOURNAL_HEALTH_SENT, report.reason, counter)
    if handset.is_quiet():
        with handset.gate:
            handset.counter.renew_if_low()
    return is_sent


def _report(handset: "Handset", is_last: bool, found: "list[Finding]") -> HealthReport:
    tested = failed = 0
    for number, verdict, _ in found:
        tested |= (verdict < 2) << number
        failed |= (verdict == 1) << number
    return HealthReport(
        HEALTH_BATTERY if is_last else HEALTH_HEARTBEAT,
        0 if is_last else handset.config.get("heartbeat_s"),
        handset.battery.read_mv(),
        handset.battery.percent(),
        tested,
        failed,
        handset.board.reset_cause,
        handset.board.clock.ticks_ms() // 1000,
        min(handset.faults, _MAX_FAULTS),
        handset.config.generation,
        build.VERSION,
    )
