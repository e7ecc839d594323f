"""The modem's end of the AT line: echo, one command at a time, prompts, unsolicited lines."""

from collections.abc import Callable

from tocsin_sim.world.interfaces import Event, Kernel, SerialLine
from tocsin_sim.world.laws import uniform_us
from tocsin_sim.world.modem.parser import Command, Form, parse_line
from tocsin_sim.world.modem.reply import ERROR, OK, Handler, Handlers, Prompt, Reply

_CR = b"\r"
_CTRL_Z = b"\x1a"
_ESC = b"\x1b"
_REPLY_S = (0.003, 0.012)


class Terminal:
    """Runs commands from `line`; `hears()` tells whether the UART is alive, else bytes are lost.

    `stir()` is called at every output. A command that comes while another runs waits for it.
    `cmee()` is the form of errors.
    """

    def __init__(
        self,
        kernel: Kernel,
        line: SerialLine,
        hears: Callable[[], bool],
        stir: Callable[[], None],
        cmee: Callable[[], int],
    ) -> None:
        self.bytes_lost = 0
        self.is_hung = False
        """Whether it neither hears nor says anything, until its power goes."""
        self._kernel = kernel
        self._line = line
        self._hears = hears
        self._stir = stir
        self._cmee = cmee
        self._latency = kernel.stream("modem.reply")
        self._handlers: dict[str, Handler] = {"": lambda _: OK, "E": self._set_echo}
        self._waiting: Event | None = None
        self._is_silenced: Callable[[], bool] = lambda: False
        self.power_off()
        line.on_bytes(self._received)

    def add(self, handlers: Handlers) -> None:
        """Learn more commands."""
        self._handlers.update(handlers)

    def silence(self, is_silenced: Callable[[], bool]) -> None:
        """Keep unsolicited lines back while `is_silenced()`: they go out elsewhere."""
        self._is_silenced = is_silenced

    def power_off(self) -> None:
        """Forget everything under way; echo is on again."""
        self.is_hung = False
        self._input = bytearray()
        self._is_busy = False
        self._prompt: Prompt | None = None
        self._echo = True
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def urc(self, *lines: str) -> None:
        """Send unsolicited lines at once."""
        if self._is_silenced():
            return
        self.raw("".join(f"\r\n{text}\r\n" for text in lines).encode("ascii"))

    def raw(self, chunk: bytes) -> None:
        """Send octets as they are, such as a receiver's sentences."""
        self._stir()
        if not self.is_hung:
            self._line.send(chunk)

    def finish(self, reply: Reply) -> None:
        """End the running command."""
        self.raw(reply.encode(self._cmee()))
        self._is_busy = False
        self._pump()

    def later(self, delay_us: int, step: Callable[[], None]) -> None:
        """Let the running command take its next step in `delay_us`, unless power goes first."""
        self._waiting = self._kernel.after(delay_us, step)

    def _received(self, data: bytes) -> None:
        if self.is_hung or not self._hears():
            self.bytes_lost += len(data)
            return
        self._input += data
        self._pump()

    def _pump(self) -> None:
        while not self._is_busy and self._input:
            ends = (_CTRL_Z, _ESC) if self._prompt else (_CR,)
            end = min((i for i in map(self._input.find, ends) if i >= 0), default=-1)
            if end < 0:
                return
            taken = bytes(self._input[: end + 1])
            del self._input[: end + 1]
            if self._echo:
                self.raw(taken)
            if self._prompt:
                self._submit(self._prompt, taken)
            else:
                self._dispatch(parse_line(taken[:-1]))

    def _dispatch(self, command: Command | None) -> None:
        if command is None:
            return
        handler = self._handlers.get(command.name)
        if handler is None:
            self._answer(ERROR)
        elif command.form is Form.TEST:
            self._answer(OK)
        else:
            self._is_busy = True
            self._answer(handler(command))

    def _answer(self, outcome: Reply | Prompt | None) -> None:
        self._is_busy = True
        if outcome is not None:
            delay_us = uniform_us(self._latency, *_REPLY_S)
            step = self._open if isinstance(outcome, Prompt) else self.finish
            self._waiting = self._kernel.after(delay_us, step, outcome)

    def _open(self, prompt: Prompt) -> None:
        self._prompt = prompt
        self._is_busy = False
        self.raw(b"\r\n> ")
        self._pump()

    def _submit(self, prompt: Prompt, taken: bytes) -> None:
        self._prompt = None
        text = None if taken.endswith(_ESC) else taken[:-1].decode("latin-1").strip()
        self._answer(prompt.on_text(text))

    def _set_echo(self, command: Command) -> Reply:
        if command.text not in {"", "0", "1"}:
            return ERROR
        self._echo = command.text != "0"
        return OK
