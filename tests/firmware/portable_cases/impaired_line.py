"""A line that loses, repeats, reorders, flips, cuts and joins what it carries, by a seed."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

NOISE = "noise"  # random octets ahead of a frame
LOSS = "loss"
REPEAT = "repeat"
DELAY = "delay"  # a frame is overtaken by later ones
FLIP = "flip"  # one to three bits of a frame
GAP = "gap"  # a stretch of a frame is lost, perhaps with its end
CUT = "cut"  # what arrives comes in pieces
JOIN = "join"  # what arrives at one time comes in one piece
FAULTS = (NOISE, LOSS, REPEAT, DELAY, FLIP, GAP, CUT, JOIN)

_HALF = 50  # per cent, of what harms no frame
_PERIOD = 1 << 30


class Dice:
    """The same numbers on every VM: a linear congruence (Knuth, TAOCP 2, 3.2.1)."""

    def __init__(self, seed: int) -> None:
        self._state = (seed * 2654435761 + 12345) & 0x7FFFFFFF
        for _ in range(4):
            self.below(2)

    def below(self, limit: int) -> int:
        self._state = (self._state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self._state >> 8) % limit

    def falls(self, percent: int) -> bool:
        return self.below(100) < percent

    def octets(self, n: int) -> bytes:
        return bytes(self.below(256) for _ in range(n))


class Clock:
    """The port's tick arithmetic, for time the test makes up."""

    def ticks_ms(self) -> int:
        raise NotImplementedError

    def ticks_add(self, ticks: int, delta: int) -> int:
        return (ticks + delta) % _PERIOD

    def ticks_diff(self, end: int, start: int) -> int:
        return (end - start + _PERIOD // 2) % _PERIOD - _PERIOD // 2


class ImpairedLine:
    """One direction; each of its `faults` strikes a frame with so many per cent.

    Cuts and joins strike half of all frames unless `percent` is 0.
    """

    def __init__(
        self, dice: Dice, percent: int, delay_ms: int = 3, faults: "Sequence[str]" = FAULTS
    ) -> None:
        self.percent = percent
        self.carried_bytes = 0
        self.frames = 0
        self.struck = dict.fromkeys(FAULTS, 0)
        self._dice = dice
        self._delay_ms = delay_ms
        self._faults = faults
        self._travelling: "list[tuple[int, bytes]]" = []

    def send(self, frame: bytes, now: int) -> None:
        self.frames += 1
        if self._strikes(NOISE):
            self._put(self._dice.octets(1 + self._dice.below(60)), now)
        if self._strikes(LOSS):
            return
        self._put(frame, now)
        if self._strikes(REPEAT):
            self._put(frame, now)

    def _strikes(self, fault: str) -> bool:
        return self._falls(fault, self.percent)

    def _strikes_half(self, fault: str) -> bool:
        return self._falls(fault, _HALF if self.percent else 0)

    def _falls(self, fault: str, percent: int) -> bool:
        falls = fault in self._faults and self._dice.falls(percent)
        self.struck[fault] += falls
        return falls

    def _put(self, data: bytes, now: int) -> None:
        due = now + self._delay_ms
        if self._strikes(DELAY):
            due += 1 + self._dice.below(20)
        if self._strikes(FLIP):
            data = self._flipped(data)
        if self._strikes(GAP):
            data = self._with_gap(data)
        place = len(self._travelling)
        while place and self._travelling[place - 1][0] > due:
            place -= 1
        self._travelling.insert(place, (due, data))

    def _flipped(self, data: bytes) -> bytes:
        flipped = bytearray(data)
        for _ in range(1 + self._dice.below(3)):
            flipped[self._dice.below(len(data))] ^= 1 << self._dice.below(8)
        return bytes(flipped)

    def _with_gap(self, data: bytes) -> bytes:
        start = self._dice.below(len(data))
        return data[:start] + data[start + 1 + self._dice.below(len(data)) :]

    def next_due(self) -> int:
        """When something arrives; -1 for never."""
        return self._travelling[0][0] if self._travelling else -1

    def arriving(self, now: int) -> "list[bytes]":
        """What has arrived, joined and cut at other places than it was sent."""
        pieces: "list[bytes]" = []
        while self._travelling and self._travelling[0][0] <= now:
            data = self._travelling.pop(0)[1]
            self.carried_bytes += len(data)
            if pieces and self._strikes_half(JOIN):
                pieces[-1] += data
            else:
                pieces.append(data)
        return [part for piece in pieces for part in self._cut(piece)]

    def _cut(self, piece: bytes) -> "list[bytes]":
        parts: "list[bytes]" = []
        while len(piece) > 1 and self._strikes_half(CUT):
            place = 1 + self._dice.below(len(piece) - 1)
            parts.append(piece[:place])
            piece = piece[place:]
        parts.append(piece)
        return parts
