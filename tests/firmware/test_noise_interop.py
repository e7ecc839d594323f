"""The firmware's session with published implementations at the other end, and with the host's."""

import ast
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from noise.connection import NoiseConnection
from portable_cases import noise_end

from tocsin.link.noise import prologue_of
from tocsin_host.session import Credential, Handshake, Lane, Role
from tocsin_sim.vm.script import run_script

HERE = Path(__file__).resolve().parent
FIRMWARE = HERE.parents[1] / "firmware"
NAME = b"Noise_NNpsk0_25519_ChaChaPoly_SHA256"
PSK = bytes(range(32))
HELLO, REPLY = b"\x01\x00\x03", b"\x01\x00\xfb\x01\x03\x00\x00\x00"
PROLOGUE = prologue_of(HELLO, REPLY)
MESSAGES = [b"", b"urgent", bytes(range(256)) + bytes(200), b"\xff" * 64]

Play = Callable[[bool, bytes, bytes, bytes, list[bytes]], list[bytes]]


def play_on_vm(
    is_initiator: bool, private: bytes, psk: bytes, prologue: bytes, received: list[bytes]
) -> list[bytes]:
    # Not as arguments of the script: the VM takes none longer than 255 characters.
    arguments = (is_initiator, private, psk, prologue, received)
    source = f"from portable_cases import noise_end\nprint(noise_end.run(*{arguments!r}))"
    result = run_script(source, [FIRMWARE, HERE], heap_bytes=320 * 1024)
    assert result.status == 0, result.output
    sent: list[bytes] = ast.literal_eval(result.output)
    return sent


@dataclass
class FirmwareEnd:
    """The firmware's end, played again from its beginning for every message it is sent."""

    play: Play
    is_initiator: bool
    private: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    received: list[bytes] = field(default_factory=list)

    def first_message(self) -> bytes:
        return self._play()[-1]

    def answers(self, *messages: bytes) -> list[bytes]:
        """Return what it sends after these."""
        self.received += messages
        return self._play()[-len(messages) :]

    def _play(self) -> list[bytes]:
        return self.play(self.is_initiator, self.private, PSK, PROLOGUE, self.received)


@pytest.fixture(params=[noise_end.run, play_on_vm], ids=["cpython", "vm"])
def play(request: pytest.FixtureRequest) -> Play:
    chosen: Play = request.param
    return chosen


def library_end() -> NoiseConnection:
    end = NoiseConnection.from_name(NAME)
    end.set_psks(PSK)
    end.set_prologue(PROLOGUE)
    return end


def test_firmware_answers_the_library(play: Play) -> None:
    firmware, library = FirmwareEnd(play, is_initiator=False), library_end()
    library.set_as_initiator()
    library.start_handshake()
    library.read_message(firmware.answers(bytes(library.write_message()))[0])
    echo_on_first_lane(firmware, library)


def test_firmware_calls_the_library(play: Play) -> None:
    firmware, library = FirmwareEnd(play, is_initiator=True), library_end()
    library.set_as_responder()
    library.start_handshake()
    library.read_message(firmware.first_message())
    firmware.received.append(bytes(library.write_message()))
    echo_on_first_lane(firmware, library)


def echo_on_first_lane(firmware: FirmwareEnd, library: NoiseConnection) -> None:
    (echo,) = firmware.answers(library.encrypt(MESSAGES[2]))
    assert library.decrypt(echo) == MESSAGES[2]


def test_firmware_answers_the_host_on_both_lanes(play: Play) -> None:
    firmware = FirmwareEnd(play, is_initiator=False)
    handshake = Handshake(Credential(Role.FIXTURE, PSK), HELLO, REPLY)
    lanes = handshake.finish(firmware.answers(handshake.first_message())[0])
    order = [Lane(number & 1) for number in range(len(MESSAGES))]
    boxes = [lanes.seal(message, lane) for message, lane in zip(MESSAGES, order, strict=True)]
    echoes = firmware.answers(*boxes)
    assert [lanes.open_box(*each) for each in zip(echoes, order, strict=True)] == MESSAGES
