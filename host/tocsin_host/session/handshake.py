"""The host's half of the handshake, by the noiseprotocol package."""

from __future__ import annotations

import struct

from cryptography.exceptions import InvalidTag
from noise.connection import NoiseConnection
from noise.exceptions import NoiseValueError

from tocsin_host.credential import Credential
from tocsin_host.errors import AuthError
from tocsin_host.session.lanes import SealedLanes

PROTOCOL_NAME = b"Noise_NNpsk0_25519_ChaChaPoly_SHA256"


class Handshake:
    """Two messages, the host's first, after which both ends are sure of each other.

    `hello` and `reply` are the bodies of Hello, which names the role, and HelloReply, as sent.
    """

    def __init__(self, credential: Credential, hello: bytes, reply: bytes) -> None:
        self._role = credential.role
        self._noise = NoiseConnection.from_name(PROTOCOL_NAME)
        self._noise.set_as_initiator()
        self._noise.set_psks(credential.key)
        self._noise.set_prologue(prologue(hello, reply))
        self._noise.start_handshake()

    def first_message(self) -> bytes:
        """Return what the handset must answer."""
        return bytes(self._noise.write_message())

    def finish(self, answer: bytes) -> SealedLanes:
        """Return the ciphers agreed on; raises AuthError unless the handset holds the key."""
        try:
            self._noise.read_message(answer)
        except (InvalidTag, NoiseValueError, ValueError) as error:
            raise AuthError(
                f"the handset did not prove that it holds the {self._role.name.lower()} key",
                "check that the key belongs to this handset and role",
            ) from error
        return SealedLanes(self._noise.noise_protocol)


def prologue(hello: bytes, reply: bytes) -> bytes:
    """Return what both ends bind the handshake to: changing either greeting breaks it."""
    return b"tocsin" + b"".join(struct.pack("<H", len(each)) + each for each in (hello, reply))
