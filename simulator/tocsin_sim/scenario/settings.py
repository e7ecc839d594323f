"""What a scenario's tables mean for the world and for how a run is carried out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tocsin_sim.scenario.faults.handset import cell_uv
from tocsin_sim.scenario.model import Scenario
from tocsin_sim.scenario.parameters import Values
from tocsin_sim.scenario.texts import ABSENT, law_of
from tocsin_sim.world.laws import Law
from tocsin_sim.world.network import Service
from tocsin_sim.world.setting import Numbers, Setting

# Time to first fix by kind of start (domain.md 5.1), without one: as a receiver kept warm.
_FIRST_FIX_S = {"hot": 2.0, "warm": 25.0, "cold": 35.0}
_USUAL_FIX_S = 6.0
_SETTLE_S = {"asleep": 60.0, "starting": 0.0}


@dataclass(frozen=True, slots=True)
class Sky:
    """How much of the sky is seen: a factor on the time to fix, noise and dilution."""

    slower: float
    noise_m: float
    hdop: float


_SKIES = {
    "open": Sky(1.0, 2.5, 0.9),
    "urban": Sky(2.0, 12.0, 3.5),
    "none": Sky(1.0, 2.5, 0.9),
}


@dataclass(frozen=True, slots=True)
class Bearer:
    """How a network sets a call up: median and sigma (domain.md section 10)."""

    setup_median_s: float
    setup_sigma: float


_BEARERS = {"volte": Bearer(2.0, 0.40), "cs": Bearer(5.0, 0.35), "csfb": Bearer(7.0, 0.35)}
SERVICES = {"home": Service.HOME, "limited": Service.EMERGENCY_ONLY, "none": Service.NONE}


def setting_of(scenario: Scenario) -> Setting:
    """Return the first handset's circumstances. Raises SettingError."""
    dut, gnss, network, answer = (
        scenario.sections[name] for name in ("dut", "gnss", "network", "answer")
    )
    sky, bearer = _SKIES[gnss["sky"]], _bearer(network)
    return Setting(
        press_at_s=None,
        blank=dut["blank"],
        issued=dut["issued"],
        config={} if dut["config"] is ABSENT else dut["config"],
        settle_s=_SETTLE_S[dut["state"]],
        nmea=None if gnss["log"] is ABSENT else scenario.path.parent / Path(gnss["log"]),
        ttff_median_s=_first_fix_s(gnss) * sky.slower,
        ttff_sigma=0.4 if gnss["first_fix_s"] is ABSENT else 0.0,
        noise_m=sky.noise_m,
        hdop=sky.hdop,
        setup_median_s=bearer.setup_median_s,
        setup_sigma=bearer.setup_sigma,
        begin_at_ringback=False,
        nobody_answers=answer["nobody"],
        answer=_law(answer["answer"]),
        transfer=_law(answer["transfer"]),
        talk_s=answer["talk_s"],
        ring_limit_s=network["ring_limit_s"],
        **(
            {}
            if network["sms_delay_s"] is ABSENT
            else {"sms_delay_median_s": network["sms_delay_s"]}
        ),
    )


def second_setting(scenario: Scenario, first: Setting) -> Setting:
    """Return the second handset's circumstances: the first's, but for who it is."""
    second = scenario.sections["second"]
    return replace(
        first,
        identity=second["identity"],
        numbers=Numbers(handset=second["number"]),
        registered=second["registered"],
    )


def battery_uv(scenario: Scenario) -> int:
    """Return the voltage of the handset's cell, in microvolts."""
    return cell_uv(scenario.sections["dut"]["battery_pct"])


def _first_fix_s(gnss: Values) -> float:
    if gnss["first_fix_s"] is not ABSENT:
        return float(gnss["first_fix_s"])
    return _USUAL_FIX_S if gnss["start"] is ABSENT else _FIRST_FIX_S[gnss["start"]]


def _bearer(network: Values) -> Bearer:
    if network["setup_s"] is not ABSENT:
        return Bearer(network["setup_s"], 0.0)
    return _BEARERS[network["bearer"]]


def _law(value: object) -> Law | None:
    return None if value is ABSENT else law_of(value)
