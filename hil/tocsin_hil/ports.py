"""The two serial ports of a rig: the bench's, a line of JSON each way, and the handset's."""

import json
import queue
import random
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tocsin_hil.clock import BoardClock, host_now_us
from tocsin_hil.errors import BlockedError
from tocsin_hil.observation import BenchEvent, Heard
from tocsin_host.client import HandsetClient
from tocsin_host.conversation import Hooks
from tocsin_host.errors import TocsinError
from tocsin_host.keys import KeyStore
from tocsin_host.transport import open_transport
from tocsin_host.wire import Role

_EXCHANGES = 20
_GAP_S = (0.001, 0.010)  # at random, so that exchanges do not lock to the frames of a bus
_ANSWER_S = 10.0  # a loaded machine is no broken rig
_ANSWERS = frozenset({"clock", "description", "refused"})


class BenchPort:
    """Tells the bench at `address` what to do; what it reports goes to `heard`.

    Whatever goes wrong here is a BlockedError.
    """

    def __init__(self, address: str, heard: "queue.SimpleQueue[Heard]") -> None:
        self._heard = heard
        self._answers: queue.SimpleQueue[Heard] = queue.SimpleQueue()
        try:
            self._transport = open_transport(address)
        except TocsinError as error:
            raise _blocked(error) from error
        self._reader = threading.Thread(target=self._read, name="tocsin-bench", daemon=True)
        self._reader.start()

    def describe(self) -> BenchEvent:
        """Return what is on the bench: board, seed, allowed_numbers, and the handset's log."""
        return self._ask("description", do="describe")[1]

    def synchronise(self, clock: BoardClock) -> None:
        """Exchange messages until the bench's clock is known well."""
        for number in range(_EXCHANGES):
            sent_us = host_now_us()
            arrived_us, answer = self._ask("clock", do="clock", n=number)
            clock.told(sent_us, answer["t_us"])
            clock.heard(answer["t_us"], arrived_us)
            time.sleep(random.uniform(*_GAP_S))

    def press(self, hold_ms: int) -> None:
        """Press the button, and let go after `hold_ms`."""
        self._send(do="press", hold_ms=hold_ms)

    def _ask(self, answer: str, **command: Any) -> tuple[int, BenchEvent]:
        self._send(**command)
        try:
            heard = self._answers.get(timeout=_ANSWER_S)
        except queue.Empty:
            raise BlockedError(f"the bench did not answer within {_ANSWER_S:g} s") from None
        if isinstance(heard.what, BlockedError):
            raise heard.what
        if not isinstance(heard.what, dict) or heard.what["event"] != answer:
            raise BlockedError(f"the bench answered {command} with {heard.what}")
        return heard.host_us, heard.what

    def _send(self, **command: Any) -> None:
        try:
            self._transport.write(json.dumps(command).encode() + b"\n")
        except TocsinError as error:
            raise _blocked(error) from error

    def _read(self) -> None:
        rest = b""
        try:
            while data := self._transport.read():
                arrived_us = host_now_us()
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    self._dispatch(arrived_us, line)
        except TocsinError as error:
            self._fail(_blocked(error))
        except (ValueError, KeyError, TypeError) as error:
            self._fail(BlockedError(f"the bench sent what is no event: {error}"))

    def _dispatch(self, arrived_us: int, line: bytes) -> None:
        event = json.loads(line)
        receiver = self._answers if event["event"] in _ANSWERS else self._heard
        receiver.put(Heard(arrived_us, event))

    def _fail(self, error: BlockedError) -> None:
        for receiver in (self._answers, self._heard):
            receiver.put(Heard(host_now_us(), error))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._transport.interrupt()
        self._reader.join()
        self._transport.close()


class HandsetPort:
    """Asks the handset at `address`, in the role FIXTURE; what it reports goes to `heard`.

    Its keys are in the folder `keys`. Raises what HandsetClient does: silence may be the handset's
    own fault.
    """

    def __init__(self, address: str, keys: Path, heard: "queue.SimpleQueue[Heard]") -> None:
        hooks = Hooks(on_event=lambda message: heard.put(Heard(host_now_us(), message)))
        store = KeyStore(keys)
        self._client = HandsetClient.open(address, store, Role.FIXTURE, _ANSWER_S, hooks)
        self._client.trace_subscribe(True)

    def synchronise(self, clock: BoardClock) -> None:
        """Exchange messages until the handset's tick clock is known well."""
        for _ in range(_EXCHANGES):
            sent_us = host_now_us()
            ticks_ms = self._client.info().ticks_ms
            clock.told(sent_us, ticks_ms)
            clock.heard(ticks_ms, host_now_us())
            time.sleep(random.uniform(*_GAP_S))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.close()


def _blocked(error: TocsinError) -> BlockedError:
    return BlockedError(f"the bench: {error}", error.hint)
