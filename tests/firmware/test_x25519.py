"""X25519 against RFC 7748, Wycheproof and the cryptography package."""

import asyncio
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from portable_cases import wycheproof_x25519

from tocsin.crypto import x25519
from tocsin_sim.vm.script import run_script

HERE = Path(__file__).resolve().parent
FIRMWARE = HERE.parents[1] / "firmware"
VM_SCRIPT = """\
import json, sys
from portable_cases import wycheproof_x25519
with open(sys.argv[1]) as file:
    print(wycheproof_x25519.run(json.load(file)["testGroups"]))
"""

KEYS = st.binary(min_size=32, max_size=32)


class Pauses:
    """Counts how often a press would have got through."""

    def __init__(self) -> None:
        self.count = 0

    async def __call__(self) -> None:
        self.count += 1


def shared(private: bytes, public: bytes) -> bytes:
    return asyncio.run(x25519.x25519(private, public, Pauses()))


@pytest.mark.parametrize(
    ("private", "public", "secret"),
    [
        (
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        ),
        (
            "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
            "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
        ),
    ],
)
def test_vectors_of_rfc_7748_section_5_hold(private: str, public: str, secret: str) -> None:
    assert shared(bytes.fromhex(private), bytes.fromhex(public)).hex() == secret


def test_wycheproof_vectors_hold(shared_data: Path) -> None:
    groups = json.loads(vectors(shared_data).read_text())["testGroups"]
    assert wycheproof_x25519.run(groups) == 253


def test_wycheproof_vectors_hold_on_the_vm(shared_data: Path) -> None:
    path = str(vectors(shared_data))
    result = run_script(VM_SCRIPT, [FIRMWARE, HERE], arguments=[path], timeout_s=60)
    assert result.output == "253\n"


def vectors(shared_data: Path) -> Path:
    return shared_data / "crypto/wycheproof_x25519_test.json"


@settings(max_examples=25)
@given(KEYS, KEYS)
def test_keys_and_secrets_are_those_of_a_published_implementation(mine: bytes, seed: bytes) -> None:
    theirs = X25519PrivateKey.from_private_bytes(seed)
    public = asyncio.run(x25519.public_key(mine, Pauses()))
    assert public == X25519PrivateKey.from_private_bytes(mine).public_key().public_bytes_raw()
    secret = shared(mine, theirs.public_key().public_bytes_raw())
    assert secret == theirs.exchange(X25519PublicKey.from_public_bytes(public))


@pytest.mark.parametrize(("private", "public"), [(31, 32), (32, 31), (32, 33), (0, 0)])
def test_keys_of_another_size_are_refused(private: int, public: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        shared(bytes(private), bytes(public))


def test_a_press_gets_through_after_every_step_of_ladder_and_inversion() -> None:
    pauses = Pauses()
    asyncio.run(x25519.public_key(bytes(range(32)), pauses))
    ladder_steps, squarings_of_inversion = 255, 254
    assert pauses.count == ladder_steps + squarings_of_inversion - 1  # the first is not awaited
