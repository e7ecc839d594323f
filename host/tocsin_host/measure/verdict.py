"""Whether a run passed: what must have happened, and what must never happen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tocsin_host.measure.record import RunRecord
from tocsin_host.measure.stages import marks_of, press_us, split
from tocsin_host.printable import printable
from tocsin_host.wire import Notice, Reporter, Stage


@dataclass(frozen=True, slots=True)
class Verdict:
    """PASS when nothing was found wrong; `sentence` says it for people."""

    findings: tuple[str, ...]
    sentence: str

    @property
    def passed(self) -> bool:
        """Whether the run did all it must and nothing it must not."""
        return not self.findings

    def to_json(self) -> dict[str, Any]:
        """Return `passed`, `sentence` and `findings`."""
        return {
            "passed": self.passed,
            "sentence": self.sentence,
            "findings": list(self.findings),
        }


def judge(record: RunRecord) -> Verdict:
    """Judge a run: answered by the far end, located, tagged, and told nothing untrue."""
    return verdict_of((*_missing(record), *violations(record)), _success(record))


def violations(record: RunRecord) -> tuple[str, ...]:
    """Return what must not happen in any run, whatever it is about, and did."""
    return (*_untrue(record), *_forbidden(record))


def verdict_of(findings: tuple[str, ...], success: str) -> Verdict:
    """Return PASS with `success` when nothing was found, else FAIL with it all."""
    if findings:
        return Verdict(findings, f"FAIL: {'; '.join(findings)}.")
    return Verdict((), f"PASS: {success}.")


def seconds(duration_us: int | None) -> str:
    """Return a duration as '1.234 s', or 'not reached'."""
    return "not reached" if duration_us is None else f"{duration_us / 1e6:.3f} s"


def _missing(record: RunRecord) -> Iterator[str]:
    if press_us(record.marks) is None:
        yield "the button was never pressed"
    answers = marks_of(record.marks, Stage.ANSWERED)
    if not any(each.reporter is Reporter.FAR_END for each in answers):
        yield "the far end never answered"
    if not marks_of(record.marks, Stage.LOCATION_RECEIVED):
        yield "no location text reached the answer point"
    if not marks_of(record.marks, Stage.TAG_RECEIVED):
        yield "no tag report reached the answer point"


def _untrue(record: RunRecord) -> Iterator[str]:
    for mark in record.marks:
        if mark.reporter not in mark.stage.reporters:
            yield f"{mark.reporter} reported {mark.stage.name}, which is not its to report"
    proof_us = min((each.t_us for each in record.acknowledgements), default=None)
    for told_us, how in _told_answered(record):
        if proof_us is None or told_us < proof_us:
            when = "without" if proof_us is None else "before"
            yield f"{how} {when} an acknowledgement from the answer point"


def _told_answered(record: RunRecord) -> Iterator[tuple[int, str]]:
    """Every way the handset can say 'answered', with its time."""
    for notice in record.notices_felt:
        if notice.notice is Notice.ANSWERED:
            yield notice.t_us, "the person felt 'answered'"
    for notice in record.notices_claimed:
        if notice.notice is Notice.ANSWERED:
            yield notice.t_us, "the firmware claimed to tell 'answered'"
    for mark in marks_of(record.marks, Stage.ANSWER_CONFIRMED):
        yield mark.t_us, "the firmware claimed ANSWER_CONFIRMED"


def _forbidden(record: RunRecord) -> Iterator[str]:
    for verb, numbers in (("dialled", record.dialled_numbers), ("texted", record.texted_numbers)):
        for number in dict.fromkeys(numbers):
            if number not in record.allowed_numbers:
                yield f"the handset {verb} {printable(number)}, which is not an allowed number"
    if record.crash_text:
        last = record.crash_text.strip().splitlines()[-1:]
        yield f"the firmware crashed ({printable(''.join(last))})"


def _success(record: RunRecord) -> str:
    parts = split(record.marks)
    shares = [f"device {seconds(parts.device_us)}"]
    if parts.earlier_attempts_us:
        shares.append(f"earlier attempts {seconds(parts.earlier_attempts_us)}")
    shares += [f"network {seconds(parts.network_us)}", f"answer {seconds(parts.answer_us)}"]
    return (
        f"answered {seconds(parts.activation_to_answer_us)} after the press "
        f"({', '.join(shares)}); location {_location(record)} after "
        f"{_after_press(record, Stage.LOCATION_RECEIVED)}, "
        f"tag after {_after_press(record, Stage.TAG_RECEIVED)}"
    )


def _location(record: RunRecord) -> str:
    first = next((each.location for each in record.texts if each.location is not None), None)
    return "received" if first is None else f"received ({first.summary})"


def _after_press(record: RunRecord, stage: Stage) -> str:
    start_us = press_us(record.marks)
    reached = marks_of(record.marks, stage)
    return seconds(reached[0].t_us - start_us if reached and start_us is not None else None)
