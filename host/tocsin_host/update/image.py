"""An update as a file: manifest, signature and modules (interface document, "Updates")."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from tocsin_host.errors import UpdateError
from tocsin_host.wire import DecodeError, UpdateManifest

MAGIC = b"tocsin 1"
SIGNATURE_BYTES = 384
_LENGTH = struct.Struct("<H")
_INDEX_BYTES = struct.Struct("<L")


@dataclass(frozen=True, slots=True)
class Image:
    """An update; its signature is zeros until it is signed."""

    manifest: UpdateManifest
    payload: bytes
    signature: bytes = bytes(SIGNATURE_BYTES)

    @property
    def signed_part(self) -> bytes:
        """What the signature covers; the rest is covered by the hash in there."""
        manifest = self.manifest.encode()
        return MAGIC + _LENGTH.pack(len(manifest)) + manifest

    @property
    def modules(self) -> dict[str, bytes]:
        """Each module by its path."""
        (index_bytes,) = _INDEX_BYTES.unpack_from(self.payload)
        index = self.payload[_INDEX_BYTES.size : _INDEX_BYTES.size + index_bytes].decode()
        found = {}
        for line in index.strip().splitlines():
            path, offset, size = line.split(" ")
            start = int(offset)
            found[path.removeprefix("/")] = self.payload[start : start + int(size)]
        return found

    def encode(self) -> bytes:
        """Return the file's content."""
        return self.signed_part + self.signature + self.payload

    def with_signature(self, signature: bytes) -> Image:
        """Return the same update with this signature."""
        return replace(self, signature=signature)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read a file's content; whose signature it is stays open. Raises UpdateError."""
        head_bytes = len(MAGIC) + _LENGTH.size
        if len(data) < head_bytes or not data.startswith(MAGIC):
            raise UpdateError("this is no tocsin update", "make one with `tocsin update build`")
        (manifest_bytes,) = _LENGTH.unpack_from(data, len(MAGIC))
        signature_at = head_bytes + manifest_bytes
        payload_at = signature_at + SIGNATURE_BYTES
        try:
            manifest = UpdateManifest.decode(data[head_bytes:signature_at])
        except DecodeError as error:
            raise UpdateError(f"the update's manifest is damaged: {error}", _AGAIN) from error
        payload = data[payload_at:]
        if (len(payload), hashlib.sha256(payload).digest()) != (manifest.size, manifest.sha256):
            raise UpdateError("the update's modules are not those of its manifest", _AGAIN)
        return cls(manifest, payload, data[signature_at:payload_at])

    @classmethod
    def pack(
        cls,
        modules: Mapping[str, bytes],
        *,
        board: str,
        version: str,
        minimum_version: str,
        security_counter: int,
    ) -> Self:
        """Return an unsigned update of these modules, each by its path."""
        payload = _payload(modules)
        sha256 = hashlib.sha256(payload).digest()
        manifest = UpdateManifest(
            sha256, len(payload), security_counter, board, version, minimum_version
        )
        return cls(manifest, payload)


_AGAIN = "get the file again from where it was built"


def _payload(modules: Mapping[str, bytes]) -> bytes:
    names = sorted(modules)
    # Where the first begins depends on how many digits that has itself.
    first = settled = 0
    index = b""
    while settled != first or not index:
        first = settled
        index = _index(modules, names, first)
        settled = _INDEX_BYTES.size + len(index)
    return _INDEX_BYTES.pack(len(index)) + index + b"".join(modules[name] for name in names)


def _index(modules: Mapping[str, bytes], names: list[str], first: int) -> bytes:
    lines = []
    for name in names:
        lines.append(f"\n/{name} {first} {len(modules[name])}")
        first += len(modules[name])
    return "".join(lines).encode() + b"\n"
