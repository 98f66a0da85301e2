"""Rows for the tests of the index: a calm past, then what the test changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from monitor.indicators.measure import Measures, measure
from monitor.indicators.rows import Exposure, Mention
from monitor.indicators.settings import Settings, Weighting

FIRST = date(2025, 1, 1)
WATCHED: Mapping[str, Weighting] = {
    "airspace": Weighting(weight=8.0, half_life_days=5.0),
    "ultimatum": Weighting(weight=6.0, half_life_days=4.0),
    "negotiation": Weighting(weight=3.0, half_life_days=5.0),
    "migration": Weighting(weight=4.0, half_life_days=7.0),
}
QUICK = Settings(
    burn_in_days=10,
    burn_in_hits=5,
    base_days=60,
    guard_days=10,
    min_base_days=3,
    forming_days=14,
    prior_stories=20,
)
"""Settings under which a short past is enough, so that tests stay quick."""


def day(n: int) -> date:
    return FIRST + timedelta(n)


def noon(n: int, hour: int = 12) -> datetime:
    return datetime.combine(day(n), time(hour), UTC)


def mention(n: int, name: str, group: str = "a", **changes: object) -> Mention:
    """A flag of story `name`, first seen at noon of day `n`."""
    values: dict[str, object] = {
        "day": day(n),
        "seen_at": noon(n),
        "item_id": f"{name}-{group}",
        "story_id": name,
        "group": group,
        "indicator": "airspace",
        "proximity": 0.5,
    }
    return Mention(**values | changes)


def exposure(n: int, group: str = "a", **changes: object) -> Exposure:
    values: dict[str, object] = {"day": day(n), "group": group, "reliability": "B", "stories": 20}
    return Exposure(**values | changes)


def calm(days: int, groups: str = "abc", a_day: int = 1) -> tuple[list[Mention], list[Exposure]]:
    """Every group shows 20 stories and `a_day` flagged ones a day."""
    mentions = [
        mention(n, f"s{n}{group}{one}", group)
        for n in range(days)
        for group in groups
        for one in range(a_day)
    ]
    return mentions, [exposure(n, group) for n in range(days) for group in groups]


def measured(
    mentions: Iterable[Mention],
    exposures: Iterable[Exposure],
    last: int,
    settings: Settings = QUICK,
) -> Measures:
    """Measured late on day `last`."""
    made = measure(list(mentions), list(exposures), WATCHED, settings, as_of=noon(last, 23))
    assert made is not None
    return made


def index(made: Measures, n: int, series: str = "risk") -> float:
    value = made.readings(series, day(n), day(n))[0].index
    assert value is not None
    return value
