"""Polling in the store: who polls which feed when, and what a poll changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from monitor.feeds import schedule
from monitor.feeds.decide import scope
from monitor.feeds.identity import KnownItem
from monitor.feeds.limits import Politeness
from monitor.feeds.model import Feed, FeedState
from monitor.feeds.outcomes import Claim, Outcome
from monitor.storage.engine import BATCH, Database
from monitor.storage.feeds import feed_of
from monitor.storage.polled import STATE_COLUMNS, state_of, state_row, store
from monitor.storage.tables import (
    feed_states,
    feeds,
    host_states,
    item_keys,
    items,
)

LEASE = timedelta(minutes=10)
_FEED_COLUMNS = tuple(
    column
    for column in feeds.c
    if column.name
    not in ("original_url", "in_file", "edited", "removed_at", "removed_by", "added_at", "added_by")
)
_SIGNS = ("polls", "next_poll_at")
_signs = attrgetter(*_SIGNS)  # of a state; whoever writes one changes at least one of these
_SIGNS_FROM = len(_FEED_COLUMNS)  # where they begin in a row
_JUMP = timedelta(minutes=1)  # a poll this far in the future means that the clock went back
_SLEEP = timedelta(hours=26)  # no feed that still answers waits longer (Retry-After, spread up)


class Polling:
    """Hands out feeds to poll and stores what came of it.

    Args:
        database: Migrated.
        politeness: Intervals and the hosts that count as private.
    """

    def __init__(self, database: Database, politeness: Politeness | None = None) -> None:
        self._database = database
        self._politeness = politeness or Politeness()
        self._feeds: dict[str, tuple[Any, Feed]] = {}  # id -> columns, and what they stand for
        self._states: dict[str, FeedState] = {}  # id -> as this process stored or read it last

    def claim_due(
        self,
        now: datetime,
        owner: str,
        *,
        lease: timedelta = LEASE,
        limit: int = 200,
        feed_ids: Collection[str] | None = None,
        force: bool = False,
        overdue: timedelta | None = None,
    ) -> list[Claim]:
        """Take feeds that are due; each goes to one poller only, before any request is made.

        The next time is written at once, at least the minimum interval ahead, so that neither
        a crash nor another process asks twice. A killed poller's feeds are free again when
        its lease has run out and that interval has passed.

        Args:
            owner: Names this poller, for example host and process id.
            lease: How long the feeds are ours.
            limit: At most so many.
            feed_ids: Only these; paused ones are left out all the same.
            force: Also what is not due, though never within `manual_interval`.
            overdue: Feeds later than this (after suspend) are spread over the next so much
                time instead of being polled at once; None: poll them now.

        Raises:
            StorageError: Nothing was claimed.
        """
        with self._database.write() as connection:
            rows = self._candidates(connection, now, limit, feed_ids, force)
            blocked = self._blocked(connection, now)
            if blocked:
                rows = [row for row in rows if self._scope(row.url) not in blocked]
            if overdue is not None and not force:
                rows = self._spread(connection, rows, now, overdue)
            self._read_states(connection, rows)
            empty = self._without_items(connection, [row.id for row in rows if not row.polls])
            failures = self._failures(connection)
            until = now + lease
            claims = [
                Claim(
                    self._feed(row),
                    self._states[row.id],
                    owner,
                    until,
                    row.id not in empty,
                    failures.get(self._scope(row.url) or "", 0) if failures else 0,
                )
                for row in rows
            ]
            self._reserve(connection, claims, now)
        return claims

    def _feed(self, row: Any) -> Feed:
        """The feed of a row; made anew only when a column has changed."""
        columns = row[:_SIGNS_FROM]
        before, feed = self._feeds.get(row.id, (None, None))
        if feed is None or before != columns:
            feed = feed_of(row)
            self._feeds[row.id] = (columns, feed)
        return feed

    def _read_states(self, connection: sa.Connection, rows: Sequence[Any]) -> None:
        """Read what is known of these feeds, unless it is as this process left it."""
        changed = []
        for row in rows:
            state = self._states.get(row.id)
            if state is None or _signs(state) != row[_SIGNS_FROM:]:
                changed.append(row.id)
        for start in range(0, len(changed), BATCH):
            query = sa.select(*STATE_COLUMNS).where(
                feed_states.c.feed_id.in_(changed[start : start + BATCH])
            )
            for values in connection.execute(query):
                self._states[values.feed_id] = state_of(values)

    def _candidates(
        self,
        connection: sa.Connection,
        now: datetime,
        limit: int,
        feed_ids: Collection[str] | None,
        force: bool,
    ) -> list[Any]:
        """Watched feeds that may be polled, longest due first, locked against other pollers."""
        self._add_states(connection)
        state = feed_states.c
        due = sa.or_(
            state.next_poll_at.is_(None),
            state.next_poll_at <= now,
            state.last_polled_at > now + _JUMP,
            sa.and_(state.next_poll_at > now + _SLEEP, state.gone_count < 2),
        )
        if force:
            pause = now - self._politeness.manual_interval
            due = sa.or_(
                state.last_polled_at.is_(None),
                state.last_polled_at <= pause,
                state.last_polled_at > now + _JUMP,
            )
        query = (
            sa.select(*_FEED_COLUMNS, *(state[name] for name in _SIGNS))
            .join(feed_states, state.feed_id == feeds.c.id)
            .where(
                due,
                feeds.c.removed_at.is_(None),
                feeds.c.paused.is_(sa.false()),
                sa.or_(feeds.c.in_file.is_(sa.true()), feeds.c.origin == "page"),
                sa.or_(state.lease_until.is_(None), state.lease_until <= now),
            )
            .order_by(state.next_poll_at.nulls_first())
            .limit(limit)
        )
        if feed_ids is not None:
            query = query.where(feeds.c.id.in_(list(feed_ids)))
        if not self._database.is_sqlite:
            query = query.with_for_update(skip_locked=True, of=feed_states)
        return list(connection.execute(query).all())

    def _add_states(self, connection: sa.Connection) -> None:
        """A state for each feed that has none, so that there is a row to lock."""
        missing = sa.select(feeds.c.id).where(
            ~sa.exists().where(feed_states.c.feed_id == feeds.c.id)
        )
        rows = [state_row(FeedState(feed_id=name)) for name in connection.scalars(missing)]
        if rows:
            insert = self._database.insert(feed_states).on_conflict_do_nothing()
            connection.execute(insert, rows)

    def _blocked(self, connection: sa.Connection, now: datetime) -> set[str | None]:
        limit = now + self._politeness.retry_after_cap
        query = sa.select(host_states.c.host).where(
            host_states.c.not_before > now,
            host_states.c.not_before <= limit + timedelta(hours=1),
            host_states.c.failures > 0,
        )
        return set(connection.scalars(query))

    def _failures(self, connection: sa.Connection) -> dict[str, int]:
        query = sa.select(host_states.c.host, host_states.c.failures).where(
            host_states.c.failures > 0
        )
        return {row.host: row.failures for row in connection.execute(query)}

    def _scope(self, url: str) -> str | None:
        return scope(url, self._politeness.allow_private_hosts)

    def _spread(
        self, connection: sa.Connection, rows: Sequence[Any], now: datetime, overdue: timedelta
    ) -> list[Any]:
        """Put feeds that are long overdue into slots of their own; give back the others."""
        late = [row for row in rows if row.next_poll_at and row.next_poll_at < now - overdue]
        slots = [
            {"b_id": row.id, "due": schedule.spread(_position(row.id), now, overdue)}
            for row in late
        ]
        if slots:
            connection.execute(
                sa.update(feed_states)
                .where(feed_states.c.feed_id == sa.bindparam("b_id"))
                .values(next_poll_at=sa.bindparam("due")),
                slots,
            )
        moved = {row.id for row in late}
        return [row for row in rows if row.id not in moved]

    def _reserve(self, connection: sa.Connection, claims: Sequence[Claim], now: datetime) -> None:
        if not claims:
            return
        least = self._politeness.min_interval
        by_delay = defaultdict[timedelta, list[str]](list)
        for claim in claims:
            wanted = claim.feed.interval
            delay = min(wanted, least) if wanted else least
            by_delay[delay].append(claim.feed.id)
        for delay, ids in by_delay.items():
            for start in range(0, len(ids), BATCH):
                connection.execute(
                    sa.update(feed_states)
                    .where(feed_states.c.feed_id.in_(ids[start : start + BATCH]))
                    .values(
                        next_poll_at=now + delay,
                        last_polled_at=now,
                        lease_owner=claims[0].owner,
                        lease_until=claims[0].lease_until,
                    )
                )

    def _without_items(self, connection: sa.Connection, ids: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for start in range(0, len(ids), BATCH):
            query = sa.select(feeds.c.id).where(
                feeds.c.id.in_(ids[start : start + BATCH]),
                ~sa.exists().where(items.c.feed_id == feeds.c.id),
            )
            found.update(connection.scalars(query))
        return found

    def known(self, feed_id: str, keys: Collection[str]) -> dict[str, KnownItem]:
        """Stored items of a feed, by the names they go by."""
        found: dict[str, KnownItem] = {}
        wanted = list(keys)
        with self._database.read() as connection:
            for start in range(0, len(wanted), BATCH):
                query = _KNOWN.where(
                    item_keys.c.feed_id == feed_id,
                    item_keys.c.key.in_(wanted[start : start + BATCH]),
                )
                for row in connection.execute(query):
                    found[row.key] = KnownItem(
                        row.id,
                        row.guid,
                        row.url,
                        row.title,
                        row.summary,
                        row.seen_at,
                        row.published_at,
                        row.revisions,
                    )
        return found

    def commit(
        self, outcomes: Sequence[Outcome], groups: Mapping[str, str] | None = None
    ) -> set[str]:
        """Store outcomes in one transaction; see `store`."""
        with self._database.write() as connection:
            return self.store(connection, outcomes, groups)

    def store(
        self,
        connection: sa.Connection,
        outcomes: Sequence[Outcome],
        groups: Mapping[str, str] | None = None,
    ) -> set[str]:
        """Store outcomes in the caller's transaction; see `polled.store`."""
        new = store(self._database, connection, outcomes, groups)
        self._states.update((one.feed.id, one.state) for one in outcomes)
        return new


_KNOWN = sa.select(
    item_keys.c.key,
    items.c.id,
    items.c.guid,
    items.c.url,
    items.c.title,
    items.c.summary,
    items.c.seen_at,
    items.c.published_at,
    items.c.revisions,
).join(items, items.c.id == item_keys.c.item_id)


def _position(feed_id: str) -> float:
    """A fixed place in [0, 1) for a feed."""
    return int.from_bytes(sha256(feed_id.encode()).digest()[:4]) / 2**32
