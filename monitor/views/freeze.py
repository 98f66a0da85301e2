"""Freeze: the views of one moment as the document of a snapshot; nothing is left to look up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from monitor import __version__
from monitor.assess.assessor import Assessor
from monitor.assess.changes import usable
from monitor.config import SEEDS, Config
from monitor.indicators.measure import Reading
from monitor.snapshots.document import (
    SCHEMA,
    VERSION,
    Document,
    FeedSummary,
    FrozenDeadline,
    FrozenStory,
    IndicatorRow,
    Kind,
    Level,
    Marker,
    ReferenceEvent,
    Series,
    SilentFeed,
    stamp,
)
from monitor.storage.rows import FeedRow, ItemRow, PlacedItem, StoryFilter, StoryRow
from monitor.storage.store import Store
from monitor.views import board, brief, chronology, feeds, places
from monitor.views.cards import openable, reasons
from monitor.views.lens import LEVELS, Lens

STORIES = 40
STORY_DAYS = 14  # as on the Situation page
VOICES = 8


def document(
    store: Store,
    settings: Config,
    *,
    kind: Kind,
    note: str,
    author: str,
    days: int,
    expire_after: timedelta,
    now: datetime,
    assessor: Assessor | None = None,
    chosen: Mapping[str, str] | None = None,
) -> Document:
    """Everything that a page of this kind shows at `now`.

    Args:
        store: What is frozen.
        settings: Site, zone and constants of the index.
        kind: situation, indicators, stories or brief.
        note: Written by the author for the readers.
        author: Who froze it.
        days: Length of the charts.
        expire_after: How long the link opens.
        now: In UTC.
        assessor: The judge in use; None: the shipped one with those of the
            store's changes that still fit it.
        chosen: What else was chosen on the page, for readers to see.

    Raises:
        StorageError: The store cannot be read.
    """
    judge = assessor or Assessor.load(SEEDS, usable(SEEDS, store.lexicons.current())[0])
    language = settings.site.language
    names = {one.id: one.names.get(language, one.id) for one in judge.indicators.values()}
    lens = Lens(now=now, zone=settings.zone, names=names)
    readings = board.by_series(store.measures.readings(since=board.start_of(lens, days)))
    headline = readings.get(board.HEADLINE, [])
    standing = board.standing(
        headline, store.measures.level_changes(1), settings.index, lens, store.measures.explained()
    )
    told = StoryFilter(since=now - timedelta(days=min(days, STORY_DAYS)))
    stories = store.reading.severest_stories(told, limit=STORIES)
    spoken = store.reading.items_of([one.id for one in stories], limit=VOICES)
    flagged = places.mapped(store.reading, told)
    totals = store.reading.totals(now=now)
    rows = store.reading.feeds(now=now)
    computed = store.measures.computed_at()
    frozen_stories = _stories(stories, spoken, lens)
    kept = {one["id"] for one in frozen_stories}
    report = brief.load(
        store.reading, lens, store.measures, watched=judge.indicators, settings=settings.index
    )
    return Document(
        schema=SCHEMA,
        version=VERSION,
        kind=kind,
        site=settings.site.title,
        timezone=settings.site.timezone,
        title=f"{_TITLES[kind]}: {standing.name}, {lens.day(lens.today)}",
        note=note,
        author=author,
        created_at=stamp(now),
        expires_at=stamp(now + expire_after),
        computed_at=stamp(computed or now),
        newest_evidence_at=stamp(totals.newest_seen_at) if totals.newest_seen_at else None,
        view={"days": str(days)} | dict(chosen or {}),
        level=_level(standing, headline),
        headlines=list(report.changed),
        series=[
            _series(name, readings[name], lens)
            for name in _shown(kind, judge)
            if readings.get(name)
        ],
        board=[_row(name, readings.get(name, ()), lens) for name in judge.indicators],
        contributions=_contributions(readings, judge, lens),
        events=_events(lens, days),
        stories=frozen_stories,
        markers=_markers(flagged, kept),
        deadlines=_deadlines(store, lens),
        silent_feeds=_silent(rows, lens),
        feeds=_feeds(rows, lens),
        settings=_settings(settings),
        lexicon_version=judge.version,
        code_version=__version__,
    )


_TITLES = {
    "situation": "Situation",
    "indicators": "Indicators",
    "stories": "Stories",
    "brief": "Brief",
}


def _shown(kind: Kind, judge: Assessor) -> list[str]:
    composites = list(board.COMPOSITES)
    return [*composites, *judge.indicators] if kind == "indicators" else composites


def _level(standing: board.Standing, headline: Sequence[Reading]) -> Level:
    last = headline[-1] if headline else None
    return Level(
        number=standing.level or 0,
        name=LEVELS[standing.level] if standing.level is not None else standing.name,
        sentence=standing.sentence,
        index=standing.index,
        low80=standing.low,
        high80=standing.high,
        coverage=standing.coverage,
        state=last.state.value if last else "forming",
        tripwire=standing.because or None,
        steps=[
            {"number": number, "name": name, "above": above}
            for number, (name, above) in enumerate(standing.steps)
        ],
    )


def _series(name: str, readings: Sequence[Reading], lens: Lens) -> Series:
    known = {one.day: one for one in readings}
    first, last = readings[0].day, readings[-1].day
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    rows = [known.get(day) for day in days]
    return Series(
        series="deescalation" if name == "deesc" else name,
        name=board.COMPOSITES.get(name) or lens.name(name),
        days=[day.isoformat() for day in days],
        index=[row.index if row else None for row in rows],
        low80=[row.low80 if row else None for row in rows],
        high80=[row.high80 if row else None for row in rows],
        seen=[row.seen if row else 0.0 for row in rows],
        expected=[row.expected if row else 0.0 for row in rows],
        coverage=[row.coverage if row else 0.0 for row in rows],
        state=[row.state.value if row else "blind" for row in rows],
        level=[row.level if row and row.index is not None else None for row in rows],
    )


def _row(name: str, readings: Sequence[Reading], lens: Lens) -> IndicatorRow:
    last = readings[-1] if readings else None
    recent = readings[-board.MOVE_DAYS :]
    state = board.board_state(last)
    return IndicatorRow(
        id=name,
        name=lens.name(name),
        state="quiet" if state == "unknown" else state,  # type: ignore[typeddict-item]  # a word of it
        index=last.index if last else None,
        low=last.low80 if last else None,
        high=last.high80 if last else None,
        seen=sum(one.seen for one in recent),
        expected=sum(one.expected for one in recent),
    )


def _contributions(
    readings: Mapping[str, Sequence[Reading]], judge: Assessor, lens: Lens
) -> list[Any]:
    watched = {name: rows for name, rows in readings.items() if name in judge.indicators}
    moves = board.moves(watched, judge.indicators, lens)
    total = sum(abs(move.weight) for move in moves) or 1.0
    return [
        {
            "indicator": move.indicator,
            "name": move.name,
            "share": move.weight / total,
            "words": move.words,
        }
        for move in moves
    ]


def _events(lens: Lens, days: int) -> list[ReferenceEvent]:
    facts = chronology.read(SEEDS / "chronology.jsonl")
    first = board.start_of(lens, days)
    found = chronology.pins(facts, lens, first=first, last=lens.today)
    return [
        ReferenceEvent(
            date=pin.date.isoformat(),
            text=pin.text,
            direction=pin.direction,
            source=pin.source,
            url=pin.url,
        )
        for pin in found
    ]


def _stories(
    stories: Sequence[StoryRow], spoken: Sequence[ItemRow], lens: Lens
) -> list[FrozenStory]:
    items: dict[str, list[ItemRow]] = {}
    for item in spoken:
        items.setdefault(item.story_id or "", []).append(item)
    return [_story(story, items.get(story.id, []), lens) for story in stories]


def _story(story: StoryRow, items: Sequence[ItemRow], lens: Lens) -> FrozenStory:
    voice = max(
        items, key=lambda one: one.assessment.severity if one.assessment else -1, default=None
    )
    judged = voice.assessment if voice else None
    published = voice.published_at if voice else None
    found = reasons(judged.flags, lens) if judged else ()
    return FrozenStory(
        id=story.id,
        title=voice.title if voice else story.title,
        url=openable(voice.url)[0] if voice else "",
        publishers=list(dict.fromkeys(item.publisher or item.feed_title for item in items)),
        groups=story.groups,
        items=story.items,
        severity=story.severity,
        direction=story.direction,
        indicators=[lens.name(one) for one in story.indicators],
        reasons=[
            {"indicator": one.indicator, "name": one.name, "words": list(one.words)}
            for one in found
        ],
        relevance=list(judged.relevance.reasons) if judged else [],
        excerpt=voice.summary if voice else "",
        language=judged.language if judged else "und",
        published_at=stamp(published) if published else None,
        first_seen_at=stamp(story.first_seen_at),
        event_date=story.event_date,
    )


def _markers(flagged: Sequence[PlacedItem], kept: set[str]) -> list[Marker]:
    return [
        Marker(
            name=spot.name,
            lat=spot.latitude,
            lon=spot.longitude,
            severity=spot.severity,
            stories=[story for story in spot.stories if story in kept],
        )
        for spot in places.spots(flagged)
    ]


def _deadlines(store: Store, lens: Lens) -> list[FrozenDeadline]:
    rows = store.reading.deadlines(since=lens.now, until=lens.now + timedelta(days=120))
    return [
        FrozenDeadline(
            due=row.due,
            phrase=row.phrase,
            indicator=lens.name(row.indicator) if row.indicator else "",
            story=row.story_id or "",
            title=row.title,
            outcome=row.outcome,
        )
        for row in rows[:30]
    ]


def _silent(rows: Sequence[FeedRow], lens: Lens) -> list[SilentFeed]:
    found = [(row, feeds.health(row, now=lens.now)) for row in rows]
    return [
        SilentFeed(
            title=row.title, since=stamp(one.since) if one.since else None, because=one.because
        )
        for row, one in found
        if one.state in ("failing", "silent")
    ]


def _feeds(rows: Sequence[FeedRow], lens: Lens) -> FeedSummary:
    states = [feeds.health(row, now=lens.now).state for row in rows if row.removed_at is None]
    return FeedSummary(
        watched=len(states),
        healthy=states.count("healthy") + states.count("unsteady"),
        failing=states.count("failing"),
        silent=states.count("silent"),
        paused=states.count("paused"),
    )


def _settings(settings: Config) -> dict[str, Any]:
    constants = settings.index
    return {one.name: _plain(getattr(constants, one.name)) for one in fields(constants)}


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value
