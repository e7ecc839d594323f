"""A handset's refusal as the error of its cause."""

from __future__ import annotations

from tocsin_host import wire
from tocsin_host.errors import (
    AuthError,
    ConfigError,
    DeviceRefusedError,
    TocsinError,
    UpdateError,
    VersionMismatchError,
)
from tocsin_host.printable import printable

_CONFIG = {
    wire.FailureCode.UNKNOWN_KEY: "the handset's firmware is older than this tocsin",
    wire.FailureCode.OUT_OF_RANGE: "nothing was changed; correct the value",
    wire.FailureCode.READ_ONLY: "nothing was changed; this role may not set it",
    wire.FailureCode.SECRET: "this key can be set, never read",
}
_NOT_ALLOWED = {
    wire.FailureCode.NO_SESSION: "update tocsin: it spoke out of turn",
    wire.FailureCode.NO_KEY: "claim the handset, or name another role with --role",
    wire.FailureCode.AUTHENTICATION: "check that the key belongs to this handset and role",
    wire.FailureCode.NOT_ALLOWED: "name a role that may with --role",
    wire.FailureCode.UNCLAIMED: "claim it first, with `tocsin claim NUMBER`",
}
_UPDATE = {
    wire.FailureCode.WRONG_HASH: "send it again",
    wire.FailureCode.WRONG_SIGNATURE: "use the image as its maker published it",
    wire.FailureCode.WRONG_BOARD: "use the image for this board",
    wire.FailureCode.WRONG_SIZE: "use the image as its maker published it",
    wire.FailureCode.OLDER: "use a newer image",
    wire.FailureCode.TOO_OLD: "install an image between the two first",
    wire.FailureCode.ON_TRIAL: "wait until the running firmware has proved itself",
}
_OTHER = {
    wire.FailureCode.UNKNOWN_MESSAGE: "its firmware does not offer that: update the handset",
    wire.FailureCode.MALFORMED: "update tocsin or the handset",
    wire.FailureCode.STORAGE: "the handset's flash is failing: take it out of service",
    wire.FailureCode.BUSY: "wait until the activation has ended",
    wire.FailureCode.NO_SPACE: "the handset's flash has no room for it",
    wire.FailureCode.NOT_OPEN: "begin the transfer again",
    wire.FailureCode.NOT_OFFERED: "update the handset",
    wire.FailureCode.CLAIMED: "wipe it first",
    wire.FailureCode.WRONG_IDENTITY: "compare the number printed on it",
    wire.FailureCode.NO_ACTIVATION: "see `tocsin status`",
    wire.FailureCode.INTERNAL: "try again; if it repeats, report it",
    wire.FailureCode.NOT_READY: "set its numbers and issued=yes",
}


def refusal(failure: wire.Failure) -> TocsinError:
    """Return the error that `failure` stands for."""
    code = failure.code
    detail = printable(failure.detail)
    message = f"the handset refused: {detail or wire.FailureCode(code).name.lower()}"
    if code == wire.FailureCode.VERSION:
        return version_mismatch(detail or "another version")
    if code in _UPDATE:
        return UpdateError(message, _UPDATE[code])
    if code in _CONFIG:
        return ConfigError(message, _CONFIG[code])
    if code in _NOT_ALLOWED:
        return AuthError(message, _NOT_ALLOWED[code])
    return DeviceRefusedError(message, code, _OTHER[code])


def version_mismatch(theirs: str) -> VersionMismatchError:
    """Return the error for a handset that speaks the version `theirs`."""
    ours = f"{wire.PROTOCOL_MAJOR}.{wire.PROTOCOL_MINOR}"
    return VersionMismatchError(
        f"the handset speaks protocol {theirs}, this tocsin speaks {ours}",
        "install the tocsin release that belongs to the handset's firmware",
    )
