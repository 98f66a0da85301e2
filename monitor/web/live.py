"""What the routes read: the store behind the pages, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from monitor.config import Config
from monitor.cycle.intake import Intake
from monitor.cycle.measuring import readings_json
from monitor.errors import MonitorError
from monitor.indicators.composite import COMPOSITES, COUNTS, HEADLINE
from monitor.items import stamp
from monitor.storage.progress import last_stumble
from monitor.storage.rows import FeedRow, ItemRow, StoryFilter, StoryRow
from monitor.storage.store import Store
from monitor.views import feeds as feeds_view
from monitor.web.past import Past
from monitor.web.sources import FlaggedStory, Measure, Page, Row


class Live:
    """`Sources` over one store.

    Args:
        settings: Addresses and the time zone.
        intake: The judgement in use, with its store.
        now: The clock, in UTC.
        poller_troubles: Why the poller of this process does not poll.
    """

    def __init__(
        self,
        settings: Config,
        intake: Intake,
        now: Callable[[], datetime],
        *,
        poller_troubles: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._poller_troubles = poller_troubles
        self._settings = settings
        self._intake = intake
        self._store: Store = intake.store
        self._now = now
        self._past = Past(intake, now)
        self._names = {
            one.id: one.names.get(settings.site.language, one.id)
            for one in intake.assessor.indicators.values()
        }

    def status(self) -> Row:
        """Level, index, coverage, clocks, feeds."""
        now = self._now()
        last = next(iter(self._store.measures.readings(HEADLINE)[-1:]), None)
        totals = self._store.reading.totals(now=now)
        computed = self._store.measures.computed_at()
        rows = self._watched(now)
        return {
            "site": self._settings.site.title,
            "level": last.level if last and last.index is not None else None,
            "index": last.index if last else None,
            "low80": last.low80 if last else None,
            "high80": last.high80 if last else None,
            "coverage": last.coverage if last else None,
            "state": last.state.value if last else "empty",
            "day": last.day.isoformat() if last else None,
            "computed_at": computed and stamp(computed),
            "newest_evidence_at": totals.newest_seen_at and stamp(totals.newest_seen_at),
            "items": totals.items,
            "flagged_stories_24h": totals.flagged_stories_24h,
            "feeds": len(rows),
            "feeds_failing": sum(row.error_class is not None for row in rows),
            "lexicon_version": self._intake.assessor.version,
        }

    def _watched(self, now: datetime) -> list[FeedRow]:
        rows = self._store.reading.feeds(now=now)
        return [row for row in rows if row.removed_at is None and not row.paused]

    def index(
        self,
        *,
        indicator: str | None,
        since: date | None,
        until: date | None,
        as_of: datetime | None,
    ) -> Sequence[Row]:
        """Kept readings; with `as_of` they are computed from what was known then, at most now."""
        if as_of is None:
            found = self._store.measures.readings(indicator, since, until)
            return readings_json(found)
        known = self._past.measured(min(as_of, self._now()))
        if known is None:
            return []
        names = (indicator,) if indicator else known.measures.names
        found = [one for name in names for one in known.readings(name, since, until)]
        return readings_json(found)

    def series(self) -> Sequence[str]:
        """Every series that `index` knows."""
        return (*self._names, *COMPOSITES, *COUNTS)

    def items(
        self,
        *,
        feed: str | None,
        since: date | None,
        flagged: bool | None,
        limit: int,
        after: str | None,
    ) -> Page:
        """Items, newest first; flagged ones only, others only, or (None) all."""
        page = self._store.reading.items(
            feed_id=self._store.feeds.find(feed).feed.id if feed else None,
            since=self._start(since),
            flagged=flagged,
            limit=limit,
            after=after,
        )
        full = {one.item.id: one for one in self._store.items.get([row.id for row in page.rows])}
        return Page(
            rows=[full[row.id].as_json() for row in page.rows if row.id in full], next=page.after
        )

    def _start(self, day: date | None) -> datetime | None:
        return datetime.combine(day, time(), self._store.zone) if day else None

    def stories(
        self, *, since: date | None, language: str | None, limit: int, after: str | None
    ) -> Page:
        """Flagged stories, last seen first."""
        chosen = StoryFilter(since=self._start(since), language=language or "")
        page = self._store.reading.stories(chosen, after=after, limit=limit)
        return Page(rows=[story_json(row) for row in page.rows], next=page.after)

    def feeds(self) -> Sequence[Row]:
        """The watch list with its health."""
        now = self._now()
        return [self._feed(row, now) for row in self._store.reading.feeds(now=now)]

    def _feed(self, row: FeedRow, now: datetime) -> dict[str, Any]:
        return {
            "id": row.id,
            "url": row.url,
            "title": row.title,
            "kind": row.kind,
            "language": row.language,
            "group": row.group,
            "reliability": row.reliability,
            "watched": row.removed_at is None,
            "paused": row.paused,
            **feeds_view.health_json(row, now=now),
            "last_success_at": row.last_success_at and stamp(row.last_success_at),
            "last_new_at": row.last_new_at and stamp(row.last_new_at),
            "next_poll_at": row.next_poll_at and stamp(row.next_poll_at),
        }

    def snapshots(self, *, limit: int, after: str | None) -> Page:
        """Snapshots without their tokens, newest first."""
        before = None
        if after is not None:
            moment, _, last = after.partition("~")
            before = (datetime.fromisoformat(moment), last)
            if before[0].tzinfo is None:
                raise ValueError(f"{after!r} is no place in the list")
        rows = self._store.snapshots.list(limit=limit + 1, before=before)
        now = self._now()
        shown = rows[:limit]
        following = f"{shown[-1].created_at.isoformat()}~{shown[-1].id}" if shown else None
        return Page(
            rows=[
                {
                    "id": one.id,
                    "kind": one.kind,
                    "created_at": stamp(one.created_at),
                    "expires_at": stamp(one.expires_at),
                    "status": one.status(now).value,
                    "note": one.note,
                    "sha256": one.sha256,
                }
                for one in shown
            ],
            next=following if len(rows) > limit else None,
        )

    def flagged(self, *, limit: int) -> Sequence[FlaggedStory]:
        """Flagged stories for the Atom feed, last seen first."""
        page = self._store.reading.stories(StoryFilter(), limit=limit)
        members: dict[str, list[ItemRow]] = {row.id: [] for row in page.rows}
        for item in self._store.reading.items_of([row.id for row in page.rows], limit=5):
            members[item.story_id or ""].append(item)
        return [self._story(row, members[row.id]) for row in page.rows if members[row.id]]

    def _story(self, row: StoryRow, members: Sequence[ItemRow]) -> FlaggedStory:
        first = members[0]
        judged = [one.assessment for one in members if one.assessment is not None]
        reasons = dict.fromkeys(reason for one in judged for reason in one.relevance.reasons)
        return FlaggedStory(
            id=row.id,
            title=row.title,
            url=first.url,
            publishers=list(dict.fromkeys(one.publisher or one.feed_title for one in members)),
            severity=row.severity,
            direction=row.direction,
            indicators=[self._names.get(one, one) for one in row.indicators],
            reasons=list(reasons),
            excerpt=first.summary[:300],
            language=first.language or "und",
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
        )

    def troubles(self) -> Sequence[str]:
        """Why the service is not ready."""
        try:
            version = self._store.database.version()
        except MonitorError as error:
            return [str(error)]
        if not version:
            return ["the database has no tables; run `curacao-monitor migrate`"]
        stumble = last_stumble(self._store.database)
        told = [stumble.fault] if stumble is not None and not stumble.is_over else []
        own = self._poller_troubles()
        return [*own, *(one for one in told if not any(one in words for words in own))]

    def measures(self) -> Sequence[Measure]:
        """Numbers for Prometheus."""
        status = self.status()
        gauges: Iterable[tuple[str, str, Any]] = (
            ("monitor_level", "Level shown, 0 Normal to 4 Severe", status["level"]),
            ("monitor_index", "RISK index, 100 is normal", status["index"]),
            ("monitor_coverage", "Share of expected flags really observed", status["coverage"]),
            ("monitor_items", "Items stored", status["items"]),
            ("monitor_feeds", "Feeds watched", status["feeds"]),
            ("monitor_feeds_failing", "Feeds whose last poll failed", status["feeds_failing"]),
            (
                "monitor_flagged_stories_24h",
                "Flagged stories of the last day",
                status["flagged_stories_24h"],
            ),
        )
        return [
            Measure(name=name, help=words, value=float(value))
            for name, words, value in gauges
            if value is not None
        ]


def story_json(row: StoryRow) -> Mapping[str, Any]:
    """A story as plain values."""
    return {
        "id": row.id,
        "title": row.title,
        "first_seen": stamp(row.first_seen_at),
        "last_seen": stamp(row.last_seen_at),
        "event_date": row.event_date,
        "items": row.items,
        "groups": row.groups,
        "severity": row.severity,
        "direction": row.direction,
        "flagged": row.flagged,
        "relevance": row.relevance,
        "corroboration": row.corroboration,
        "languages": list(row.languages),
        "indicators": list(row.indicators),
        "correction_of": row.correction_of,
    }
