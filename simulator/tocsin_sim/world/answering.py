"""The people who answer: they pick up the telephone and read what the answer point shows."""

from collections.abc import Callable, Iterable

from tocsin_host.answerpoint import Acknowledgement, AnswerPoint
from tocsin_host.wire import Stage
from tocsin_sim.world.events import FAR_END, Events
from tocsin_sim.world.interfaces import Event, Kernel
from tocsin_sim.world.network import Call, Cause
from tocsin_sim.world.setting import Setting
from tocsin_sim.world.sms_pdu import Ports, Submitted
from tocsin_sim.world.witness import Witness

_Send = Callable[[str, bytes, Ports], None]


class AnsweringPeople:
    """The far end of the network: answers calls, and passes everything on to the answer point.

    `send(sender, payload, ports)` carries what the answer point wants to say to the handset.
    A call that somebody else answers first reaches the answer point only once it is put through.
    """

    def __init__(
        self,
        kernel: Kernel,
        setting: Setting,
        point: AnswerPoint,
        send: _Send,
        events: Events,
        witness: Witness,
    ) -> None:
        self._kernel = kernel
        self._setting = setting
        self._point = point
        self._send = send
        self._events = events
        self._witness = witness
        self.nobody_answers = setting.nobody_answers
        self.shows_no_number = False
        """Whether calls come without the number they come from."""
        self._call: Call | None = None
        self._answering = kernel.stream("answering.delay")
        self._transferring = kernel.stream("answering.transfer")
        self._shown = self._caller
        self._pick_up: Event | None = None
        self._reply_ports: Ports | None = None
        self.acknowledged: list[tuple[int, str]] = []
        """Acknowledgements really sent: (t_us, number)."""
        self.released: list[tuple[int, int, Cause]] = []
        """Calls that rang here and are over: (t_us, attempt, why)."""

    def call_arrived(self, call: Call) -> None:
        """Ring; somebody picks up after a while, unless the setting says that nobody does."""
        self._report(Stage.ALERTING, call)
        self._call = call
        self._shown = "" if self.shows_no_number else self._caller
        delay_us = self._setting.answer_law.draw_us(self._answering)
        if not self.nobody_answers:
            self._pick_up = self._kernel.after(delay_us, self._answer, call)
        self._witness.saw("call.ringing", attempt=call.attempt, number=self._shown)
        self._out(self._desk.call_arrived(self._shown, self._kernel.now_us))

    def call_ended(self, call: Call) -> None:
        """Put the receiver down, or stop hearing it ring."""
        self._call = None
        if self._pick_up is not None:
            self._pick_up.cancel()
        if call.cause is not None:
            self.released.append((self._kernel.now_us, call.attempt, call.cause))
        self._out(self._desk.call_ended(self._shown, self._kernel.now_us))

    def message_received(self, sender: str, message: Submitted) -> None:
        """Read a text, or hand the octets of a tag to the answer point."""
        t_us = self._kernel.now_us
        if isinstance(message.content, str):
            self._out(self._desk.text_received(sender, message.content, t_us))
            return
        if message.ports is not None:
            self._reply_ports = Ports(message.ports.source, message.ports.destination)
        self._out(self._desk.data_received(sender, message.content, t_us))

    def _answer(self, call: Call) -> None:
        call.answer()
        self._report(Stage.ANSWERED, call)
        call.schedule(round(self._setting.talk_s * 1e6), call.end, Cause.NORMAL_CALL_CLEARING)
        self._witness.saw("call.answered", attempt=call.attempt)
        transfer = self._setting.transfer
        if transfer is None:
            self._put_through(call)
        else:
            self._pick_up = self._kernel.after(
                transfer.draw_us(self._transferring), self._put_through, call
            )

    def _put_through(self, call: Call) -> None:
        self._witness.saw("call.put_through", attempt=call.attempt)
        self._out(self._desk.call_answered(self._shown, self._kernel.now_us))

    def hang_up(self) -> None:
        """End the call that is up or rings, if there is one."""
        if self._call is not None:
            self._call.end(Cause.NORMAL_CALL_CLEARING)

    def _out(self, acknowledgements: Iterable[Acknowledgement]) -> None:
        for each in acknowledgements:
            if each.number == self._caller and self._reply_ports is not None:
                self._send(self._setting.numbers.report, each.payload, self._reply_ports)
                self.acknowledged.append((self._kernel.now_us, each.number))
                self._witness.saw("answer.acknowledged")

    def _report(self, stage: Stage, call: Call) -> None:
        detail = f"call {call.attempt} from {self._caller} to {call.number}"
        self._events.stage(stage, self._kernel.now_us, FAR_END, detail)

    @property
    def _desk(self) -> AnswerPoint:
        """The answer point, telling us of what we bring about: others ring there too."""
        self._point.on_stage = self._events.from_answer_point
        return self._point

    @property
    def _caller(self) -> str:
        return self._setting.numbers.handset
