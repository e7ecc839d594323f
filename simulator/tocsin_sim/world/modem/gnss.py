"""The receiver inside the modem: power, sentences on the AT line, the last position."""

from tocsin_sim.world.interfaces import Event, Kernel, Receiver
from tocsin_sim.world.modem.parameters import Parameters
from tocsin_sim.world.modem.parser import Command, Form
from tocsin_sim.world.modem.reply import ERROR, OK, Handlers, Reply, info
from tocsin_sim.world.modem.terminal import Terminal

_READY_US = 9_000_000  # the manual's 9 s from power-on to +CGNSSPWR: READY!
_NO_POSITION = "+CGNSSINFO: ,,,,,,,,"


class Gnss:
    """Powers the receiver; its sentences reach the AT line when test output is switched there."""

    def __init__(
        self, kernel: Kernel, terminal: Terminal, parameters: Parameters, receiver: Receiver
    ) -> None:
        self._kernel = kernel
        self._terminal = terminal
        self._parameters = parameters
        self._receiver = receiver
        self._starting: Event | None = None
        self.is_powered = False
        self.is_ready = False
        receiver.on_epoch(self._heard)

    def handlers(self) -> Handlers:
        """Return its commands."""
        return {
            "+CGNSSPWR": self._power,
            "+CGNSSTST": self._test,
            "+CGNSSINFO": lambda _: info(_position(self._receiver.latest)),
        }

    def power_off(self) -> None:
        """Switch the receiver off."""
        self.is_powered = False
        self.is_ready = False
        self._receiver.stop()
        if self._starting is not None:
            self._starting.cancel()
            self._starting = None

    def _power(self, command: Command) -> Reply:
        if command.form is Form.READ:
            return info(f"+CGNSSPWR: {int(self.is_powered)},0,1")
        wanted = command.values()[0]
        if wanted not in {"0", "1"}:
            return ERROR
        if wanted == "0":
            self.power_off()
        elif not self.is_powered:
            self.is_powered = True
            self._starting = self._kernel.after(_READY_US, self._ready)
        return OK

    def _ready(self) -> None:
        self._starting = None
        self.is_ready = True
        self._terminal.urc("+CGNSSPWR: READY!")
        self._receiver.start()

    def _test(self, command: Command) -> Reply:
        """Switch test output, which the receiver takes only once it is ready."""
        if command.form is Form.SET and not self.is_ready:
            return ERROR
        return self._parameters.handle(command)

    def _heard(self, chunk: bytes) -> None:
        if self._parameters["+CGNSSTST"] == "1" and self._parameters["+CGNSSPORTSWITCH"].endswith(
            "1"
        ):
            self._terminal.raw(chunk)


def _position(epoch: bytes) -> str:
    """Return +CGNSSINFO as an A7670E prints it, from an epoch's RMC and GGA."""
    sentences = {line[3:6]: line.split(",") for line in epoch.decode("latin-1").split("\r\n")}
    rmc, gga = sentences.get("RMC", []), sentences.get("GGA", [])
    if len(rmc) < 10 or rmc[2] != "A" or len(gga) < 10:
        return _NO_POSITION
    lat_deg, lon_deg = _degrees(rmc[3], 2), _degrees(rmc[5], 3)
    return (
        f"+CGNSSINFO: 3,{gga[7]},,,,{lat_deg:.7f},{rmc[4]},{lon_deg:.7f},{rmc[6]},"
        f"{rmc[9]},{rmc[1]},{gga[9]},{rmc[7]},{rmc[8]},,{gga[8]},,{gga[7]}"
    )


def _degrees(value: str, degree_digits: int) -> float:
    return int(value[:degree_digits]) + float(value[degree_digits:]) / 60
