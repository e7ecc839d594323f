"""Files of keys: nobody but their owner reads them, and none is left half written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tocsin_host.credential import Role, key_check
from tocsin_host.errors import AuthError, ConfigError
from tocsin_host.keys import HandsetKeys, KeyStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SALT = b"pepper !"
KEYS = HandsetKeys(7001, {Role.TECHNICIAN: b"t" * 32})
CHECK = key_check(b"t" * 32, SALT)


@pytest.fixture
def permissive() -> Iterator[None]:
    """A user who lets everybody read what they write."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_keys_are_their_owners_only_whatever_the_users_mask(
    tmp_path: Path, permissive: None
) -> None:
    path = KeyStore(tmp_path / "store").save(KEYS)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610])
def test_keys_that_are_open_to_others_are_refused_until_they_are_not(
    tmp_path: Path, mode: int
) -> None:
    store = KeyStore(tmp_path / "store")
    path = store.save(KEYS)
    path.chmod(mode)
    with pytest.raises(AuthError, match=f"mode 0{mode:o}") as caught:
        store.find(Role.TECHNICIAN, SALT, CHECK)
    assert f"chmod 600 {path}" in caught.value.hint
    path.chmod(0o600)
    assert store.find(Role.TECHNICIAN, SALT, CHECK) is not None


def test_link_put_in_the_way_is_not_written_through(tmp_path: Path) -> None:
    folder, victim = tmp_path / "store", tmp_path / "victim"
    folder.mkdir()
    victim.write_text("mine")
    for name in ("7001.toml", f".7001.toml.{os.getpid()}"):
        (folder / name).symlink_to(victim)
    KeyStore(folder).save(KEYS, "7001.toml")
    assert victim.read_text() == "mine"


def test_keys_that_cannot_be_stored_leave_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "7001.toml").mkdir()
    with pytest.raises(ConfigError, match="could not be written"):
        KeyStore(tmp_path).save(KEYS, "7001.toml")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["7001.toml", "keys"]
