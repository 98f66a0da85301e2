"""What polls changed: items, names, revisions, states, the log and back-off, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from monitor.feeds.entries import NO_HINTS, Hints
from monitor.feeds.model import MOVING, FeedState
from monitor.feeds.outcomes import HostDelay, NewItem, Outcome, Status
from monitor.storage.engine import BATCH, Database
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

STATE_COLUMNS = tuple(feed_states.c[name] for name in FeedState._fields)


def store(
    database: Database,
    connection: sa.Connection,
    outcomes: Sequence[Outcome],
    groups: Mapping[str, str] | None = None,
) -> set[str]:
    """Store what polls changed: items, names, revisions, states, the log, back-off.

    Doing it twice changes nothing more. Of a feed that another poller has taken over
    meanwhile the items are stored and the state is left alone.

    Args:
        connection: Inside a transaction, into which the caller stores assessments too.
        outcomes: At most about 100, or 2,000 of unchanged feeds.
        groups: Publisher group by item id; the feed's group where one is missing.

    Returns:
        Ids of the items that were new.
    """
    new = _store_items(database, connection, outcomes, groups or {})
    _store_names(database, connection, outcomes)
    _store_revisions(connection, outcomes)
    held = _held(connection, outcomes)
    _store_states(database, connection, held)
    _store_log(database, connection, held)
    for outcome in held:
        if outcome.host is not None:
            _store_host(database, connection, outcome.host)
        if outcome.adopted_url is not None:
            _adopt(connection, outcome)
    return new


def _store_items(
    database: Database,
    connection: sa.Connection,
    outcomes: Sequence[Outcome],
    groups: Mapping[str, str],
) -> set[str]:
    made: dict[str, tuple[NewItem, str]] = {}
    for outcome in outcomes:
        for one in outcome.new:
            group = groups.get(one.item.id, outcome.feed.group)
            made.setdefault(one.item.id, (one, group))
    known = _existing(connection, list(made))
    rows = [item_row(one.item, group) for key, (one, group) in made.items() if key not in known]
    if rows:
        database.execute_many(connection, _insert_items(database.is_sqlite), rows)
    return set(made) - known


def _store_names(
    database: Database, connection: sa.Connection, outcomes: Iterable[Outcome]
) -> None:
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
    database.upsert(connection, item_keys, list(rows.values()))


def _store_revisions(connection: sa.Connection, outcomes: Iterable[Outcome]) -> None:
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
                sa.insert(revisions).from_select(["item_id", "revised_at", "title", "summary"], old)
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


def _held(connection: sa.Connection, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Outcomes of feeds that are still this poller's own, in the order in which indexes lie."""
    state = feed_states.c
    leased = {
        owner: set(
            connection.scalars(sa.select(state.feed_id).where(state.lease_owner == owner)).all()
        )
        for owner in {outcome.owner for outcome in outcomes}
    }
    held = (one for one in outcomes if one.feed.id in leased[one.owner])
    return sorted(held, key=lambda one: one.feed.id)


def _store_states(
    database: Database, connection: sa.Connection, outcomes: Sequence[Outcome]
) -> None:
    """Write what may have changed: of most feeds that is little."""
    same: list[tuple[Any, ...]] = []
    other: list[dict[str, Any]] = []
    for one in outcomes:
        if one.state[MOVING:] == one.before[MOVING:]:
            same.append((one.owner, *one.state[:MOVING]))
        else:
            row = {f"b_{name}": value for name, value in state_row(one.state).items()}
            other.append(row | {"b_owner": one.owner})
    database.execute_many(connection, _update_state(_MOVING), same, _MOVING_BOUND)
    database.execute_many(connection, _update_state(_ALL), other)


def _store_log(database: Database, connection: sa.Connection, outcomes: Sequence[Outcome]) -> None:
    same, other = [], []
    for one in outcomes:
        if one.status is Status.UNCHANGED and one.http_status == 304 and not one.bytes:
            same.append((one.feed.id, one.started_at, one.finished_at))
        elif one.status is not Status.SKIPPED:
            other.append(_log_row(one))
    database.execute_many(connection, _LOG_SAME, same, _TIMES)
    database.execute_many(connection, _LOG, other)


def _store_host(database: Database, connection: sa.Connection, host: HostDelay) -> None:
    row = {"host": host.host, "not_before": host.not_before, "failures": host.failures}
    database.upsert(connection, host_states, [row])


def _adopt(connection: sa.Connection, outcome: Outcome) -> None:
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


def _existing(connection: sa.Connection, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(ids), BATCH):
        query = sa.select(items.c.id).where(items.c.id.in_(ids[start : start + BATCH]))
        found.update(connection.scalars(query))
    return found


def state_row(state: FeedState) -> dict[str, Any]:
    """The row of `feed_states` that holds a state, without its lease."""
    hints = state.hints
    return state._asdict() | {
        "median_gap": _seconds(state.median_gap),
        "p95_gap": _seconds(state.p95_gap),
        "hints": None if hints == NO_HINTS else list(hints),
    }


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def state_of(row: Sequence[Any]) -> FeedState:
    """The state that the values of `STATE_COLUMNS` stand for."""
    *same, median_gap, p95_gap, hints = row
    asked = Hints(hints[0], tuple(hints[1]), tuple(hints[2])) if hints else NO_HINTS
    return FeedState._make((*same, _span(median_gap), _span(p95_gap), asked))


def _span(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


_ALL = FeedState._fields[1:]
_MOVING = FeedState._fields[1:MOVING]
_MOVING_BOUND = ("b_owner", "b_feed_id", *(f"b_{name}" for name in _MOVING))
_LOG = sa.insert(polls)
_TIMES = ("feed_id", "started_at", "finished_at")
_LOG_SAME = sa.insert(polls).values(  # of most polls the rest is known, so it is not bound
    {name: sa.bindparam(name, type_=polls.c[name].type) for name in _TIMES}
    | {"status": sa.literal_column(f"'{Status.UNCHANGED.value}'")}
    | {"http_status": sa.literal_column("304")}
    | {name: sa.literal_column("0") for name in ("new", "revised", "items", "bytes")}
)


@cache
def _insert_items(is_sqlite: bool) -> Any:
    insert: Any = sqlite.insert(items) if is_sqlite else postgresql.insert(items)
    return insert.on_conflict_do_nothing(index_elements=["id"])


@cache
def _update_state(names: tuple[str, ...]) -> sa.Update:
    state = feed_states.c
    return (
        sa.update(feed_states)
        .where(
            state.feed_id == sa.bindparam("b_feed_id"), state.lease_owner == sa.bindparam("b_owner")
        )
        .values(
            {name: sa.bindparam(f"b_{name}", type_=state[name].type) for name in names}
            | {"lease_owner": sa.null(), "lease_until": sa.null()}
        )
    )


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
