"""A run as plain text: every stage in order of time, what the person felt, the verdict."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from tocsin_host.measure.record import RunRecord
from tocsin_host.measure.stages import StageMark, press_us
from tocsin_host.measure.verdict import Verdict, judge
from tocsin_host.printable import printable
from tocsin_host.wire import Stage

WIDTH = 100


def timeline(record: RunRecord, verdict: Verdict | None = None, *more: str) -> str:
    """Return the run as text for a terminal, at most 100 columns wide.

    It ends with `more` and the verdict, by default that of a run as such.
    """
    blocks = [_heading(record), stage_table(record), _told(record), *_notes(record), *more]
    blocks.append(_wrapped((verdict or judge(record)).sentence))
    return "\n\n".join(blocks)


def stage_table(record: RunRecord) -> str:
    """Return every stage of the vocabulary: those reached by time, then those not reached."""
    zero_us = press_us(record.marks)
    since = "after press" if zero_us is not None else "after start"
    lines = [_row("stage", since, "reported by", "detail")]
    marks = sorted(record.marks, key=lambda mark: (mark.t_us, mark.stage))
    lines += [_mark_row(mark, zero_us or 0) for mark in marks]
    reached = {mark.stage for mark in marks}
    lines += [_row(each.name, "not reached", "", "") for each in Stage if each not in reached]
    return "\n".join(lines)


def milliseconds(t_us: int) -> str:
    """Return a time as '1,234.5 ms'."""
    return f"{t_us / 1000:,.1f} ms"


def _heading(record: RunRecord) -> str:
    heap = f"heap {record.heap_peak_bytes:,} of {record.heap_limit_bytes:,} bytes at peak"
    pressed = press_us(record.marks)
    press = "no press" if pressed is None else f"pressed at {pressed / 1e6:.3f} s"
    return "\n".join(
        [
            _cut(f"board {record.board}, seed {record.seed}, {press}: {record.scenario}"),
            _cut(f"{record.vm_version}, {heap}"),
        ]
    )


def _mark_row(mark: StageMark, zero_us: int) -> str:
    detail = printable(mark.detail)
    if mark.attempt > 1:
        detail = f"attempt {mark.attempt}  {detail}"
    return _row(mark.stage.name, milliseconds(mark.t_us - zero_us), mark.reporter, detail)


def _row(stage: str, time: str, reporter: str, detail: str) -> str:
    return _cut(f"{stage:<18} {time:>14}   {reporter:<13} {detail}")


def _told(record: RunRecord) -> str:
    if not record.notices_felt:
        return "the person felt nothing"
    zero_us = press_us(record.marks) or 0
    told = (
        f"{each.notice.name} {milliseconds(each.t_us - zero_us)}" for each in record.notices_felt
    )
    return _wrapped(f"the person felt: {', '.join(told)}")


def _notes(record: RunRecord) -> Iterator[str]:
    if record.problems:
        yield "\n".join(_wrapped(f"note: {printable(problem)}") for problem in record.problems)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=True)


def _cut(line: str) -> str:
    line = line.rstrip()
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"
