"""The host's channel and the handset's against each other, over lines that damage everything."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from host_end import HostEnd
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from portable_cases.channel_cases import MAX_DATA, Bench, Exchange, HandsetEnd, handset_ends
from portable_cases.channel_replay import RecordedEnd
from portable_cases.impaired_line import Dice

from tocsin.link.round_trip import RoundTrip as HandsetRoundTrip
from tocsin_host.channel import NORMAL, URGENT, Channel, ChannelClosedError
from tocsin_host.channel.round_trip import RoundTrip as HostRoundTrip
from tocsin_protocol.frame import FrameDecoder, encode_frame
from tocsin_sim.vm.script import run_script

HERE = Path(__file__).resolve().parent
FIRMWARE = HERE.parents[1] / "firmware"
HOST, HANDSET = 0, 1
ACK, REJECT = 0x10, 0x40
ENOUGH_MS = 30_000
SILENCE_MS = 30_000  # ten doublings up to two seconds each

End = HostEnd | HandsetEnd
LANES = st.sampled_from([NORMAL, URGENT])


def connected(percent: int = 0, seed: int = 1) -> tuple[HostEnd, HandsetEnd, Bench]:
    host, handset = HostEnd(), HandsetEnd()
    bench = Bench([host, handset], Dice(seed), percent)
    bench.run(100)
    return host, handset, bench


def host_and_handset() -> list[End]:
    return [HostEnd(), HandsetEnd()]


class ChannelMachine(RuleBasedStateMachine):
    """Model: a list of messages each way and lane, of which the other end has a beginning."""

    @initialize(seed=st.integers(0, 2**20), percent=st.integers(0, 15))
    def connect(self, seed: int, percent: int) -> None:
        self.host, self.handset = HostEnd(), HandsetEnd()
        self.ends: tuple[End, End] = (self.host, self.handset)
        self.bench = Bench(self.ends, Dice(seed), percent)
        self.sent: list[list[list[bytes]]] = [[[], []], [[], []]]
        self.count = 0

    @rule(
        sender=st.sampled_from([HOST, HANDSET]),
        lane=LANES,
        size=st.integers(0, MAX_DATA),
        messages=st.integers(1, 40),
    )
    def send(self, sender: int, lane: int, size: int, messages: int) -> None:
        for _ in range(messages):
            data = (self.count.to_bytes(4, "little") * (size // 4 + 1))[:size]
            if self.ends[sender].send(data, lane):
                self.sent[sender][lane].append(data)
                self.count += 1

    @rule(duration_ms=st.integers(1, 400))
    def run(self, duration_ms: int) -> None:
        self.bench.run(duration_ms)

    @rule(takes=st.booleans())
    def read_or_not(self, takes: bool) -> None:
        self.handset.takes = takes
        self.handset.take()

    @invariant()
    def delivered_is_a_beginning_of_what_was_sent(self) -> None:
        for sender, receiver in enumerate(reversed(self.ends)):
            for sent, got in zip(self.sent[sender], receiver.got, strict=True):
                assert got == sent[: len(got)]

    def teardown(self) -> None:
        if hasattr(self, "bench"):
            self.bench.impair(0)
            self.read_or_not(takes=True)
            self.bench.run(ENOUGH_MS)
            assert self.host.got == self.sent[HANDSET]
            assert self.handset.got == self.sent[HOST]
            assert self.host.channel.is_idle


TestChannel = ChannelMachine.TestCase
TestChannel.settings = settings(max_examples=40, stateful_step_count=30)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("ends", [host_and_handset, handset_ends])
def test_noise_and_damage_leave_every_message_whole_and_memory_flat(
    ends: Callable[[], list[End]], seed: int
) -> None:
    exchange = Exchange(seed, ends())
    exchange.run_until(50_000)
    exchange.finish()
    tracemalloc.start()
    try:
        exchange.run_until(200_000)
        exchange.finish()
        live_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert live_bytes < 40_000


@pytest.mark.parametrize("percent", [0, 10])
def test_handset_on_the_vm_does_what_it_does_here(percent: int, tmp_path: Path) -> None:
    host, handset, dice = HostEnd(), RecordedEnd(), Dice(3)
    bench = Bench([host, handset], dice, percent)
    bench.run(2000)
    for _ in range(150):
        for end in (host, handset):
            end.send(dice.octets(dice.below(120)), int(dice.falls(30)))
        bench.run(dice.below(100))
    bench.impair(0)
    bench.run(ENOUGH_MS)
    assert len(host.got[NORMAL]) > 30
    path = tmp_path / "calls.txt"
    path.write_text("".join(f"{call}\n" for call in handset.calls))
    script = (
        "import sys\nfrom portable_cases import channel_replay\nchannel_replay.run(sys.argv[1])"
    )
    result = run_script(script, [FIRMWARE, HERE], arguments=[str(path)], timeout_s=60)
    assert (result.status, result.output) == (0, "")


def frames_until_urgent(end: End, bulk_first: int, now: int) -> int:
    """Bulk frames that go out between a request to send an alarm and the alarm."""
    for _ in range(bulk_first):
        assert end.next_frame(now)
    assert end.send(b"alarm", URGENT)
    between = 0
    while b"alarm" not in end.next_frame(now):
        between += 1
    return between


@pytest.mark.parametrize("side", [HOST, HANDSET])
@pytest.mark.parametrize("bulk_first", range(17))
def test_alarm_is_the_very_next_frame_whatever_is_queued(side: int, bulk_first: int) -> None:
    host, handset, bench = connected()
    end: End = (host, handset)[side]
    while end.send(b"bulk" * 120, NORMAL):
        pass
    window = (16, 4)[side]
    assert frames_until_urgent(end, min(bulk_first, window), bench.now) == 0


@pytest.mark.parametrize("side", [HOST, HANDSET])
def test_alarm_overtakes_bulk_that_is_being_sent_again(side: int) -> None:
    host, handset, bench = connected()
    end: End = (host, handset)[side]
    while end.send(b"bulk" * 120, NORMAL):
        pass
    while end.next_frame(bench.now):
        pass  # all of it lost
    later = bench.now + 3000
    assert frames_until_urgent(end, 3, later) == 0


def test_alarm_is_taken_before_bulk_that_came_earlier() -> None:
    host, handset, bench = connected()
    handset.takes = False
    host.send(b"bulk", NORMAL)
    bench.run(20)
    host.send(b"alarm", URGENT)
    bench.run(20)
    assert handset.channel.ready() == URGENT


def test_one_lost_frame_is_asked_for_at_once_and_costs_no_timeout() -> None:
    host, handset, bench = connected()
    for count in range(8):
        host.send(bytes([count]), NORMAL)
    host.next_frame(bench.now)  # lost
    bench.run(30)
    assert handset.got[NORMAL] == [bytes([count]) for count in range(8)]


def test_unread_messages_are_not_acknowledged_and_hold_the_sender_back() -> None:
    host, handset, bench = connected()
    handset.takes = False
    host.send(bytes([0]), NORMAL)
    bench.run(4000)
    assert not host.channel.is_idle
    for count in range(1, 40):
        assert host.send(bytes([count]), NORMAL)
    bench.run(1000)
    assert handset.got[NORMAL] == []
    handset.takes = True
    handset.take()
    bench.run(ENOUGH_MS)
    assert handset.got[NORMAL] == [bytes([count]) for count in range(40)]


def test_handset_that_is_slow_to_take_is_waited_for_and_not_pestered() -> None:
    host, handset, bench = connected()
    handset.takes = False
    transmitted, next_frame = list[bytes](), host.next_frame

    def counted(now: int) -> bytes:
        frame = next_frame(now)
        transmitted.append(frame)
        return frame

    host.next_frame = counted  # type: ignore[method-assign]
    sent = taken = 0
    while taken < 60:
        while sent < 60 and host.send(bytes([sent]), NORMAL):
            sent += 1
        bench.run(100)
        handset.channel.take_into(NORMAL, handset._message)
        taken += 1
    assert sum(map(bool, transmitted)) < 2 * sent


def test_host_with_a_larger_window_than_the_handset_has_memory_loses_nothing() -> None:
    host, handset = HostEnd(), HandsetEnd(window=3)
    bench = Bench([host, handset], Dice(1), 0)
    handset.takes = False
    for count in range(40):
        assert host.send(bytes([count]), NORMAL)
    bench.run(1000)
    handset.takes = True
    handset.take()
    bench.run(ENOUGH_MS)
    assert handset.got[NORMAL] == [bytes([count]) for count in range(40)]


def test_queue_that_is_full_takes_no_more() -> None:
    host, handset, _ = connected()
    assert [host.send(b"x", NORMAL) for _ in range(65)].count(True) == 64
    assert [handset.send(b"x", NORMAL) for _ in range(17)].count(True) == 4
    assert [handset.send(b"x", URGENT) for _ in range(5)].count(True) == 4


@pytest.mark.parametrize(("side", "window"), [(HOST, 16), (HANDSET, 4)])
def test_no_more_than_a_window_is_on_the_line(side: int, window: int) -> None:
    host, handset, bench = connected()
    end: End = (host, handset)[side]
    while end.send(b"x", NORMAL):
        pass
    frames = [end.next_frame(bench.now) for _ in range(64)]
    assert len([frame for frame in frames if frame]) == window


@pytest.mark.parametrize("side", [HOST, HANDSET])
def test_unanswered_frame_is_sent_again_after_waits_that_double(side: int) -> None:
    host, handset, bench = connected()
    end: End = (host, handset)[side]
    for count in range(20):  # so that both know the round trip of the line
        end.send(bytes([count]), NORMAL)
        bench.run(30)
    end.send(b"x", NORMAL)
    assert end.next_frame(bench.now)
    assert not end.next_frame(bench.now)
    waits = []
    for _ in range(7):
        due = end.next_due(bench.now)
        waits.append(due - bench.now)
        bench.now = due
        assert end.next_frame(due)
    assert waits == [200, 400, 800, 1600, 2000, 2000, 2000]


@pytest.mark.parametrize("estimate", [HostRoundTrip(), HandsetRoundTrip()])
def test_timeout_follows_rfc_6298(estimate: HostRoundTrip | HandsetRoundTrip) -> None:
    elapsed = [400, 380, 500, 100, 300, 300, 300, 650, 20, 420, 410, 400, 390, 380]
    smoothed, variance = 0.0, 0.0
    for sample_ms in elapsed:
        if smoothed:
            variance += (abs(smoothed - sample_ms) - variance) / 4
            smoothed += (sample_ms - smoothed) / 8
        else:
            smoothed, variance = sample_ms, sample_ms / 2
        estimate.sample(sample_ms)
        assert estimate.timeout_ms == pytest.approx(min(smoothed + 4 * variance, 2000), abs=8)


@pytest.mark.parametrize("side", [HOST, HANDSET])
def test_round_trip_is_not_learnt_from_a_frame_sent_twice(side: int) -> None:
    host, handset, bench = connected()
    end: End = (host, handset)[side]
    before_ms = end.channel._round_trip.timeout_ms
    end.send(b"x", NORMAL)
    end.next_frame(bench.now)  # lost
    bench.now += 1000
    bench.run(100)
    assert end.channel._round_trip.timeout_ms in (before_ms, 2 * before_ms)
    assert (host.got, handset.got)[1 - side][NORMAL] == [b"x"]


def sequences(end: End, now: int) -> list[int]:
    """Sequence numbers of all frames an end has to transmit now."""
    found = []
    while frame := end.next_frame(now):
        (payload,) = FrameDecoder().feed(frame)
        found.append(payload[1])
    return found


@pytest.mark.parametrize("side", [HOST, HANDSET])
def test_acknowledgement_while_sending_again_skips_only_what_it_covers(side: int) -> None:
    host, handset, bench = connected()
    end: End = (host, handset)[side]
    for count in range(4):
        end.send(bytes([count]), NORMAL)
    assert sequences(end, bench.now) == [0, 1, 2, 3]
    later = bench.now + 3000
    assert end.next_frame(later)
    end.feed(encode_frame(bytes([ACK, 0, 2, 0])), later)
    assert sequences(end, later) == [2, 3]


@pytest.mark.parametrize("side", [HOST, HANDSET])
def test_reject_sends_again_from_the_missing_frame_and_teaches_no_round_trip(side: int) -> None:
    host, handset, bench = connected()
    end: End = (host, handset)[side]
    for count in range(4):
        end.send(bytes([count]), NORMAL)
    assert sequences(end, bench.now) == [0, 1, 2, 3]
    timeout_ms = end.channel._round_trip.timeout_ms
    end.feed(encode_frame(bytes([REJECT, 2, 0, 0])), bench.now)
    assert sequences(end, bench.now) == [2, 3]
    end.feed(encode_frame(bytes([ACK, 0, 4, 0])), bench.now + 400)
    assert end.channel._round_trip.timeout_ms == timeout_ms


@pytest.mark.parametrize("receiver", [HOST, HANDSET])
def test_repeat_is_acknowledged_at_once_and_not_delivered_again(receiver: int) -> None:
    host, handset, bench = connected()
    end: End = (host, handset)[receiver]
    sender: End = (handset, host)[receiver]
    sender.send(b"x", NORMAL)
    frame = sender.next_frame(bench.now)
    end.feed(frame, bench.now)
    assert not end.next_frame(bench.now)
    assert end.next_frame(bench.now + 5)
    end.feed(frame, bench.now + 6)
    assert end.next_frame(bench.now + 6)
    assert end.got[NORMAL] == [b"x"]


def test_message_past_the_limit_is_refused() -> None:
    host, handset, _ = connected()
    with pytest.raises(ValueError, match="message of 509 octets, limit 508"):
        host.send(bytes(509), NORMAL)
    assert not handset.send(bytes(509), NORMAL)
    assert host.send(bytes(508), NORMAL)
    assert handset.send(bytes(508), NORMAL)


def test_new_connection_starts_both_lanes_anew_and_drops_what_was_under_way() -> None:
    _, handset, bench = connected()
    assert handset.send(b"from before", NORMAL)
    successor = HostEnd(connection=2)
    bench.ends = [successor, handset]
    assert successor.send(b"hello", NORMAL)
    bench.run(200)
    assert handset.send(b"good day", URGENT)
    bench.run(200)
    assert handset.resets == 2
    assert successor.got == [[], [b"good day"]]
    assert handset.got == [[b"hello"], []]


def test_repeated_reset_of_the_same_connection_changes_nothing() -> None:
    host, handset, bench = connected()
    host.send(b"first", NORMAL)
    bench.run(50)
    late = HostEnd(connection=1)
    handset.feed(late.next_frame(bench.now), bench.now)
    host.send(b"second", NORMAL)
    bench.run(50)
    assert handset.got[NORMAL] == [b"first", b"second"]
    assert handset.resets == 1


def test_host_learns_at_once_that_the_handset_has_started_anew() -> None:
    host, _, bench = connected()
    bench.ends = [host, HandsetEnd()]
    host.send(b"are you there", NORMAL)
    with pytest.raises(ChannelClosedError, match="started anew"):
        bench.run(50)


@pytest.mark.parametrize("begin", [HostEnd, lambda: connected()[0]], ids=["opening", "open"])
def test_host_gives_up_on_silence(begin: Callable[[], HostEnd]) -> None:
    host = begin()
    bench = Bench([host, HandsetEnd()], Dice(1), 100)
    host.send(b"are you there", NORMAL)
    with pytest.raises(ChannelClosedError, match="no longer answers"):
        bench.run(SILENCE_MS)
    with pytest.raises(ChannelClosedError, match="no longer answers"):
        host.send(b"hello", NORMAL)


def test_handset_forgets_a_host_that_is_silent() -> None:
    _, handset, bench = connected()
    handset.send(b"are you there", NORMAL)
    bench.ends = [HandsetEnd(), handset]
    bench.impair(100)
    bench.run(SILENCE_MS)
    assert not handset.channel.is_open
    assert handset.resets == 2
    assert not handset.send(b"hello", NORMAL)
    handset.connect()
    assert handset.send(b"hello", NORMAL)
    while handset.next_frame(bench.now):
        pass
    assert handset.next_due(bench.now) - bench.now == 500  # patience begins anew, too


def test_what_is_no_frame_of_the_channel_is_counted_and_ignored() -> None:
    host, handset, bench = connected()
    strange = [b"", b"\x00\x00\x00", b"\x02\x00\x00\x00", b"\x50\x00\x00\x00", b"\xf1abcd"]
    reset_without_number = b"\x20\x00\x00\x00" + bytes(4)
    for payload in [*strange, reset_without_number, b"\x20\x00\x00\x00ab"]:
        handset.channel.receive(memoryview(payload), len(payload), 0)
    for payload in [*strange, b"\x20\x00\x00\x00test", b"\x30\x00\x00\x00else"]:
        assert host.channel.receive(payload, bench.now) is None
    assert handset.channel.ignored_frames == 7
    assert host.channel.ignored_frames == 7
    assert handset.channel.is_open
    assert host.channel.is_open


def test_acknowledgement_of_what_was_never_sent_is_ignored() -> None:
    host, _, bench = connected()
    host.send(b"one", NORMAL)
    host.next_frame(bench.now)
    host.channel.receive(b"\x10\x00\xc8\x64", bench.now)
    assert not host.channel.is_idle


def test_lone_message_is_acknowledged_within_ten_milliseconds() -> None:
    host, _, bench = connected()
    host.send(b"one", NORMAL)
    bench.run(3 + 5 + 3 + 1)
    assert host.channel.is_idle


@pytest.mark.parametrize("connection", [0, -1, 2**32])
def test_connection_number_out_of_range_is_refused(connection: int) -> None:
    with pytest.raises(ValueError, match="connection number"):
        Channel(connection)
