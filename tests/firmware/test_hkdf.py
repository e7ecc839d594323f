"""HMAC-SHA256 and HKDF against RFC 4231, RFC 5869, Wycheproof and the cryptography package."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from tocsin.crypto.hkdf import expand, extract, hmac_sha256


def wycheproof(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for group in json.loads(path.read_text())["testGroups"]:
        for test in group["tests"]:
            yield group, test


def test_hmac_vectors_of_rfc_4231_hold(shared_data: Path) -> None:
    path = shared_data / "crypto/rfc4231_hmac_sha256.json"
    tests = json.loads(path.read_text())["vectors"]
    for test in tests:
        code = hmac_sha256(bytes.fromhex(test["key"]), bytes.fromhex(test["msg"]))
        assert code.hex() == test["tag"], test["name"]
    assert len(tests) == 3


def test_wycheproof_hmac_vectors_hold(shared_data: Path) -> None:
    held = 0
    for group, test in wycheproof(shared_data / "crypto/wycheproof_hmac_sha256_test.json"):
        code = hmac_sha256(bytes.fromhex(test["key"]), bytes.fromhex(test["msg"]))
        is_right = code[: group["tagSize"] // 8].hex() == test["tag"]
        assert is_right == (test["result"] == "valid"), test["tcId"]
        held += 1
    assert held == 87


def test_hkdf_vectors_of_rfc_5869_hold(shared_data: Path) -> None:
    path = shared_data / "crypto/rfc5869_hkdf_sha256.json"
    tests = json.loads(path.read_text())["vectors"]
    for test in tests:
        key = extract(bytes.fromhex(test["salt"]), bytes.fromhex(test["ikm"]))
        assert key.hex() == test["prk"], test["name"]
        assert expand(key, bytes.fromhex(test["info"]), test["size"]).hex() == test["okm"]
    assert len(tests) == 2


def test_wycheproof_hkdf_vectors_hold(shared_data: Path) -> None:
    held = 0
    for _, test in wycheproof(shared_data / "crypto/wycheproof_hkdf_sha256_test.json"):
        key = extract(bytes.fromhex(test["salt"]), bytes.fromhex(test["ikm"]))
        info = bytes.fromhex(test["info"])
        if test["result"] == "valid":
            assert expand(key, info, test["size"]).hex() == test["okm"], test["tcId"]
        else:
            with pytest.raises(ValueError, match="at most 8160"):
                expand(key, info, test["size"])
        held += 1
    assert held == 40


@given(st.binary(max_size=100), st.binary(max_size=100), st.binary(max_size=50), st.integers(1, 99))
def test_keys_are_those_of_a_published_implementation(
    salt: bytes, material: bytes, info: bytes, length: int
) -> None:
    theirs = HKDF(SHA256(), length, salt, info).derive(material)
    assert expand(extract(salt, material), info, length) == theirs
