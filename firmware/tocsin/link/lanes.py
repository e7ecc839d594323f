"""Messages after the handshake: each direction of each lane has a cipher of its own."""

import sys

from micropython import const

from tocsin.crypto import chacha20poly1305

# The number of the machine's instruction set is above the version of the bytecode.
if getattr(sys.implementation, "_mpy", 0) >> 10:
    from tocsin.crypto import viper

    chacha20poly1305.use(viper.key_stream, viper.tag)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.parts import Pause

_LANES = const(2)
_KEY_BYTES = const(32)
_KEY_MESSAGES = const(65536)  # a lane's key serves so many, then it is replaced
_COUNTER_END = (1 << 63) - 1  # on lane 1 it would be the nonce that Noise keeps for rekeying
_REKEY_NONCE = bytes(4) + b"\xff" * 8


class NoiseError(Exception):
    """The other end does not hold the key, a message was altered, or the session is over."""


class SealedLanes:
    """The messages of a session; one that is not authentic ends it for good.

    A lane must deliver in order and once; one call at a time for each lane and direction.
    """

    def __init__(self, sending_key: bytes, receiving_key: bytes) -> None:
        self._sending = [_LaneCipher(sending_key, lane) for lane in range(_LANES)]
        self._receiving = [_LaneCipher(receiving_key, lane) for lane in range(_LANES)]
        self.is_open = True

    async def seal(self, message: bytes, lane: int, pause: "Pause") -> bytes:
        """Ciphertext of the lane's next message, 16 bytes longer; raises NoiseError at the end."""
        self._check()
        try:
            return await self._sending[lane].seal(message, pause)
        except NoiseError:
            self.is_open = False
            raise

    async def open_box(self, box: bytes, lane: int, pause: "Pause") -> bytes:
        """The lane's next message; raises NoiseError if this is not it, or the session is over."""
        self._check()
        try:
            return await self._receiving[lane].open_box(box, pause)
        except NoiseError:
            self.is_open = False
            raise

    def _check(self) -> None:
        if not self.is_open:
            raise NoiseError("the session is over")


class _LaneCipher:
    """One direction of one lane: a Noise CipherState whose nonces are lane << 63 | counter.

    Both lanes begin with the same key and never share a nonce.
    """

    def __init__(self, key: bytes, lane: int) -> None:
        self._key = key
        self._lane = lane
        self._counter = 0

    async def seal(self, plaintext: bytes, pause: "Pause") -> bytes:
        box = await chacha20poly1305.seal(self._key, self._take_nonce(), b"", plaintext, pause)
        await self._rekey_if_due(pause)
        return box

    async def open_box(self, box: bytes, pause: "Pause") -> bytes:
        nonce = self._take_nonce()
        plaintext = await chacha20poly1305.open_box(self._key, nonce, b"", box, pause)
        if plaintext is None:
            raise NoiseError("altered, repeated or missing message")
        await self._rekey_if_due(pause)
        return plaintext

    async def _rekey_if_due(self, pause: "Pause") -> None:
        """Replace the key as Noise section 4.2 says; the counter goes on."""
        if self._counter % _KEY_MESSAGES:
            return
        box = await chacha20poly1305.seal(self._key, _REKEY_NONCE, b"", bytes(_KEY_BYTES), pause)
        self._key = box[:_KEY_BYTES]

    def _take_nonce(self) -> bytes:
        """Taken before the first pause, so that no two messages can share it."""
        counter = self._counter
        if counter >= _COUNTER_END:
            raise NoiseError("nonces are used up")
        self._counter = counter + 1
        return bytes(4) + (self._lane << 63 | counter).to_bytes(8, "little")
