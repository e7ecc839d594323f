"""Write the firmware's constants, haptic patterns and configuration keys."""

from collections.abc import Iterable

from tocsin_protocol import schema
from tocsin_protocol.config_field import ConfigKind
from tocsin_protocol.generator.layout import exploded, literal
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.roles import ROLE
from tocsin_protocol.schema.stages import FIRMWARE
from tocsin_protocol.vocabulary import Names

_IN_LINE = 20  # ids of a bytes literal


def constants(names: Names) -> list[str]:
    """A constant a name; stages the firmware may not report have none, so it cannot name them."""
    return [
        f"{names.prefix}_{member.name} = {member.value}"
        for member in names.members
        if FIRMWARE in member.extra.get("reporters", (FIRMWARE,))
    ]


def patterns() -> list[str]:
    """Each notice's haptic pattern, under its number."""
    notice = next(names for names in schema.ENUMS if names.name == "Notice")
    rows = [
        f"{notice.prefix}_{member.name}: {literal(member.extra['pattern'])}"
        for member in notice.members
    ]
    head = "NOTICE_PATTERNS: dict[int, tuple[int, ...]] = {"
    return ["# On and off times in milliseconds, by turns.", *exploded(head, rows, "}")]


def config_roles() -> list[str]:
    """Who may set those keys that not everybody may set who may set keys at all."""
    own = [each for each in schema.CONFIG if each.roles]
    rows = [f"{each.key}: 0x{role_bits(each.roles):02X}" for each in own]
    about = "# Keys that only some may set: bit 1 << role for each role that may."
    return [about, *exploded("CONFIG_ROLES: dict[int, int] = {", rows, "}")]


def allowed() -> list[str]:
    """What each role may send in a session."""
    rows = []
    for role in ROLE.members:
        ids = sorted(each.id for each in schema.MESSAGES if _may_send(role.name, each))
        runs = [
            literal(bytes(ids[at : at + _IN_LINE])) for at in range(0, max(1, len(ids)), _IN_LINE)
        ]
        rows.append(f"{role.value}: " + "\n    ".join(runs))
    about = "# Ids of what a session's role lets it send."
    table = exploded("ALLOWED: dict[int, bytes] = {", rows, "}")
    return [about, "# fmt: off", *table, "# fmt: on"]


def _may_send(role: str, message: Message) -> bool:
    return message.direction is Direction.TO_HANDSET and role in message.roles


def role_bits(roles: Iterable[str]) -> int:
    """Bit 1 << role for each role."""
    return sum(1 << each.value for each in ROLE.members if each.name in roles)


def config() -> list[str]:
    """Every key with its limits, one tuple a key."""
    kinds = [f"KIND_{kind.name} = {kind.value}" for kind in ConfigKind]
    rows = []
    for each in schema.CONFIG:
        row = (each.key, each.name, int(each.kind), each.minimum, each.maximum)
        rows.append(literal((*row, each.default, each.secret)))
    about = (
        "# (key, name, kind, minimum, maximum, default, secret): limits of an integer's value, and",
        "# of the length in octets of a text or blob that is not empty; empty means not set.",
    )
    head = 'CONFIG_FIELDS: "tuple[tuple[int, str, int, int, int, bool | int | str | bytes, bool], '
    return [*kinds, "", *about, *exploded(head + '...]" = (', rows, ")")]
