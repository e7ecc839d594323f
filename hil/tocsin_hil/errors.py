"""How the rig itself can fail."""

from tocsin_host.errors import ExitCode, TocsinError


class BlockedError(TocsinError):
    """The rig could not carry a run out: says nothing about the handset, and is never a failure."""

    exit_code = ExitCode.TRANSPORT
