"""The answer point itself: told what arrives, it keeps incidents and says what to send back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tocsin_host import wire
from tocsin_host.answerpoint.acknowledge import (
    AckCounters,
    Acknowledgement,
    MemoryCounters,
    acknowledgement,
)
from tocsin_host.answerpoint.aml import AmlError, parse_aml
from tocsin_host.answerpoint.incident import Call, Incident, ReceivedTag, ReceivedText
from tocsin_host.answerpoint.match import Matcher
from tocsin_host.answerpoint.register import Register, RegisterEntry
from tocsin_host.answerpoint.tag import ReportOpener, TagError
from tocsin_host.answerpoint.vigil import ReceivedHealth, Vigil

OnStage = Callable[[wire.Stage, int, str], None]


class AnswerPoint:
    """Matches calls, texts and tags; every method returns the acknowledgements to send now.

    `register` maps calling numbers to handsets. `on_stage(stage, t_us, detail)` hears what the
    answer point itself brings about: LOCATION_RECEIVED, TAG_RECEIVED and TAG_SHOWN; ringing and
    answering are the far end's to report. `next_counter` must never repeat (see AckCounters); the
    default lasts for one run only. Numbers are E.164, '' when withheld; nothing here raises on
    what arrives.
    """

    def __init__(
        self,
        register: Mapping[str, RegisterEntry],
        on_stage: OnStage,
        next_counter: AckCounters | None = None,
    ) -> None:
        self._register = Register(register)
        self._matcher = Matcher(self._register)
        self._opener = ReportOpener(self._register)
        self.vigil = Vigil(self._register)
        self.on_stage = on_stage
        self._next_counter = next_counter or MemoryCounters()
        self.refused: list[tuple[int, str, str]] = []
        """Reports not believed: (t_us, sender, why)."""

    @property
    def incidents(self) -> list[Incident]:
        """All incidents, oldest first."""
        return self._matcher.incidents

    def call_arrived(self, calling_number: str, t_us: int) -> list[Acknowledgement]:
        """Take a ringing call onto the queue."""
        incident = self._matcher.by_number(calling_number, t_us)
        incident.calls.append(Call(calling_number, t_us))
        self._matcher.check_numbers(incident)
        self._flag(incident, t_us)
        return []

    def call_answered(self, calling_number: str, t_us: int) -> list[Acknowledgement]:
        """Note that a person has taken the call off-hook."""
        found = self._matcher.by_call(calling_number)
        if found is None:
            return []
        incident, call = found
        call.answered_us = t_us
        return self._acknowledgements(incident, t_us)

    def call_ended(self, calling_number: str, t_us: int) -> list[Acknowledgement]:
        """Note that either end has hung up."""
        found = self._matcher.by_call(calling_number)
        if found is not None:
            incident, call = found
            call.ended_us = incident.last_us = t_us
        return []

    def text_received(self, sender: str, text: str, t_us: int) -> list[Acknowledgement]:
        """Decode a text; kept as it came when it is not AML."""
        incident = self._matcher.by_number(sender, t_us)
        incident.last_us = t_us
        try:
            location = parse_aml(text)
        except AmlError as error:
            incident.texts.append(ReceivedText(t_us, sender, text, None, str(error)))
            incident.note(f"a text does not decode: {error}")
            return []
        incident.texts.append(ReceivedText(t_us, sender, text, location))
        self._matcher.check_numbers(incident)
        self.on_stage(wire.Stage.LOCATION_RECEIVED, t_us, location.summary)
        return []

    def data_received(self, sender: str, payload: bytes, t_us: int) -> list[Acknowledgement]:
        """Open a sealed report and flag the call of a tag; one not to believe goes to `refused`.

        Health reports go to `vigil`, which tells silent handsets.
        """
        try:
            opened = self._opener.open(payload)
        except TagError as error:
            self.refused.append((t_us, sender, str(error)))
            return []
        report = opened.report
        if isinstance(report, wire.HealthReport):
            health = ReceivedHealth(t_us, sender, opened.identity, opened.counter, report)
            self.vigil.received(health)
            return []
        self.vigil.heard(opened.identity, t_us)
        tag = ReceivedTag(t_us, sender, opened.identity, opened.counter, report)
        return self._tag_received(tag)

    def _tag_received(self, tag: ReceivedTag) -> list[Acknowledgement]:
        t_us = tag.t_us
        incident = self._matcher.by_identity(tag.identity, tag.sender, t_us)
        incident.last_us = t_us
        incident.tags.append(tag)
        if tag.report.duress:
            incident.note("the holder was made to cancel: send help, and do not ring back")
        self._matcher.check_numbers(incident)
        detail = f"handset {tag.identity}, counter {tag.counter}"
        self.on_stage(wire.Stage.TAG_RECEIVED, t_us, detail)
        self._flag(incident, t_us)
        return self._acknowledgements(incident, t_us)

    def _flag(self, incident: Incident, t_us: int) -> None:
        call = incident.call
        if call is not None and call.flagged_us is None and incident.tags:
            call.flagged_us = t_us
            self.on_stage(wire.Stage.TAG_SHOWN, t_us, f"handset {incident.identity}")

    def _acknowledgements(self, incident: Incident, t_us: int) -> list[Acknowledgement]:
        """One for each report while the call is off-hook: a lost one is made good by the next.

        A call that shows no number is joined by assumption, flagged, but never acknowledged: the
        person would be told "answered" on a guess.
        """
        call, tag = incident.call, incident.newest_tag
        if call is None or call.answered_us is None or tag is None or not call.number:
            return []
        key = self._register.key_of(tag.identity)
        assert key is not None, "an unregistered handset's report does not open"
        return [
            acknowledgement(
                tag.sender or call.number or self._register.number_of(tag.identity),
                tag.identity,
                key,
                self._next_counter(tag.identity),
                tag.report.activation,
                t_us - call.answered_us,
            )
        ]
