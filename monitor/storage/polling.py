"""Polling in the store: who polls which feed when, and what a poll changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from monitor.feeds import schedule
from monitor.feeds.decide import scope
from monitor.feeds.entries import NO_HINTS, Hints
from monitor.feeds.identity import KnownItem
from monitor.feeds.limits import Politeness
from monitor.feeds.model import FeedState
from monitor.feeds.outcomes import Claim, HostDelay, NewItem, Outcome, Status
from monitor.storage.engine import BATCH, Database
from monitor.storage.feeds import feed_of
from monitor.storage.items import item_row
from monitor.storage.tables import (
    feed_states,
    feed_urls,
    feeds,
    host_states,
    item_keys,
    items,
    polls,
    revisions,
)

LEASE = timedelta(minutes=10)
_JUMP = timedelta(minutes=1)  # a poll this far in the future means that the clock went back
_SLEEP = timedelta(hours=26)  # no feed that still answers waits longer (Retry-After, spread up)
_STATE = tuple(name for name in FeedState.__slots__ if name not in ("feed_id", "hints"))
_SPANS = ("median_gap", "p95_gap")


class Polling:
    """Hands out feeds to poll and stores what came of it.

    Args:
        database: Migrated.
        politeness: Intervals and the hosts that count as private.
    """

    def __init__(self, database: Database, politeness: Politeness | None = None) -> None:
        self._database = database
        self._politeness = politeness or Politeness()

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
            known = self._with_items(connection, rows)
            failures = self._failures(connection)
            claims = [
                Claim(
                    feed=feed_of(row),
                    state=_state_of(row),
                    owner=owner,
                    lease_until=now + lease,
                    has_items=row.id in known,
                    host_failures=failures.get(self._scope(row.url) or "", 0) if failures else 0,
                )
                for row in rows
            ]
            self._reserve(connection, claims, now)
        return claims

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
            sa.select(feeds, feed_states)
            .join(feed_states, state.feed_id == feeds.c.id)
            .where(
                due,
                feeds.c.removed_at.is_(None),
                feeds.c.paused.is_(sa.false()),
                sa.or_(feeds.c.in_file.is_(sa.true()), feeds.c.origin == "page"),
                sa.or_(state.lease_until.is_(None), state.lease_until <= now),
            )
            .order_by(state.next_poll_at.is_not(None), state.next_poll_at, feeds.c.id)
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
        rows = [_state_row(FeedState(feed_id=name)) for name in connection.scalars(missing)]
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
        by_delay: dict[timedelta, list[str]] = {}
        for claim in claims:
            delay = min(claim.feed.interval or least, least)
            by_delay.setdefault(delay, []).append(claim.feed.id)
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

    def _with_items(self, connection: sa.Connection, rows: Sequence[Any]) -> set[str]:
        ids = [row.id for row in rows]
        found: set[str] = set()
        for start in range(0, len(ids), BATCH):
            query = sa.select(feeds.c.id).where(
                feeds.c.id.in_(ids[start : start + BATCH]),
                sa.exists().where(items.c.feed_id == feeds.c.id),
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
        """Store what polls changed: items, names, revisions, states, the log, back-off.

        Doing it twice changes nothing more. Of a feed that another poller has taken over
        meanwhile the items are stored and the state is left alone.

        Args:
            connection: Inside a transaction, into which the caller stores assessments too.
            outcomes: At most about 100.
            groups: Publisher group by item id; the feed's group where one is missing.

        Returns:
            Ids of the items that were new.
        """
        new = self._store_items(connection, outcomes, groups or {})
        self._store_names(connection, outcomes)
        self._store_revisions(connection, outcomes)
        held = self._held(connection, outcomes)
        self._store_states(connection, held)
        self._store_log(connection, held)
        for outcome in held:
            if outcome.host is not None:
                self._store_host(connection, outcome.host)
            if outcome.adopted_url is not None:
                self._adopt(connection, outcome)
        return new

    def _store_items(
        self, connection: sa.Connection, outcomes: Sequence[Outcome], groups: Mapping[str, str]
    ) -> set[str]:
        made: dict[str, tuple[NewItem, str]] = {}
        for outcome in outcomes:
            for one in outcome.new:
                group = groups.get(one.item.id, outcome.feed.group)
                made.setdefault(one.item.id, (one, group))
        known = _existing(connection, list(made))
        rows = [item_row(one.item, group) for key, (one, group) in made.items() if key not in known]
        if rows:
            insert = self._database.insert(items).on_conflict_do_nothing(index_elements=["id"])
            connection.execute(insert, rows)
        return set(made) - known

    def _store_names(self, connection: sa.Connection, outcomes: Iterable[Outcome]) -> None:
        rows = {}
        for outcome in outcomes:
            pairs = [(key, one.item.id) for one in outcome.new for key in one.keys]
            for key, item_id in (*pairs, *outcome.keys):
                rows[outcome.feed.id, key] = {
                    "feed_id": outcome.feed.id,
                    "key": key,
                    "item_id": item_id,
                    "last_listed_at": outcome.finished_at,
                }
        self._database.upsert(connection, item_keys, list(rows.values()))

    def _store_revisions(self, connection: sa.Connection, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            for one in outcome.revisions:
                mine = items.c.id == one.item_id
                differs = sa.or_(items.c.title != one.title, items.c.summary != one.summary)
                old = sa.select(
                    items.c.id,
                    sa.literal(outcome.finished_at, revisions.c.revised_at.type),
                    items.c.title,
                    items.c.summary,
                ).where(mine, differs)
                connection.execute(
                    sa.insert(revisions).from_select(
                        ["item_id", "revised_at", "title", "summary"], old
                    )
                )
                connection.execute(
                    sa.update(items)
                    .where(mine, differs)
                    .values(
                        title=one.title,
                        summary=one.summary,
                        revised_at=outcome.finished_at,
                        revisions=items.c.revisions + 1,
                    )
                )
            for item_id, url in outcome.moved:
                connection.execute(sa.update(items).where(items.c.id == item_id).values(url=url))

    def _held(self, connection: sa.Connection, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Outcomes of feeds that are still this poller's own."""
        state = feed_states.c
        query = sa.select(state.feed_id, state.lease_owner).where(
            state.feed_id.in_([outcome.feed.id for outcome in outcomes])
        )
        owners = {row.feed_id: row.lease_owner for row in connection.execute(query)}
        return [one for one in outcomes if owners.get(one.feed.id) == one.owner]

    def _store_states(self, connection: sa.Connection, outcomes: Sequence[Outcome]) -> None:
        same = [one for one in outcomes if one.status == Status.UNCHANGED]
        other = [one for one in outcomes if one.status != Status.UNCHANGED]
        for names, part in ((_SAME, same), (_ALL, other)):
            if part:
                connection.execute(_update_state(names), [_bound(one, names) for one in part])

    def _store_log(self, connection: sa.Connection, outcomes: Sequence[Outcome]) -> None:
        rows = [_log_row(outcome) for outcome in outcomes if outcome.status != Status.SKIPPED]
        if rows:
            connection.execute(sa.insert(polls), rows)

    def _store_host(self, connection: sa.Connection, host: HostDelay) -> None:
        row = {"host": host.host, "not_before": host.not_before, "failures": host.failures}
        self._database.upsert(connection, host_states, [row])

    def _adopt(self, connection: sa.Connection, outcome: Outcome) -> None:
        """Follow a feed that has moved for good, unless its new address is watched already."""
        other = connection.scalar(
            sa.select(feeds.c.id).where(
                feeds.c.url == outcome.adopted_url,
                feeds.c.id != outcome.feed.id,
                feeds.c.removed_at.is_(None),
            )
        )
        mine = feeds.c.id == outcome.feed.id
        because = outcome.adopted_because
        if other is None:
            connection.execute(sa.update(feeds).where(mine).values(url=outcome.adopted_url))
        else:
            because = f"the same as feed {other}; paused"
            connection.execute(sa.update(feeds).where(mine).values(paused=True))
        row = {
            "feed_id": outcome.feed.id,
            "url": outcome.adopted_url,
            "adopted_at": outcome.finished_at,
            "because": because,
        }
        connection.execute(sa.insert(feed_urls), [row])


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


def _existing(connection: sa.Connection, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(ids), BATCH):
        query = sa.select(items.c.id).where(items.c.id.in_(ids[start : start + BATCH]))
        found.update(connection.scalars(query))
    return found


def _position(feed_id: str) -> float:
    """A fixed place in [0, 1) for a feed."""
    return int.from_bytes(sha256(feed_id.encode()).digest()[:4]) / 2**32


def _state_row(state: FeedState) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(state, name) for name in _STATE}
    for name in _SPANS:
        row[name] = None if row[name] is None else row[name].total_seconds()
    hints = state.hints
    row["hints"] = (
        None
        if hints == NO_HINTS
        else [hints.ttl_seconds, list(hints.skip_hours), list(hints.skip_days)]
    )
    row["feed_id"] = state.feed_id
    return row


def _state_of(row: Any) -> FeedState:
    found = row._mapping
    values = {name: found[column] for name, column in _STATE_COLUMNS}
    for name in _SPANS:
        values[name] = None if values[name] is None else timedelta(seconds=values[name])
    if found[feed_states.c.hints]:
        seconds, hours, days = found[feed_states.c.hints]
        values["hints"] = Hints(seconds, tuple(hours), tuple(days))
    return FeedState(**values)


_STATE_COLUMNS = tuple((name, feed_states.c[name]) for name in (*_STATE, "feed_id"))

_ALL = (*_STATE, "hints")
_SAME = (  # what an unchanged feed changes
    "etag", "last_modified", "validator_url", "unconditional_at", "last_polled_at",
    "last_success_at", "last_status", "error_class", "error_message", "error_since",
    "consecutive_errors", "empty_polls", "gone_count", "next_poll_at", "redirect_url",
    "redirect_first_at", "redirect_count", "polls", "unchanged_polls",
)  # fmt: skip


@cache
def _update_state(names: tuple[str, ...]) -> sa.Update:
    state = feed_states.c
    return (
        sa.update(feed_states)
        .where(
            state.feed_id == sa.bindparam("b_feed"), state.lease_owner == sa.bindparam("b_owner")
        )
        .values(
            {name: sa.bindparam(f"b_{name}", type_=state[name].type) for name in names}
            | {"lease_owner": None, "lease_until": None}
        )
    )


def _bound(outcome: Outcome, names: Sequence[str]) -> dict[str, Any]:
    state = outcome.state
    row = _state_row(state) if names is _ALL else {name: getattr(state, name) for name in names}
    bound = {f"b_{name}": row[name] for name in names}
    return bound | {"b_feed": state.feed_id, "b_owner": outcome.owner}


def _log_row(outcome: Outcome) -> dict[str, Any]:
    failed = outcome.status == Status.ERROR
    return {
        "feed_id": outcome.feed.id,
        "started_at": outcome.started_at,
        "finished_at": outcome.finished_at,
        "status": outcome.status.value,
        "http_status": outcome.http_status,
        "new": len(outcome.new),
        "revised": len(outcome.revisions),
        "items": outcome.items,
        "bytes": outcome.bytes,
        "error_class": outcome.state.error_class if failed else None,
        "error_message": outcome.state.error_message if failed else None,
    }
