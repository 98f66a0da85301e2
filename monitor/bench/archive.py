"""A made-up archive of any size: items, judgements, stories, polls and exposures of two years.

Nothing here was ever published. Words follow Zipf's law, so that full text meets words that are
everywhere and words that are nowhere; stories are told by one to eight publishers.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from monitor.assess.model import (
    Assessment,
    Deadline,
    Direction,
    EventDate,
    Evidence,
    Flag,
    Kind,
    PlaceMention,
    Relevance,
)
from monitor.feeds.model import Feed, FeedKind, feed_id
from monitor.storage import marks, tables
from monitor.storage.engine import Database
from monitor.storage.feeds import Feeds
from monitor.stories.grouping import WINDOW

VERSION = "bench"
COPIES = (1, 1, 1, 2, 2, 3, 5, 8)
FLAGGED = 0.15
COMMON = ("Venezuela", "Curaçao", "Caribe", "gobierno", "the", "president", "minister", "airport")
_SYLLABLES = ("ka", "lo", "mi", "ren", "tas", "vo", "del", "sun", "po", "ri")
_ROWS = 20_000  # held before they are written


class Named(Protocol):
    """What must be known of an indicator."""

    @property
    def kind(self) -> str:
        """act, threat, talk or context."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How large."""

    items: int
    days: int = 730
    feeds: int = 60
    polls_a_day: int = 24
    seed: int = 1


@dataclass(slots=True)
class _Told:
    """One story while it is being told."""

    id: str
    judged: Assessment
    body: dict[str, Any]
    words: list[str]
    first: datetime
    last: datetime
    title: str = ""
    items: int = 0
    groups: set[str] = field(default_factory=set)


class Archive:
    """Writes a made-up archive into an empty, migrated database.

    Args:
        indicators: Those of the lexicon.
        zone: Local days are counted in it.
        now: The archive ends here.
    """

    def __init__(
        self,
        plan: Plan,
        indicators: Mapping[str, Named],
        *,
        zone: ZoneInfo,
        now: datetime,
    ) -> None:
        self._plan = plan
        self._zone = zone
        self._now = now
        self._random = random.Random(plan.seed)  # noqa: S311  made-up text, nothing to guess
        self._words = [*COMMON, *sorted({self._word() for _ in range(40_000)})]
        self._zipf = list(itertools.accumulate(1 / (n + 8) for n in range(len(self._words))))
        self._indicators = [(name, Kind(one.kind)) for name, one in indicators.items()]
        self.feeds = [self._feed(n) for n in range(plan.feeds)]
        self._serial = itertools.count(1)
        self._shown: Counter[tuple[str, str]] = Counter()

    def _word(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=4)) + self._random.choice("abdegiklmn")

    def _feed(self, n: int) -> Feed:
        url = f"https://feed{n}.example/rss"
        return Feed(
            id=feed_id(url),
            url=url,
            title=f"Feed {n}",
            kind=FeedKind.RSS,
            language=("en", "es", "nl", "pap")[n % 4],
            group=f"group{n % max(1, self._plan.feeds * 3 // 4)}",
            reliability="ABCD"[n % 4],
            official=n % 20 == 0,
            origin="page",
        )

    def write(self, database: Database) -> None:
        """Fill the tables; readings are left to the index, which measures them."""
        begin = self._now - timedelta(days=self._plan.days)
        watched = Feeds(database)
        for feed in self.feeds:
            watched.add(feed, by="bench", now=begin)
        rows: dict[str, list[dict[str, Any]]] = {}
        for table, row in itertools.chain(self._items(begin), self._polls(begin)):
            kept = rows.setdefault(table, [])
            kept.append(row)
            if len(kept) >= _ROWS and table in ("items", "polls"):
                _flush(database, rows)
        for row in self._exposures(begin):
            rows.setdefault("exposures", []).append(row)
        _flush(database, rows)

    # --- items ---------------------------------------------------------------------------------
    def _items(self, begin: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
        """Rows of one item after the other, in the order in which they were seen."""
        mean = sum(COPIES) / len(COPIES)
        stories = max(1, round(self._plan.items / mean))
        span = (self._now - begin - WINDOW) / stories
        waiting: list[tuple[datetime, int, _Told]] = []
        made = 0
        for number in range(stories):
            told = self._story(begin + span * number)
            for _copy in range(self._random.choice(COPIES)):
                seen_at = told.first + timedelta(hours=30 * self._random.random() ** 2)
                heapq.heappush(waiting, (seen_at, next(self._serial), told))
                told.last = max(told.last, seen_at)
            while waiting and waiting[0][0] <= told.first:
                yield from self._item(*heapq.heappop(waiting))
                made += 1
        while waiting:
            yield from self._item(*heapq.heappop(waiting))

    def _story(self, first: datetime) -> _Told:
        name = f"s{sha256(f'{self._plan.seed} {next(self._serial)}'.encode()).hexdigest()[:16]}"
        words = self._random.choices(self._words, cum_weights=self._zipf, k=24)
        judged = self._judged(words, first)
        return _Told(
            id=name, judged=judged, body=judged.as_json(), words=words, first=first, last=first
        )

    def _judged(self, words: Sequence[str], first: datetime) -> Assessment:
        relevant = self._random.random() < FLAGGED
        if not relevant:
            return Assessment(
                language="en",
                relevant=False,
                relevance=Relevance(value=0.05),
                severity=0,
                direction=Direction.NEUTRAL,
                lexicon_version=VERSION,
            )
        severity = self._random.choices((1, 2, 3, 4), (50, 30, 15, 5))[0]
        direction = self._random.choices(tuple(Direction), (70, 15, 15))[0]
        quoted = Evidence(field="title", start=0, end=len(words[0]), text=words[0], rule="bench")
        found = self._random.sample(self._indicators, k=self._random.choice((1, 1, 2, 3)))
        day = first.date() + timedelta(days=self._random.randint(-2, 30))
        due = self._random.random() < 0.08
        return Assessment(
            language=self._random.choice(("en", "es", "nl", "pap")),
            relevant=True,
            relevance=Relevance(value=0.7, reasons=("names Curaçao",)),
            severity=severity,
            direction=direction,
            flags=tuple(
                Flag(
                    indicator=name,
                    direction=direction,
                    kind=kind,
                    severity=severity,
                    evidence=(quoted,),
                )
                for name, kind in found
            ),
            places=(
                PlaceMention(
                    id="curacao",
                    name="Curaçao",
                    distance_km=0.0,
                    latitude=12.1,
                    longitude=-68.9,
                    evidence=quoted,
                ),
            ),
            event_dates=(EventDate(date=first.date().isoformat(), evidence=quoted),),
            deadlines=(Deadline(due=day.isoformat(), evidence=quoted),) if due else (),
            proximity=self._random.choice((0.3, 0.6, 1.0)),
            lexicon_version=VERSION,
        )

    def _item(
        self, seen_at: datetime, number: int, told: _Told
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        feed = self._random.choice(self.feeds)
        told.items += 1
        told.groups.add(feed.group)
        guid = f"{self._plan.seed}/{number}"
        key = sha256(f"{feed.id}\n{guid}".encode()).hexdigest()[:16]  # as Item.id
        extra = self._random.choices(self._words, cum_weights=self._zipf, k=8)
        title = " ".join((*told.words[:9], extra[0]))
        told.title = told.title or title
        published = seen_at - timedelta(minutes=self._random.randint(1, 90))
        day = self._day(seen_at)
        self._shown[day, feed.group] += 1
        yield (
            "items",
            self._item_row(
                (key, guid),
                feed,
                told,
                title,
                " ".join((*told.words[9:], *extra)),
                (seen_at, published),
            ),
        )
        yield (
            "item_keys",
            {"feed_id": feed.id, "key": f"link:{key}", "item_id": key, "last_listed_at": seen_at},
        )
        yield (
            "assessments",
            {
                "item_id": key,
                "lexicon_version": VERSION,
                "assessed_at": seen_at,
                "relevant": told.judged.relevant,
                "relevance": told.judged.relevance.value,
                "severity": told.judged.severity,
                "direction": told.judged.direction.value,
                "language": told.judged.language,
                "event_date": told.judged.event_date,
                "body": told.body,
            },
        )
        yield (
            "story_joins",
            {
                "item_id": key,
                "story_id": told.id,
                "rule": "opened" if told.items == 1 else "rewrite",
                "because": "nothing like it in 72 hours"
                if told.items == 1
                else "shares rare words",
                "similarity": 0.0 if told.items == 1 else 0.6,
                "with_item_id": None,
                "manual": False,
                "by": "",
                "at": seen_at,
            },
        )
        if told.judged.relevant:
            yield from self._flags(key, feed, told, seen_at, day)
        if seen_at >= told.last:
            row = self._story_row(told)
            yield "stories", row
            for mark in marks.of(row):
                yield "story_marks", mark

    def _item_row(
        self,
        names: tuple[str, str],
        feed: Feed,
        told: _Told,
        title: str,
        summary: str,
        times: tuple[datetime, datetime],
    ) -> dict[str, Any]:
        (key, guid), (seen_at, published) = names, times
        return {
            "id": key,
            "feed_id": feed.id,
            "guid": guid,
            "url": f"https://{feed.group}.example/post/{key}",
            "title": title,
            "summary": summary,
            "language": told.judged.language,
            "publisher": feed.title,
            "author": "",
            "group_name": feed.group,
            "published_at": published,
            "published_raw": "",
            "seen_at": seen_at,
            "sort_at": published,
            "revised_at": None,
            "revisions": 0,
            "story_id": told.id,
            "assessed_version": VERSION,
            "flagged": told.judged.relevant,
        }

    def _flags(
        self, key: str, feed: Feed, told: _Told, seen_at: datetime, day: str
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        for flag in told.judged.flags:
            yield (
                "flags",
                {
                    "item_id": key,
                    "indicator": flag.indicator,
                    "direction": flag.direction.value,
                    "kind": flag.kind.value,
                    "severity": flag.severity,
                    "day": day,
                    "published_day": day,
                    "event_date": told.judged.event_date,
                    "seen_at": seen_at,
                    "story_id": told.id,
                    "group_name": feed.group,
                    "proximity": told.judged.proximity,
                    "relevance": told.judged.relevance.value,
                },
            )
        for one in told.judged.deadlines:
            due_at = datetime.combine(date.fromisoformat(one.due), time(), self._zone)
            yield (
                "deadlines",
                {
                    "item_id": key,
                    "due": one.due,
                    "due_at": due_at + timedelta(days=1),
                    "phrase": one.evidence.text,
                    "indicator": told.judged.indicators[0],
                    "story_id": told.id,
                    "outcome": None,
                    "outcome_by": None,
                    "outcome_at": None,
                },
            )

    def _story_row(self, told: _Told) -> dict[str, Any]:
        return {
            "id": told.id,
            "title": told.title,
            "first_seen_at": told.first,
            "last_seen_at": told.last,
            "items": told.items,
            "groups": len(told.groups),
            "severity": told.judged.severity,
            "direction": told.judged.direction.value,
            "flagged": told.judged.relevant,
            "relevance": told.judged.relevance.value,
            "corroboration": 1.0 - 0.5 ** len(told.groups),
            "languages": told.judged.language,
            "indicators": " ".join(told.judged.indicators),
            "event_date": told.judged.event_date,
            "correction_of": None,
        }

    def _day(self, moment: datetime) -> str:
        return moment.astimezone(self._zone).date().isoformat()

    # --- polls and exposures -------------------------------------------------------------------
    def _polls(self, begin: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
        step = timedelta(days=1) / self._plan.polls_a_day
        for number in range(self._plan.days * self._plan.polls_a_day):
            for n, feed in enumerate(self.feeds):
                at = begin + step * number + timedelta(seconds=n)
                fine = self._random.random() > 0.02
                yield (
                    "polls",
                    {
                        "feed_id": feed.id,
                        "started_at": at,
                        "finished_at": at + timedelta(milliseconds=300),
                        "status": "unchanged" if fine else "error",
                        "http_status": 304 if fine else 503,
                        "new": 0,
                        "revised": 0,
                        "items": 0,
                        "bytes": 0,
                        "error_class": None if fine else "http_error",
                        "error_message": None if fine else "503",
                    },
                )

    def _exposures(self, begin: datetime) -> Iterator[dict[str, Any]]:
        groups = sorted({feed.group for feed in self.feeds})
        for number in range(self._plan.days + 1):
            day = self._day(begin + timedelta(days=number))
            for group in groups:
                yield {
                    "day": day,
                    "group_name": group,
                    "pool": "regional",
                    "stories": self._shown[day, group],
                    "polls_ok": self._plan.polls_a_day,
                    "polls_all": self._plan.polls_a_day,
                    "last_success_at": begin + timedelta(days=number + 1),
                    "observed": True,
                    "because": "",
                }


def _flush(database: Database, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Write what was collected, parents before children, in one transaction."""
    with database.write() as connection:
        for table in tables.metadata.sorted_tables:
            kept = rows.pop(table.name, [])
            if kept:
                connection.execute(table.insert(), kept)
