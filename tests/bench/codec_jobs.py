"""The same work for every format: a message's fields to octets in the link's buffer, and back.

Each format is used as its documentation has it: JSON and MessagePack with names, protobuf with
tags. The forms "values only" leave the names out, as our own does, and with them what a reader
would need to understand a newer writer.
"""

import re
from collections.abc import Callable

from tocsin_host.firmware_tree import firmware_root
from tocsin_protocol import schema
from tocsin_protocol.generator.micropython.decode import decode_method
from tocsin_protocol.generator.micropython.steps import steps
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import Blob, Field, Integer, Text

OURS = "tocsin"
VALUES_ONLY = ("json, values only", "msgpack, values only")

# A handset that has been in service for a day.
SAMPLES: dict[str, dict[str, int | str | bytes]] = {
    "TraceEvent": {
        "sequence": 4711,
        "t_ms": 86_400_123,
        "kind": 1,
        "code": 8,
        "attempt": 2,
        "value": 1234,
    },
    "TagReport": {
        "activation": 1284,
        "priority": 2,
        "attempt": 1,
        "press_age_ms": 12_345,
        "battery_pct": 87,
        "fix_source": 1,
        "lat_deg_e7": 505_123_456,
        "lon_deg_e7": -28_765_432,
        "radius_m": 12,
        "fix_age_s": 3,
        "mcc": 234,
        "mnc": 10,
        "area": 4660,
        "cell": 19_088_743,
        "duress": 0,
    },
    "ConfigValue": {"key": 3, "is_default": 0, "value": b"+447700900123"},
    "Info": {
        "identity": 7001,
        "board": "lilygo_t_a7670",
        "firmware": "0.1.0",
        "micropython": "1.29.0",
        "issued": 1,
        "uptime_s": 86_400,
        "ticks_ms": 86_400_123,
        "heap_free_bytes": 98_304,
        "battery_pct": 87,
        "reset_cause": 1,
        "imei": "350000010000000",
        "config_generation": 12,
    },
}

_HEAD = """\
import json
from binascii import hexlify, unhexlify
from struct import unpack_from

import minipb
from chumicro_msgpack import packb, unpackb

from tocsin.wire import *
from tocsin.wire_dialogue import *

class Job:
    def __init__(self, form, kind, fields, encode, decode):
        self.form = form
        self.message = kind(**fields)
        self.blank = kind()
        self.encode = encode
        self.decode = decode
        self.buf = bytearray(512)

JOBS = []
"""


def jobs_source() -> str:
    """The module `jobs` of the race on the VM."""
    messages = {message.name: message for message in schema.MESSAGES}
    decoders = [line for name in SAMPLES for line in decode_method(messages[name])]
    head = [*_HEAD.splitlines(), *steps(decoders), ""]
    jobs = (_source(messages[name], SAMPLES[name]) for name in SAMPLES)
    return "\n".join(head) + "".join(jobs)


def _source(message: Message, fields: dict[str, int | str | bytes]) -> str:
    """Our codec in both directions, whichever a handset needs, and everybody else's."""
    name = message.name
    lines = [f"from {_module_of(name)} import {name}", f"class {name}({name}):"]
    lines += [f"    FIELDS = {tuple(each.name for each in message.fields)!r}"]
    lines += [f"    {line}" for line in decode_method(message)]
    lines += [f"TAGS = minipb.Wire([{', '.join(map(_tag, message.fields))}])"]
    lines += [f"fields = {fields!r}"]
    lines += [f"encode, decode = {name}.encode_into, {name}.decode_from"]
    lines += [f"entries = [Job({OURS!r}, {name}, fields, encode, decode)]"]
    for form, (pack, unpack) in _FORMS.items():
        lines += _functions(message.fields, form, pack, unpack)
        lines += [f"entries.append(Job({form!r}, {message.name}, fields, encode, decode))"]
    lines += [f"JOBS.append(({name!r}, entries))"]
    return "\n".join(lines) + "\n"


def _module_of(name: str) -> str:
    for path in sorted((firmware_root() / "tocsin").glob("wire*/*.py")):
        if re.search(rf"^class {name}:", path.read_text(), re.MULTILINE):
            return f"tocsin.{path.parent.name}.{path.stem}".removesuffix(".__init__")
    return "tocsin.wire"


def _functions(fields: tuple[Field, ...], form: str, pack: str, unpack: str) -> list[str]:
    written, read = (_hexed, _unhexed) if form.startswith("json") else (_plain, _plain)
    return [
        "def encode(m, buf, offset, TAGS=TAGS):",
        f"    data = {pack.format(_container(form, fields, written))}",
        "    end = offset + len(data)",
        "    buf[offset:end] = data",
        "    return end",
        "def decode(m, buf, offset, end, TAGS=TAGS):",
        f"    found = {unpack.format('memoryview(buf)[offset:end]')}",
        *(
            f"    m.{each.name} = {read(each, f'found[{key!r}]')}"
            for key, each in _keyed(form, fields)
        ),
    ]


def _keyed(form: str, fields: tuple[Field, ...]) -> list[tuple[int | str, Field]]:
    if form in VALUES_ONLY:
        return list(enumerate(fields))
    return [(each.name, each) for each in fields]


def _container(form: str, fields: tuple[Field, ...], written: Callable[[Field, str], str]) -> str:
    values = [(each.name, written(each, f"m.{each.name}")) for each in fields]
    if form in VALUES_ONLY:
        return f"({', '.join(value for _, value in values)})"
    return "{" + ", ".join(f"{name!r}: {value}" for name, value in values) + "}"


def _plain(_field: Field, value: str) -> str:
    return value


def _hexed(field: Field, value: str) -> str:
    return f"hexlify({value}).decode()" if isinstance(field.word, Blob) else value


def _unhexed(field: Field, value: str) -> str:
    return f"unhexlify({value})" if isinstance(field.word, Blob) else value


def _tag(field: Field) -> str:
    """A field of a protobuf message: string, bytes, sint32 or uint32."""
    if isinstance(field.word, Text):
        kind = "U"
    elif isinstance(field.word, Integer):
        kind = "z" if field.word.minimum < 0 else "T"
    else:
        kind = "a"
    return f"({field.name!r}, {kind!r})"


_FORMS = {
    "json": ("json.dumps({}).encode()", "json.loads({})"),
    VALUES_ONLY[0]: ("json.dumps({}).encode()", "json.loads({})"),
    "msgpack": ("packb({})", "unpackb({})"),
    VALUES_ONLY[1]: ("packb({})", "unpackb({})"),
    "protobuf": ("TAGS.encode({})", "TAGS.decode(bytes({}))"),
}
