"""The handset's settings, read and changed."""

from micropython import const

from tocsin import wire
from tocsin.storage.config_editor import ConfigEditor
from tocsin.wire_dialogue.config import (
    ConfigApplied,
    ConfigDiff,
    ConfigDiffGet,
    ConfigGet,
    ConfigReset,
    ConfigSet,
    ConfigValue,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.handset import Handset
    from tocsin.history import History
    from tocsin.link.handlers.quiet import Quiet
    from tocsin.parts import Session, Table
    from tocsin.storage.config import Config

_MAX_ENTRIES = const(14)  # in one ConfigDiff


def make(handset: "Handset", quiet: "Quiet") -> "ConfigArea":
    """The area for one connection."""
    return ConfigArea(handset.config, handset.history, quiet, handset.take_config)


class ConfigArea:
    """Answers ConfigGet, ConfigSet, ConfigReset and ConfigDiffGet."""

    def __init__(
        self,
        config: "Config",
        history: "History",
        quiet: "Quiet",
        on_change: "Callable[[], None]",
    ) -> None:
        self._config = config
        self._editor = ConfigEditor(config)
        self._history = history
        self._quiet = quiet
        self._on_change = on_change

    def table(self) -> "Table":
        """Which message is answered how."""
        return {
            ConfigGet.ID: (ConfigGet, self.get),
            ConfigSet.ID: (ConfigSet, self.set),
            ConfigReset.ID: (ConfigReset, self.reset),
            ConfigDiffGet.ID: (ConfigDiffGet, self.diff),
        }

    async def get(self, request: ConfigGet, _session: "Session") -> ConfigValue:
        """One value."""
        key = request.key
        value = self._editor.value_bytes(key)
        return ConfigValue(key, int(self._editor.is_default(key)), value)

    async def diff(self, request: ConfigDiffGet, _session: "Session") -> ConfigDiff:
        """What is not at its default, from a key on."""
        entries = self._editor.differing(request.after_key)
        return ConfigDiff(entries[:_MAX_ENTRIES], int(len(entries) > _MAX_ENTRIES))

    async def set(self, request: ConfigSet, session: "Session") -> ConfigApplied:
        """Set all of it or nothing."""
        await self._quiet.turn_to_flash()
        self._editor.apply(request.entries, session.role)
        return self._changed(session.role)

    async def reset(self, request: ConfigReset, session: "Session") -> ConfigApplied:
        """Put all of it back to the defaults, or nothing."""
        await self._quiet.turn_to_flash()
        self._editor.reset(request.keys, session.role)
        return self._changed(session.role)

    def _changed(self, role: int) -> ConfigApplied:
        self._on_change()
        self._history.note(wire.JOURNAL_CONFIG, role, self._config.generation)
        return ConfigApplied(self._config.generation)
