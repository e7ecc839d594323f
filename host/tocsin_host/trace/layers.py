"""One frame's payload, layer by layer: channel, then message or what is sealed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from tocsin_host import wire
from tocsin_host.describe import described
from tocsin_host.trace.eavesdropper import Form
from tocsin_host.trace.header import HEADER_BYTES, Header, Kind, header_of

TAG_BYTES = 16
_CONNECTION_BYTES = 4
_MESSAGE_HEAD = 2


@dataclass(frozen=True, slots=True)
class Said:
    """A message in its frame; `problem` says why it is none, if it is none."""

    id: int | None = None
    request: int | None = None
    message: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Layers:
    """A payload taken apart; what it does not have is None or empty.

    `connection` is a reset's number in hexadecimal, `sealed_bytes` the size of a message that
    stays shut.
    """

    header: Header | None = None
    form: Form = Form.CLEAR
    connection: str = ""
    sealed_bytes: int | None = None
    said: Said | None = None
    problem: str = ""

    @property
    def fault(self) -> str:
        """Why something of it does not read, or nothing."""
        return self.problem or (self.said.problem if self.said else "")


def layers_of(payload: bytes, form: Form) -> Layers:
    """Take a payload apart whose data stands in `form`."""
    try:
        header = header_of(payload)
    except ValueError as error:
        return Layers(problem=str(error))
    data = payload[HEADER_BYTES:]
    if header.kind in (Kind.RESET, Kind.RESET_ACK):
        return _reset(header, data)
    if header.kind in (Kind.ACK, Kind.REJECT):
        return Layers(header)
    if form is not Form.SEALED:
        return Layers(header, form, said=_said(data))
    if len(data) < TAG_BYTES:
        return Layers(header, form, problem="the data is too short to be sealed")
    return Layers(header, form, sealed_bytes=len(data) - TAG_BYTES)


def shown(layers: Layers) -> dict[str, Any]:
    """The layers as JSON values, without what they do not have."""
    found: dict[str, Any] = {}
    if layers.header:
        found["channel"] = asdict(layers.header) | {"kind": layers.header.kind.name.lower()}
    if layers.connection:
        found["channel"]["connection"] = layers.connection
    if layers.said and layers.said.id is not None:
        found |= {"form": layers.form.name.lower(), "id": layers.said.id}
        found |= {"request": layers.said.request, "message": layers.said.message}
        found |= {} if layers.fault else {"fields": layers.said.fields}
    if layers.sealed_bytes is not None:
        found |= {"form": layers.form.name.lower(), "sealed_bytes": layers.sealed_bytes}
    return found | ({"problem": layers.fault} if layers.fault else {})


def _reset(header: Header, data: bytes) -> Layers:
    if len(data) != _CONNECTION_BYTES:
        return Layers(header, problem="the connection's number is not four octets")
    return Layers(header, connection=f"{int.from_bytes(data, 'little'):08x}")


def _said(data: bytes) -> Said:
    if len(data) < _MESSAGE_HEAD:
        return Said(problem="the data is too short for id and request")
    number, request = data[:_MESSAGE_HEAD]
    made = wire.MESSAGES.get(number)
    if made is None:
        return Said(number, request, problem="the id is unknown")
    try:
        fields = described(made.decode(data[_MESSAGE_HEAD:]))
    except wire.DecodeError as error:
        return Said(number, request, made.__name__, problem=f"the field {error}")
    return Said(number, request, made.__name__, fields)
