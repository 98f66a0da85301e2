"""Freeze: the views of one moment as the document of a snapshot; nothing is left to look up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor import __version__
from monitor.assess.assessor import Assessor
from monitor.assess.changes import usable
from monitor.config import SEEDS, Config
from monitor.items import stamp
from monitor.snapshots.document import (
    SCHEMA,
    VERSION,
    Choice,
    Document,
    FeedSummary,
    Kind,
    SilentFeed,
)
from monitor.storage.rows import FeedRow
from monitor.storage.store import Store
from monitor.views import board, feeds
from monitor.views.freeze import chosen, measures
from monitor.views.freeze.told import Desk, Told, told
from monitor.views.lens import Lens


def document(
    store: Store,
    settings: Config,
    *,
    kind: Kind,
    choice: Choice,
    note: str,
    author: str,
    expire_after: timedelta,
    now: datetime,
    assessor: Assessor | None = None,
) -> Document:
    """Everything that a page of this kind shows at `now`, under what was chosen on it.

    Args:
        store: What is frozen.
        settings: Site, zone and constants of the index.
        kind: situation, indicators, stories or brief.
        choice: Range, filters and whatever else the reader chose; {}: what the page begins with.
        note: Written by the author for the readers.
        author: Who froze it.
        expire_after: How long the link opens.
        now: In UTC.
        assessor: The judge in use; None: the shipped one with those of the
            store's changes that still fit it.

    Raises:
        StorageError: The store cannot be read.
    """
    judge = assessor or Assessor.load(SEEDS, usable(SEEDS, store.lexicons.current())[0])
    language = settings.site.language
    names = {one.id: one.names.get(language, one.id) for one in judge.indicators.values()}
    lens = Lens(now=now, zone=settings.zone, names=names)
    days = choice.get("days", chosen.DAYS[kind]) if kind in _RANGED else chosen.DAYS[kind]
    since = board.start_of(lens, max(days, board.SPARK_DAYS))
    readings = board.by_series(store.measures.readings(since=since))
    first = board.start_of(lens, days)
    shown = {name: [one for one in rows if one.day >= first] for name, rows in readings.items()}
    headline = readings.get(board.HEADLINE, [])
    standing = board.standing(
        headline, store.measures.level_changes(1), settings.index, lens, store.measures.explained()
    )
    totals = store.reading.totals(now=now)
    rows = store.reading.feeds(now=now)
    found = told(kind, choice, Desk(store=store, settings=settings, judge=judge, lens=lens))
    made = Document(
        schema=SCHEMA,
        version=VERSION,
        kind=kind,
        site=settings.site.title,
        timezone=settings.site.timezone,
        title=f"{_TITLES[kind]}: {_subject(standing, found)}, {lens.day(lens.today)}",
        note=note,
        author=author,
        created_at=stamp(now),
        expires_at=stamp(now + expire_after),
        computed_at=stamp(store.measures.computed_at() or now),
        newest_evidence_at=stamp(totals.newest_seen_at) if totals.newest_seen_at else None,
        view={"shown": chosen.told(kind, choice, lens)},
        choice=choice,
        lead=found.lead,
        figures=list(found.figures),
        listed=found.listed,
        level=measures.level(standing, headline),
        headlines=list(found.headlines),
        series=[
            measures.series(name, shown[name], lens)
            for name in _names(kind, judge)
            if shown.get(name)
        ],
        board=[measures.board_row(name, readings.get(name, ()), lens) for name in judge.indicators],
        contributions=measures.contributions(readings, judge, lens),
        events=measures.events(lens, days),
        stories=list(found.stories),
        markers=list(found.markers),
        deadlines=list(found.deadlines),
        silent_feeds=_silent(rows, lens),
        feeds=_feeds(rows, lens),
        settings=measures.constants(settings),
        lexicon_version=judge.version,
        code_version=__version__,
    )
    if found.focus is not None:
        made["focus"] = found.focus
    if found.made_of:
        made["made_of"] = list(found.made_of)
    if found.timeline is not None:
        made["timeline"] = list(found.timeline)
    return made


def present(
    store: Store,
    settings: Config,
    before: Document,
    *,
    author: str,
    now: datetime,
    assessor: Assessor | None = None,
) -> Document:
    """What a snapshot would show now: the same kind of view under the same choice.

    Raises:
        StorageError: The store cannot be read.
    """
    kind, choice = chosen.of_document(before)
    return document(
        store,
        settings,
        kind=kind,
        choice=choice,
        note="",
        author=author,
        expire_after=timedelta(days=1),
        now=now,
        assessor=assessor,
    )


_RANGED = ("situation", "indicators")
_TITLES = {
    "situation": "Situation",
    "indicators": "Indicators",
    "stories": "Stories",
    "brief": "Brief",
}


def _subject(standing: board.Standing, found: Told) -> str:
    """The headline's level; of one series its name, for that level is not its own."""
    return found.focus["name"] if found.focus else standing.name


def _names(kind: Kind, judge: Assessor) -> list[str]:
    composites = list(board.COMPOSITES)
    return [*composites, *judge.indicators] if kind == "indicators" else composites


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
