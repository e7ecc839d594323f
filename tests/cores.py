"""One process for each job, forked from this one, one job a core at a time."""

import os
import traceback
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


class JobFailedError(AssertionError):
    """A job raised, or its process died: which, and why."""


class Forked(Generic[Job, Result]):
    """Runs `work(job)` for each job on so many cores (None: all there are)."""

    def __init__(self, work: Callable[[Job], Result], cores: int | None = None) -> None:
        self._work = work
        self._cores = cores
        self._context = get_context("fork")
        self._running: dict[Connection, tuple[Job, int, BaseProcess]] = {}

    def over(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Result]]:
        """Yield each job with its result. Raises JobFailedError for the first that failed."""
        cpus = sorted(os.sched_getaffinity(0))[: self._cores]
        for job in jobs:
            if not cpus:
                for cpu, done in self._ended():
                    cpus.append(cpu)
                    yield done
            self._start(job, cpus.pop())
        while self._running:
            for _, done in self._ended():
                yield done

    def _start(self, job: Job, cpu: int) -> None:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=self._child, args=(job, cpu, theirs), daemon=True)
        process.start()
        theirs.close()
        self._running[ours] = job, cpu, process

    def _child(self, job: Job, cpu: int, answer: Connection) -> None:
        os.sched_setaffinity(0, {cpu})  # a handset shares its core with its world anyway
        try:
            answer.send((True, self._work(job)))
        except Exception:  # noqa: BLE001 - whatever it was, it is told of
            answer.send((False, traceback.format_exc()))

    def _ended(self) -> Iterator[tuple[int, tuple[Job, Result]]]:
        for ready in wait(list(self._running)):
            assert isinstance(ready, Connection)
            job, cpu, process = self._running.pop(ready)
            try:
                is_done, result = ready.recv()
            except EOFError:
                is_done, result = False, "its process died"
            process.join()
            ready.close()
            if not is_done:
                raise JobFailedError(f"{job}: {result}")
            yield cpu, (job, result)
