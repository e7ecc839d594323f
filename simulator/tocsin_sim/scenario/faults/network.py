"""Faults of the mobile network and of who is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin_sim.scenario.faults.catalogue import Stop, fault
from tocsin_sim.scenario.parameters import Choice, Count, Number, Values
from tocsin_sim.world.network import CallState, Cause, Fate, Service

if TYPE_CHECKING:
    from tocsin_sim.simulation import Simulation

_CAUSES = {
    "busy": Cause.USER_BUSY,
    "rejected": Cause.CALL_REJECTED,
    "congestion": Cause.CONGESTION,
    "failure": Cause.TEMPORARY_FAILURE,
    "no answer": Cause.ALERTING_NO_ANSWER,
}


@fault(
    "network.call_refused",
    "The next calls end for this cause, so long after dialling, before they ring.",
    witness="call.ended",
    on_rig=True,
    cause=Choice(tuple(_CAUSES), "busy"),
    after_s=Number(0.1, 20, 2.0),
    times=Count(1, 20, 1),
)
def _call_refused(simulation: Simulation, values: Values) -> None:
    fate = Fate(_CAUSES[values["cause"]], values["after_s"], CallState.DIALLING)
    simulation.world.network.fates.extend([fate] * values["times"])


@fault(
    "network.call_dropped",
    "The next calls are dropped so long after they were answered.",
    witness="call.ended",
    on_rig=True,
    after_s=Number(0.1, 60, 4.0),
    times=Count(1, 20, 1),
)
def _call_dropped(simulation: Simulation, values: Values) -> None:
    fate = Fate(Cause.NORMAL_CALL_CLEARING, values["after_s"], CallState.ACTIVE)
    simulation.world.network.fates.extend([fate] * values["times"])


@fault(
    "network.no_service",
    "There is no coverage where the handset is.",
    witness="network.service",
    lasts=True,
)
def _no_service(simulation: Simulation, _: Values) -> Stop:
    return _offer(simulation, Service.NONE)


@fault(
    "network.limited_service",
    "The network carries emergency calls only; here the handset's numbers stand for those.",
    witness="network.service",
    lasts=True,
)
def _limited_service(simulation: Simulation, _: Values) -> Stop:
    simulation.world.network.emergency_numbers = frozenset(simulation.setting.numbers.voice)
    return _offer(simulation, Service.EMERGENCY_ONLY)


def _offer(simulation: Simulation, service: Service) -> Stop:
    network = simulation.world.network
    network.offer(service)
    return lambda: network.offer(Service.HOME)


@fault(
    "sms.refused",
    "The network refuses the next texts with this +CMS error.",
    witness="sms.refused",
    code=Choice(("38", "41", "42", "331", "332", "500"), "332"),
    times=Count(1, 20, 1),
)
def _sms_refused(simulation: Simulation, values: Values) -> None:
    simulation.world.centre.refusals.extend([int(values["code"])] * values["times"])


@fault(
    "sms.one_bearer",
    "Texts get through by this value of +CGSMS alone; by any other they time out.",
    witness="sms.refused",
    lasts=True,
    bearer=Choice(("0", "1", "2", "3"), "2"),
)
def _sms_one_bearer(simulation: Simulation, values: Values) -> Stop:
    centre = simulation.world.centre
    usual, centre.bearers = centre.bearers, frozenset(values["bearer"])

    def stop() -> None:
        centre.bearers = usual

    return stop


@fault(
    "sms.lost",
    "The next texts towards there are accepted and never arrive.",
    witness="sms.lost",
    towards=Choice(("answer point", "handset"), "answer point"),
    times=Count(1, 20, 1),
)
def _sms_lost(simulation: Simulation, values: Values) -> None:
    simulation.world.centre.losses[values["towards"]] += values["times"]


@fault(
    "sms.slow",
    "Texts take so much longer.",
    witness="modem.text",
    lasts=True,
    delay_s=Number(1, 1200, 60),
)
def _sms_slow(simulation: Simulation, values: Values) -> Stop:
    centre = simulation.world.centre
    centre.delay_s = values["delay_s"]

    def stop() -> None:
        centre.delay_s = 0.0

    return stop


@fault(
    "answer.nobody", "Nobody answers what rings.", witness="call.ringing", lasts=True, on_rig=True
)
def _nobody(simulation: Simulation, _: Values) -> Stop:
    people = simulation.world.people
    people.nobody_answers = True

    def stop() -> None:
        people.nobody_answers = False

    return stop


@fault(
    "answer.no_number",
    "Calls arrive without the number they come from.",
    witness="call.ringing",
    lasts=True,
)
def _no_number(simulation: Simulation, _: Values) -> Stop:
    people = simulation.world.people
    people.shows_no_number = True

    def stop() -> None:
        people.shows_no_number = False

    return stop
