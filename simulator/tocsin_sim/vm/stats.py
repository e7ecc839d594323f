"""What is measured of a handset; none of it enters the trace."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Crash:
    """A program that ended by an exception, or a VM that ended by itself or never answered."""

    t_us: int
    text: str


@dataclass(slots=True)
class HandsetStats:
    """Counts since the first power-on; heap figures include `heap_shim_bytes`, the simulator's.

    `heap_bytes` is the latest.
    """

    heap_limit_bytes: int
    vm_version: str = ""
    boots: int = 0
    crashes: list[Crash] = field(default_factory=list)
    heap_shim_bytes: int = 0
    heap_bytes: int = 0
    heap_after_boot_bytes: int = 0
    heap_peak_bytes: int = 0
    flash_programs: int = 0
    flash_erases: int = 0
    overrun_bytes: int = 0

    @property
    def flash_operations(self) -> int:
        """Program and erase operations together."""
        return self.flash_programs + self.flash_erases
