"""AEAD_CHACHA20_POLY1305 against Wycheproof and the cryptography package."""

import asyncio
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st

from tocsin.crypto.chacha20poly1305 import open_box, seal
from tocsin_host.bytecode import OWN_ARCH
from tocsin_sim.vm.script import run_script

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware"
# A line holds, in hex: key, nonce, aad, plaintext, box, and whether that is theirs.
ON_THE_VM = """
import asyncio, sys
from binascii import unhexlify
from tocsin.crypto.chacha20poly1305 import open_box, seal, use

async def pause():
    pass

async def check(key, nonce, aad, plaintext, box, is_valid):
    assert await open_box(key, nonce, aad, box, pause) == (plaintext if is_valid else None)
    assert (await seal(key, nonce, aad, plaintext, pause) == box) == bool(is_valid)

if sys.argv[2] == "machine code":
    from tocsin.crypto import viper
    use(viper.key_stream, viper.tag)
with open(sys.argv[1]) as lines:
    held = 0
    for line in lines:
        asyncio.run(check(*[unhexlify(each) for each in line[:-1].split(",")]))
        held += 1
print(held)
"""


class Pauses:
    """Counts how often a press would have got through."""

    def __init__(self) -> None:
        self.count = 0

    async def __call__(self) -> None:
        self.count += 1


def sealed(key: bytes, nonce: bytes, aad: bytes, plaintext: bytes) -> bytes:
    return asyncio.run(seal(key, nonce, aad, plaintext, Pauses()))


def opened(key: bytes, nonce: bytes, aad: bytes, box: bytes) -> bytes | None:
    return asyncio.run(open_box(key, nonce, aad, box, Pauses()))


def test_wycheproof_vectors_hold(shared_data: Path) -> None:
    path = shared_data / "crypto/wycheproof_chacha20_poly1305_test.json"
    groups = json.loads(path.read_text())["testGroups"]
    held = 0
    for test in (test for group in groups for test in group["tests"]):
        names = ("key", "iv", "aad", "msg", "ct", "tag")
        key, nonce, aad, message, text, tag = (bytes.fromhex(test[name]) for name in names)
        if len(nonce) != 12:
            with pytest.raises(ValueError, match="nonce 12"):
                sealed(key, nonce, aad, message)
        elif test["result"] == "valid":
            assert sealed(key, nonce, aad, message) == text + tag, test["tcId"]
            assert opened(key, nonce, aad, text + tag) == message, test["tcId"]
        else:
            assert opened(key, nonce, aad, text + tag) is None, test["tcId"]
        held += 1
    assert held == 167


@pytest.mark.parametrize("code", ["bytecode", "machine code"] if OWN_ARCH else ["bytecode"])
def test_wycheproof_vectors_hold_on_the_vm(shared_data: Path, tmp_path: Path, code: str) -> None:
    path = shared_data / "crypto/wycheproof_chacha20_poly1305_test.json"
    tests = [
        each for group in json.loads(path.read_text())["testGroups"] for each in group["tests"]
    ]
    lines = [
        ",".join([*(each[name] for name in ("key", "iv", "aad", "msg")), each["ct"] + each["tag"]])
        + (",01" if each["result"] == "valid" else ",")
        for each in tests
        if len(each["iv"]) == 24
    ]
    vectors = tmp_path / "vectors"
    vectors.write_text("".join(f"{line}\n" for line in lines))
    result = run_script(ON_THE_VM, [FIRMWARE], arguments=[str(vectors), code])
    assert result.output == f"{len(lines)}\n"


@given(
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=12, max_size=12),
    st.binary(max_size=40),
    st.binary(max_size=200),
)
def test_boxes_are_those_of_a_published_implementation(
    key: bytes, nonce: bytes, aad: bytes, plaintext: bytes
) -> None:
    box = ChaCha20Poly1305(key).encrypt(nonce, plaintext, aad)
    assert sealed(key, nonce, aad, plaintext) == box
    assert opened(key, nonce, aad, box) == plaintext


@given(st.binary(max_size=100), st.data())
def test_any_flipped_bit_is_found(plaintext: bytes, data: st.DataObject) -> None:
    key, nonce, aad = bytes(32), bytes(12), b"\x01\x02\x03\x04"
    parts = [bytearray(aad), bytearray(sealed(key, nonce, aad, plaintext))]
    part = parts[data.draw(st.integers(0, 1))]
    part[data.draw(st.integers(0, len(part) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert opened(key, nonce, bytes(parts[0]), bytes(parts[1])) is None


def test_a_press_gets_through_after_every_double_round_and_every_hashed_block() -> None:
    pauses = Pauses()
    asyncio.run(seal(bytes(32), bytes(12), b"", bytes(64 * 5), pauses))
    start, double_rounds, rows, blocks, hashed_blocks = 1, 10, 4, 5 + 1, 5 * 4 + 1
    assert pauses.count == start + double_rounds + rows + blocks + hashed_blocks
