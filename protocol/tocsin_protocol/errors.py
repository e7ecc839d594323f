"""What can go wrong with bytes and values, by cause."""

from collections.abc import Sequence


class EncodeError(ValueError):
    """A field's value cannot go on the wire; `field` is its name."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field} {problem}")
        self.field = field


class DecodeError(ValueError):
    """Bytes are not the message they claim to be; `field` is where they stop making sense."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field} {problem}")
        self.field = field


class FrameError(ValueError):
    """Octets between two delimiters are not a frame; the text says why."""


class SchemaError(ValueError):
    """The schema contradicts itself; `faults` says how, one sentence each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


class WireValueError(ValueError):
    """A configuration value is not allowed; the text says which and what is."""
