"""Indicators: how has each indicator moved?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import Protocol

import pandas as pd

from monitor.indicators.measure import Reading, State
from monitor.indicators.settings import Settings, Watched
from monitor.storage.measures import Measures
from monitor.storage.reading import Reading as Queries
from monitor.storage.rows import StoryFilter
from monitor.views import board, frames
from monitor.views.board import Standing
from monitor.views.cards import VOICES, StoryCard, story_cards
from monitor.views.lens import Lens

HEAT_DAYS = 42
STORIES = 5
COMPARE = {"none": "Nothing", "before": "Period before", "year": "A year ago"}
EARLIER = {"before": "period before", "year": "same days a year ago"}
_STEPS = ((50.0, -2), (80.0, -1), (130.0, 0), (175.0, 1), (250.0, 2))


class Described(Watched, Protocol):
    """What the lexicon says of an indicator."""

    @property
    def definition(self) -> str:
        """What it watches, in one sentence."""

    @property
    def kind(self) -> str:
        """act, threat, talk or context."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """One day of one indicator on the heat map."""

    day: str  # ISO
    step: int | None  # -2 calmer to 3 far above normal; None: no value
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One of the small multiples."""

    id: str
    name: str
    state: str
    word: str
    index: str
    detail: str
    values: tuple[float | None, ...]
    lows: tuple[float | None, ...]
    highs: tuple[float | None, ...]
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicators:
    """All series of a range."""

    sentence: str
    composites: tuple[Panel, ...]
    panels: tuple[Panel, ...]
    days: tuple[str, ...]  # of the heat map, in few words
    table: pd.DataFrame  # series, name and the columns of frames.SERIES
    squares: pd.DataFrame  # the same of the heat map's rows and days


@dataclass(frozen=True, slots=True, kw_only=True)
class OneIndicator:
    """One series in full."""

    id: str
    name: str
    about: str
    facts: tuple[str, ...]
    standing: Standing
    chart: pd.DataFrame
    earlier: tuple[Reading, ...]  # compared with, shifted onto the days of `chart`
    compared: pd.DataFrame | None  # the same as a frame
    numbers: pd.DataFrame  # `chart`, and the compared index beside it
    comparison: str
    stories: tuple[StoryCard, ...]


def load(
    lens: Lens, measures: Measures, *, watched: Mapping[str, Watched], days: int = 90
) -> Indicators:
    """Every series over so many days, the loud ones first."""
    since = board.start_of(lens, max(days, HEAT_DAYS))
    series = board.by_series(measures.readings(since=since))
    first, heat = board.start_of(lens, days), _heat_days(lens)[0]
    shown = {name: [one for one in rows if one.day >= first] for name, rows in series.items()}
    cells = board.cells(series, list(watched), lens)
    composites = board.cells(series, list(board.COMPOSITES), named(lens))
    return Indicators(
        sentence=board.loud(cells),
        composites=tuple(
            _panel(cell, series, shown, lens)
            for name in board.COMPOSITES
            for cell in composites
            if cell.id == name
        ),
        panels=tuple(_panel(cell, series, shown, lens) for cell in cells),
        days=tuple(lens.short_day(day) for day in _heat_days(lens)),
        table=_table(shown, lens),
        squares=_table(
            {name: [one for one in series.get(name, ()) if one.day >= heat] for name in watched},
            lens,
        ),
    )


def load_one(
    queries: Queries,
    lens: Lens,
    measures: Measures,
    *,
    name: str,
    watched: Mapping[str, Described],
    settings: Settings,
    days: int = 90,
    compare: str = "none",
) -> OneIndicator | None:
    """One series over so many days; None when there is no such series."""
    if name not in watched and name not in board.COMPOSITES:
        return None
    first = board.start_of(lens, days)
    shift = {"before": timedelta(days=days), "year": timedelta(days=364)}.get(compare)
    rows = measures.readings(name, since=first - (shift or timedelta()))
    present = [one for one in rows if one.day >= first]
    label = named(lens).name(name)
    stories = queries.severest_stories(
        StoryFilter(
            since=lens.now - timedelta(days=days), indicators=(name,) if name in watched else ()
        ),
        limit=STORIES,
    )
    spoken = queries.items_of([story.id for story in stories], limit=VOICES)
    changes = measures.level_changes(1) if name == board.HEADLINE else ()
    earlier = _shifted(rows, shift, lens.today) if shift else []
    chart = frames.series(present)
    about = watched[name].definition if name in watched else _ABOUT[name]
    return OneIndicator(
        id=name,
        name=label,
        about=about,
        facts=_facts(watched[name]) if name in watched else (),
        standing=board.standing(present, changes, settings, lens),
        chart=chart,
        numbers=chart.assign(compared=_beside(present, earlier)) if earlier else chart,
        earlier=tuple(earlier),
        compared=frames.series(earlier) if earlier else None,
        comparison=_comparison(present, earlier, compare) if shift else "",
        stories=story_cards(stories, spoken, lens),
    )


_ABOUT = {
    "risk": "Acts and threats together: the headline. De-escalation is never netted against it.",
    "act": "What was done: strikes, closures, seizures, deployments, detentions.",
    "threat": "What was threatened or announced: ultimatums, threats of force, advisories.",
    "deesc": "What calmed things: talks, releases, reopenings, withdrawals. Higher is calmer.",
}


def names(lens: Lens, watched: Sequence[str]) -> dict[str, str]:
    """Ids and names to choose from: the composites, then the indicators by name."""
    ordered = sorted(watched, key=lens.name)
    return dict(board.COMPOSITES) | {name: lens.name(name) for name in ordered}


def named(lens: Lens) -> Lens:
    """A lens that knows the composites' names too."""
    return Lens(now=lens.now, zone=lens.zone, names={**lens.names, **board.COMPOSITES})


def _facts(one: Described) -> tuple[str, ...]:
    return (
        f"Kind: {one.kind}",
        f"Weight: {one.weight:g} of 10",
        f"Half-life: {one.half_life_days:g} days",
    )


def _shifted(rows: Sequence[Reading], shift: timedelta, last: date) -> list[Reading]:
    """Readings of the earlier period, moved onto the days of the present one."""
    moved = []
    for one in rows:
        day = one.day + shift
        if day <= last:
            values = {name: getattr(one, name) for name in Reading.__slots__}
            moved.append(Reading(**values | {"day": day}))
    return moved


def _beside(present: Sequence[Reading], earlier: Sequence[Reading]) -> pd.Series:
    """The index of the earlier period on each present day."""
    known = {one.day: one.index for one in earlier}
    return pd.Series([known.get(one.day) for one in present], dtype="float64")


def _comparison(present: Sequence[Reading], earlier: Sequence[Reading], compare: str) -> str:
    now = [one.index for one in present if one.index is not None]
    then = [one.index for one in earlier if one.index is not None]
    if not now or not then:
        return f"Nothing is known of the {EARLIER[compare]}."
    before, after = fmean(then), fmean(now)
    return (
        f"Mean index {after:,.0f}, the {EARLIER[compare]} {before:,.0f}: "
        f"{after / before:,.1f} times."
    )


def _panel(
    cell: board.Cell,
    series: Mapping[str, Sequence[Reading]],
    shown: Mapping[str, Sequence[Reading]],
    lens: Lens,
) -> Panel:
    rows = shown.get(cell.id, ())
    step = max(1, len(rows) // 120)  # a panel is 200 pixels wide
    thin = rows[::-step][::-1] if step > 1 else rows
    by_day = {one.day: one for one in series.get(cell.id, ())}
    return Panel(
        id=cell.id,
        name=cell.name,
        state=cell.state,
        word=cell.word,
        index=cell.index,
        detail=cell.detail,
        values=tuple(_round(one.index) for one in thin),
        lows=tuple(_round(one.low80) for one in thin),
        highs=tuple(_round(one.high80) for one in thin),
        squares=tuple(_square(day, by_day.get(day), lens) for day in _heat_days(lens)),
    )


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _heat_days(lens: Lens) -> list[date]:
    return [lens.today - timedelta(days=HEAT_DAYS - 1 - number) for number in range(HEAT_DAYS)]


def _square(day: date, reading: Reading | None, lens: Lens) -> Square:
    name = lens.day(day)
    if reading is None or reading.index is None or reading.state is State.BLIND:
        return Square(day=day.isoformat(), step=None, words=f"{name}: no value")
    step = next((step for limit, step in _STEPS if reading.index < limit), 3)
    return Square(
        day=day.isoformat(),
        step=step,
        words=f"{name}: index {reading.index:,.0f}, {reading.seen:,.1f} seen, "
        f"{reading.expected:,.1f} expected",
    )


def _table(shown: Mapping[str, Sequence[Reading]], lens: Lens) -> pd.DataFrame:
    labels = named(lens)
    rows = [
        one for name, some in shown.items() if not name.endswith("_count") for one in some
    ]  # one frame for all: a frame for each series costs more than all the numbers
    frame = frames.series(rows)
    frame.insert(0, "name", [labels.name(one.series) for one in rows])
    frame.insert(0, "series", [one.series for one in rows])
    return frame
