"""RSASSA-PSS against Wycheproof and the cryptography package."""

import asyncio
import hashlib
import json
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as st
from portable_cases import wycheproof_rsa_pss
from tests.vm31 import machine

from tocsin.crypto import rsa_pss
from tocsin_sim.vm.script import run_script

HERE = Path(__file__).resolve().parent
FIRMWARE = HERE.parents[1] / "firmware"
VERDICTS = [32, 22]  # valid and invalid
VM_SCRIPT = """\
import json, sys
from portable_cases import wycheproof_rsa_pss
with open(sys.argv[1]) as file:
    print(wycheproof_rsa_pss.run(json.load(file)["testGroups"]))
"""


class Pauses:
    """Counts how often a press would have got through."""

    def __init__(self) -> None:
        self.count = 0

    async def __call__(self) -> None:
        self.count += 1


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=3072)


def modulus() -> bytes:
    return key().public_key().public_numbers().n.to_bytes(384, "big")


def signed(message: bytes, salt_bytes: int = 32) -> bytes:
    return key().sign(message, padding.PSS(padding.MGF1(SHA256()), salt_bytes), SHA256())


def verified(message: bytes, signature: bytes) -> bool:
    digest = hashlib.sha256(message).digest()
    return asyncio.run(rsa_pss.verify(modulus(), digest, signature, Pauses()))


def vectors(shared_data: Path) -> Path:
    return shared_data / "crypto/wycheproof_rsa_pss_3072_sha256_mgf1_32_test.json"


def test_wycheproof_verdicts_are_right(shared_data: Path) -> None:
    groups = json.loads(vectors(shared_data).read_text())["testGroups"]
    assert wycheproof_rsa_pss.run(groups) == VERDICTS


def test_wycheproof_verdicts_are_right_on_the_vm(shared_data: Path) -> None:
    path = str(vectors(shared_data))
    result = run_script(VM_SCRIPT, [FIRMWARE, HERE], arguments=[path], timeout_s=60)
    assert result.output == f"{VERDICTS}\n"


def test_wycheproof_verdicts_are_right_with_31_bit_integers(shared_data: Path) -> None:
    path = str(vectors(shared_data))
    with machine.started() as vm31:
        result = vm31.run(VM_SCRIPT, [FIRMWARE, HERE], [path])
    assert result.output == f"{VERDICTS}\n"


@settings(max_examples=20)
@given(st.binary(max_size=200))
def test_signatures_of_a_published_implementation_are_accepted(message: bytes) -> None:
    assert verified(message, signed(message))
    assert not verified(message + b"\0", signed(message))


@settings(max_examples=20)
@given(st.integers(0, 8 * 384 - 1))
def test_a_signature_with_any_bit_changed_is_refused(bit: int) -> None:
    forged = bytearray(signed(b"update"))
    forged[bit // 8] ^= 1 << bit % 8
    assert not verified(b"update", bytes(forged))


@pytest.mark.parametrize("salt_bytes", [0, 20, 31, 33, 64])
def test_a_salt_of_another_size_is_refused(salt_bytes: int) -> None:
    assert not verified(b"update", signed(b"update", salt_bytes))


@pytest.mark.parametrize(
    "modulus", [b"", b"\xff" * 383, b"\x7f" + b"\xff" * 383, b"\0" + b"\xff" * 384]
)
def test_a_modulus_of_another_size_is_refused(modulus: bytes) -> None:
    with pytest.raises(ValueError, match="3072 bits"):
        asyncio.run(rsa_pss.verify(modulus, bytes(32), bytes(384), Pauses()))


def test_a_press_gets_through_between_quarters_of_multiplications_and_of_divisions() -> None:
    pauses = Pauses()
    signature = signed(b"update")
    digest = hashlib.sha256(b"update").digest()
    assert asyncio.run(rsa_pss.verify(modulus(), digest, signature, pauses))
    multiplications, quarters, blocks_of_mask = 17, 4, 11
    assert pauses.count == multiplications * quarters * 2 + blocks_of_mask
