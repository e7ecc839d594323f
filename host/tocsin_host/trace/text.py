"""Layers as one line for people."""

from __future__ import annotations

from typing import Any

from tocsin_host.printable import printable
from tocsin_host.trace.eavesdropper import Form
from tocsin_host.trace.header import Header, Kind
from tocsin_host.trace.layers import Layers, Said
from tocsin_host.trace.pcap import Way

_ARROWS = {Way.UNKNOWN: "", Way.TO_HOST: "< ", Way.TO_HANDSET: "> "}


def timed_line(elapsed_us: int, way: Way, layers: Layers) -> str:
    """A line that begins with its time; `>` marks what the host sent, `<` the handset."""
    return f"{elapsed_us / 1e6:>12.6f}  {_ARROWS[way]}{line(layers)}"


def line(layers: Layers) -> str:
    """Channel, then message, sealed size or what is wrong."""
    parts = [_channel(layers.header, layers.connection)] if layers.header else []
    if layers.said:
        parts.append(_message(layers.said, layers.form))
    if layers.sealed_bytes is not None:
        parts.append(f"sealed, {layers.sealed_bytes} octets")
    if layers.problem:
        parts.append(layers.problem)
    return "  ".join(parts)


def _channel(header: Header, connection: str) -> str:
    name = header.kind.name.lower().replace("_", " ")
    if connection:
        return f"{name} connection {connection}"
    if header.kind is Kind.NOTE:
        return name
    place = f" {header.lane} {header.sequence}" if header.kind is not Kind.ACK else ""
    return f"{name}{place} next {header.next_normal}/{header.next_urgent}"


def _message(said: Said, form: Form) -> str:
    if said.id is None:
        return said.problem
    opened = "opened " if form is Form.OPENED else ""
    head = f"{opened}0x{said.id:02x} {said.message or 'unknown'} request {said.request}"
    return f"{head}: {said.problem}" if said.problem else head + _pairs(said.fields)


def _pairs(fields: dict[str, Any]) -> str:
    return "".join(f" {name}={_value(value)}" for name, value in fields.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + _pairs(value).strip() + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, str) and (not value or " " in value):
        return f"'{printable(value)}'"
    return printable(str(value))
