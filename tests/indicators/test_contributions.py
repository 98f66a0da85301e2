"""Every number is the sum of the parts that are listed for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.indicators.contributions import (
    contributions,
    expected_parts,
    prior_points,
    seen_parts,
)
from tests.indicators.rows import calm, day, index, measured, mention

storms = st.lists(
    st.tuples(st.integers(5, 59), st.sampled_from("abc"), st.sampled_from([0.1, 0.5, 1.0])),
    max_size=30,
)


@settings(max_examples=15, deadline=None)
@given(storms, st.sampled_from(["risk", "act", "threat", "deesc", "airspace"]))
def test_the_parts_of_an_index_sum_up_to_it(storm, series):
    mentions, exposures = calm(60)
    extra = [
        mention(n, f"x{k // 2}", group, item_id=f"x{k}", proximity=proximity)
        for k, (n, group, proximity) in enumerate(storm)
    ]
    made = measured([*mentions, *extra], exposures, 59)
    for n in (30, 45, 59):
        parts = contributions(made, series, day(n))
        assert sum(one.points for one in parts) == pytest.approx(index(made, n, series))
        prior = next(one.points for one in parts if one.what == "prior")
        assert prior == pytest.approx(prior_points(made, series, day(n)))


def test_the_parts_name_their_story_item_group_and_indicator():
    mentions, exposures = calm(60)
    made = measured([*mentions, mention(59, "big", "b", proximity=1.0)], exposures, 59)
    first = contributions(made, "risk", day(59))[0]
    assert (first.what, first.story_id, first.group, first.item_id) == (
        "story",
        "big",
        "b",
        "big-b",
    )
    assert (first.indicator, first.day) == ("airspace", day(59))
    assert first.weight == pytest.approx(8.0 * 1.0 * 0.75)


def test_what_was_seen_is_the_sum_of_the_listed_stories():
    made = measured(*calm(60), last=59)
    for series in ("risk_count", "risk", "airspace"):
        days = [day(57), day(58), day(59)]
        parts = seen_parts(made, series, days)
        column = made.series(series)
        assert sum(one.points for one in parts) == pytest.approx(
            made.track.seen[57:60, column].sum()
        )


def test_what_was_expected_is_the_sum_over_the_groups():
    made = measured(*calm(60), last=59)
    parts = expected_parts(made, "risk", day(59))
    assert [one.group for one in parts] == ["a", "b", "c"]
    assert sum(one.expected for one in parts) == pytest.approx(
        made.track.expected[59, made.series("risk")]
    )
    assert all(one.stories * one.share == pytest.approx(one.expected) for one in parts)


def test_before_there_is_a_baseline_nothing_is_expected():
    assert expected_parts(measured(*calm(5), last=4), "risk", day(4)) == []


@pytest.mark.parametrize("n", [-1, 5])
def test_a_day_outside_is_refused(n):
    made = measured(*calm(5), last=4)
    with pytest.raises(KeyError, match="is not between"):
        contributions(made, "risk", day(0) + timedelta(n))
