"""The watch list: what the file declares, what people changed, and what was removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from monitor.errors import FeedError, StorageError
from monitor.feeds.model import Feed, FeedKind, Pool
from monitor.storage.changes import record
from monitor.storage.engine import Database
from monitor.storage.tables import feed_states, feeds, items

EDITABLE = (
    "title",
    "kind",
    "language",
    "country",
    "group",
    "pool",
    "reliability",
    "official",
    "interval",
    "selectors",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedFeed:
    """A feed with where it comes from and what became of it."""

    feed: Feed
    original_url: str
    in_file: bool  # declared in config.toml now
    edited: tuple[str, ...]  # keys that a person changed; they win over the file
    added_at: datetime
    added_by: str
    removed_at: datetime | None  # None: watched
    removed_by: str | None

    @property
    def is_watched(self) -> bool:
        """It is polled, or paused; not removed and not gone from the file."""
        return self.removed_at is None and (self.feed.origin == "page" or self.in_file)


class Feeds:
    """The watch list in the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sync(self, declared: Sequence[Feed], now: datetime) -> None:
        """Take over what config.toml declares; keep what people changed or removed.

        A feed that has left the file is no longer watched and keeps its items.

        Raises:
            StorageError: Nothing was changed.
        """
        with self._database.read() as connection:
            known = {row.id: row for row in connection.execute(sa.select(feeds))}
        rows = [_declared_row(feed, known.get(feed.id), now) for feed in declared]
        stale = [
            row.id
            for row in known.values()
            if row.in_file and row.id not in {f.id for f in declared}
        ]
        changed = [row for row in rows if not _same(row, known.get(row["id"]))]
        if not changed and not stale:
            return
        with self._database.write() as connection:
            self._database.upsert(connection, feeds, changed)
            if stale:
                connection.execute(
                    sa.update(feeds).where(feeds.c.id.in_(stale)).values(in_file=False)
                )

    def all(self) -> list[WatchedFeed]:
        """Every feed ever known, in the order in which they were added."""
        query = sa.select(feeds).order_by(feeds.c.added_at, feeds.c.title, feeds.c.id)
        with self._database.read() as connection:
            return [_watched(row) for row in connection.execute(query)]

    def watched(self) -> list[WatchedFeed]:
        """The feeds that are polled or paused."""
        return [one for one in self.all() if one.is_watched]

    def find(self, name: str) -> WatchedFeed:
        """A feed by id, by the start of its id (4 digits or more), or by URL.

        Raises:
            FeedError: No feed, or more than one, answers to that name.
        """
        rows = self.all()
        hits = [one for one in rows if name in (one.feed.id, one.feed.url, one.original_url)] or [
            one for one in rows if len(name) >= 4 and one.feed.id.startswith(name)
        ]
        if len(hits) != 1:
            problem = "no feed" if not hits else f"{len(hits)} feeds"
            raise FeedError(
                name, "unknown", f"{problem} {name!r} on the watch list; see `feeds list`"
            )
        return hits[0]

    def add(self, feed: Feed, *, by: str, now: datetime) -> WatchedFeed:
        """Watch a feed that a person named; a removed one is watched again.

        Raises:
            FeedError: It is watched already.
        """
        known = {one.feed.id: one for one in self.all()}.get(feed.id)
        if known is not None and known.is_watched:
            raise FeedError(
                feed.id, "known", f"{feed.url} is already watched as {known.feed.title}"
            )
        row = _row(replace(feed, origin="page")) | {
            "original_url": feed.url,
            "in_file": known.in_file if known else False,
            "edited": None,
            "removed_at": None,
            "removed_by": None,
            "added_at": now,
            "added_by": by,
        }
        with self._database.write() as connection:
            self._database.upsert(connection, feeds, [row])
            record(connection, by=by, now=now, what="feed added", subject=feed.id, url=feed.url)
        return self.find(feed.id)

    def remember(self, feed: Feed, now: datetime) -> None:
        """Know a feed without watching it, for items that came from an archive."""
        row = _row(feed) | {
            "original_url": feed.url,
            "in_file": False,
            "edited": None,
            "removed_at": None,
            "removed_by": None,
            "added_at": now,
            "added_by": "archive",
        }
        insert = self._database.insert(feeds).values(**row)
        with self._database.write() as connection:
            connection.execute(insert.on_conflict_do_nothing(index_elements=["id"]))

    def edit(self, feed_id: str, changes: Mapping[str, Any], *, by: str, now: datetime) -> None:
        """Change what a person may change; it wins over the file from now on.

        Raises:
            ValueError: A key that cannot be changed here.
        """
        wrong = set(changes) - set(EDITABLE)
        if wrong:
            raise ValueError(f"{', '.join(sorted(wrong))} cannot be changed on a feed")
        before = self.find(feed_id)
        row = _row(replace(before.feed, **changes))
        edited = sorted({*before.edited, *changes})
        with self._database.write() as connection:
            connection.execute(
                sa.update(feeds).where(feeds.c.id == feed_id).values(**row, edited=edited)
            )
            record(
                connection,
                by=by,
                now=now,
                what="feed edited",
                subject=feed_id,
                **{name: _plain(getattr(before.feed, name)) for name in changes},
            )

    def use_file(self, declared: Feed, *, by: str, now: datetime) -> None:
        """Forget what people changed on a declared feed and follow the file again."""
        with self._database.write() as connection:
            connection.execute(
                sa.update(feeds)
                .where(feeds.c.id == declared.id)
                .values(
                    **_row(declared), edited=None, removed_at=None, removed_by=None, in_file=True
                )
            )
            record(connection, by=by, now=now, what="feed follows the file", subject=declared.id)

    def pause(self, feed_id: str, *, paused: bool, by: str, now: datetime) -> None:
        """Stop or resume polling a feed; its items stay."""
        self._set(feed_id, by, now, "feed paused" if paused else "feed resumed", paused=paused)

    def remove(self, feed_id: str, *, by: str, now: datetime) -> None:
        """Stop watching; the items stay and `restore` undoes it."""
        self._set(feed_id, by, now, "feed removed", removed_at=now, removed_by=by)

    def restore(self, feed_id: str, *, by: str, now: datetime) -> None:
        """Undo a removal."""
        self._set(feed_id, by, now, "feed restored", removed_at=None, removed_by=None)

    def _set(self, feed_id: str, by: str, now: datetime, what: str, **values: Any) -> None:
        with self._database.write() as connection:
            connection.execute(sa.update(feeds).where(feeds.c.id == feed_id).values(**values))
            if "paused" in values:  # a resumed feed starts afresh, without its old back-off
                connection.execute(
                    sa.update(feed_states)
                    .where(feed_states.c.feed_id == feed_id)
                    .values(next_poll_at=None, gone_count=0, consecutive_errors=0)
                )
            record(connection, by=by, now=now, what=what, subject=feed_id)

    def counts(self) -> dict[str, int]:
        """Items kept, by feed id."""
        query = sa.select(items.c.feed_id, sa.func.count()).group_by(items.c.feed_id)
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}


def _row(feed: Feed) -> dict[str, Any]:
    return {
        "id": feed.id,
        "url": feed.url,
        "title": feed.title,
        "kind": feed.kind.value,
        "language": feed.language,
        "country": feed.country,
        "group_name": feed.group,
        "pool": feed.pool.value,
        "reliability": feed.reliability,
        "official": feed.official,
        "interval_seconds": int(feed.interval.total_seconds()) if feed.interval else None,
        "selectors": dict(feed.selectors),
        "origin": feed.origin,
        "paused": feed.paused,
    }


def feed_of(row: Any) -> Feed:
    """The feed that a row of `feeds` holds.

    Raises:
        StorageError: The row holds a kind that this program does not know.
    """
    try:
        return Feed(
            id=row.id,
            url=row.url,
            title=row.title,
            kind=FeedKind(row.kind),
            language=row.language,
            country=row.country,
            group=row.group_name,
            pool=Pool(row.pool),
            reliability=row.reliability,
            official=row.official,
            interval=timedelta(seconds=row.interval_seconds) if row.interval_seconds else None,
            selectors=row.selectors,
            origin=row.origin,
            paused=row.paused,
        )
    except ValueError as error:
        raise StorageError(f"feed {row.url}: {error}; update the program") from error


def _watched(row: Any) -> WatchedFeed:
    return WatchedFeed(
        feed=feed_of(row),
        original_url=row.original_url,
        in_file=row.in_file,
        edited=tuple(row.edited or ()),
        added_at=row.added_at,
        added_by=row.added_by,
        removed_at=row.removed_at,
        removed_by=row.removed_by,
    )


def _declared_row(feed: Feed, known: Any, now: datetime) -> dict[str, Any]:
    row = _row(feed) | {"origin": "file", "in_file": True}
    if known is None:
        extra = {
            "original_url": feed.url,
            "edited": None,
            "added_at": now,
            "added_by": "config.toml",
            "removed_at": None,
            "removed_by": None,
        }
        return row | extra
    kept = {name: getattr(known, name) for name in _KEPT}
    mine = _row(feed_of(known))
    edited = {_COLUMN.get(name, name) for name in known.edited or ()}
    return row | kept | {name: mine[name] for name in edited}


_KEPT = (
    "url",
    "original_url",
    "paused",
    "edited",
    "added_at",
    "added_by",
    "removed_at",
    "removed_by",
)
_COLUMN = {"group": "group_name", "interval": "interval_seconds"}


def _same(row: Mapping[str, Any], known: Any) -> bool:
    return known is not None and all(getattr(known, name) == row[name] for name in row)


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return dict(value) if isinstance(value, Mapping) else value
