"""One run: a provisioned handset in a world, from power-on to a record of what happened."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tocsin_host.answerpoint import AnswerPoint, Incident, RegisterEntry
from tocsin_host.firmware_tree import board_facts, firmware_root
from tocsin_host.measure.record import (
    AcknowledgementSent,
    CallReleased,
    RunRecord,
    TagMark,
    TextMark,
)
from tocsin_sim.kernel import Branch, Kernel
from tocsin_sim.provision import provisioned_files, report_key
from tocsin_sim.recorder import Recorder
from tocsin_sim.stored import read_journal
from tocsin_sim.taps import Taps
from tocsin_sim.vm.flash import create_flash
from tocsin_sim.vm.handset import Handset
from tocsin_sim.vm.image import FirmwareImage
from tocsin_sim.vm.lines import PinLine
from tocsin_sim.world.events import Events
from tocsin_sim.world.modem.pins import ModemPins
from tocsin_sim.world.setting import Setting
from tocsin_sim.world.world import HandsetLines, World

HEAP_BYTES = 320 * 1024
_BATTERY_UV = 4_000_000
_REBOOT_S = 3.0
_AFTER_CLOSE_US = 3_000_000
_RESTARTS_TO_WATCH = 3  # an activation must survive one; a handset that keeps falling is done


@dataclass(frozen=True, slots=True)
class Conditions:
    """How one run is carried out, beside its setting.

    `power_cut_s` pulls the battery for three seconds; `flash` keeps a handset's flash in a file
    of the user's, which is only made, and provisioned, when it does not exist. `image` is firmware
    already built for this board, else it is built from `firmware`. With `names_tasks` tasks of the
    handset can be made to fail.
    """

    board: str = "lilygo_t_a7670"
    seed: int = 1
    heap_bytes: int = HEAP_BYTES
    look_ahead: bool = True
    limit_s: float = 240.0
    power_cut_s: float | None = None
    firmware: Path | None = None
    image: FirmwareImage | None = None
    flash: Path | None = None
    ticks_offset_ms: int = 0
    names_tasks: bool = False


class Simulation:
    """A handset and its world, ready to run; use it in a `with` statement.

    One that stands `beside` another shares its clock and its answer point.

    Raises UsageError for an unknown board, SettingError or NotNmeaError for a bad setting.
    """

    def __init__(
        self,
        setting: Setting,
        conditions: Conditions,
        scenario: str = "",
        beside: "Simulation | None" = None,
    ) -> None:
        self.setting = setting
        self.conditions = conditions
        self.kernel: Kernel = Kernel(conditions.seed)
        if beside is not None:
            self.kernel = Branch(beside.kernel, "second")
        self.origin_us = round(setting.settle_s * 1e6)
        self.facts = board_facts(conditions.board)
        self.record = RunRecord(conditions.board, conditions.seed, scenario)
        self._temporary = tempfile.TemporaryDirectory(prefix="tocsin-")
        self.handset = self._handset()
        self.recorder = Recorder(self.record, self.origin_us, conditions.ticks_offset_ms)
        self._taps = Taps(self.recorder, self.facts.MODEM_UART, self.facts.LINK_UART)
        self.handset.trace.listen(self._taps.hear)
        self.outside = Events(self.recorder.stage, self.recorder.notice)
        self.register: dict[str, RegisterEntry] = {} if beside is None else beside.register
        self.point: AnswerPoint = self._answer_point() if beside is None else beside.point
        if setting.registered:
            key = report_key(conditions.seed)
            self.register[setting.numbers.handset] = RegisterEntry(setting.identity, key)
        self.world = self._world()
        self.handset.names_tasks = conditions.names_tasks
        self.handset.radio.listen(
            lambda what, told: self.world.witness.saw(f"radio.{what}", **told)
        )
        self.handset.on_task_failed = lambda name: self.world.witness.saw("task.failed", task=name)
        self._began_s = time.perf_counter()
        self._closed_us: int | None = None
        self._power_ons = 0

    # Putting it together

    def _handset(self) -> Handset:
        conditions = self.conditions
        image = conditions.image or FirmwareImage.build(
            conditions.firmware or firmware_root(), conditions.board
        )
        flash = conditions.flash or Path(self._temporary.name) / "flash"
        if not flash.exists():
            files = provisioned_files(self.setting, conditions.seed)
            create_flash(flash, files)
        self.flash_path = flash
        return Handset(
            self.kernel,
            image,
            flash,
            heap_bytes=conditions.heap_bytes,
            look_ahead=conditions.look_ahead,
            ticks_offset_ms=conditions.ticks_offset_ms,
        )

    def _answer_point(self) -> AnswerPoint:
        return AnswerPoint(self.register, self.outside.from_answer_point)

    def _world(self) -> World:
        facts, handset = self.facts, self.handset
        self.set_cell_uv(_BATTERY_UV)
        lines = HandsetLines(
            handset.uart(facts.MODEM_UART),
            ModemPins(
                power_key=handset.pin(facts.MODEM_POWER_KEY_PIN),
                rail=self._pin("MODEM_RAIL_PIN"),
                dtr=self._pin("MODEM_DTR_PIN"),
                reset=self._pin("MODEM_RESET_PIN"),
            ),
            handset.pin(facts.BUTTON_PIN),
            handset.pin(facts.HAPTIC_PIN),
            modem_model=facts.MODEM,
        )
        return World(self.kernel, self.setting, lines, self.point, self.outside, self.origin_us)

    def _pin(self, name: str) -> PinLine | None:
        """Return the pin of that name in the board's facts, if it has one."""
        number = getattr(self.facts, name, None)
        return None if number is None else self.handset.pin(number)

    # Running it

    def settle(self) -> None:
        """Power the handset on and let it settle: scenario zero is now, unless it crashed."""
        self.power_on()
        self.kernel.run_until(self.origin_us, self.has_crashed)

    def run(self) -> RunRecord:
        """Run from power-on until the activation is over or the limit is reached."""
        self.settle()
        if self.conditions.power_cut_s is not None:
            cut_us = self.origin_us + round(self.conditions.power_cut_s * 1e6)
            self.kernel.at(cut_us, self.cut_power)
        if self.has_crashed():
            return self.finish()
        limit_us = self.origin_us + round(self.conditions.limit_s * 1e6)
        self.kernel.run_until(limit_us, self.is_over)
        return self.finish()

    def await_activation(self) -> None:
        """Take the one that closed for past: `is_over` is of the next."""
        self.record.outcome = None
        self._closed_us = None

    def cut_power(self, for_s: float = _REBOOT_S) -> None:
        """Pull the battery for so long, if it is not pulled already."""
        if self.handset.is_powered:
            self.lose_power()
            self.kernel.after(round(for_s * 1e6), self.power_on)

    def set_cell_uv(self, cell_uv: int) -> None:
        """Have the battery's cell at this voltage."""
        facts = self.facts
        self.handset.adc(facts.BATTERY_ADC_PIN).set_uv(cell_uv // facts.BATTERY_DIVIDER)

    def lose_power(self) -> None:
        """Pull the battery, for good."""
        self.handset.power_cut()
        self.world.witness.saw("power.cut")

    def power_on(self) -> None:
        """Put the battery in."""
        self._power_ons += 1
        self.handset.power_on()
        self.world.witness.saw("power.back")

    def is_over(self) -> bool:
        """Whether the activation closed a while ago, so that its last notice was felt."""
        if self.record.outcome is None:
            return self.restarts() > _RESTARTS_TO_WATCH
        if self._closed_us is None:
            self._closed_us = self.kernel.now_us
        return self.kernel.now_us >= self._closed_us + _AFTER_CLOSE_US

    def has_crashed(self) -> bool:
        """Whether the handset has restarted by itself."""
        return self.restarts() > 0

    def restarts(self) -> int:
        """How many times the handset has restarted by itself."""
        return self.handset.stats.boots - self._power_ons

    def finish(self) -> RunRecord:
        """Stop and complete the record."""
        record, stats = self.record, self.handset.stats
        record.digest = self.handset.trace.digest
        record.virtual_s = self.kernel.now_us / 1e6
        record.wall_s = time.perf_counter() - self._began_s
        record.vm_version = stats.vm_version
        record.heap_limit_bytes = stats.heap_limit_bytes
        record.heap_peak_bytes = stats.heap_peak_bytes
        record.heap_after_boot_bytes = stats.heap_after_boot_bytes
        record.crash_text = stats.crashes[-1].text if stats.crashes else self.handset.log
        for t_us, from_handset, text in self._taps.at_lines():
            self.recorder.at_line(text, t_us, from_handset)
        self._add_far_end(record)
        self.handset.power_cut()
        record.journal = read_journal(self.flash_path)
        record.marks.sort(key=lambda mark: mark.t_us)
        return record

    def _add_far_end(self, record: RunRecord) -> None:
        witness = self.world.witness
        record.dialled_numbers = [each.text for each in witness.dialled_numbers]
        record.texted_numbers = [each.text for each in witness.messaged_numbers]
        numbers = self.setting.numbers
        record.allowed_numbers = [*numbers.voice, *numbers.message]
        for incident in filter(self._is_ours, self.point.incidents):
            record.problems += incident.problems
            record.texts += [
                TextMark(
                    each.t_us - self.origin_us, each.sender, each.raw, each.location, each.problem
                )
                for each in incident.texts
            ]
            record.tags += [
                TagMark(
                    each.t_us - self.origin_us,
                    each.sender,
                    each.identity,
                    each.counter,
                    each.report,
                )
                for each in incident.tags
            ]
        record.problems += [
            f"refused a report: {why}"
            for _, sender, why in self.point.refused
            if sender == numbers.handset
        ]
        record.acknowledgements = [
            AcknowledgementSent(t_us - self.origin_us, number)
            for t_us, number in self.world.people.acknowledged
        ]
        record.releases = [
            CallReleased(t_us - self.origin_us, attempt, int(cause))
            for t_us, attempt, cause in self.world.people.released
        ]

    def _is_ours(self, incident: Incident) -> bool:
        is_known = self.setting.numbers.handset in incident.numbers
        return is_known or incident.identity == self.setting.identity or not incident.numbers

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.handset.close()
        self._temporary.cleanup()


def run(setting: Setting, conditions: Conditions, scenario: str = "") -> RunRecord:
    """Carry out one run in virtual time and return its record."""
    with Simulation(setting, conditions, scenario) as simulation:
        return simulation.run()
