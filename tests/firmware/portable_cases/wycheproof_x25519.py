"""Wycheproof's X25519 vectors."""

import asyncio
from binascii import hexlify, unhexlify

from tocsin.crypto.x25519 import x25519

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


async def no_pause() -> None:
    """Let nobody else run."""


async def check(groups: "list[dict[str, Any]]") -> int:
    count = 0
    for group in groups:
        for test in group["tests"]:
            private, public = unhexlify(test["private"]), unhexlify(test["public"])
            shared = hexlify(await x25519(private, public, no_pause)).decode()
            assert shared == test["shared"], test["tcId"]
            count += 1
    return count


def run(groups: "list[dict[str, Any]]") -> int:
    """Return how many hold, which is all."""
    return asyncio.run(check(groups))
