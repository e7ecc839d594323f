"""The supervisor: feeds the watchdog only when every vital task has checked in."""

import asyncio

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

# A task that waits for the modem misses some rounds; the watchdog's period holds twelve.
_ROUND_MS = const(5_000)
_RESTART_MS = const(2_000)
# What fails for ever would fill the journal with itself: it waits longer each time, up to this.
_SELDOM_MS = const(64_000)
# Rounds, an hour: what has run for so long and fails then has not failed for ever.
_LONG = const(720)
# So many missed in a row: what hangs is noted before the watchdog bites.
_HANGS = const(10)


class Supervisor:
    """Runs the vital tasks, prods them every five seconds and restarts the handset if one dies."""

    def __init__(
        self,
        feed: "Callable[[bool], None]",
        restart: "Callable[[], None]",
        on_fault: "Callable[[str, BaseException], None]",
    ) -> None:
        self._feed = feed
        self._restart = restart
        self._on_fault = on_fault
        self._wakes: list[Callable[[], None]] = []
        self._names: list[str] = []
        self._missed: list[int] = []  # rounds in a row without checking in
        self._tasks: list[asyncio.Task[None]] = []
        self.rounds = 0  # in which every vital task has checked in

    def vital(
        self,
        name: str,
        body: "Callable[[Callable[[], None]], Awaitable[None]]",
        wake: "Callable[[], None]",
    ) -> None:
        """Start a vital task: `body(check_in)`, which must check in soon after each `wake()`."""
        index = len(self._wakes)
        self._wakes.append(wake)
        self._names.append(name)
        self._missed.append(0)

        def check_in() -> None:
            self._missed[index] = 0

        self._tasks.append(asyncio.create_task(self._watch(name, body, check_in)))

    def minor(self, name: str, body: "Callable[[], Awaitable[None]]") -> None:
        """Start a task whose failure never stops the handset: it is reported and started again."""
        self._tasks.append(asyncio.create_task(self._keep(name, body)))

    async def run(self) -> None:
        """Tell the watchdog after each round whether all have checked in; for ever."""
        while True:
            for i in range(len(self._wakes)):
                self._missed[i] += 1
                self._wakes[i]()
            await asyncio.sleep_ms(_ROUND_MS)
            is_sound = not any(self._missed)
            self.rounds += is_sound
            self._feed(is_sound)
            if _HANGS in self._missed:
                self._report(self._names[self._missed.index(_HANGS)], RuntimeError("hangs"))

    async def _watch(
        self,
        name: str,
        body: "Callable[[Callable[[], None]], Awaitable[None]]",
        check_in: "Callable[[], None]",
    ) -> None:
        try:
            await body(check_in)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is reported
            self._report(name, error)
        self._restart()

    async def _keep(self, name: str, body: "Callable[[], Awaitable[None]]") -> None:
        wait_ms = _RESTART_MS
        while True:
            begun = self.rounds
            try:
                await body()
            except Exception as error:  # noqa: BLE001 - a minor task never stops the rest
                if self.rounds - begun >= _LONG:
                    wait_ms = _RESTART_MS
                if wait_ms < _SELDOM_MS:
                    self._report(name, error)
            await asyncio.sleep_ms(wait_ms)
            wait_ms = min(2 * wait_ms, _SELDOM_MS)

    def _report(self, name: str, error: BaseException) -> None:
        try:
            self._on_fault(name, error)
        except Exception:  # noqa: BLE001, S110 - what cannot be noted stops nothing either
            pass
