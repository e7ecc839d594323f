"""A tick counter that moves only when it is told to."""


class StillClock:
    """Stands at `ticks`, in milliseconds."""

    def __init__(self, ticks: int = 0) -> None:
        self.ticks = ticks

    def ticks_ms(self) -> int:
        return self.ticks

    def ticks_diff(self, end: int, start: int) -> int:
        return end - start

    def ticks_add(self, ticks: int, delta: int) -> int:
        return ticks + delta
