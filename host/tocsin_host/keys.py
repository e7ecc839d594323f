"""The keys of handsets, one TOML file each, in a folder only its owner can read.

A file says `identity = 7001` and, for each role its holder has, `technician = "KEY"`,
`factory = "KEY"` or `fixture = "KEY"`, a KEY being 64 hexadecimal digits.
"""

from __future__ import annotations

import os
import secrets
import stat
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tocsin_host.credential import KEY_BYTES, UNCLAIMED_KEY, Credential, Role, key_check
from tocsin_host.errors import AuthError, ConfigError

_OTHERS = 0o077
_OWNER_ONLY_FOLDER = 0o700
_FORM = 'write identity = NUMBER, then technician, factory or fixture = "64 hexadecimal digits"'


def default_folder() -> Path:
    """Return where keys are kept unless the user says otherwise (XDG base directories)."""
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "tocsin" / "keys"


@dataclass(frozen=True, slots=True)
class HandsetKeys:
    """What proves a role to one handset, 32 bytes a role; not every holder has every key."""

    identity: int
    by_role: Mapping[Role, bytes] = field(repr=False)

    @classmethod
    def fresh(cls, identity: int) -> Self:
        """Return new keys for every role."""
        return cls(identity, {role: secrets.token_bytes(KEY_BYTES) for role in Role})


class KeyStore:
    """The key files in `folder`, which need not exist."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def place(self) -> str:
        """Where the keys are, for people."""
        return str(self._folder)

    def find(self, role: Role, salt: bytes, check: bytes) -> Credential | None:
        """Return the key of `role` that a handset's HelloReply tells of.

        A handset that is nobody's takes a published key for the factory's. Raises ConfigError
        for a file that cannot be read, AuthError for one that others can read, too.
        """
        for key in self._keys(role):
            if key_check(key, salt) == check:
                return Credential(role, key)
        return None

    def _keys(self, role: Role) -> Iterator[bytes]:
        for path in sorted(self._folder.glob("*.toml")):
            keys = _read(path)
            if role in keys.by_role:
                yield keys.by_role[role]
        if role is Role.FACTORY:
            yield UNCLAIMED_KEY

    def save(self, keys: HandsetKeys, name: str = "") -> Path:
        """Write `keys` to the file `name`, or to a new one; it is on the disk on return.

        Raises ConfigError.
        """
        try:
            self._folder.mkdir(_OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
            path = self._folder / name if name else self._free_path(keys.identity)
            _replace(path, _text(keys))
        except OSError as error:
            raise ConfigError(
                f"the keys could not be written to {self._folder}: {error.strerror}",
                "name a folder of yours with --keys",
            ) from error
        return path

    def _free_path(self, identity: int) -> Path:
        """Return a path without a file: earlier keys may still be the handset's."""
        path, number = self._folder / f"{identity}.toml", 1
        while path.exists():
            number += 1
            path = self._folder / f"{identity}-{number}.toml"
        return path


def _read(path: Path) -> HandsetKeys:
    try:
        with path.open("rb") as file:
            _judge_mode(path, os.fstat(file.fileno()).st_mode)
            return _keys_of(tomllib.load(file))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}", "make it yours") from error
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{path} is no key file: {error}", _FORM) from error


def _judge_mode(path: Path, mode: int) -> None:
    """Refuse keys that are no secret any more; elsewhere than on POSIX the mode tells nothing."""
    if os.name == "posix" and mode & _OTHERS:
        raise AuthError(
            f"{path} is open to others than its owner: mode {stat.S_IMODE(mode):04o}",
            f"run `chmod 600 {path}`; if others may have read it, give the handset new keys",
        )


def _keys_of(table: dict[str, Any]) -> HandsetKeys:
    """Return the keys in `table`; raises ValueError or TypeError."""
    identity = table.pop("identity", None)
    if not isinstance(identity, int):
        raise TypeError("it has no identity")
    by_role = {}
    for name, text in table.items():
        if name.upper() not in Role.__members__:
            raise ValueError(f"{name!r} is no role")
        key = bytes.fromhex(text)
        if len(key) != KEY_BYTES:
            raise ValueError(f"the {name} key is not {KEY_BYTES} octets long")
        by_role[Role[name.upper()]] = key
    return HandsetKeys(identity, by_role)


def _text(keys: HandsetKeys) -> str:
    lines = [f"identity = {keys.identity}"]
    lines += [f'{role.name.lower()} = "{key.hex()}"' for role, key in keys.by_role.items()]
    return "\n".join(lines) + "\n"


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all, and have it on the disk."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink()
        raise
