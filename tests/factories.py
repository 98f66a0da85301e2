"""Domain objects for tests: a test states only what matters to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

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
    Suppressed,
)
from monitor.feeds.model import Feed, feed_id
from monitor.items import Item
from monitor.storage.items import Judged

NOW = datetime(2025, 12, 3, 12, 0, tzinfo=UTC)


def make_feed(n: int = 1, **changes: Any) -> Feed:
    """Feed number `n`; its URL gives its id unless the test says otherwise."""
    url = changes.pop("url", f"https://feed{n}.example/rss")
    values: dict[str, Any] = {"id": feed_id(url), "url": url, "title": f"Feed {n}"}
    return Feed(**values | changes)


def make_item(n: int = 1, **changes: Any) -> Item:
    """Item number `n` of feed 1, seen at `NOW`."""
    values: dict[str, Any] = {
        "feed_id": make_feed(1).id,
        "guid": f"guid-{n}",
        "url": f"https://feed1.example/{n}",
        "title": f"Title {n}",
        "published_at": NOW,
        "seen_at": NOW,
    }
    return Item(**values | changes)


def make_assessment(**changes: Any) -> Assessment:
    """A flagged assessment: one escalatory airspace flag with a deadline."""
    evidence = Evidence(field="title", start=0, end=5, text="Title", rule="test")
    values: dict[str, Any] = {
        "language": "en",
        "relevant": True,
        "relevance": Relevance(value=0.8, reasons=("names Curaçao",)),
        "severity": 3,
        "direction": Direction.ESCALATORY,
        "flags": (
            Flag(
                indicator="airspace",
                direction=Direction.ESCALATORY,
                kind=Kind.ACT,
                severity=3,
                evidence=(evidence,),
            ),
        ),
        "suppressed": (Suppressed(indicator="sanctions", rule="asked", because="only asked for"),),
        "places": (
            PlaceMention(
                id="curacao",
                name="Curaçao",
                distance_km=0.0,
                latitude=12.1,
                longitude=-68.9,
                evidence=evidence,
            ),
        ),
        "event_dates": (EventDate(date="2025-11-29", evidence=evidence),),
        "deadlines": (Deadline(due="2025-12-10", evidence=evidence),),
        "proximity": 1.0,
        "lexicon_version": "v1",
    }
    return Assessment(**values | changes)


def make_judged(n: int = 1, *, group: str = "chronicle", **changes: Any) -> Judged:
    """Item number `n` with a flagged assessment."""
    return Judged(item=make_item(n, **changes), group=group, assessment=make_assessment())
