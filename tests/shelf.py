"""Puts judged items, stories, feeds and readings on the shelf, for tests of what pages read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

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
from monitor.indicators.measure import Reading as Measured
from monitor.indicators.measure import State
from monitor.storage import marks
from monitor.storage import tables as t
from monitor.storage.engine import Database
from monitor.storage.feeds import Feeds
from tests.factories import NOW, make_feed

VERSION = "test-1"


def watch(database: Database, *numbers: int, **changes: Any) -> None:
    """Watch feeds by number, as a person added them."""
    for number in numbers:
        Feeds(database).add(make_feed(number, **changes), by="test", now=NOW - timedelta(days=90))


def proof(text: str, words: str, field: str = "title") -> Evidence:
    """The words where they stand in the text."""
    start = text.index(words)
    return Evidence(field=field, start=start, end=start + len(words), text=words, rule="rule.en.1")


def place(name: str, **changes: Any) -> PlaceMention:
    """A place; Willemstad unless the test says otherwise."""
    values: dict[str, Any] = {
        "id": name.lower(),
        "name": name,
        "distance_km": 0.0,
        "latitude": 12.11,
        "longitude": -68.93,
        "evidence": Evidence(field="title", start=0, end=1, text="T", rule="gazetteer"),
    }
    return PlaceMention(**values | changes)


def judgement(title: str, **changes: Any) -> Assessment:
    """An assessment that flags the first word of the title with each indicator."""
    indicators: Sequence[str] = changes.pop("indicators", ("airspace",))
    severity: int = changes.pop("severity", 2)
    direction = Direction(changes.pop("direction", "escalatory"))
    word = title.split()[0]
    flags = tuple(
        Flag(
            indicator=name,
            direction=direction,
            kind=Kind(changes.get("kind", "act")),
            severity=severity,
            evidence=(proof(title, word),),
        )
        for name in indicators
    )
    changes.pop("kind", None)
    values: dict[str, Any] = {
        "language": "en",
        "relevant": bool(flags),
        "relevance": Relevance(value=0.8, reasons=("names Curaçao",)),
        "severity": severity if flags else 0,
        "direction": direction,
        "flags": flags,
        "lexicon_version": VERSION,
    }
    return Assessment(**values | changes)


def event(day: str, conflict: str = "") -> EventDate:
    """A dated event."""
    return EventDate(date=day, evidence=proof("on", "on"), conflict=conflict)


def due(day: str, phrase: str = "on") -> Deadline:
    """A deadline with its phrase."""
    return Deadline(due=day, evidence=proof(phrase, phrase))


def put(database: Database, number: int = 1, **changes: Any) -> str:
    """One item of feed `feed`, judged, in story `story`; gives its id."""
    feed = make_feed(changes.pop("feed", 1))
    title: str = changes.pop("title", f"Title {number}")
    judged: Assessment | None = changes.pop("judged", judgement(title))
    story: str | None = changes.pop("story", f"s{number}")
    seen: datetime = changes.pop("seen_at", NOW - timedelta(minutes=number))
    because: str = changes.pop("because", "")
    item_id = sha256(f"{feed.id}\nguid-{number}".encode()).hexdigest()[:16]
    values: dict[str, Any] = {
        "id": item_id,
        "feed_id": feed.id,
        "guid": f"guid-{number}",
        "url": f"https://news.example/{number}",
        "title": title,
        "summary": "",
        "language": None,
        "publisher": "",
        "author": "",
        "group_name": feed.title,
        "published_at": seen,
        "published_raw": "",
        "seen_at": seen,
        "sort_at": seen,
        "revised_at": None,
        "revisions": 0,
        "story_id": story,
        "assessed_version": judged.lexicon_version if judged else None,
        "flagged": bool(judged and judged.flags),
    } | changes
    with database.write() as connection:
        connection.execute(sa.insert(t.items).values(**values))
        if judged:
            _judge(connection, values, judged)
        if story:
            _file(database, connection, values, judged, because)
    return item_id


def _judge(connection: sa.Connection, item: dict[str, Any], judged: Assessment) -> None:
    connection.execute(
        sa.insert(t.assessments).values(
            item_id=item["id"],
            lexicon_version=judged.lexicon_version,
            assessed_at=item["seen_at"],
            relevant=judged.relevant,
            relevance=judged.relevance.value,
            severity=judged.severity,
            direction=judged.direction.value,
            language=judged.language,
            event_date=judged.event_date,
            body=judged.as_json(),
        )
    )
    day = (item["seen_at"] - timedelta(hours=4)).date().isoformat()
    for flag in judged.flags:
        connection.execute(
            sa.insert(t.flags).values(
                item_id=item["id"],
                indicator=flag.indicator,
                direction=flag.direction.value,
                kind=flag.kind.value,
                severity=flag.severity,
                day=day,
                published_day=day,
                event_date=judged.event_date,
                seen_at=item["seen_at"],
                story_id=item["story_id"],
                group_name=item["group_name"],
                proximity=0.7,
                relevance=0.8,
            )
        )
    for one in judged.deadlines:
        moment = datetime.fromisoformat(one.due)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC) + timedelta(hours=28)  # end of the local day
        connection.execute(
            sa.insert(t.deadlines).values(
                item_id=item["id"],
                due=one.due,
                due_at=moment,
                phrase=one.evidence.text,
                indicator=judged.indicators[0] if judged.indicators else "",
                story_id=item["story_id"],
            )
        )


def _file(
    database: Database,
    connection: sa.Connection,
    item: dict[str, Any],
    judged: Assessment | None,
    because: str,
) -> None:
    connection.execute(
        sa.insert(t.story_joins).values(
            item_id=item["id"],
            story_id=item["story_id"],
            rule="words" if because else "opened",
            because=because,
            similarity=0.7,
            at=item["seen_at"],
            by="",
            manual=False,
        )
    )
    before = (
        connection.execute(sa.select(t.stories).where(t.stories.c.id == item["story_id"]))
        .mappings()
        .one_or_none()
    )
    severity = judged.severity if judged else 0
    groups = set(
        connection.execute(
            sa.select(t.items.c.group_name).where(t.items.c.story_id == item["story_id"])
        ).scalars()
    )
    row = {
        "id": item["story_id"],
        "title": before["title"] if before else item["title"],
        "first_seen_at": min(before["first_seen_at"], item["seen_at"])
        if before
        else item["seen_at"],
        "last_seen_at": max(before["last_seen_at"], item["seen_at"]) if before else item["seen_at"],
        "items": (before["items"] if before else 0) + 1,
        "groups": len(groups),
        "severity": max(before["severity"], severity) if before else severity,
        "direction": judged.direction.value if judged else "neutral",
        "flagged": item["flagged"] or bool(before and before["flagged"]),
        "relevance": 0.8,
        "corroboration": 0.5,
        "languages": judged.language if judged else "",
        "indicators": " ".join(judged.indicators) if judged else "",
        "event_date": judged.event_date if judged else None,
        "correction_of": before["correction_of"] if before else None,
    }
    database.upsert(connection, t.stories, [row])
    marks.write(connection, [row])


def polled(database: Database, number: int = 1, **changes: Any) -> None:
    """What polling knows of feed `number`."""
    values: dict[str, Any] = {
        "feed_id": make_feed(number).id,
        "last_polled_at": NOW - timedelta(minutes=5),
        "last_success_at": NOW - timedelta(minutes=5),
        "last_new_at": NOW - timedelta(hours=1),
        "last_status": 200,
        "error_class": None,
        "error_message": None,
        "error_since": None,
        "consecutive_errors": 0,
        "next_poll_at": NOW + timedelta(minutes=10),
        "median_gap": 3600.0,
        "p95_gap": 7200.0,
        "polls": 10,
        "unchanged_polls": 5,
    }
    with database.write() as connection:
        database.upsert(connection, t.feed_states, [values | changes])


def attempt(database: Database, number: int = 1, **changes: Any) -> None:
    """One poll of feed `number`."""
    started = changes.pop("started_at", NOW - timedelta(hours=1))
    values: dict[str, Any] = {
        "feed_id": make_feed(number).id,
        "started_at": started,
        "finished_at": started + timedelta(seconds=1.5),
        "status": "ok",
        "http_status": 200,
        "new": 1,
        "revised": 0,
        "items": 20,
        "bytes": 40_000,
        "error_class": None,
        "error_message": None,
    }
    with database.write() as connection:
        connection.execute(sa.insert(t.polls).values(**values | changes))


def reading(day: date, series: str = "risk", **changes: Any) -> Measured:
    """One day of one series: index 120, Normal, everything observed."""
    values: dict[str, Any] = {
        "day": day,
        "series": series,
        "index": 120.0,
        "low80": 90.0,
        "high80": 150.0,
        "low95": 80.0,
        "high95": 170.0,
        "seen": 2.0,
        "expected": 1.5,
        "coverage": 0.9,
        "level": 0,
        "state": State.FINAL,
        "watch": False,
        "driver": None,
        "without_driver": None,
    }
    return Measured(**values | changes)
