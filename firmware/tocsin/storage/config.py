"""The handset's settings: defaults until set."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any


class Config:
    """Settings of a handset; on flash a ConfigFile body in `directory`/config, by storage.atomic.

    Values not set, and a missing or damaged file, read as the defaults of a blank device. `stored`
    holds the wire values of the keys that were set, `foreign` those of another version's.
    `is_damaged`: there is a file that cannot be read, so whose handset this is is not known.
    """

    def __init__(self, directory: str) -> None:
        self.path = directory + "/config"
        self.generation: int = 0
        self.is_damaged: bool = False
        self.schema_version: int = 0
        self.stored: "dict[int, bytes]" = {}
        self.foreign: "dict[int, bytes]" = {}
        self.values: "dict[str, Any]" = {}

    def load(self) -> None:
        """Read the settings; imports tocsin.storage.config_file."""
        from tocsin.storage.config_file import read

        read(self)

    def get(self, name: str) -> "Any":
        """Value by name: bool, int, str or bytes."""
        return self.values[name]
