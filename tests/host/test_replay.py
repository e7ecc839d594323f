"""Which counters the answer point takes for used."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tocsin_host.answerpoint.replay import CHANCE, KEPT, OVERTAKING, UsedCounters

_LEASED = st.integers(0, CHANCE - 1)
_BY_CHANCE = st.integers(CHANCE, 2**32 - 1)
# Close together, about the border of both ranges and in places far apart, so that they do repeat.
_PLACES = st.sampled_from([0, 700, CHANCE - 100, CHANCE, CHANCE + 2**20, 2**31, 2**32 - 200])
_ANY = _LEASED | _BY_CHANCE | st.builds(int.__add__, _PLACES, st.integers(0, 199))


def _used(counters: list[int]) -> UsedCounters:
    used = UsedCounters()
    for each in counters:
        used.take(each)
    return used


@given(st.lists(_ANY, max_size=300))
def test_no_counter_is_ever_taken_twice(counters: list[int]) -> None:
    used = UsedCounters()
    taken = [each for each in counters if used.take(each)]
    assert len(set(taken)) == len(taken)


@given(st.lists(_ANY), st.lists(_BY_CHANCE), st.integers(1, 2 * OVERTAKING))
def test_the_next_leased_counter_is_taken_whatever_came_by_chance_between(
    before: list[int], by_chance: list[int], step: int
) -> None:
    newest = max((each for each in before if each < CHANCE), default=0)
    fresh = min(newest + step, CHANCE - 1)
    assert _used(before + by_chance).take(fresh) == (fresh not in before)


@given(st.lists(_ANY), _BY_CHANCE)
def test_a_counter_of_chance_is_taken_unless_it_was_before(before: list[int], fresh: int) -> None:
    assert _used(before).take(fresh) == (fresh not in before)


@given(st.lists(_LEASED, min_size=1), st.lists(_BY_CHANCE), st.integers(OVERTAKING))
def test_a_leased_counter_of_long_ago_is_refused_whatever_came_by_chance_between(
    before: list[int], by_chance: list[int], below: int
) -> None:
    assert not _used(before + by_chance).take(max(before) - below)


def test_counters_of_chance_are_remembered_until_so_many_others_were_taken() -> None:
    used = _used(list(range(CHANCE, CHANCE + KEPT)))
    assert not used.take(CHANCE)
    assert used.take(2**31)
    assert used.take(CHANCE)
    assert not used.take(CHANCE + KEPT - 1)


def test_counters_of_chance_do_not_shorten_what_is_remembered_of_leased_ones() -> None:
    leased = list(range(700, 700 + OVERTAKING))
    used = _used(leased + list(range(CHANCE, CHANCE + KEPT + 1)))
    assert not any(used.take(each) for each in leased)
