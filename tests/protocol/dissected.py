"""What tshark shows of a packet, and what the host's codec makes of the same message."""

from typing import Any
from xml.etree.ElementTree import Element

from tocsin_protocol import schema

RECORDS = {each.name.lower() for each in schema.RECORDS}
EXPERT = "_ws.expert.message"


def shown_by_host(message: Any) -> list[tuple[str, object]]:
    owner = type(message).__name__.lower()
    return _flat(owner, {each: getattr(message, each) for each in message.__slots__})


def _flat(owner: str, fields: dict[str, Any]) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, value in fields.items():
        if isinstance(value, list):
            found.append((f"{owner}.{name}", len(value)))
            for entry in value:
                found += _flat(type(entry).__name__.lower(), entry._asdict())
        else:
            text = value.encode() if isinstance(value, str) else value
            found.append((f"{owner}.{name}", text.hex() if isinstance(text, bytes) else int(value)))
    return found


def shown_by_tshark(proto: Element) -> list[tuple[str, object]]:
    owner = {message.id: message.name.lower() for message in schema.MESSAGES}[value(proto, "id")]
    found: list[tuple[str, object]] = []
    for each in proto.iter("field"):
        name = each.get("name", "").removeprefix("tocsin.")
        if name.count(".") == 1 and name.split(".")[0] in {owner, *RECORDS}:
            found.append((name, _value(each, name)))
    return found


def _value(field: Element, name: str) -> object:
    kind = KINDS[name]
    if kind in ("text", "blob", "value", "octets", "secret"):
        return field.get("value", "")
    if kind == "array":
        return int(field.get("showname", "").rpartition(" ")[2])
    return int(field.get("show", ""), 0)


def _kinds() -> dict[str, str]:
    groups = {each.name: each.fields for each in schema.MESSAGES}
    groups |= {each.name: each.fields for each in schema.RECORDS}
    return {
        f"{name.lower()}.{each.name}": type(each.word).__name__.lower()
        for name, fields in groups.items()
        for each in fields
    }


KINDS = _kinds()


def field(proto: Element, name: str) -> Element:
    found = proto.find(f".//field[@name='{name}']")
    assert found is not None, name
    return found


def has(proto: Element, name: str) -> bool:
    return proto.find(f".//field[@name='{name}']") is not None


def value(proto: Element, name: str) -> int:
    return int(field(proto, f"tocsin.{name}").get("show", ""), 0)


def faults(proto: Element) -> list[str]:
    return [each.get("show", "") for each in proto.iter("field") if each.get("name") == EXPERT]


def header(proto: Element) -> bytes:
    """The channel's header, put together again."""
    names = ("sequence", "next_normal", "next_urgent")
    first = value(proto, "channel.kind") << 4 | value(proto, "channel.lane")
    return bytes((first, *(value(proto, f"channel.{name}") for name in names)))
