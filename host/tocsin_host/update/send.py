"""Bring an update into a handset and see what becomes of it."""

from __future__ import annotations

import time
from collections.abc import Callable

from tocsin_host.client import HandsetClient
from tocsin_host.errors import ResponseTimeoutError, TransportError, UpdateError
from tocsin_host.update.image import Image
from tocsin_host.wire import TransferKind, UpdateAccepted, UpdateStatus, UpdateStep

OnProgress = Callable[[int, int], None]
Connect = Callable[[], HandsetClient]

_LOOK_S = 5.0
_RETRY_S = 1.0
_TRIAL_LIMIT_S = 900.0  # the handset gives up its trial after ten minutes


def send(handset: HandsetClient, image: Image, on_progress: OnProgress) -> UpdateAccepted:
    """Transfer the update, going on where an earlier try was cut, and have it installed.

    Raises UpdateError for one that the handset would refuse or has refused.
    """
    _check(handset, image)
    handset.transfers.send(TransferKind.UPDATE, image.encode(), on_progress)
    return handset.updates.apply()


def _check(handset: HandsetClient, image: Image) -> None:
    """Spare the transfer of what is refused anyway."""
    board, manifest = handset.info().board, image.manifest
    if manifest.board != board:
        raise UpdateError(
            f"the update is for {manifest.board}, the handset is a {board}",
            "use the image for this board",
        )
    least = handset.updates.status().security_counter
    if manifest.security_counter < least:
        raise UpdateError(
            f"the update's security counter is {manifest.security_counter}, the handset's {least}",
            "use a newer image",
        )


def outcome(connect: Connect, limit_s: float = _TRIAL_LIMIT_S) -> UpdateStatus:
    """Wait until the update has proved itself; the handset restarts meanwhile.

    Raises UpdateError when the handset has gone back, or does not settle in time.
    """
    status = _settled(connect, time.monotonic() + limit_s)
    if status.last is UpdateStep.CONFIRMED:
        return status
    reasons = {
        UpdateStep.UNPROVEN: "it restarted before it had proved itself",
        UpdateStep.DAMAGED: "it was damaged on the handset's flash",
    }
    reason = reasons.get(status.last, "it never started")
    raise UpdateError(
        f"the handset went back to {status.version}: {reason}", "see `tocsin journal`"
    )


def _settled(connect: Connect, end_s: float) -> UpdateStatus:
    while time.monotonic() < end_s:
        try:
            with connect() as handset:
                while (status := handset.updates.status()).last is UpdateStep.INSTALLED:
                    if time.monotonic() > end_s:
                        break
                    handset.wait(_LOOK_S)
                else:
                    return status
        except (TransportError, ResponseTimeoutError):
            time.sleep(_RETRY_S)  # it is restarting
    raise UpdateError("the handset has not settled the trial", "ask it: `tocsin update status`")
