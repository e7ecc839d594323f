from __future__ import annotations

import pytest

from tocsin_host.errors import ExitCode, UsageError
from tocsin_host.firmware_tree import board_facts, board_names, firmware_root


def test_the_firmware_is_found_with_its_start_files() -> None:
    assert (firmware_root() / "tocsin" / "wire.py").is_file()


def test_every_board_has_readable_facts() -> None:
    assert board_names()
    for name in board_names():
        assert board_facts(name).__doc__


def test_an_unknown_board_suggests_a_near_one_and_lists_all() -> None:
    known = board_names()[0]
    with pytest.raises(UsageError) as caught:
        board_facts(known[:-1])
    assert caught.value.exit_code is ExitCode.USAGE
    assert f"did you mean {known}?" in caught.value.hint
