"""`curacao-monitor bench store`: the store, the index and the data behind every page, at scale.

Two made-up archives of two years, one ten times the other, are written into SQLite files in a
temporary folder; everything is measured warm, in CPU time of this process, as medians.
"""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitor.assess.assessor import Assessor
from monitor.assess.changes import Vocabulary
from monitor.assess.indicators import Indicator
from monitor.bench.archive import COMMON, Archive, Plan
from monitor.bench.report import Line
from monitor.config import SEEDS
from monitor.cycle import measuring
from monitor.feeds.model import Feed, feed_id
from monitor.indicators.settings import Settings
from monitor.indicators.tripwires import Rules
from monitor.storage.engine import Database
from monitor.storage.items import Judged
from monitor.storage.rows import StoryFilter
from monitor.storage.store import Store
from monitor.storage.triage import Label, Verdict
from monitor.stories.grouping import WINDOW
from monitor.views import (
    brief,
    chronology,
    clocks,
    deadlines,
    drill,
    feeds,
    indicators,
    situation,
    stories,
    triage,
    vocabulary,
)
from monitor.views.lens import Lens

Row = dict[str, Any]
"""name (str), figure (float), unit (str), target (float or None), met (bool or None)."""
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ZONE = ZoneInfo("America/Curacao")
LARGE, SMALL = 1_000_000, 100_000
REPEATS = 5
PAGE_MS = 100.0
GROWTH = 1.3
INDEX_S = 2.0
MEMORY_MB = 600.0


def run(*, small: bool = False) -> list[Row]:
    """Figures of the large archive, and how they grew from one a tenth of its size.

    Args:
        small: Archives of 10,000 and 1,000 items, to see that everything runs; targets are those
            of the large ones.
    """
    known = Assessor.load(SEEDS).indicators
    sizes = (SMALL // 100, LARGE // 100) if small else (SMALL, LARGE)
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as folder:
        less, _rows = _measured(Path(folder) / "less.db", sizes[0], known)
        more, rows = _measured(Path(folder) / "more.db", sizes[1], known)
    pages = [_row(f"page: {name}", ms, "ms", PAGE_MS) for name, ms in more.items()]
    grown = [_row(f"growth: {name}", ms / less[name], "x", GROWTH) for name, ms in more.items()]
    whole = _row("growth: all pages", sum(more.values()) / sum(less.values()), "x", GROWTH)
    return [*rows, *pages, *grown, whole]


def _measured(
    file: Path, items: int, known: Mapping[str, Indicator]
) -> tuple[dict[str, float], list[Row]]:
    """Milliseconds of each page, and the other figures, of one archive."""
    database = Database(f"sqlite:///{file}")
    try:
        database.migrate()
        begin = time.perf_counter()
        archive = Archive(Plan(items=items), known, zone=ZONE, now=NOW)
        archive.write(database)
        filled = items / (time.perf_counter() - begin)
        store = Store(database, ZONE)
        rows = [_row("written in bulk", filled, "items/s"), *_index(store, known)]
        pages = {name: _median_ms(page) for name, page in _pages(store, known, archive).items()}
        rows += _questions(store)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return pages, [*rows, _row("memory of this process, peak", peak, "MB", MEMORY_MB)]
    finally:
        database.dispose()


def _index(store: Store, known: Mapping[str, Indicator]) -> list[Row]:
    """The first computation with all writes, one of everything, and the everyday one."""
    running, rules, settings = measuring.Running(), Rules.load(SEEDS), Settings()
    measure = partial(measuring.remeasure, store, known, settings, rules)
    first = _seconds(lambda: measure(now=NOW))
    again = _seconds(lambda: measure(now=NOW, running=running))
    carried = [
        _seconds(partial(measure, now=NOW + timedelta(minutes=minute), running=running))
        for minute in range(1, REPEATS + 1)
    ]
    later = NOW + timedelta(minutes=REPEATS + 1)
    _refuse(store, NOW - timedelta(days=30))
    refused = _seconds(lambda: measure(now=later, running=running))
    return [
        _row("index: the very first time, everything written", first, "s CPU"),
        _row("index: all days again", again, "s CPU", INDEX_S),
        _row("index: carried on", statistics.median(carried), "s CPU", INDEX_S),
        _row("index: after a refusal 30 days back", refused, "s CPU", INDEX_S),
    ]


def _refuse(store: Store, day: datetime) -> None:
    """Call an item flagged on that day not relevant."""
    item = store.reading.flagged_on(store.items.local_day(day), limit=1)
    for one in item:
        store.triage.add(Label(item_id=one, verdict=Verdict.NOT_RELEVANT, by="bench", at=NOW))


def _pages(
    store: Store, known: Mapping[str, Indicator], archive: Archive
) -> dict[str, Callable[[], object]]:
    """The data behind each page, as the page asks for it."""
    reading, measures = store.reading, store.measures
    lens = Lens(now=NOW, zone=ZONE, names={})
    settings = Settings()
    facts = chronology.read(SEEDS / "chronology.jsonl")
    month, years = (StoryFilter(since=NOW - timedelta(days=days)) for days in (30, 730))
    said = StoryFilter(since=years.since, words=COMMON[0])
    narrow = StoryFilter(since=years.since, language="es", indicators=(next(iter(known)),))
    second = stories.load(reading, lens, chosen=month).after
    one = reading.severest_stories(years, limit=1)[0].id
    board = partial(situation.load, reading, lens, measures, watched=known, settings=settings)
    name = next(iter(known))
    series = partial(indicators.load_one, reading, lens, measures, watched=known, settings=settings)
    return {
        "clocks": partial(clocks.load, reading, lens),
        "situation, 90 days": partial(board, facts=facts),
        "situation, 2 years": partial(board, facts=facts, days=730),
        "indicators, 90 days": partial(indicators.load, lens, measures, watched=known),
        "indicators, 2 years": partial(indicators.load, lens, measures, watched=known, days=730),
        "one indicator, 2 years": partial(series, name=name, days=730),
        "stories, 30 days": partial(stories.load, reading, lens, chosen=month),
        "stories, next page": partial(stories.load, reading, lens, chosen=month, after=second),
        "stories, 2 years": partial(stories.load, reading, lens, chosen=years),
        "stories, language and indicator, 2 years": partial(
            stories.load, reading, lens, chosen=narrow
        ),
        "stories, common word": partial(stories.load, reading, lens, chosen=said),
        "one story": partial(stories.load_story, reading, lens, one),
        "triage": partial(triage.load, reading, lens),
        "deadlines": partial(deadlines.load, reading, lens),
        "brief": partial(brief.load, reading, lens, measures, watched=known, settings=settings),
        "feeds": partial(feeds.load, reading, lens),
        "one feed": partial(feeds.load_feed, reading, lens, archive.feeds[0].id),
        "versions of the lexicon": partial(
            vocabulary.load, store.lexicons, lens, shipped=Vocabulary.load(SEEDS)
        ),
        "items behind a point": partial(
            drill.of_series, reading, lens, name="risk", day="2026-11-01"
        ),
    }


def _questions(store: Store) -> list[Row]:
    """What the poller and the pages ask besides."""
    reading, since = store.reading, NOW - WINDOW
    rows = [
        _row("has anything changed?", _median_ms(reading.version), "ms", 2.0),
        _row("totals", _median_ms(partial(reading.totals, now=NOW)), "ms", 10.0),
        _row("first and last day", _median_ms(store.items.days), "ms", 2.0),
        _row("items not judged yet", _median_ms(store.items.unjudged), "ms", 5.0),
        _row("items by feed", _median_ms(store.feeds.counts), "ms", PAGE_MS),
        _row("72 hours for grouping", _median_ms(partial(store.measures.window, since)), "ms"),
    ]
    return [*rows, _row("judge 500 items", _judge(store), "ms"), *_claims(store)]


def _judge(store: Store) -> float:
    judged = [
        Judged(item=one.item, group=one.group, assessment=one.assessment)
        for one in store.items.listed(limit=500)
        if one.assessment is not None
    ]

    def judge() -> None:
        with store.database.write() as connection:
            store.items.judge(connection, judged, NOW)

    return _median_ms(judge)


def _claims(store: Store) -> list[Row]:
    """Taking 1,000 due feeds at once, and finding that none is due."""
    urls = [f"https://more{n}.example/rss" for n in range(1000)]
    store.feeds.sync([Feed(id=feed_id(url), url=url, title=url) for url in urls], NOW)
    claim = partial(store.polling.claim_due, NOW, "bench", limit=2000)
    return [
        _row("claim 1,000 due feeds", 1000 * _seconds(claim), "ms"),
        _row("find that none of 1,000 feeds is due", _median_ms(claim), "ms"),
    ]


def _row(name: str, figure: float, unit: str, target: float | None = None) -> Row:
    met = None if target is None else figure <= target
    return {"name": name, "figure": figure, "unit": unit, "target": target, "met": met}


def _seconds(act: Callable[[], object]) -> float:
    begin = time.process_time()
    act()
    return time.process_time() - begin


def _median_ms(act: Callable[[], object]) -> float:
    act()  # warm
    return 1000 * statistics.median(_seconds(act) for _ in range(REPEATS))


def lines() -> list[Line]:
    """The figures for `curacao-monitor bench store`."""
    return [
        Line(what=row["name"], figure=row["figure"], unit=row["unit"], at_most=row["target"])
        for row in run()
    ]
