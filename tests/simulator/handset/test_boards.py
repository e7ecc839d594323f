"""The watchdog on each board: what its hardware allows, and the same limit on all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_host.firmware_tree import board_names
from tocsin_host.wire import ResetCause, Stage, TraceKind

if TYPE_CHECKING:
    from tests.simulator.handset.conftest import MakePhone, Phone

S = 1_000_000
HANGING = """
import asyncio, machine
from boards.{board}.board import build

handset = build()

async def hangs(check_in):
    await asyncio.sleep_ms(1 << 28)


if machine.reset_cause() == machine.PWRON_RESET:
    {how}
asyncio.run(handset.start().run())
"""


def boot_causes(phone: Phone) -> list[int]:
    return [each.code for each in phone.events if each.kind == TraceKind.BOOT]


@pytest.mark.parametrize("board", board_names())
def test_a_vital_task_that_hangs_is_ended_by_the_watchdog(
    make_phone: MakePhone, board: str
) -> None:
    phone = make_phone(HANGING.format(board=board, how="handset.button.run = hangs"), board=board)
    phone.run(40)
    assert len(phone.boots_us) == 1
    phone.run(40)
    assert boot_causes(phone) == [ResetCause.POWER_ON, ResetCause.WATCHDOG]


@pytest.mark.parametrize("board", board_names())
def test_a_sound_handset_is_left_alone(make_phone: MakePhone, board: str) -> None:
    phone = make_phone(board=board)
    phone.modem.fates = ["is_answered"]
    phone.press(after_s=60)
    phone.run(200)
    assert len(phone.boots_us) == 1
    assert len(phone.stages(Stage.MODEM_CONNECTED)) == 1
