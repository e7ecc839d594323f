"""Which incident a call, a text or a tag belongs to."""

from __future__ import annotations

from tocsin_host.answerpoint.incident import Call, Incident
from tocsin_host.answerpoint.register import Register


class Matcher:
    """All incidents, found by calling number, and by the identity inside a sealed report."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self.incidents: list[Incident] = []

    def by_number(self, number: str, t_us: int) -> Incident:
        """Return the open incident of `number`, a new one when there is none.

        Nothing says that two calls without a number are the same: each is an incident of its own.
        """
        identity = self._register.identity_of(number)
        for incident in self._open(t_us):
            if number in incident.numbers or identity == incident.identity is not None:
                return incident
        return self._new(number, t_us)

    def by_identity(self, identity: int, sender: str, t_us: int) -> Incident:
        """Return the incident of handset `identity`, whose report came from `sender` (or '')."""
        incident = self._known(identity, sender, t_us)
        incident.identity = identity
        if incident.call is None:
            self._adopt_withheld_call(incident, t_us)
        return incident

    def check_numbers(self, incident: Incident) -> None:
        """Make a number visible that is not the one registered for the incident's handset."""
        if incident.identity is None:
            return
        registered = self._register.number_of(incident.identity)
        for number in incident.numbers - {registered}:
            owner = self._register.identity_of(number)
            whose = f"registered for handset {owner}" if owner is not None else "not registered"
            incident.note(
                f"handset {incident.identity} is registered at {registered}, "
                f"seen at {number} ({whose})"
            )

    def by_call(self, number: str) -> tuple[Incident, Call] | None:
        """Return the newest call from `number` that is still up, with its incident."""
        for incident in reversed(self.incidents):
            if incident.call is not None and incident.call.number == number:
                return incident, incident.call
        return None

    def _known(self, identity: int, sender: str, t_us: int) -> Incident:
        candidates = [each for each in self._open(t_us) if each.identity in (None, identity)]
        for incident in candidates:
            if incident.identity == identity:
                return incident
        registered = self._register.number_of(identity)
        for number in (registered, sender):
            for incident in candidates:
                if number in incident.numbers:
                    return incident
        return self._new(registered, t_us)

    def _adopt_withheld_call(self, incident: Incident, t_us: int) -> None:
        withheld = [each for each in self._open(t_us) if not each.numbers and each.call]
        if len(withheld) != 1:
            return
        other = withheld[0]
        incident.calls += other.calls
        incident.note("the call carries no number: joined as the only such call, ask who it is")
        self.incidents.remove(other)

    def _open(self, t_us: int) -> list[Incident]:
        return [each for each in reversed(self.incidents) if each.is_open(t_us)]

    def _new(self, number: str, t_us: int) -> Incident:
        incident = Incident(number, t_us)
        self.incidents.append(incident)
        return incident
