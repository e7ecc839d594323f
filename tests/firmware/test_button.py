"""The button against a simple model of it, whatever is done with its contact."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from portable_cases.contact_bench import PERIOD_MS, ContactBench

# How far a look may be from what it looks for: 14 ms apart, late by another task's slice.
LOOK_MS = 14
LATE_MS = 20
GREY_MS = 2 * (LOOK_MS + LATE_MS)
# A contact is let go once it was open for 60 ms, and looked at again.
APART_MS = 60 + 3 * (LOOK_MS + LATE_MS)
FIRM_MS = 40 + GREY_MS

late_ms = st.lists(st.integers(0, LATE_MS), min_size=1, max_size=8).map(tuple)
bounces_ms = st.sampled_from([0, 1, 4, 8])


@dataclass
class Before:
    """The press before: when its contact closed first."""

    began_ms: int
    slow: int


class ButtonMachine(RuleBasedStateMachine):
    """Model: presses with a beginning and a length; no looks, no bounce, no weights."""

    @initialize(
        gesture=st.integers(1, 3),
        hold_ms=st.integers(500, 3000),
        double_ms=st.integers(500, 3000),
        first_ticks=st.sampled_from([0, PERIOD_MS - 9000, PERIOD_MS // 2 - 9000]),
        late_ms=late_ms,
        has_window=st.booleans(),
    )
    def begin(
        self,
        gesture: int,
        hold_ms: int,
        double_ms: int,
        first_ticks: int,
        late_ms: tuple[int, ...],
        has_window: bool,
    ) -> None:
        self.gesture, self.hold_ms, self.double_ms = gesture, hold_ms, double_ms
        names = {"gesture": gesture, "hold_ms": hold_ms, "double_ms": double_ms}
        self.bench = ContactBench(names, first_ticks, late_ms=late_ms)
        self.bench.has_window = has_window
        self.now_ms = 0
        self.before: Before | None = None
        self.series = 0
        self.is_open = False

    # -- what is done

    @rule(held_ms=st.integers(FIRM_MS, 3200), bounce_ms=bounces_ms, noise=st.booleans())
    def touches(self, held_ms: int, bounce_ms: int, noise: bool) -> None:
        """Press for so long, perhaps right after a rattle of the contact."""
        if abs(held_ms - self.hold_ms) <= GREY_MS or abs(held_ms - 450) <= GREY_MS:
            held_ms += 2 * GREY_MS + 10
        if abs(held_ms - self.hold_ms) <= GREY_MS:
            held_ms += 2 * GREY_MS + 10
        if noise:
            self.rattle(5, 1, 9)
        began_ms = self.now_ms
        if self.is_grey(began_ms):
            self.wait(3 * GREY_MS)
            began_ms = self.now_ms
        self.bench.finger(held_ms, bounce_ms)
        self.bench.up(APART_MS)
        told = self.bench.run()
        self.now_ms += held_ms + APART_MS
        self.expect(told, began_ms, held_ms)

    def is_grey(self, began_ms: int) -> bool:
        if self.before is None:
            return False
        apart_ms = began_ms - self.before.began_ms
        return any(abs(apart_ms - limit) <= GREY_MS for limit in (self.double_ms, 3000, 5000))

    @rule(count=st.integers(1, 60), closed_ms=st.integers(1, 8), open_share=st.integers(2, 9))
    def rattle(self, count: int, closed_ms: int, open_share: int) -> None:
        """Open and close the contact as things in a pocket do: nothing is ever told of it."""
        open_ms = closed_ms * open_share
        self.wait(APART_MS)
        self.bench.train(count, closed_ms, open_ms)
        told = self.bench.run()
        self.now_ms += count * (closed_ms + open_ms)
        self.check_series(told)
        self.wait(APART_MS)

    @rule(ms=st.integers(APART_MS, 6000))
    def wait(self, ms: int) -> None:
        self.bench.up(ms)
        told = self.bench.run()
        self.now_ms += ms
        self.check_series(told)

    @precondition(lambda self: self.is_open and not self.series)
    @rule()
    def the_alarm_closes(self) -> None:
        self.bench.is_open = self.is_open = False

    # -- what is expected

    def expect(self, told: list[tuple[str, int, int]], began_ms: int, held_ms: int) -> None:
        is_second = (
            self.gesture & 2
            and self.before is not None
            and began_ms - self.before.began_ms <= self.double_ms
            and not (self.series or (self.is_open and self.bench.has_window))
        )
        if is_second:
            assert self.before is not None
            self.counted(told, began_ms + 40, self.before.began_ms)
        elif self.gesture & 1 and held_ms >= self.hold_ms:
            self.counted(told, began_ms + self.hold_ms, began_ms)
        else:
            self.was_short(told, began_ms, held_ms)

    def counted(self, told: list[tuple[str, int, int]], at_ms: int, stamp_ms: int) -> None:
        [(what, told_ms, stamped_ms)] = told
        assert what == "press"
        assert 0 <= told_ms - at_ms <= GREY_MS
        assert stamped_ms == stamp_ms
        self.before, self.series, self.is_open = None, 0, True

    def was_short(self, told: list[tuple[str, int, int]], began_ms: int, held_ms: int) -> None:
        what, _, told_held_ms = told[0]
        assert what == "short"
        assert -GREY_MS <= told_held_ms - held_ms <= 0
        slow = 1
        if self.before is not None and 3000 < began_ms - self.before.began_ms <= 5000:
            slow = self.before.slow + 1
        if self.series or (self.is_open and self.bench.has_window):
            self.series += 1
        self.before = Before(began_ms, slow if held_ms <= 450 else 0)
        if self.before.slow == 5:
            assert [each[0] for each in told[1:]] == ["service"]
            self.before, self.series = None, 0
        else:
            assert told[1:] == []

    def check_series(self, told: list[tuple[str, int, int]]) -> None:
        """A series of short presses is told once nothing came for a second."""
        for what, _, count in told:
            assert (what, count) == ("presses", self.series)
            self.before, self.series = None, 0


TestButton = ButtonMachine.TestCase
TestButton.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)


@st.composite
def noises(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Times in ms for which the contact is closed and open, by turns: anything at all."""
    spans = st.tuples(st.integers(1, 80), st.integers(1, 80))
    return draw(st.lists(spans, max_size=60))


@settings(max_examples=400, deadline=None)
@given(
    noises(),
    st.integers(500, 3000),
    st.integers(0, 400),
    late_ms,
    st.sampled_from([1, 3]),
    st.data(),
)
def test_a_contact_held_long_enough_raises_the_alarm_whatever_noise_came_before(
    noise: list[tuple[int, int]],
    hold_ms: int,
    more_ms: int,
    late_ms: tuple[int, ...],
    gesture: int,
    data: st.DataObject,
) -> None:
    bench = ContactBench({"gesture": gesture, "hold_ms": hold_ms}, late_ms=late_ms)
    for closed_ms, open_ms in noise:
        bench.down(closed_ms)
        bench.up(open_ms)
    bench.run()
    earlier = [each for each in bench.told if each[0] == "press"]
    began_ms = bench.now_us // 1000
    bench.down(hold_ms + more_ms + GREY_MS)
    bench.up(300)
    bench.run()
    presses = [each for each in bench.told if each[0] == "press"]
    if earlier:  # the noise was as good as a press: then this one may still be that one
        assert len(presses) - len(earlier) in (0, 1)
        return
    [(_, told_ms, stamped_ms)] = presses
    assert stamped_ms <= began_ms + GREY_MS
    assert told_ms <= began_ms + hold_ms + GREY_MS
    if gesture == 1:
        assert told_ms >= stamped_ms + hold_ms


def test_two_presses_as_far_apart_as_the_ticks_take_to_wrap_are_no_double_press() -> None:
    bench = ContactBench({"gesture": 2})
    bench.finger(100)
    bench.up(PERIOD_MS + 900)
    bench.finger(100)
    bench.up(3000)
    assert [what for what, _, _ in bench.run()] == ["short", "short"]
