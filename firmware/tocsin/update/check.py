"""Whether an update may be installed: whose it is, what it is for, and that it is whole.

The file is laid out as the interface document, "Updates", says. Nothing of it is believed before
the signature holds.
"""

import hashlib
import struct

from micropython import const

from tocsin import build
from tocsin.crypto import rsa_pss
from tocsin.refusal import Refusal
from tocsin.update.key import MODULUS
from tocsin.wire import DecodeError
from tocsin.wire_dialogue import (
    FAILURE_MALFORMED,
    FAILURE_OLDER,
    FAILURE_TOO_OLD,
    FAILURE_WRONG_BOARD,
    FAILURE_WRONG_HASH,
    FAILURE_WRONG_SIGNATURE,
    FAILURE_WRONG_SIZE,
)
from tocsin.wire_dialogue.update import UpdateManifest

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import OpenFile, Pause

_MAGIC = b"tocsin 1"
_HEAD_BYTES = const(10)  # magic and length of the manifest
_BLOCK_BYTES = const(512)


async def check(path: str, board: str, least_counter: int, pause: "Pause") -> UpdateManifest:
    """The manifest of the update in this file, if `board` may go on to it; raises Refusal."""
    with open(path, "rb") as file:
        manifest = await _authentic(file, pause)
        _check_fits(manifest, board, least_counter)
        await pause()
        await _check_content(file, manifest, pause)
    return manifest


async def _authentic(file: "OpenFile", pause: "Pause") -> UpdateManifest:
    head = file.read(_HEAD_BYTES)
    if len(head) < _HEAD_BYTES or head[: len(_MAGIC)] != _MAGIC:
        raise Refusal(FAILURE_MALFORMED, "not an update")
    (manifest_bytes,) = struct.unpack_from("<H", head, len(_MAGIC))
    if manifest_bytes > _BLOCK_BYTES:
        raise Refusal(FAILURE_MALFORMED, "manifest of %d octets" % manifest_bytes)
    manifest = file.read(manifest_bytes)
    signature = file.read(rsa_pss.MODULUS_BYTES)
    await pause()
    digest = hashlib.sha256(head + manifest).digest()
    if not await rsa_pss.verify(MODULUS, digest, signature, pause):
        raise Refusal(FAILURE_WRONG_SIGNATURE, "not signed by the key this firmware trusts")
    await pause()
    try:
        return UpdateManifest().decode_from(memoryview(manifest), 0, len(manifest))
    except DecodeError as error:
        raise Refusal(FAILURE_MALFORMED, error.field)  # noqa: B904 - ports chain none


def _check_fits(manifest: UpdateManifest, board: str, least_counter: int) -> None:
    if manifest.board != board:
        raise Refusal(FAILURE_WRONG_BOARD, "it is for " + manifest.board)
    counter = manifest.security_counter
    if counter < least_counter:
        raise Refusal(FAILURE_OLDER, "counter %d, at least %d" % (counter, least_counter))
    if _numbers(build.VERSION) < _numbers(manifest.minimum_version):
        raise Refusal(FAILURE_TOO_OLD, "install %s first" % manifest.minimum_version)


def _numbers(version: str) -> "list[int]":
    return [int(part) for part in version.split(".")]


async def _check_content(file: "OpenFile", manifest: UpdateManifest, pause: "Pause") -> None:
    digest = hashlib.sha256()
    block = bytearray(_BLOCK_BYTES)
    size = 0
    n = file.readinto(block)
    while n:
        digest.update(memoryview(block)[:n])
        size += n
        await pause()
        n = file.readinto(block)
    if size != manifest.size:
        raise Refusal(FAILURE_WRONG_SIZE, "%d octets, not %d" % (size, manifest.size))
    if digest.digest() != manifest.sha256:
        raise Refusal(FAILURE_WRONG_HASH, "its modules have another hash")
