"""Signatures of updates: RSASSA-PSS over SHA-256 with a key of 3072 bits (RFC 8017)."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from tocsin_host.errors import ConfigError, UpdateError
from tocsin_host.update.image import Image

DEVELOPMENT_KEY = Path(__file__).with_name("development_key.pem")
KEY_BITS = 3072
_EXPONENT = 65537
_SALT_BYTES = 32


def sign(image: Image, key: rsa.RSAPrivateKey) -> Image:
    """Return the update signed with this key."""
    return image.with_signature(key.sign(image.signed_part, _padding(), SHA256()))


def check(image: Image, key: rsa.RSAPublicKey) -> None:
    """Raise UpdateError unless the update bears this key's signature."""
    try:
        key.verify(image.signature, image.signed_part, _padding(), SHA256())
    except InvalidSignature:
        raise UpdateError(
            "the update is not signed with this key", "sign it with `tocsin update sign`"
        ) from None


def _padding() -> padding.PSS:
    return padding.PSS(padding.MGF1(SHA256()), _SALT_BYTES)


def read_private_key(path: Path) -> rsa.RSAPrivateKey:
    """Read an unencrypted private key in PEM. Raises ConfigError."""
    try:
        key = serialization.load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{path} holds no unencrypted private key: {error}", _MAKE) from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ConfigError(f"{path} holds no RSA key", _MAKE)
    _check_kind(path, key.public_key())
    return key


def read_public_key(path: Path) -> rsa.RSAPublicKey:
    """Read a public key, or the public half of a private one, in PEM. Raises ConfigError."""
    data = _read(path)
    if b"PRIVATE KEY" in data:
        return read_private_key(path).public_key()
    try:
        key = serialization.load_pem_public_key(data)
    except ValueError as error:
        raise ConfigError(f"{path} holds no public key: {error}", _MAKE) from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise ConfigError(f"{path} holds no RSA key", _MAKE)
    _check_kind(path, key)
    return key


def write_new_key(path: Path) -> None:
    """Make a private key, readable by its owner alone. Raises ConfigError if the file exists."""
    key = rsa.generate_private_key(public_exponent=_EXPONENT, key_size=KEY_BITS)
    data = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(data)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}", "name another file") from error


def modulus(key: rsa.RSAPublicKey) -> bytes:
    """Return the key as the firmware holds it: the modulus, most significant octet first."""
    return key.public_numbers().n.to_bytes(KEY_BITS // 8, "big")


_MAKE = "make a key with `tocsin update key FILE`"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}", _MAKE) from error


def _check_kind(path: Path, key: rsa.RSAPublicKey) -> None:
    if (key.key_size, key.public_numbers().e) != (KEY_BITS, _EXPONENT):
        raise ConfigError(
            f"{path} holds a key of {key.key_size} bits; it must have {KEY_BITS}, exponent 65537",
            _MAKE,
        )
