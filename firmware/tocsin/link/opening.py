"""What is said in clear: a greeting and a handshake, until one succeeds."""

from micropython import const

from tocsin import wire_dialogue as wire
from tocsin.link.dispatch import HEADER_BYTES, encoded
from tocsin.link.greeting import Greeting
from tocsin.link.lanes import NoiseError, SealedLanes
from tocsin.link.noise import Handshake, ephemeral, prologue_of
from tocsin.link.old_host import known_code
from tocsin.refusal import Refusal
from tocsin.wire import DecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.link.session import Session
    from tocsin.parts import Pause
    from tocsin.storage.config import Config

_SECURED_SINCE = const(1)  # minor version


class Opening:
    """Opens `session`; `role` and `is_unclaimed` are those of the handshake that succeeded."""

    def __init__(
        self, session: "Session", config: "Config", capabilities: int, pause: "Pause"
    ) -> None:
        self.role = 0
        self.is_unclaimed = False
        self._session = session
        self._config = config
        self._capabilities = capabilities
        self._pause = pause
        self._is_old = False

    async def lanes(self) -> SealedLanes:
        """The ciphers of the first handshake that succeeds."""
        begun = None
        while True:
            lane, message = await self._session.take()
            if len(message) < HEADER_BYTES:
                continue
            try:
                if message[0] == wire.Hello.ID:
                    begun = None
                    begun = await self._greet(message, lane)
                elif message[0] == wire.HandshakeStart.ID and begun is not None:
                    greeting, handshake = begun
                    lanes = await self._shake(handshake, message, lane)
                    self.role, self.is_unclaimed = greeting.role, greeting.is_unclaimed
                    return lanes
                else:
                    await self._refuse(wire.FAILURE_NO_SESSION, "", message, lane)
            except DecodeError as error:
                await self._refuse(wire.FAILURE_MALFORMED, error.field, message, lane)
            except Refusal as error:
                await self._refuse(error.code, error.detail, message, lane)

    async def _greet(self, message: bytes, lane: int) -> "tuple[Greeting, Handshake] | None":
        hello = wire.Hello().decode_from(memoryview(message), HEADER_BYTES, len(message))
        self._is_old = hello.minor < _SECURED_SINCE
        greeting = Greeting(hello, self._config)
        reply = encoded(greeting.reply(self._capabilities), message[1])
        await self._session.put(reply, lane)
        if self._is_old:
            return None
        prologue = prologue_of(message[HEADER_BYTES:], reply[HEADER_BYTES:])
        # Before the host asks for it: half of the handset's work falls into its thinking time.
        pair = await ephemeral(self._pause)
        return greeting, Handshake(False, greeting.key, prologue, pair)

    async def _shake(self, handshake: Handshake, message: bytes, lane: int) -> SealedLanes:
        start = wire.HandshakeStart()
        start.decode_from(memoryview(message), HEADER_BYTES, len(message))
        try:
            await handshake.read(start.box, self._pause)  # what it carries may be a replay
            box = await handshake.write(b"", self._pause)
        except NoiseError:
            box = b""
        if not box:
            raise Refusal(wire.FAILURE_AUTHENTICATION, "the keys differ")
        await self._session.put(encoded(wire.HandshakeAnswer(box), message[1]), lane)
        sending_key, receiving_key = handshake.keys()
        return SealedLanes(sending_key, receiving_key)

    async def _refuse(self, code: int, detail: str, message: bytes, lane: int) -> None:
        if self._is_old:
            code = known_code(code)
        await self._session.put(encoded(wire.Failure(code, detail), message[1]), lane)
