"""On the VM: time the jobs of module `jobs`, format by format in turns, and print each as a line.

A line is (message, step, format, octets, heap bytes of one call, microseconds of each round).
"""

import gc
import sys
import time

import jobs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from jobs import Job

_BATCH_US = 1500
_TRIES = 20
_OFFSET = 2  # where a body begins in the payload of a frame


class Course:
    """One job with all it needs laid out: nothing but the job is timed."""

    def __init__(self, job: "Job", step: str) -> None:
        self._job = job
        self._end = job.encode(job.message, job.buf, _OFFSET)
        job.decode(job.blank, job.buf, _OFFSET, self._end)
        assert vars_of(job.blank) == vars_of(job.message), job.form
        self.octets = self._end - _OFFSET
        self._batch = self._encode if step == "encode" else self._decode
        self.rounds_us: list[float] = []
        self._count = max(_TRIES, int(_BATCH_US / self._one_us(_TRIES)))

    def run(self) -> None:
        self.rounds_us.append(self._one_us(self._count))

    def _one_us(self, count: int) -> float:
        gc.collect()
        start = time.ticks_us()
        self._batch(count)
        return max(1, time.ticks_diff(time.ticks_us(), start)) / count

    def _encode(self, count: int) -> None:
        encode, message, buf = self._job.encode, self._job.message, self._job.buf
        for _ in range(count):
            encode(message, buf, _OFFSET)

    def _decode(self, count: int) -> None:
        decode, message, buf, end = self._job.decode, self._job.blank, self._job.buf, self._end
        for _ in range(count):
            decode(message, buf, _OFFSET, end)

    def heap_bytes(self) -> int:
        gc.collect()
        gc.disable()
        before = gc.mem_alloc()
        self._batch(0)
        idle = gc.mem_alloc() - before
        before = gc.mem_alloc()
        self._batch(1)
        taken = gc.mem_alloc() - before - idle
        gc.enable()
        return taken


def vars_of(message: "Any") -> "dict[str, object]":
    return {name: _plain(getattr(message, name)) for name in message.FIELDS}


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, (bytearray, memoryview)) else value


def main(rounds: int) -> None:
    for step in ("encode", "decode"):
        for name, entries in jobs.JOBS:
            courses = [Course(job, step) for job in entries]
            for _ in range(rounds):
                for course in courses:
                    course.run()
            for job, course in zip(entries, courses):  # noqa: B905  # no strict on the VM
                line = (name, step, job.form, course.octets, course.heap_bytes(), course.rounds_us)
                sys.stdout.write(repr(line) + "\n")


main(int(sys.argv[1]))
