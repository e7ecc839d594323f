"""What happens in a run, by name: what steps wait for and expectations ask about."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin_host.wire import Reporter, Stage

MARK = "mark:"
EVENT = "event:"

EVENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "activation.closed": ("the handset says that an activation has ended", ("outcome",)),
    "person.told": ("the person felt a whole pattern of pulses", ("notice",)),
    "person.puzzled": ("the person felt pulses that mean nothing", ()),
    "modem.dial": ("the modem was given a dial command", ("number", "allowed", "over_call")),
    "modem.text": ("the modem was given a text", ("number", "allowed")),
    "modem.begin": ("the modem claimed that the call is connected", ("answered",)),
    "modem.false_no_carrier": ("the modem said NO CARRIER of a call that goes on", ("attempt",)),
    "modem.restarted": ("the modem started again by itself", ()),
    "modem.hung": ("the modem fell silent", ()),
    "modem.power": ("the modem went off, on or in between", ("state",)),
    "modem.split": ("what the modem said arrived in pieces", ("size",)),
    "modem.interleaved": ("a line came between an answer's lines", ()),
    "sim.changed": ("the SIM went out of use or back into it", ("state",)),
    "network.service": ("the network's service changed", ("service",)),
    "call.placed": ("the network took a call", ("attempt", "number")),
    "call.ringing": ("the far end rings", ("attempt", "number")),
    "call.answered": ("the far end is off-hook", ("attempt",)),
    "call.put_through": ("the call has reached the answer point", ("attempt",)),
    "call.ended": ("a call is over", ("attempt", "cause", "was")),
    "call.lost": ("the modem lost its call with its power", ("attempt",)),
    "sms.submitted": ("the modem was given a text", ("number", "content")),
    "sms.refused": ("the network refused a text", ("code", "bearer")),
    "sms.lost": ("a text was lost on its way", ("towards",)),
    "gnss.sky": ("the receiver sees satellites or no longer", ("seen",)),
    "location.received": (
        "a location text reached the answer point",
        ("method", "has_position", "radius_m", "lat_deg", "lon_deg"),
    ),
    "tag.received": (
        "an authentic tag report reached the answer point",
        (
            "identity",
            "priority",
            "duress",
            "attempt",
            "battery_pct",
            "fix_source",
            "radius_m",
            "fix_age_s",
            "counter",
        ),
    ),
    "tag.refused": ("the answer point did not believe a tag report", ("why",)),
    "answer.acknowledged": ("the answer point sent an acknowledgement", ()),
    "power.cut": ("the handset lost its supply", ()),
    "power.back": ("the handset has its supply again", ()),
    "power.battery": ("the battery's charge changed", ("charge_pct",)),
    "button.touched": ("the contact closed, and no finger did it", ()),
    "handset.restarted": ("the handset started again by itself", ("cause",)),
    "radio.switched": ("Bluetooth was switched on or off", ("is_on",)),
    "radio.failed": ("Bluetooth refused something, fell silent or flooded", ("what",)),
    "task.failed": ("a task of the firmware's failed", ("task",)),
    "journal.entry": (
        "the handset's journal holds this, when the run ends",
        ("kind", "code", "value"),
    ),
}
"""Every event but the marks: what happened, and what is told of it."""

MARKS = {f"{MARK}{stage.name.lower()}": stage for stage in Stage}
"""The stages of an activation, each as its first-hand reporter tells it."""
MARK_DETAILS = ("reporter", "attempt", "detail")

TIMES = {
    "T0": Stage.PRESSED,
    "T1": Stage.ACKNOWLEDGED,
    "T2": Stage.DIALLED,
    "T4": Stage.ALERTING,
    "T5": Stage.ANSWERED,
    "T6": Stage.LOCATION_SENT,
    "T7": Stage.LOCATION_RECEIVED,
}
"""Short names of the stages that are measured between (the design's T0 to T7)."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, `t_us` after scenario zero, to the handset `device`."""

    name: str
    t_us: int
    device: int
    told: dict[str, object]


def is_first_hand(stage: Stage, reporter: Reporter) -> bool:
    """Whether this reporter's word counts: the firmware's only of what nobody else can see."""
    return reporter is not Reporter.FIRMWARE or stage.reporters == (Reporter.FIRMWARE,)


def details_of(name: str) -> tuple[str, ...]:
    """Return what is told of the event of this name; a KeyError when there is none."""
    return MARK_DETAILS if name in MARKS else EVENTS[name][1]


def known(name: str) -> str | None:
    """Return the event a file means by T5, mark:answered, event:NAME or NAME; None for none."""
    if name in TIMES:
        return f"{MARK}{TIMES[name].name.lower()}"
    bare = name.removeprefix(EVENT)
    return bare if bare in EVENTS or bare in MARKS else None
