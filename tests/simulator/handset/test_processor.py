"""A board's processor runs as fast as its latency is reckoned for."""

import pytest
from tests.simulator.handset.conftest import MakePhone

from tocsin_host.firmware_tree import board_facts, board_names

PROGRAM = """
import machine
from boards.{board} import board

board.build()
print(machine.freq())
"""


@pytest.mark.parametrize("board", board_names())
def test_a_board_that_is_put_together_runs_at_its_rate(make_phone: MakePhone, board: str) -> None:
    phone = make_phone(PROGRAM.format(board=board), board=board)
    assert phone.handset.log == f"{board_facts(board).CPU_HZ}\n"
