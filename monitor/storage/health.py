"""Health of the watched feeds: what the Feeds page shows of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

import sqlalchemy as sa

from monitor.storage import tables as t
from monitor.storage.engine import Database
from monitor.storage.rows import FeedRow, PollDay, PollRow

_FEED = (
    "id", "url", "title", "kind", "language", "country", "pool", "reliability", "official",
    "interval_seconds", "selectors", "origin", "in_file", "paused", "removed_at", "removed_by",
    "added_at",
)  # fmt: skip
_STATE = (
    "last_polled_at", "last_success_at", "last_new_at", "last_status", "error_class",
    "error_message", "error_since", "next_poll_at", "redirect_url",
)  # fmt: skip
_COUNTERS = ("consecutive_errors", "polls", "unchanged_polls")


def feeds(database: Database, *, now: datetime) -> tuple[FeedRow, ...]:
    """Watched feeds by title, then removed ones, latest first; those gone from the file are out."""
    f, s = t.feeds.c, t.feed_states.c
    listed = sa.or_(f.origin == "page", f.in_file == sa.true(), f.removed_at.is_not(None))
    statement = (
        sa.select(
            t.feeds,
            *(s[name] for name in (*_STATE, *_COUNTERS, "p95_gap", "median_gap")),
            _items_since(now - timedelta(days=1)).label("items_24h"),
            _items_since(now - timedelta(days=30)).label("items_30d"),
            _newest_seen().label("newest_seen_at"),
        )
        .outerjoin(t.feed_states, s.feed_id == f.id)
        .where(listed)
        .order_by(f.removed_at.is_not(None), f.removed_at.desc(), sa.func.lower(f.title), f.id)
    )
    with database.read() as connection:
        return tuple(_feed(row) for row in connection.execute(statement).mappings())


def _items_since(moment: datetime) -> Any:
    items = t.items.c
    return (
        sa.select(sa.func.count())
        .where(items.feed_id == t.feeds.c.id, items.seen_at >= moment)
        .correlate(t.feeds)
        .scalar_subquery()
    )


def _newest_seen() -> Any:
    items = t.items.c
    newest = sa.select(sa.func.max(items.seen_at)).where(items.feed_id == t.feeds.c.id)
    return newest.correlate(t.feeds).scalar_subquery()


def _feed(row: Any) -> FeedRow:
    same: dict[str, Any] = {name: row[name] for name in (*_FEED, *_STATE, "newest_seen_at")}
    same |= {name: int(row[name] or 0) for name in (*_COUNTERS, "items_24h", "items_30d")}
    return FeedRow(
        **same,
        group=row["group_name"],
        edited=tuple(row["edited"] or ()),
        p95_gap_seconds=row["p95_gap"],
        median_gap_seconds=row["median_gap"],
    )


def poll_days(
    database: Database, feed_ids: Sequence[str], days: Sequence[date], *, zone: tzinfo
) -> tuple[PollDay, ...]:
    """Attempts, failures and new items of each feed on each of these local days, oldest first.

    Args:
        days: One after the other; without any there is nothing to count.
        zone: In which a day begins and ends.
    """
    if not days:
        return ()
    p = t.polls.c
    begins = [datetime.combine(day, time(), zone) for day in (*days, days[-1] + timedelta(1))]
    number = sa.case(*((p.started_at < end, n) for n, end in enumerate(begins[1:]))).label("number")
    counted = (
        sa.select(p.feed_id, number, p.status, p.new)
        .where(
            p.feed_id.in_(list(feed_ids)),
            p.started_at >= begins[0],
            p.started_at < begins[-1],
            p.status != "skipped",
        )
        .subquery()
        .c
    )
    failed = sa.func.sum(sa.case((counted.status == "error", 1), else_=0))
    statement = (
        sa.select(
            counted.feed_id, counted.number, sa.func.count().label("polls"),
            failed.label("failed"), sa.func.sum(counted.new).label("new"),
        )
        .group_by(counted.feed_id, counted.number)
        .order_by(counted.number)
    )  # fmt: skip
    with database.read() as connection:
        return tuple(
            PollDay(
                feed_id=row.feed_id,
                day=days[row.number].isoformat(),
                polls=int(row.polls),
                failed=int(row.failed),
                new=int(row.new),
            )
            for row in connection.execute(statement)
        )


def polls(database: Database, feed_id: str, *, limit: int) -> tuple[PollRow, ...]:
    """The latest attempts on one feed, newest first."""
    p = t.polls.c
    names = tuple(PollRow.__slots__)
    statement = (
        sa.select(*(p[name] for name in names))
        .where(p.feed_id == feed_id)
        .order_by(p.started_at.desc(), p.n.desc())
        .limit(limit)
    )
    with database.read() as connection:
        return tuple(PollRow(**row) for row in connection.execute(statement).mappings())
