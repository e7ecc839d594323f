"""A line that loses, repeats, reorders, flips, cuts and joins what it carries, by a seed."""

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
    """One direction; each fault strikes a frame with so many per cent."""

    def __init__(self, dice: Dice, percent: int, delay_ms: int = 3) -> None:
        self.percent = percent
        self.carried_bytes = 0
        self._dice = dice
        self._delay_ms = delay_ms
        self._travelling: "list[tuple[int, bytes]]" = []

    def send(self, frame: bytes, now: int) -> None:
        dice, percent = self._dice, self.percent
        if dice.falls(percent):
            self._noise(now)
        if dice.falls(percent):
            return
        self._put(frame, now)
        if dice.falls(percent):
            self._put(frame, now)

    def _noise(self, now: int) -> None:
        self._put(self._dice.octets(1 + self._dice.below(60)), now)

    def _put(self, data: bytes, now: int) -> None:
        due = now + self._delay_ms
        if self._dice.falls(self.percent):
            due += self._dice.below(20)
        if self._dice.falls(self.percent):
            data = self._flipped(data)
        place = len(self._travelling)
        while place and self._travelling[place - 1][0] > due:
            place -= 1
        self._travelling.insert(place, (due, data))

    def _flipped(self, data: bytes) -> bytes:
        flipped = bytearray(data)
        for _ in range(1 + self._dice.below(3)):
            flipped[self._dice.below(len(data))] ^= 1 << self._dice.below(8)
        return bytes(flipped)

    def next_due(self) -> int:
        """When something arrives; -1 for never."""
        return self._travelling[0][0] if self._travelling else -1

    def arriving(self, now: int) -> "list[bytes]":
        """What has arrived, joined and cut at other places than it was sent."""
        data = b""
        while self._travelling and self._travelling[0][0] <= now:
            data += self._travelling.pop(0)[1]
        self.carried_bytes += len(data)
        cut = self._dice.below(len(data)) if data and self.percent else 0
        return [piece for piece in (data[:cut], data[cut:]) if piece]
