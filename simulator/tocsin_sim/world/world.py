"""One world, put together around the lines of one handset."""

from dataclasses import dataclass

from tocsin_host.answerpoint import AnswerPoint
from tocsin_sim.world.answering import AnsweringPeople
from tocsin_sim.world.clock import UtcClock
from tocsin_sim.world.events import Events
from tocsin_sim.world.gnss.recorded import RecordedReceiver, read_log
from tocsin_sim.world.gnss.synthetic import SyntheticReceiver
from tocsin_sim.world.interfaces import Kernel, PinLine, Receiver, SerialLine
from tocsin_sim.world.message_centre import MessageCentre
from tocsin_sim.world.modem.models import model
from tocsin_sim.world.modem.pins import ModemPins
from tocsin_sim.world.network import Network
from tocsin_sim.world.person import Person
from tocsin_sim.world.setting import Setting
from tocsin_sim.world.sms_pdu import Ports
from tocsin_sim.world.uneven_line import UnevenLine
from tocsin_sim.world.witness import Witness


@dataclass(frozen=True, slots=True)
class HandsetLines:
    """Where the world touches the handset, and which modem it carries.

    `pressed_level` is the button's level when pressed.
    """

    modem: SerialLine
    modem_pins: ModemPins
    button: PinLine
    haptic: PinLine
    pressed_level: int = 0
    modem_model: str = "a7670"


class World:
    """Modem, network, sky, person and answering people of one run.

    `origin_us` is scenario zero in the kernel's time. `answer_point` takes what the far end
    hears. Raises NotNmeaError for a log that is none, before anything is scheduled.
    """

    def __init__(
        self,
        kernel: Kernel,
        setting: Setting,
        lines: HandsetLines,
        answer_point: AnswerPoint,
        events: Events,
        origin_us: int,
    ) -> None:
        numbers = setting.numbers
        clock = UtcClock(setting.utc, origin_us)
        self.receiver = receiver = _receiver(kernel, setting, clock, origin_us)
        self.witness = Witness(numbers.voice, numbers.message)
        self.people = AnsweringPeople(
            kernel, setting, answer_point, self._send_data, events, self.witness
        )
        self.centre = MessageCentre(kernel, setting, clock, self.people, self.witness)
        self.network = Network(kernel, setting, self.people, self.witness)
        self.modem_line = UnevenLine(kernel, lines.modem, self.witness)
        self.modem = model(lines.modem_model)(
            kernel,
            setting,
            clock,
            self.modem_line,
            lines.modem_pins,
            self.network,
            self.centre,
            receiver,
            self.witness,
        )
        self.person = Person(kernel, events, lines.button, lines.haptic, lines.pressed_level)
        if setting.press_at_s is not None:
            self.person.press(origin_us + round(setting.press_at_s * 1e6), setting.hold_ms)

    def _send_data(self, sender: str, payload: bytes, ports: Ports) -> None:
        self.centre.send_data(sender, payload, ports)


def _receiver(kernel: Kernel, setting: Setting, clock: UtcClock, origin_us: int) -> Receiver:
    if setting.nmea is None:
        return SyntheticReceiver(kernel, setting, clock)
    return RecordedReceiver(kernel, read_log(setting.nmea), origin_us)
