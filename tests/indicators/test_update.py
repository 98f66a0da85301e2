"""A measurement carried on gives what a measurement from the start gives."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.indicators import walk
from monitor.indicators.contributions import contributions
from monitor.indicators.measure import Measures, measure
from monitor.indicators.rows import Exposure, Mention
from monitor.indicators.settings import Weighting
from monitor.indicators.update import first_day_from, first_open_day, update
from tests.indicators.rows import QUICK, WATCHED, calm, day, exposure, measured, mention, noon


def carried(mentions: list[Mention], exposures: list[Exposure], moments: list[int]) -> Measures:
    """Measured at the first moment, then carried on from one to the next."""
    made = measured(
        [one for one in mentions if one.seen_at <= noon(moments[0], 23)], exposures, moments[0]
    )
    for n in moments[1:]:
        since = first_open_day(made)
        made = update(
            made,
            [one for one in mentions if one.day >= since],
            [one for one in exposures if one.day >= since],
            WATCHED,
            as_of=noon(n, 23),
        )
    return made


def assert_same(one: Measures, other: Measures) -> None:
    assert one.last == other.last
    for name in (*WATCHED, "risk", "act", "threat", "deesc"):
        for mine, full in zip(one.readings(name), other.readings(name), strict=True):
            assert mine.index == pytest.approx(full.index)
            assert mine.high95 == pytest.approx(full.high95)
            assert mine.seen == pytest.approx(full.seen)
            assert mine.without_driver == pytest.approx(full.without_driver)
            assert (mine.level, mine.state, mine.watch) == (full.level, full.state, full.watch)


storms = st.lists(
    st.tuples(st.integers(20, 64), st.integers(0, 3), st.sampled_from("abcx"), st.integers(0, 9)),
    max_size=25,
)


@settings(max_examples=6, deadline=None)
@given(storms, st.lists(st.integers(30, 64), min_size=1, max_size=4))
def test_carrying_on_gives_what_a_measurement_from_the_start_gives(storm, stops):
    mentions, exposures = calm(65)
    extra = [
        mention(n, f"x{story}", group, seen_at=noon(min(64, n + late)), item_id=f"{k}")
        for k, (n, late, group, story) in enumerate(storm)
    ]
    seen = [*exposures, *(exposure(n, "x") for n in range(20, 65))]
    full = measured([*mentions, *extra], seen, 64)
    assert_same(carried([*mentions, *extra], seen, sorted({*stops, 64})), full)


def test_a_young_store_is_carried_on_from_its_first_day():
    mentions, exposures = calm(30)
    assert_same(carried(mentions, exposures, [0, 1, 2, 9, 29]), measured(mentions, exposures, 29))


def test_days_without_any_row_are_carried_on_too():
    mentions, exposures = calm(60)
    rows = [one for one in exposures if one.day < day(50)]
    known = [one for one in mentions if one.day < day(50)]
    made = carried(known, rows, [49, 59])
    full = measured(known, rows, 59)
    assert_same(made, full)


def test_the_parts_still_sum_up_after_carrying_on():
    made = carried(*calm(60), [40, 50, 59])
    parts = contributions(made, "risk", day(59))
    assert sum(one.points for one in parts) == pytest.approx(made.readings("risk")[-1].index)
    assert {one.item_id for one in parts if one.what == "story"} <= set(made.mentions.item_id)


def test_it_cannot_go_back_or_watch_something_else():
    made = measured(*calm(20), 19)
    with pytest.raises(ValueError, match="carried on"):
        update(made, [], [], WATCHED, as_of=made.as_of - timedelta(seconds=1))
    with pytest.raises(ValueError, match="carried on"):
        update(made, [], [], {"weather": Weighting()}, as_of=made.as_of)


@pytest.mark.parametrize("n", [10, 30, 57, 80, 99], ids=lambda n: f"day {n}")
def test_an_older_day_that_changed_is_computed_with_those_after_it(n):
    mentions, exposures = calm(100)
    made = measured(mentions, exposures, 99)
    more = [*mentions, *(mention(n, f"new{k}", "abc"[k % 3]) for k in range(9))]
    since = first_day_from(made, day(n))
    again = update(
        made,
        [one for one in more if one.day >= since],
        [one for one in exposures if one.day >= since],
        WATCHED,
        as_of=made.as_of,
        since=since,
    )
    assert since <= day(n)
    assert (day(n) - since).days < walk.KEPT_EVERY
    assert_same(again, measured(more, exposures, 99))
    assert again.track.carries.keys() == made.track.carries.keys()


def test_states_of_few_days_are_kept_however_long_it_runs():
    mentions, exposures = calm(70)
    made = carried(mentions, exposures, [*range(20, 70)])
    assert [*made.track.carries] == [27, 55, *range(60, 70)]


def test_only_the_open_days_are_computed():
    mentions, exposures = calm(60)
    made = measured(mentions, exposures, 59)
    made.track.a[:50] = 7.0  # what is kept is not looked at again
    since = first_open_day(made)
    again = update(made, [], [exposure(59)], WATCHED, as_of=made.as_of)
    assert since == day(56)
    assert np.all(again.track.a[:50] == 7.0)


def test_columns_can_be_given_as_well():
    mentions, exposures = calm(30)
    full = measure(mentions, exposures, WATCHED, QUICK, as_of=noon(29, 23))
    assert full is not None
    assert_same(update(full, full.mentions, exposures, WATCHED, as_of=full.as_of), full)
