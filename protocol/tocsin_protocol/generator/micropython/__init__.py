"""Write the firmware's codec: straight-line MicroPython, and no allocation for numbers.

Module wire has what an activation can need and is always in memory; storage.wire has the settings
and their file, for the start and whoever changes them. Package wire_dialogue has what a host asks
for, a module an area, so that a handler loads no more than its own. Two areas lie apart: health, a
report that needs no host, and what only the rig's fixture board is asked, which no handset carries.
"""

from tocsin_protocol import schema
from tocsin_protocol.generator.imports import imports
from tocsin_protocol.generator.layout import literal
from tocsin_protocol.generator.micropython.message import message_class, record_line
from tocsin_protocol.generator.micropython.steps import STEPS, steps
from tocsin_protocol.generator.micropython.tables import (
    allowed,
    config,
    config_roles,
    constants,
    patterns,
)
from tocsin_protocol.message import Message
from tocsin_protocol.schema import codes, notices, roles, stages
from tocsin_protocol.schema.stored import CONFIG_FILE
from tocsin_protocol.vocabulary import Array, Choice, Flags, Names, Record

_HEAD = '''\
"""The wire codec of the firmware. Generated from the protocol's schema: do not edit.

A message that leaves the handset encodes its body, without the id, into a buffer that holds
MAX_BYTES from the offset on. A message that reaches it fills itself from a body; after a
DecodeError its fields are not to be used. A body may be longer than expected: a newer minor
version only appends. In range checks `x >> bits` is true for negative and too large numbers alike.
"""

from struct import pack_into, unpack_from

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self


class EncodeError(ValueError):
    """A field's value cannot go on the wire; `field` is its name."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class DecodeError(ValueError):
    """Bytes are not the message; `field` is where they stop making sense."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field
'''

_DIALOGUE_HEAD = '''\
"""The wire codec of the dialogue with a host: what opens it, what refuses, what all areas share.

Generated from the protocol's schema: do not edit. As module wire; apart, so that it takes up memory
only once a host has spoken, and in a module an area, so that each is loaded when it is needed.
"""
'''

_SETTINGS_HEAD = '''\
"""The settings a handset has, and the codec of their file. Generated from the protocol's schema.

Do not edit.
"""
'''

_AREA_HEAD = '''\
"""The wire codec of area {area}. Generated from the protocol's schema: do not edit."""
'''

_TYPES = """\
TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Self
"""

_WIRE, _SETTINGS, _DIALOGUE = "tocsin.wire", "tocsin.storage.wire", "tocsin.wire_dialogue"
_PATH = "firmware/tocsin/wire_dialogue"
_ELSEWHERE = {"fixture": "firmware/rig/wire.py", "health": "firmware/tocsin/health/wire.py"}
_OPENING = ("link", "session")
_OF_SETTINGS = [CONFIG_FILE]
_CONFIG = "config"

_RESIDENT_NAMES = (
    stages.STAGE,
    codes.TRACE_KIND,
    notices.NOTICE,
    codes.OUTCOME,
    codes.RESET_CAUSE,
    codes.FIX_SOURCE,
    codes.PRIORITY,
    codes.JOURNAL_KIND,
)
_SHARED_NAMES = (codes.FAILURE_CODE, codes.CAPABILITY, roles.ROLE)
_IN_WIRE = ("put", "take")


def render() -> dict[str, str]:
    """Path and text of every module of the firmware's codec."""
    areas = {
        area: [each for each in messages if each.is_dialogue]
        for area, messages in schema.AREAS.items()
    }
    files = {
        "firmware/tocsin/wire.py": _resident(),
        "firmware/tocsin/storage/wire.py": _settings(),
    }
    opening = [each for area in _OPENING for each in areas.pop(area, [])]
    files[f"{_PATH}/__init__.py"] = _opening(opening, areas)
    for area, messages in areas.items():
        if messages:
            files[_ELSEWHERE.get(area, f"{_PATH}/{area}.py")] = _area(area, messages)
    return files


def _resident() -> str:
    messages = [each for each in schema.MESSAGES if not each.is_dialogue]
    messages = [each for each in messages if each not in _OF_SETTINGS]
    code = _classes(messages)
    lines = [f"MAX_PAYLOAD_BYTES = {schema.MAX_PAYLOAD_BYTES}", ""]
    for names in _RESIDENT_NAMES:
        lines += [*constants(names), ""]
    lines += patterns()
    records = [record_line(each) for each in _records(messages)]
    lines += ["", *records] if records else []
    needed = steps([*code, *_IN_WIRE_CALLS])
    parts = imports(records, {"collections": ["namedtuple"]})
    head = _HEAD.replace("from struct", "\n".join([*parts, "from struct"]), 1)
    return _text([*head.splitlines(), *needed, "", "", *lines, *code])


def _settings() -> str:
    lines = [*config(), "", *map(record_line, _records(_OF_SETTINGS))]
    return _dialogue(_SETTINGS_HEAD, ["", *lines, *_classes(_OF_SETTINGS)], {})


# Every area may call these.
_IN_WIRE_CALLS = [f"{name}(" for name in _IN_WIRE]


def _opening(messages: list[Message], others: dict[str, list[Message]]) -> str:
    code = _classes(messages)
    everything = [line for each in others.values() for line in _classes(each)] + code
    called = steps(everything, without=_IN_WIRE)
    lines = [*called, "", ""] if called else []
    lines += [f"PROTOCOL_MAJOR = {schema.MAJOR}", f"PROTOCOL_MINOR = {schema.MINOR}"]
    ids = sorted(each.id for each in schema.MESSAGES if each.of_unclaimed)
    lines += ["", "# Ids of what a handset that nobody has claimed takes in a session."]
    lines += [f"OF_UNCLAIMED = {literal(bytes(ids))}", "", *allowed()]
    for names in _SHARED_NAMES:
        lines += ["", *constants(names)]
    return _dialogue(_DIALOGUE_HEAD, lines + code, {})


def _area(area: str, messages: list[Message]) -> str:
    lines: list[str] = []
    for names in _names(messages):
        lines += [*constants(names), ""]
    lines += config_roles() if area == _CONFIG else []
    records = [each for each in _records(messages) if each not in _records(_OF_SETTINGS)]
    lines += map(record_line, records)
    while lines and not lines[-1]:
        lines.pop()
    head = ["", *lines] if lines else []
    return _dialogue(_AREA_HEAD.format(area=area), [*head, *_classes(messages)], _SHARED)


def _dialogue(head: str, code: list[str], shared: dict[str, list[str]]) -> str:
    """A module of the package, with the imports its code turns out to need."""
    types = _TYPES.splitlines() if any("Self" in line for line in code) else []
    code = [*types, *code]
    groups = [
        imports(code, {"collections": ["namedtuple"], "struct": ["pack_into", "unpack_from"]}),
        imports(code, {"micropython": ["const"]}),
        imports(code, dict(sorted({_WIRE: _OFFERED, **shared}.items()))),
    ]
    lines = head.splitlines()
    for group in groups:
        lines += ["", *group] if group else []
    return _text([*lines, "", *code] if code[0] else [*lines, *code])


def _classes(messages: list[Message]) -> list[str]:
    return [line for each in messages for line in ["", "", *message_class(each)]]


def _records(messages: list[Message]) -> list[Record]:
    """The records in arrays of these messages."""
    words = [each.word for message in messages for each in message.fields]
    used = [word.record.name for word in words if isinstance(word, Array)]
    return [each for each in schema.RECORDS if each.name in used]


def _names(messages: list[Message]) -> list[Names]:
    """The enumerations of these messages that are not kept elsewhere."""
    found: list[Names] = []
    fields = [each for message in messages for each in message.fields]
    fields += [each for record in _records(messages) for each in record.fields]
    for each in fields:
        if isinstance(each.word, Choice | Flags) and each.word.names not in found:
            found.append(each.word.names)
    return [each for each in found if each not in (*_RESIDENT_NAMES, *_SHARED_NAMES)]


def _constants(names: tuple[Names, ...]) -> list[str]:
    return [line.split(" = ")[0] for each in names for line in constants(each)]


_OFFERED = ["DecodeError", "EncodeError", *_IN_WIRE, *_constants(_RESIDENT_NAMES)]
_RECORDS = [each.name for each in _records(_OF_SETTINGS)]
_SHARED = {
    _SETTINGS: _RECORDS,
    _DIALOGUE: [*(set(STEPS) - set(_IN_WIRE)), *_constants(_SHARED_NAMES)],
}


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
