"""The handshake Noise_NNpsk0_25519_ChaChaPoly_SHA256 (Noise framework, revision 34).

Both ends prove that they hold the pre-shared key; the ephemeral keys give forward secrecy.
"""

import hashlib
import os
import struct

from micropython import const

from tocsin.crypto import chacha20poly1305, hkdf
from tocsin.crypto.x25519 import public_key, x25519
from tocsin.link.lanes import NoiseError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Pause

_NAME = b"Noise_NNpsk0_25519_ChaChaPoly_SHA256"
_KEY_BYTES = const(32)
_TAG_BYTES = const(16)


def prologue_of(hello: bytes, reply: bytes) -> bytes:
    """What both ends bind the handshake to: the bodies of Hello (the role in it) and HelloReply."""
    return b"tocsin" + struct.pack("<H", len(hello)) + hello + struct.pack("<H", len(reply)) + reply


class KeyPair:
    """An X25519 key pair, for one handshake only."""

    def __init__(self, private: bytes, public: bytes) -> None:
        self.private = private
        self.public = public


async def ephemeral(pause: "Pause") -> KeyPair:
    """A fresh key pair; half of a handshake's work, which may be done before it begins."""
    private = os.urandom(_KEY_BYTES)
    return KeyPair(private, await public_key(private, pause))


class Handshake:
    """One end of NNpsk0: the initiator writes then reads, the responder reads then writes.

    `psk` is 32 bytes. A handshake that failed stays failed.
    """

    def __init__(self, is_initiator: bool, psk: bytes, prologue: bytes, key_pair: KeyPair) -> None:
        if len(psk) != _KEY_BYTES:
            raise ValueError("the pre-shared key must be 32 bytes, not %d" % len(psk))
        self._is_initiator = is_initiator
        self._key_pair = key_pair
        self._their_public = b""
        self._may_write = is_initiator
        self._may_read = not is_initiator
        self._messages = 0
        self._psk = psk
        self._symmetric = _SymmetricState(prologue)

    async def write(self, payload: bytes, pause: "Pause") -> bytes:
        """The next message: 48 bytes more than `payload`; raises NoiseError out of turn."""
        await self._begin(self._may_write, pause)
        self._symmetric.mix_public(self._key_pair.public)
        await self._mix_shared(pause)
        box = await self._symmetric.seal(payload, pause)
        self._messages += 1
        self._may_read = self._messages == 1
        return self._key_pair.public + box

    async def read(self, message: bytes, pause: "Pause") -> bytes:
        """The other end's payload; raises NoiseError out of turn or when it is not authentic.

        The first message may be a replay: act on nothing it carries.
        """
        await self._begin(self._may_read, pause)
        if len(message) < _KEY_BYTES + _TAG_BYTES:
            raise NoiseError("handshake message of %d bytes is too short" % len(message))
        self._their_public = message[:_KEY_BYTES]
        self._symmetric.mix_public(self._their_public)
        await self._mix_shared(pause)
        payload = await self._symmetric.open_box(message[_KEY_BYTES:], pause)
        self._messages += 1
        self._may_write = self._messages == 1
        return payload

    def keys(self) -> "list[bytes]":
        """What both messages agreed on: the sending and the receiving key, 32 bytes each.

        Raises NoiseError before that.
        """
        if self._messages != 2:
            raise NoiseError("the handshake is not complete")
        initiator_key, responder_key = self._symmetric.split()
        if self._is_initiator:
            return [initiator_key, responder_key]
        return [responder_key, initiator_key]

    @property
    def hash(self) -> bytes:
        """32 bytes that identify this very handshake (Noise section 11.2)."""
        return self._symmetric.hash

    async def _begin(self, is_allowed: bool, pause: "Pause") -> None:
        self._may_read = self._may_write = False
        if not is_allowed:
            raise NoiseError("handshake message out of turn")
        if self._messages == 0:
            self._symmetric.mix_key_and_hash(self._psk)
            await pause()

    async def _mix_shared(self, pause: "Pause") -> None:
        """Mix the shared secret in, which only the second message can."""
        await pause()
        if self._messages == 0:
            return
        shared = await x25519(self._key_pair.private, self._their_public, pause)
        if shared == bytes(_KEY_BYTES):
            raise NoiseError("the other end's public key has a small order")
        self._symmetric.mix_key(shared)
        await pause()


class _SymmetricState:
    """What both ends have mixed so far: Noise section 5.2."""

    def __init__(self, prologue: bytes) -> None:
        self.hash: bytes = hashlib.sha256(_NAME).digest()
        self._chaining_key = self.hash
        self._key = b""
        self._mix_hash(prologue)

    def mix_key(self, material: bytes) -> None:
        self._chaining_key, self._key = self._derived(material, 2)

    def mix_key_and_hash(self, material: bytes) -> None:
        self._chaining_key, mixed, self._key = self._derived(material, 3)
        self._mix_hash(mixed)

    def mix_public(self, public: bytes) -> None:
        """Mix an ephemeral key in, as a handshake with pre-shared keys does (section 9.2)."""
        self._mix_hash(public)
        self.mix_key(public)

    async def seal(self, plaintext: bytes, pause: "Pause") -> bytes:
        # Every message of NNpsk0 has a key of its own, so its nonce is always the first.
        box = await chacha20poly1305.seal(self._key, bytes(12), self.hash, plaintext, pause)
        self._mix_hash(box)
        return box

    async def open_box(self, box: bytes, pause: "Pause") -> bytes:
        plaintext = await chacha20poly1305.open_box(self._key, bytes(12), self.hash, box, pause)
        if plaintext is None:
            raise NoiseError("wrong key, or the greeting or handshake was altered")
        self._mix_hash(box)
        return plaintext

    def split(self) -> "list[bytes]":
        return self._derived(b"", 2)

    def _derived(self, material: bytes, count: int) -> "list[bytes]":
        output = hkdf.expand(hkdf.extract(self._chaining_key, material), b"", count * _KEY_BYTES)
        return [output[at : at + _KEY_BYTES] for at in range(0, len(output), _KEY_BYTES)]

    def _mix_hash(self, data: bytes) -> None:
        self.hash = hashlib.sha256(self.hash + data).digest()
