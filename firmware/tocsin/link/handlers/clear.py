"""What the handset answers to each message of the host link."""

import gc
import sys

from micropython import const

from tocsin import build
from tocsin import wire_dialogue as wire
from tocsin.refusal import Refusal
from tocsin.storage.config_editor import ConfigEditor
from tocsin.wire_dialogue import about, trace
from tocsin.wire_dialogue import config as config_wire

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from tocsin.handset import Handset
    from tocsin.link.session import Session


class Handlers:
    """One method a message."""

    capabilities = wire.CAPABILITY_CONFIG | wire.CAPABILITY_TRACE

    def __init__(self, handset: "Handset") -> None:
        self._handset = handset
        self._editor = ConfigEditor(handset.config)
        self._by_id: dict[int, tuple[Any, Callable[[Any, Session], Awaitable[Any]]]] = {
            about.InfoGet.ID: (about.InfoGet, self._info),
            about.Restart.ID: (about.Restart, self._restart),
            config_wire.ConfigGet.ID: (config_wire.ConfigGet, self._config_get),
            config_wire.ConfigSet.ID: (config_wire.ConfigSet, self._config_set),
            trace.TraceSubscribe.ID: (trace.TraceSubscribe, self._trace_subscribe),
        }

    def find(self, number: int) -> "tuple[Any, Any] | None":
        """The message's class, and the method that answers it or raises Refusal."""
        return self._by_id.get(number)

    def close(self) -> None:
        """Let go of what the session used."""

    async def _info(self, _request: "about.InfoGet", _session: "Session") -> "Any":
        handset = self._handset
        info = about.Info()
        info.identity = handset.config.get("identity")
        info.board = handset.board.name
        info.firmware = build.VERSION
        info.micropython = "%d.%d.%d" % sys.implementation.version[:3]
        info.issued = int(handset.config.get("issued"))
        info.ticks_ms = handset.board.clock.ticks_ms()
        info.uptime_s = info.ticks_ms // 1000
        info.heap_free_bytes = gc.mem_free()
        info.battery_pct = handset.battery.percent()
        info.reset_cause = handset.board.reset_cause
        info.imei = handset.modem.imei
        info.config_generation = handset.config.generation
        return info

    async def _restart(self, _request: "about.Restart", _session: "Session") -> "Any":
        self._refuse_in_an_activation()
        self._handset.restart_soon()
        return about.Restarting()

    async def _config_get(self, request: "config_wire.ConfigGet", _session: "Session") -> "Any":
        value = config_wire.ConfigValue()
        value.key = request.key
        value.value = self._editor.value_bytes(request.key)
        value.is_default = int(self._editor.is_default(request.key))
        return value

    async def _config_set(self, request: "config_wire.ConfigSet", session: "Session") -> "Any":
        self._refuse_in_an_activation()
        entries = [(entry.key, bytes(entry.value)) for entry in request.entries]
        self._editor.apply(entries, session.role)
        self._handset.take_config()
        return config_wire.ConfigApplied(self._handset.config.generation)

    async def _trace_subscribe(self, request: "trace.TraceSubscribe", session: "Session") -> "Any":
        session.subscribe(bool(request.on))
        return trace.TraceSubscribed(self._handset.trace.dropped)

    def _refuse_in_an_activation(self) -> None:
        if self._handset.activation.is_open:
            raise Refusal(wire.FAILURE_BUSY, "an activation is open")
