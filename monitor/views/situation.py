"""Situation: is anything escalating, why, and can today's data be trusted?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from monitor.indicators.explain import Explained
from monitor.indicators.measure import Reading
from monitor.indicators.settings import Settings, Watched
from monitor.storage.measures import Measures
from monitor.storage.reading import Reading as Queries
from monitor.storage.rows import FeedRow, StoryFilter
from monitor.views import board, chronology, deadlines, feeds, frames, places
from monitor.views.board import Cell, Move, Standing
from monitor.views.cards import VOICES, StoryCard, story_cards
from monitor.views.chronology import Fact, Pin
from monitor.views.deadlines import DueCard, Upcoming
from monitor.views.lens import Lens, count

STORY_DAYS = 14  # flagged stories and the map look back so far
STORIES = 6
DUE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure, what it means, and the page that shows what is behind it."""

    label: str
    value: str
    note: str
    page: str
    query: str  # of the address, without the question mark
    spark: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One line of what the index of today is made of."""

    points: str
    title: str
    story: str  # "" where it is no single story


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything on the page."""

    standing: Standing
    moves: tuple[Move, ...]
    parts: tuple[Part, ...]  # they sum up to the index; none while it is not known
    left_out: tuple[str, ...]  # what was not counted in the last seven days, and why
    tiles: tuple[Tile, ...]
    chart: pd.DataFrame  # columns as frames.SERIES
    pins: tuple[Pin, ...]
    cells: tuple[Cell, ...]
    stories: tuple[StoryCard, ...]
    markers: pd.DataFrame  # columns as frames.MARKERS
    at_place: Mapping[str, tuple[str, ...]]  # story ids by place
    due: tuple[DueCard, ...]
    silent: tuple[str, ...]
    is_empty: bool  # no item at all


def load(
    queries: Queries,
    lens: Lens,
    measures: Measures,
    *,
    watched: Mapping[str, Watched],
    settings: Settings,
    facts: Sequence[Fact],
    days: int = 90,
) -> Situation:
    """The situation as it stands at the lens's moment, with a chart of so many days."""
    first = board.start_of(lens, max(days, board.SPARK_DAYS))
    headline = measures.readings(board.HEADLINE, since=first)
    recent = board.by_series(measures.readings(since=board.start_of(lens, board.SPARK_DAYS)))
    indicators = {name: rows for name, rows in recent.items() if name in watched}
    chosen = StoryFilter(since=lens.now - timedelta(days=STORY_DAYS))
    stories = queries.severest_stories(chosen, limit=STORIES)
    spoken = queries.items_of([story.id for story in stories], limit=VOICES)
    spots = places.spots(places.mapped(queries, chosen))
    rows = queries.feeds(now=lens.now)
    due = deadlines.upcoming(queries, lens, show=DUE)
    why = measures.explained()
    return Situation(
        standing=board.standing(headline, measures.level_changes(1), settings, lens, why),
        moves=board.moves(indicators, watched, lens),
        parts=_parts(queries, headline, why),
        left_out=tuple(f"{lens.short_day(day)}: {text}" for day, text in why.notes) if why else (),
        tiles=_tiles(queries, lens, headline, rows, due),
        chart=frames.series([one for one in headline if one.day >= board.start_of(lens, days)]),
        pins=chronology.pins(facts, lens, first=board.start_of(lens, days), last=lens.today),
        cells=board.cells(indicators, list(watched), lens),
        stories=story_cards(stories, spoken, lens),
        markers=frames.markers(spots),
        at_place={spot.id: spot.stories for spot in spots},
        due=due.cards,
        silent=feeds.silent(rows, lens),
        is_empty=queries.totals(now=lens.now).items == 0,
    )


def at(queries: Queries, lens: Lens, *, story_ids: Sequence[str]) -> tuple[StoryCard, ...]:
    """Cards of these stories, the most severe first: what is behind a marker."""
    stories = sorted(queries.stories_by_id(story_ids), key=lambda one: -one.severity)[:20]
    return story_cards(
        stories, queries.items_of([story.id for story in stories], limit=VOICES), lens
    )


def _parts(
    queries: Queries, headline: Sequence[Reading], why: Explained | None
) -> tuple[Part, ...]:
    """The index of today taken apart: stories, all other stories, and the pull to normal."""
    if why is None or not headline or headline[-1].index is None or headline[-1].day != why.day:
        return ()
    titles = {one.id: one.title for one in queries.stories_by_id([s.story_id for s in why.stories])}
    named = [one for one in why.stories if one.story_id in titles]
    others = why.others + sum(one.points for one in why.stories if one.story_id not in titles)
    stories = [
        Part(points=f"{one.points:+.1f}", title=titles[one.story_id], story=one.story_id)
        for one in named
    ]
    return (
        *stories,
        Part(points=f"{others:+.1f}", title="all other flagged stories", story=""),
        Part(points=f"{why.usual:+.1f}", title="the pull to what is normal", story=""),
    )


def _tiles(
    queries: Queries,
    lens: Lens,
    headline: Sequence[Reading],
    rows: Sequence[FeedRow],
    due: Upcoming,
) -> tuple[Tile, ...]:
    totals = queries.totals(now=lens.now)
    moved = board.change(headline)
    watched = [row for row in rows if row.removed_at is None]
    working = [row for row in watched if _works(row, lens)]
    last = headline[-1] if headline else None
    return (
        Tile(
            label="Change in 7 days",
            value="–" if moved is None else f"{moved:+.0f}".replace("-", "−"),
            note="index points" if moved is not None else "known after the first weeks",
            page="indicators",
            query="",
            spark=tuple(one.index for one in headline[-board.SPARK_DAYS :]),
        ),
        Tile(
            label="Flagged stories",
            value=f"{totals.flagged_stories_24h:,}",
            note="seen in the last 24 h",
            page="stories",
            query="within=7+days",
            spark=tuple(one.seen for one in headline[-board.SPARK_DAYS :]),
        ),
        Tile(
            label="Evidence observed",
            value="–" if last is None else f"{last.coverage:.0%}",
            note=_observed(len(working), watched, lens),
            page="feeds",
            query="",
            spark=tuple(one.coverage for one in headline[-board.SPARK_DAYS :]),
        ),
        Tile(
            label="Deadlines ahead",
            value=f"{due.number}",
            note=f"{due.soon} within three days" if due.soon else "none within three days",
            page="deadlines",
            query="",
            spark=(),
        ),
    )


def _observed(working: int, watched: Sequence[FeedRow], lens: Lens) -> str:
    if not watched:
        return "no feed is watched yet"
    waiting = sum(feeds.health(row, now=lens.now).state == "waiting" for row in watched)
    if waiting == len(watched):
        return f"{count(waiting, 'feed')} not polled yet"
    return f"{working} of {count(len(watched), 'feed')} working"


def _works(row: FeedRow, lens: Lens) -> bool:
    return feeds.health(row, now=lens.now).state in ("healthy", "unsteady")
