"""What the handset answers to each message of the host link."""

import gc
import sys

from micropython import const

from tocsin import build
from tocsin import wire_dialogue as wire
from tocsin.refusal import Refusal
from tocsin.storage.config_editor import ConfigEditor
from tocsin.wire import MAX_PAYLOAD_BYTES, DecodeError
from tocsin.wire_dialogue import about
from tocsin.wire_dialogue import config as config_wire

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tocsin.activation import Activation
    from tocsin.modem.cellular import CellularModem
    from tocsin.parts import Clock
    from tocsin.power import Battery
    from tocsin.storage.config import Config


class Handlers:
    """One method a message; a refusal is a Failure, never an exception on the link."""

    def __init__(
        self,
        board: str,
        clock: "Clock",
        reset_cause: int,
        battery: "Battery",
        modem: "CellularModem",
        config: "Config",
        activation: "Activation",
        on_config: "Callable[[], None]",
        restart: "Callable[[], None]",
    ) -> None:
        self._board = board
        self._clock = clock
        self._reset_cause = reset_cause
        self._battery = battery
        self._modem = modem
        self._config = config
        self._editor = ConfigEditor(config)
        self._activation = activation
        self._on_config = on_config
        self._restart = restart
        self._by_id: dict[int, tuple[Any, Callable[[Any], Any]]] = {
            wire.Hello.ID: (wire.Hello, self._hello),
            about.InfoGet.ID: (about.InfoGet, self._info),
            config_wire.ConfigGet.ID: (config_wire.ConfigGet, self._config_get),
            config_wire.ConfigSet.ID: (config_wire.ConfigSet, self._config_set),
            about.Restart.ID: (about.Restart, self._restart_soon),
        }

    def answer(self, payload: memoryview, n: int) -> "Any":
        """The message that answers payload[:n]."""
        entry = self._by_id.get(payload[0])
        if entry is None:
            return wire.Failure(wire.FAILURE_UNKNOWN_MESSAGE, "id %d" % payload[0])
        message, handle = entry
        try:
            return handle(message().decode_from(payload, 2, n))
        except DecodeError as error:
            return wire.Failure(wire.FAILURE_MALFORMED, error.field[:48])
        except Refusal as error:
            return wire.Failure(error.code, error.detail[:48])

    def _hello(self, hello: "wire.Hello") -> "Any":
        if hello.major != wire.PROTOCOL_MAJOR:
            return wire.Failure(wire.FAILURE_VERSION, "speaks %d" % wire.PROTOCOL_MAJOR)
        reply = wire.HelloReply()
        reply.major = wire.PROTOCOL_MAJOR
        reply.minor = wire.PROTOCOL_MINOR
        reply.max_payload_bytes = MAX_PAYLOAD_BYTES
        reply.capabilities = wire.CAPABILITY_CONFIG | wire.CAPABILITY_TRACE
        return reply

    def _info(self, _request: "about.InfoGet") -> "Any":
        info = about.Info()
        info.identity = self._config.get("identity")
        info.board = self._board
        info.firmware = build.VERSION
        info.micropython = "%d.%d.%d" % sys.implementation.version[:3]
        info.issued = int(self._config.get("issued"))
        info.ticks_ms = self._clock.ticks_ms()
        info.uptime_s = info.ticks_ms // 1000
        info.heap_free_bytes = gc.mem_free()
        info.battery_pct = self._battery.percent()
        info.reset_cause = self._reset_cause
        info.imei = self._modem.imei
        info.config_generation = self._config.generation
        return info

    def _config_get(self, request: "config_wire.ConfigGet") -> "Any":
        value = config_wire.ConfigValue()
        value.key = request.key
        value.value = self._editor.value_bytes(request.key)
        value.is_default = int(self._editor.is_default(request.key))
        return value

    def _config_set(self, request: "config_wire.ConfigSet") -> "Any":
        if self._activation.is_open:
            return wire.Failure(wire.FAILURE_BUSY, "an activation is open")
        self._editor.apply([(entry.key, bytes(entry.value)) for entry in request.entries], 2)
        self._on_config()
        return config_wire.ConfigApplied(self._config.generation)

    def _restart_soon(self, _request: "about.Restart") -> "Any":
        if self._activation.is_open:
            return wire.Failure(wire.FAILURE_BUSY, "an activation is open")
        self._restart()
        return about.Restarting()
