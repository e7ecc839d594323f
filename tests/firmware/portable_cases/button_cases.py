"""What a button takes a contact for: holds, double presses, pockets, stuck buttons, series."""

from portable_cases.contact_bench import PERIOD_MS, ContactBench

HOLD_MS = 1000
_HOLD = {"gesture": 1}
_DOUBLE = {"gesture": 2}
_EITHER = {"gesture": 3}


def kinds(told: "list[tuple[str, int, int]]") -> "list[str]":
    return [each[0] for each in told]


def one_press(told: "list[tuple[str, int, int]]", at_ms: int, stamp_ms: int) -> None:
    assert kinds(told) == ["press"], told
    assert 0 <= told[0][1] - at_ms <= 15, told
    assert told[0][2] == stamp_ms, told


def a_hold_counts_at_its_time_from_the_first_edge_on() -> None:
    for hold_ms in (500, 1000, 3000):
        for bounce_ms in (0, 2, 6, 20):
            for first_ticks in (0, PERIOD_MS - 2000, PERIOD_MS // 2 - 2000):
                bench = ContactBench({"hold_ms": hold_ms}, first_ticks)
                bench.up(1234)
                bench.finger(hold_ms + 50, bounce_ms)
                bench.up(500)
                one_press(bench.run(), 1234 + hold_ms, 1234)


def a_press_let_go_early_is_short() -> None:
    for settings in (_HOLD, _DOUBLE, _EITHER):
        for held_ms in (60, 300, 900, 985):
            bench = ContactBench(settings)
            bench.up(100)
            bench.finger(held_ms, 5)
            bench.up(6000)
            told = bench.run()
            assert kinds(told) == ["short"], told
            assert -15 <= told[0][2] - held_ms <= 0, told


def two_presses_count_where_they_are_to() -> None:
    for settings in (_DOUBLE, _EITHER):
        for apart_ms in (200, 1000, 1980):
            bench = ContactBench(settings)
            bench.up(100)
            bench.finger(100, 4)
            bench.up(apart_ms - 100)
            bench.finger(100, 4)
            bench.up(2000)
            told = bench.run()
            assert kinds(told) == ["short", "press"], told
            one_press(told[1:], 100 + apart_ms + 43, 100)
    for settings, apart_ms in ((_HOLD, 300), (_DOUBLE, 2020), (_EITHER, 2900)):
        bench = ContactBench(settings)
        for _ in range(2):
            bench.finger(100, 4)
            bench.up(apart_ms - 100)
        assert kinds(bench.run()) == ["short", "short"]


def a_hold_is_none_where_only_two_presses_count() -> None:
    bench = ContactBench(_DOUBLE)
    bench.finger(5000, 4)
    bench.up(200)
    bench.finger(5000, 4)
    bench.up(200)
    assert kinds(bench.run()) == ["short", "short"]


def two_long_presses_are_two_presses() -> None:
    bench = ContactBench(_DOUBLE)
    bench.finger(1200, 4)
    bench.up(300)
    bench.finger(1200, 4)
    bench.up(300)
    assert kinds(bench.run()) == ["short", "press"]


def no_train_in_a_pocket_is_anything() -> None:
    for settings in (_HOLD, _DOUBLE, _EITHER):
        for open_ms in (3, 4, 5, 7, 9, 11, 17, 22, 27, 47, 81, 100):
            for late_ms in ((0,), (0, 20, 3), (9, 1)):
                bench = ContactBench(settings, late_ms=late_ms)
                bench.train(400, 3, open_ms)
                bench.up(2000)
                told = bench.run()
                assert told == [], (settings, open_ms, late_ms, told)


def a_press_right_after_a_train_counts() -> None:
    for open_ms in (3, 7, 22, 47):
        for pause_ms in (0, 2, 20, 65, 200):
            bench = ContactBench(_HOLD)
            bench.train(40, 3, open_ms)
            bench.up(pause_ms)
            begin_ms = 40 * (3 + open_ms) + pause_ms
            bench.finger(HOLD_MS + 200, 4)
            bench.up(500)
            told = bench.run()
            assert kinds(told) == ["press"], (open_ms, pause_ms, told)
            assert -300 <= told[0][1] - (begin_ms + HOLD_MS) <= 35, (open_ms, pause_ms, told)


def slips_of_the_contact_are_bridged() -> None:
    for gap_ms in (1, 5, 20, 40):
        bench = ContactBench(_HOLD)
        bench.train(8, 170 - gap_ms, gap_ms)
        bench.up(500)
        told = bench.run()
        assert kinds(told) == ["press"], told
        assert 0 <= told[0][1] - HOLD_MS <= gap_ms + 15, told


def a_look_that_comes_late_and_finds_a_slip_is_no_release() -> None:
    for late_ms in (90, 120, 150):
        bench = ContactBench(_HOLD, late_ms=(late_ms,))
        bench.train(9, 130, 20)
        bench.up(900)
        assert kinds(bench.run()) == ["press"], late_ms


def a_stuck_button_that_came_back_counts_at_once() -> None:
    for open_ms in (62, 70, 78, 86, 94):
        bench = ContactBench(_HOLD)
        bench.finger(40_000)
        bench.up(open_ms)
        bench.finger(1200)
        bench.up(300)
        assert kinds(bench.run()).count("press") == 2, open_ms


def a_stuck_button_is_told_once_and_so_is_its_coming_back() -> None:
    for settings in (_HOLD, _DOUBLE):
        bench = ContactBench(settings)
        bench.finger(100_000, 4)
        bench.up(200)
        told = bench.run()
        assert kinds(told)[-2:] == ["stuck", "stuck"], told
        assert [each[2] for each in told[-2:]] == [1, 0], told
        assert 30_000 <= told[-2][1] <= 30_030, told
        assert kinds(told)[:-2] == (["press"] if settings is _HOLD else []), told
        bench.is_open = False
        bench.finger(100, 4)
        bench.up(300)
        bench.finger(1200, 4)
        bench.up(300)
        assert "press" in kinds(bench.run())


def a_button_stuck_since_before_a_restart_raises_nothing_until_it_came_back() -> None:
    bench = ContactBench(_HOLD, is_stuck=True, is_down=True)
    bench.down(60_000)
    assert kinds(bench.run()) == ["stuck"]
    bench.up(100)
    bench.finger(1200, 4)
    bench.up(100)
    told = bench.run()
    assert kinds(told) == ["stuck", "press"], told
    bench = ContactBench(_HOLD, is_stuck=True)
    bench.up(200)
    bench.finger(1200, 4)
    bench.up(100)
    assert kinds(bench.run()) == ["stuck", "press"]


def a_button_down_at_the_start_is_a_press() -> None:
    bench = ContactBench(_HOLD, is_down=True)
    bench.down(1200)
    bench.up(100)
    one_press(bench.run(), HOLD_MS, 0)


def five_slow_short_presses_ask_for_service() -> None:
    for settings in (_HOLD, _DOUBLE, _EITHER):
        for apart_ms, held_ms, count, is_service in (
            (3050, 100, 5, True),
            (4000, 400, 5, True),
            (4950, 100, 5, True),
            (4000, 100, 4, False),
            (4000, 600, 5, False),
            (2900, 100, 9, False),
            (5100, 100, 9, False),
        ):
            bench = ContactBench(settings)
            for _ in range(count):
                bench.finger(held_ms, 4)
                bench.up(apart_ms - held_ms)
            told = kinds(bench.run())
            assert ("service" in told) is is_service, (settings, apart_ms, held_ms, told)
            assert "press" not in told, (settings, apart_ms, held_ms, told)


def a_hold_among_slow_presses_is_an_alarm() -> None:
    bench = ContactBench(_HOLD)
    for _ in range(4):
        bench.finger(100, 4)
        bench.up(3900)
    bench.finger(1200, 4)
    bench.up(3000)
    assert kinds(bench.run())[-1] == "press"
    bench.finger(100, 4)
    bench.up(300)
    assert kinds(bench.run()) == ["short"]


def a_series_inside_the_window_is_counted() -> None:
    for settings in (_HOLD, _DOUBLE, _EITHER):
        for count in (1, 2, 3, 5):
            bench = ContactBench(settings)
            bench.is_open = bench.has_window = True
            for _ in range(count):
                bench.finger(100, 4)
                bench.up(250)
            bench.up(1500)
            told = bench.run()
            assert kinds(told) == ["short"] * count + ["presses"], told
            assert told[-1][2] == count, told
            ended_ms = 350 * count - 250
            assert 1000 <= told[-1][1] - ended_ms <= 1110, told


def a_hold_ends_a_series() -> None:
    bench = ContactBench(_HOLD)
    bench.is_open = bench.has_window = True
    bench.finger(100, 4)
    bench.up(250)
    bench.finger(1300, 4)
    bench.up(3000)
    assert kinds(bench.run()) == ["short", "press"]


CASES = (
    a_hold_counts_at_its_time_from_the_first_edge_on,
    a_press_let_go_early_is_short,
    two_presses_count_where_they_are_to,
    a_hold_is_none_where_only_two_presses_count,
    two_long_presses_are_two_presses,
    no_train_in_a_pocket_is_anything,
    a_press_right_after_a_train_counts,
    slips_of_the_contact_are_bridged,
    a_look_that_comes_late_and_finds_a_slip_is_no_release,
    a_stuck_button_that_came_back_counts_at_once,
    a_stuck_button_is_told_once_and_so_is_its_coming_back,
    a_button_stuck_since_before_a_restart_raises_nothing_until_it_came_back,
    a_button_down_at_the_start_is_a_press,
    five_slow_short_presses_ask_for_service,
    a_hold_among_slow_presses_is_an_alarm,
    a_series_inside_the_window_is_counted,
    a_hold_ends_a_series,
)


def run() -> None:
    for case in CASES:
        case()
