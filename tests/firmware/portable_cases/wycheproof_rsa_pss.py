"""Wycheproof's RSASSA-PSS vectors."""

import asyncio
import hashlib
from binascii import unhexlify

from tocsin.crypto.rsa_pss import MODULUS_BYTES, verify

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


async def no_pause() -> None:
    """Let nobody else run."""


async def check(groups: "list[dict[str, Any]]") -> "list[int]":
    count = {"valid": 0, "invalid": 0}
    for group in groups:
        modulus = unhexlify(group["publicKey"]["modulus"])[-MODULUS_BYTES:]
        for test in group["tests"]:
            digest = hashlib.sha256(unhexlify(test["msg"])).digest()
            is_valid = await verify(modulus, digest, unhexlify(test["sig"]), no_pause)
            assert is_valid == (test["result"] == "valid"), test["tcId"]
            count[test["result"]] += 1
    return [count["valid"], count["invalid"]]


def run(groups: "list[dict[str, Any]]") -> "list[int]":
    """Return how many valid and invalid signatures are told apart, which is all."""
    return asyncio.run(check(groups))
