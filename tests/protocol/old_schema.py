"""A released schema, back from the file that keeps it: what a peer of that version speaks."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tocsin_protocol import schema
from tocsin_protocol.generator import host
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.release import version_of
from tocsin_protocol.vocabulary import (
    Array,
    Blob,
    Choice,
    Field,
    Flags,
    Integer,
    Member,
    Names,
    Octets,
    Record,
    Text,
    Word,
)

_CODES = {"u8": "B", "u16": "H", "u32": "L", "i32": "l"}


class OldSchema:
    """Messages, records and enumerations of a release, each by its name."""

    def __init__(self, path: Path) -> None:
        released: Any = json.loads(path.read_text())
        self.version = version_of(released["version"])
        self._names = {name: _names(name, each) for name, each in released["names"].items()}
        self._records: dict[str, Record] = {}
        for name, fields in released["records"].items():
            self._records[name] = Record(name, f"{name}.", self._fields(fields))
        self.messages = {
            name: Message(
                name,
                each["id"],
                Direction(each["direction"]),
                f"{name}.",
                self._fields(each["fields"]),
                since=version_of(each["since"]),
            )
            for name, each in released["messages"].items()
        }

    def host_codec(self, folder: Path) -> ModuleType:
        """The host's codec as that version's generator would have made it."""
        messages = tuple(self.messages.values())
        flags = [each.word.names for each in self._every_field() if isinstance(each.word, Flags)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(schema, "MESSAGES", messages)
            patch.setattr(schema, "AREAS", {"messages": messages})
            patch.setattr(schema, "RECORDS", tuple(self._records.values()))
            patch.setattr(schema, "FLAGS", tuple(flags))
            enums = [each for each in self._names.values() if each not in flags]
            patch.setattr(schema, "ENUMS", tuple(enums))
            patch.setattr(schema, "CONFIG", ())
            patch.setattr(schema, "MAJOR", self.version[0])
            patch.setattr(schema, "MINOR", self.version[1])
            rendered = host.render()
        for path, text in rendered.items():
            (folder / Path(path).name).write_text(text)
        return load_package(folder, "old_wire")

    def _every_field(self) -> list[Field]:
        return [field for message in self.messages.values() for field in message.fields]

    def _fields(self, described: Any) -> tuple[Field, ...]:
        return tuple(
            Field(each["name"], self._word(each), f"{each['name']}.", version_of(each["since"]))
            for each in described
        )

    def _word(self, each: Any) -> Word:
        kind, _, of = each["kind"].rpartition(" ")
        if kind in ("enum", "flags"):
            return Choice(self._names[of]) if kind == "enum" else Flags(self._names[of])
        if kind == "array of":
            return Array(self._records[of], each["maximum"])
        if of == "octets":
            return Octets(int(kind))
        if of in _CODES:
            return Integer(_CODES[of], each["minimum"], each["maximum"])
        return Text(each["maximum"]) if of == "text" else Blob(each["maximum"])


def _names(name: str, members: dict[str, int]) -> Names:
    return Names(name, name.upper(), name, tuple(Member(*each, "") for each in members.items()))


def load_package(folder: Path, name: str) -> ModuleType:
    """A generated package, imported from where it was written."""
    spec = importlib.util.spec_from_file_location(name, folder / "__init__.py")
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[name] = package  # its modules and dataclass ask there
    spec.loader.exec_module(package)
    return package
