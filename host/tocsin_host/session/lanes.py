"""Messages after the handshake: each direction of each lane has a cipher of its own."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from noise.noise_protocol import NoiseProtocol
from noise.state import CipherState

from tocsin_host.errors import AuthError
from tocsin_protocol.flow import Lane

__all__ = ["Lane", "SealedLanes"]

KEY_MESSAGES = 65536  # a lane's key serves so many, then it is replaced
_LANE_SHIFT = 63  # nonce = lane << 63 | counter
_COUNTER_MASK = (1 << _LANE_SHIFT) - 1  # as a counter: the end, lest lane 1 meet rekeying's nonce


class SealedLanes:
    """The messages of a session; one that is not authentic ends it for good.

    A lane must deliver in order and once.
    """

    def __init__(self, noise: NoiseProtocol) -> None:
        """Take the keys of a complete handshake."""
        sending, receiving = noise.cipher_state_encrypt.k, noise.cipher_state_decrypt.k
        self._sending = {lane: _cipher(noise, sending, lane) for lane in Lane}
        self._receiving = {lane: _cipher(noise, receiving, lane) for lane in Lane}
        self.is_open = True

    def seal(self, message: bytes, lane: Lane = Lane.NORMAL) -> bytes:
        """Return the ciphertext of the lane's next message, 16 bytes longer.

        Raises AuthError when the session is over.
        """
        cipher = self._usable(self._sending[lane])
        box: bytes = cipher.encrypt_with_ad(b"", message)
        _rekey_if_due(cipher)
        return box

    def open_box(self, box: bytes, lane: Lane = Lane.NORMAL) -> bytes:
        """Return the lane's next message.

        Raises AuthError when `box` is not it, or the session is over.
        """
        cipher = self._usable(self._receiving[lane])
        try:
            message: bytes = cipher.decrypt_with_ad(b"", box)
        except InvalidTag as error:
            self.is_open = False
            raise AuthError(
                "a message was altered, repeated or lost on its way",
                "open the session again; if it repeats, find out who else is on the line",
            ) from error
        _rekey_if_due(cipher)
        return message

    def _usable(self, cipher: CipherState) -> CipherState:
        if cipher.n & _COUNTER_MASK == _COUNTER_MASK:
            self.is_open = False
        if not self.is_open:
            raise AuthError("the session is over", "open it again")
        return cipher


def _cipher(noise: NoiseProtocol, key: bytes, lane: Lane) -> CipherState:
    cipher = CipherState(noise)
    cipher.initialize_key(key)
    cipher.set_nonce(lane << _LANE_SHIFT)
    return cipher


def _rekey_if_due(cipher: CipherState) -> None:
    if (cipher.n & _COUNTER_MASK) % KEY_MESSAGES == 0:
        cipher.rekey()
