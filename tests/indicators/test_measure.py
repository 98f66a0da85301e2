"""The index as a whole: what moves it, and what must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.indicators.measure import State, measure
from monitor.indicators.rows import Mentions
from monitor.indicators.settings import Settings
from tests.indicators.rows import (
    QUICK,
    WATCHED,
    calm,
    day,
    exposure,
    index,
    measured,
    mention,
    noon,
)


def test_calm_reads_about_a_hundred():
    made = measured(*calm(60), last=59)
    assert index(made, 59) == pytest.approx(100, abs=5)
    assert made.state[-3:] == (State.FINAL, State.PROVISIONAL, State.PROVISIONAL)


def test_three_times_the_stories_read_about_three_times_normal():
    mentions, exposures = calm(60)
    extra = [mention(n, f"x{n}{g}{k}", g) for n in range(45, 60) for g in "abc" for k in (0, 1)]
    made = measured([*mentions, *extra], exposures, last=59)
    assert index(made, 59) == pytest.approx(290, abs=30)
    assert made.readings("risk")[-1].level >= 2


def test_nothing_polled_yet_gives_nothing():
    assert measure([], [], WATCHED, Settings(), as_of=noon(0)) is None
    assert measure([], [exposure(9)], WATCHED, Settings(), as_of=noon(0)) is None


@pytest.mark.parametrize(
    "days", [pytest.param(1, id="one article"), pytest.param(7, id="one week")]
)
def test_a_young_store_has_no_index_and_says_that_the_baseline_is_forming(days):
    mentions, exposures = calm(days)
    last = measured(mentions, exposures, last=days - 1, settings=Settings()).readings("risk")[-1]
    assert (last.index, last.low80, last.level, last.driver) == (None, None, 0, None)
    assert last.state is State.FORMING


def test_a_first_index_comes_with_a_wider_band_and_stays_forming():
    made = measured(*calm(90), last=89)
    first = next(one for one in made.readings("risk") if one.index is not None)
    final = made.readings("risk")[-1]
    assert first.state is State.FORMING
    assert first.high80 - first.low80 > final.high80 - final.low80


@pytest.mark.parametrize(
    "change", [pytest.param("down", id="silent feeds"), pytest.param("gone", id="removed feeds")]
)
def test_losing_feeds_in_calm_moves_the_index_by_less_than_ten_percent(change):
    mentions, exposures = calm(90, "abcd")
    kept = [one for one in mentions if one.group in "ab" or one.day < day(60)]
    if change == "gone":
        seen = [one for one in exposures if one.group in "ab" or one.day < day(60)]
    else:
        seen = [
            one
            if one.group in "ab" or one.day < day(60)
            else replace(one, observed=False, stories=0)
            for one in exposures
        ]
    made = measured(kept, seen, last=89)
    values = [index(made, n) for n in range(59, 90)]
    assert max(values) / min(values) < 1.10
    expected = 0.5 if change == "down" else 1.0
    assert made.readings("risk")[-1].coverage == pytest.approx(expected, abs=0.02)


def test_new_feeds_in_calm_move_the_index_by_less_than_ten_percent():
    mentions, exposures = calm(90, "ab")
    new = [mention(n, f"n{n}{g}{k}", g) for n in range(45, 90) for g in "xyz" for k in range(3)]
    seen = [exposure(n, g) for n in range(45, 90) for g in "xyz"]
    made = measured([*mentions, *new], [*exposures, *seen], last=89)
    values = [index(made, n) for n in range(44, 90)]
    assert max(values) / min(values) < 1.10


def test_a_new_feed_is_shown_but_not_counted_during_burn_in():
    mentions, exposures = calm(60, "a")
    new = [mention(59, f"n{k}", "x") for k in range(30)]
    made = measured([*mentions, *new], [*exposures, exposure(59, "x")], last=59)
    assert index(made, 59) == pytest.approx(100, abs=5)
    assert made.readings("risk")[-1].seen == 1


def test_while_the_baseline_forms_the_index_alone_raises_no_level():
    mentions, exposures = calm(60)
    loud = [mention(n, f"x{n}{g}{k}", g) for n in range(14, 23) for g in "abc" for k in range(9)]
    rows = measured([*mentions, *loud], exposures, last=59).readings("risk")
    assert rows[22].state is State.FORMING
    assert rows[22].index is not None
    assert rows[22].index > 300
    assert [one.level for one in rows[:22]] == [0] * 22


def test_a_blind_day_holds_the_mean_widens_the_band_and_keeps_the_level():
    mentions, exposures = calm(70)
    extra = [mention(n, f"x{n}{g}{k}", g) for n in range(45, 60) for g in "abc" for k in (0, 1)]
    seen = [one if one.day < day(60) else replace(one, observed=False) for one in exposures]
    made = measured([*mentions, *extra], seen, last=69)
    rows = made.readings("risk")
    before, after = rows[59], rows[69]
    assert after.state is State.BLIND
    assert after.index == pytest.approx(before.index)
    assert after.level == before.level >= 2
    assert after.high80 - after.low80 > before.high80 - before.low80
    assert (after.seen, after.expected, after.coverage) == (0, 0, 0)


def test_a_day_without_any_row_is_blind_too():
    mentions, exposures = calm(70)
    gap = {day(60), day(61)}
    made = measured(
        [one for one in mentions if one.day not in gap],
        [one for one in exposures if one.day not in gap],
        last=69,
    )
    assert made.state[60:62] == (State.BLIND, State.BLIND)
    assert made.state[63] is State.FINAL


def test_a_feed_that_repeats_everything_daily_moves_nothing():
    mentions, exposures = calm(60)
    stale = [replace(mention(n, f"s30a{0}", "a"), item_id=f"again{n}") for n in range(31, 60)]
    assert index(measured([*mentions, *stale], exposures, 59), 59) == pytest.approx(
        index(measured(mentions, exposures, 59), 59)
    )


def test_ten_thousand_items_in_an_hour_are_left_out_and_said():
    mentions, exposures = calm(60)
    flood = [mention(59, f"f{n}", "a") for n in range(2_000)]
    seen = [
        replace(one, stories=10_000) if (one.day, one.group) == (day(59), "a") else one
        for one in exposures
    ]
    made = measured([*mentions, *flood], seen, last=59)
    assert index(made, 59) == pytest.approx(100, abs=6)
    assert made.readings("risk")[-1].coverage == pytest.approx(2 / 3, abs=0.02)
    (note,) = made.notes
    assert note[0] == day(59)
    assert "a showed 10000 stories in one day" in note[1]


def test_items_from_the_future_wait_for_their_time_and_are_said():
    mentions, exposures = calm(60)
    ahead = [replace(mention(59, f"f{n}"), seen_at=noon(80)) for n in range(50)]
    made = measured([*mentions, *ahead], exposures, last=59)
    assert index(made, 59) == index(measured(mentions, exposures, 59), 59)
    assert made.notes[0][1].startswith("50 flags carry a first-seen time after")


def test_withdrawn_reports_count_nothing():
    mentions, exposures = calm(60)
    wrong = [mention(59, f"w{n}", withdrawn=True) for n in range(20)]
    assert index(measured([*mentions, *wrong], exposures, 59), 59) == index(
        measured(mentions, exposures, 59), 59
    )


def test_relief_lowers_nothing_and_has_its_own_series():
    mentions, exposures = calm(60)
    relief = [mention(59, f"r{n}", "abc"[n % 3], direction="deescalatory") for n in range(9)]
    before, after = measured(mentions, exposures, 59), measured([*mentions, *relief], exposures, 59)
    assert index(after, 59) == pytest.approx(index(before, 59))
    assert index(after, 59, "airspace") == pytest.approx(index(before, 59, "airspace"))
    assert index(after, 59, "deesc") > 150


def test_talks_are_their_own_series_even_when_they_bring_relief():
    mentions, exposures = calm(60)
    talks = [
        mention(59, f"t{n}", indicator="negotiation", kind="talk", direction="deescalatory")
        for n in range(5)
    ]
    made = measured([*mentions, *talks], exposures, 59)
    assert index(made, 59, "negotiation") > 150


def test_acts_and_threats_have_a_series_each_and_one_together():
    mentions, exposures = calm(60)
    threats = [
        mention(n, f"t{n}{k}", indicator="ultimatum", kind="threat")
        for n in range(50, 60)
        for k in range(4)
    ]
    made = measured([*mentions, *threats], exposures, 59)
    assert index(made, 59, "threat") > 200
    assert index(made, 59, "act") == pytest.approx(100, abs=5)
    assert index(made, 59, "risk") > 150


def test_near_and_corroborated_reports_weigh_more():
    mentions, exposures = calm(60)
    far = [mention(59, f"x{n}") for n in range(3)]
    near = [replace(one, proximity=1.0) for one in far]
    shared = [*far, *(replace(one, group="b", item_id=f"{one.item_id}b") for one in far)]
    alone = [*far, *(mention(59, f"y{n}", "b") for n in range(3))]
    plain = index(measured([*mentions, *far], exposures, 59), 59)
    assert index(measured([*mentions, *near], exposures, 59), 59) > plain
    assert index(measured([*mentions, *shared], exposures, 59), 59) > index(
        measured([*mentions, *alone], exposures, 59), 59
    )


def test_local_days_end_at_local_midnight():
    west = timezone(timedelta(hours=-4))
    made = measure(*calm(3), WATCHED, QUICK, as_of=noon(2, 2), zone=west)
    assert made is not None
    assert made.last == day(1)


def test_readings_can_be_asked_for_a_span_only():
    made = measured(*calm(20), last=19)
    assert [one.day for one in made.readings("risk", day(3), day(5))] == [day(3), day(4), day(5)]
    assert [one.day for one in made.readings("risk", day(-5), day(0))] == [day(0)]
    assert made.readings("risk", day(30), day(40)) == []


def test_an_unknown_series_is_named():
    with pytest.raises(KeyError, match="no series 'weather'; there are airspace"):
        measured(*calm(3), last=2).readings("weather")


def test_unknown_indicators_and_groups_without_exposure_count_nothing():
    mentions, exposures = calm(60)
    odd = [mention(59, "o1", indicator="weather"), mention(59, "o2", "nobody")]
    early = [mention(-5, "o3")]
    made = measured([*mentions, *odd, *early], exposures, 59)
    assert index(made, 59, "airspace") == index(measured(mentions, exposures, 59), 59, "airspace")


def test_flags_only_of_groups_without_exposure_count_nothing():
    made = measured([mention(1, "o", "nobody")], calm(3)[1], 2)
    assert made.track.seen.sum() == 0
    assert len(made.units.weight) == 0


def test_the_group_that_moves_the_index_most_is_named_with_the_index_without_it():
    mentions, exposures = calm(60)
    loud = [mention(n, f"l{n}{k}", "b") for n in range(55, 60) for k in range(6)]
    last = measured([*mentions, *loud], exposures, 59).readings("risk")[-1]
    assert last.driver == "b"
    assert last.without_driver == pytest.approx(100, abs=6)


def test_a_long_rise_does_not_become_normal_while_a_feed_joins_it():
    mentions, exposures = calm(90, "abc")
    crisis = [mention(n, f"x{n}{g}{k}", g) for n in range(45, 90) for g in "abc" for k in (0, 1)]
    new = [mention(n, f"n{n}{k}", "x") for n in range(50, 90) for k in range(3)]
    seen = [exposure(n, "x") for n in range(50, 90)]
    made = measured([*mentions, *crisis, *new], [*exposures, *seen], last=89)
    assert index(made, 85) > 200


rows = st.lists(
    st.builds(
        lambda n, story, group, indicator, direction, proximity: mention(
            n,
            f"p{story}",
            group,
            item_id=f"p{n}{story}{group}{indicator}{direction}",
            indicator=indicator,
            direction=direction,
            proximity=proximity,
        ),
        st.integers(20, 44),
        st.integers(0, 12),
        st.sampled_from("abc"),
        st.sampled_from(sorted(WATCHED)),
        st.sampled_from(["escalatory", "deescalatory", "neutral"]),
        st.sampled_from([0.1, 0.5, 1.0]),
    ),
    max_size=25,
)


@settings(max_examples=15, deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(extra, random):
    mentions, exposures = calm(45)
    shuffled, seen = [*mentions, *extra], list(exposures)
    random.shuffle(shuffled)
    random.shuffle(seen)
    one, other = measured([*mentions, *extra], exposures, 44), measured(shuffled, seen, 44)
    np.testing.assert_allclose(one.track.a, other.track.a)
    np.testing.assert_array_equal(one.track.level, other.track.level)


@settings(max_examples=15, deadline=None)
@given(rows, rows, st.integers(25, 43))
def test_later_items_change_nothing_that_was_known_before(known, later, moment):
    mentions, exposures = calm(45)
    past = [one for one in (*mentions, *known) if one.day <= day(moment)]
    future = [one for one in (*mentions, *later) if one.day > day(moment)]
    then = measured(past, exposures, moment)
    now = measure([*past, *future], exposures, WATCHED, QUICK, as_of=noon(44, 23))
    again = measure([*past, *future], exposures, WATCHED, QUICK, as_of=noon(moment, 23))
    assert again is not None
    assert now is not None
    np.testing.assert_array_equal(again.track.a, then.track.a)
    np.testing.assert_allclose(now.track.a[: moment + 1], then.track.a, rtol=1e-12)
    np.testing.assert_array_equal(now.track.level[: moment + 1], then.track.level)
    np.testing.assert_array_equal(now.track.coverage[: moment + 1], then.track.coverage)


def test_columns_and_rows_give_the_same():
    mentions, exposures = calm(30)
    by_rows = measure(mentions, exposures, WATCHED, QUICK, as_of=noon(29))
    by_columns = measure(Mentions.of(mentions), exposures, WATCHED, QUICK, as_of=noon(29))
    assert by_rows is not None
    assert by_columns is not None
    assert by_rows.readings("risk") == by_columns.readings("risk")
