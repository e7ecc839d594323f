"""When a handset reports its health: once in each period, at a time of its own, and a last time.

In memory only while that is looked at.
"""

import sys

from micropython import const

from tocsin import tag
from tocsin.storage import atomic

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.handset import Handset
    from tocsin.heartbeat import Heartbeat

# Handsets whose power comes back together do not report together.
_FIRST_S = const(900)
_SPREAD_S = const(600)
_LOOK_S = const(900)
_RETRY_S = const(3_600)
_SCATTER = const(1_021)
_NEARLY_EMPTY_PCT = const(5)
_CHARGED_PCT = const(15)


async def run(handset: "Handset", heartbeat: "Heartbeat") -> int:
    """Send a report if one is due; how many seconds it is until the next look."""
    config = handset.config
    if not (config.get("issued") and config.get("report_number") and tag.has_key(config)):
        return _LOOK_S
    pct = handset.battery.percent()
    heartbeat.has_said_last = heartbeat.has_said_last and pct < _CHARGED_PCT
    is_last = pct <= _NEARLY_EMPTY_PCT and not heartbeat.has_said_last
    left_s = _left_s(handset, heartbeat)
    if left_s > 0 and not is_last:
        return min(left_s, _LOOK_S)
    await heartbeat.load()
    report = sys.modules["tocsin.health.report"]
    if not await report.run(handset, is_last, heartbeat.heard):
        return _RETRY_S
    heartbeat.silent_s = 0
    heartbeat.heard = handset.sentences
    heartbeat.has_said_last = heartbeat.has_said_last or is_last
    heartbeat.told = _slot(handset)[0]
    await handset.gate.opened()
    with handset.gate:
        atomic.replace(_path(handset), heartbeat.told.to_bytes(4, "little"), 4)
    return _LOOK_S


def _left_s(handset: "Handset", heartbeat: "Heartbeat") -> int:
    """How long it is until a report is due."""
    slot, left_s = _slot(handset)
    if not slot:
        return int(handset.config.get("heartbeat_s")) - heartbeat.silent_s
    if heartbeat.told < 0:
        heartbeat.told = int.from_bytes(atomic.load(_path(handset)) or b"", "little")
    if slot == heartbeat.told:
        return left_s
    return _FIRST_S + _scattered(handset, _SPREAD_S) - heartbeat.silent_s


def _slot(handset: "Handset") -> "tuple[int, int]":
    """Which period it is since 2000, 0 while that is not known, and how long that will last."""
    every_s: int = handset.config.get("heartbeat_s")
    now_s = handset.utc.now_s()
    slot, gone_s = divmod(now_s + _scattered(handset, every_s), every_s)
    return slot if now_s else 0, every_s - gone_s


def _scattered(handset: "Handset", range_s: int) -> int:
    identity: int = handset.config.get("identity")
    return (identity & 0xFFFF) * _SCATTER % range_s


def _path(handset: "Handset") -> str:
    return handset.board.data_dir + "/heartbeat"
