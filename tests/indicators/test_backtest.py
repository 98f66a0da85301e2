"""Replaying an archive against dated events."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import numpy as np
import orjson
import pytest

from monitor.assess.model import (
    Assessment,
    Direction,
    Evidence,
    Flag,
    Kind,
    PlaceMention,
    Relevance,
)
from monitor.indicators.backtest import Event, Report, backtest, read_events
from monitor.indicators.replay import ArchiveItem, replay
from monitor.indicators.tripwires import Rule, Rules
from monitor.stories.groups import Groups
from tests.indicators.rows import QUICK, WATCHED, calm, day, mention, noon

SEEDS = Path(__file__).parents[2] / "seeds"


def storm(first: int, last: int, times: int = 4) -> list:
    return [
        mention(n, f"x{n}{g}{k}", g)
        for n in range(first, last)
        for g in "abc"
        for k in range(times)
    ]


def run(*events: Event, extra=(), days: int = 120, rules: Rules | None = None) -> Report:
    mentions, exposures = calm(days)
    return backtest(
        [*mentions, *extra], exposures, list(events), WATCHED, QUICK, rules=rules, zone=UTC
    )


def event(n: int, direction: str = "escalatory") -> Event:
    return Event(day=day(n), what=f"event on day {n}", direction=direction)


def test_an_event_with_its_rise_is_found_with_its_delay():
    report = run(event(70), extra=storm(70, 80))
    (found,) = report.events
    assert found.days is not None
    assert 0 <= found.days <= 3
    assert report.found.value == 1.0
    assert report.median_days == found.days
    assert report.false_alarms_a_month.value == 0.0


def test_a_level_that_stood_before_the_event_is_a_lead():
    report = run(event(75), extra=storm(70, 80))
    assert report.events[0].days is not None
    assert -5 <= report.events[0].days < 0


def test_a_long_standing_level_leads_by_two_weeks_at_most():
    assert run(event(100), extra=storm(60, 110)).events[0].days == -14


def test_an_event_without_a_rise_is_missed_and_a_rise_without_an_event_is_false():
    report = run(event(50), extra=storm(90, 100))
    assert report.events[0].days is None
    assert (report.found.value, report.median_days) == (0.0, None)
    rate = report.false_alarms_a_month.value
    assert rate is not None
    assert rate * len(report.levels) / 30 == pytest.approx(1.0)


def test_the_time_to_stand_down_is_counted_from_the_relief():
    report = run(event(70), event(80, "deescalatory"), extra=storm(70, 80))
    assert report.stand_down_days is not None
    assert 2 <= report.stand_down_days <= 12


def test_relief_without_a_level_or_without_an_end_counts_no_days():
    assert run(event(50, "deescalatory")).stand_down_days is None
    still = run(event(118, "deescalatory"), extra=storm(100, 120))
    assert still.stand_down_days is None


def test_a_tripwire_counts_in_the_replay():
    rule = Rule(id="r", title="R", indicators=("airspace",), proximity=0.9, severity=3, floor=3)
    both = [replace(mention(70, "big", g), proximity=1.0, severity=3) for g in "ab"]
    report = run(event(70), extra=both, rules=Rules(rules=(rule,)))
    assert (report.events[0].days, report.events[0].level) == (0, 3)


def test_ours_beats_chance_where_news_rise_before_events():
    rises = [*storm(45, 52), *storm(70, 77), *storm(95, 102)]
    report = run(event(52), event(77), event(102), extra=rises)
    skills = {one.name: one for one in report.skills}
    assert list(skills) == ["ours", "climatology", "persistence", "raw count", "pooled share"]
    assert skills["ours"].area.value > 0.7
    assert skills["ours"].area.value > skills["climatology"].area.value
    assert skills["ours"].recall.value == 1.0
    for skill in skills.values():
        assert 0 < skill.alerts <= len(report.levels) // 7
        for one in (skill.precision, skill.recall, skill.area):
            assert 0 <= one.low <= one.value + 0.25
            assert one.value - 0.25 <= one.high <= 1


def test_without_events_there_is_nothing_to_be_right_about():
    report = run()
    assert (report.events, report.found.value, report.median_days) == ((), None, None)
    assert report.skills[0].area.value is None
    assert report.skills[0].recall.value is None
    assert report.skills[0].precision.value == 0.0


def test_events_outside_the_archive_are_left_out():
    assert run(event(2), event(500)).events == ()


def test_the_report_is_plain_json():
    raw = orjson.loads(orjson.dumps(run(event(70), extra=storm(70, 80)).as_json()))
    assert raw["events"][0]["day"] == day(70).isoformat()
    assert raw["skills"][0]["precision"].keys() == {"value", "low", "high"}
    assert len(raw["levels"]) == (noon(119) - noon(0)).days + 1 - (
        (np.datetime64(raw["first"]) - np.datetime64(day(0))).astype(int)
    )


@pytest.mark.parametrize("days", [0, 5])
def test_an_archive_of_a_few_days_is_too_short(days):
    mentions, exposures = calm(days)
    with pytest.raises(ValueError, match="too short"):
        backtest(mentions, exposures, [], WATCHED, QUICK)


def test_the_shipped_chronology_can_be_read():
    lines = (SEEDS / "chronology.jsonl").read_bytes().splitlines()
    events = read_events([orjson.loads(line) for line in lines])
    assert len(events) >= 50
    assert {one.direction for one in events} <= {"escalatory", "deescalatory", "neutral"}


@pytest.mark.parametrize(
    "row",
    [{"fact": "x", "direction": "neutral"}, {"date": "2025-10", "fact": "x", "direction": ""}],
)
def test_a_bad_line_of_the_chronology_is_named(row):
    with pytest.raises(ValueError, match="chronology line 2"):
        read_events([{"date": "2025-10-01", "fact": "a", "direction": "neutral"}, row])


def judge(item: ArchiveItem) -> Assessment:
    """Airspace when the title says so."""
    span = Evidence(field="title", start=0, end=1, text=item.title[:1], rule="r")
    flags = ()
    if "airspace" in item.title:
        flags = (
            Flag(
                indicator="airspace",
                direction=Direction.ESCALATORY,
                kind=Kind.ACT,
                severity=3,
                evidence=(span,),
            ),
        )
    place = PlaceMention(
        id="hato", name="Hato", distance_km=9.0, latitude=12.2, longitude=-69.0, evidence=span
    )
    return Assessment(
        language="en",
        relevant=bool(flags),
        relevance=Relevance(value=1.0),
        severity=3,
        direction=Direction.NEUTRAL,
        flags=flags,
        places=(place,),
        proximity=0.7,
        historical="anniversary" in item.title,
        lexicon_version="v",
    )


GROUPS = Groups.of([{"name": "ministry", "official": True, "domains": ["min.example"]}])


def line(n: int, title: str, **changes: object) -> ArchiveItem:
    values: dict[str, object] = {"title": title, "publisher": "Courier", "seen_at": noon(n)}
    return ArchiveItem(**values | changes)


def test_an_archive_is_judged_and_grouped_in_the_order_in_which_it_was_seen():
    lines = [
        line(1, "Hato tower says airspace stays shut until Friday", publisher="Herald"),
        line(0, "Hato tower says airspace stays shut until Friday"),
        line(0, "Carnival queen elected in Otrobanda last night"),
        line(0, "Carnival queen elected in Otrobanda last night"),
        line(2, "Old airspace closure: anniversary"),
    ]
    mentions, exposures = replay(lines, judge, GROUPS, zone=UTC)
    assert {one.story_id for one in mentions} == {mentions[0].story_id}
    assert [(one.group, one.day) for one in mentions] == [("courier", day(0)), ("herald", day(1))]
    assert {(one.group, one.day): one.stories for one in exposures} == {
        ("courier", day(0)): 2,
        ("courier", day(1)): 0,
        ("courier", day(2)): 1,
        ("herald", day(1)): 1,
        ("herald", day(2)): 0,
    }


def test_a_publisher_silent_for_more_than_a_week_was_not_observed():
    lines = [line(0, "One thing"), line(20, "Another matter"), line(20, "x", publisher="Herald")]
    _mentions, exposures = replay(lines, judge, GROUPS, zone=UTC)
    seen = {(one.day - day(0)).days: one.observed for one in exposures if one.group == "courier"}
    assert [seen[n] for n in (0, 7, 8, 19, 20)] == [True, True, False, False, True]


def test_official_sources_and_late_items_keep_their_meaning():
    lines = [
        line(
            3,
            "airspace notice",
            url="https://min.example/1",
            published_at=noon(3) - timedelta(days=2),
        )
    ]
    mentions, exposures = replay(lines, judge, GROUPS, zone=UTC)
    assert (mentions[0].day, exposures[0].official, exposures[0].group) == (
        day(1),
        True,
        "ministry",
    )


def test_an_empty_archive_gives_nothing():
    assert replay([], judge, GROUPS, zone=UTC) == ([], [])
