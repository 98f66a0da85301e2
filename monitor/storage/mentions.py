"""Flags and deadlines as the index reads them: at their day, withdrawn where corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa

from monitor.indicators.rows import DIRECTIONS, Mentions, booked_day
from monitor.indicators.tripwires import Deadline
from monitor.storage.tables import deadlines, flags, items, stories, triage
from monitor.stories.groups import Group

Traits = Callable[[sa.Connection, Iterable[str]], dict[str, Group]]
"""Pool, reliability and official of the groups named."""
_EVERYBODY = "*"
_AT_ONCE = 10_000


def read(
    connection: sa.Connection,
    since: date,
    until: date,
    as_of: datetime | None,
    traits: Traits,
    catch_up_days: int,
) -> Mentions:
    """Flags of the days as columns, both ends included."""
    late = until + timedelta(catch_up_days)
    c = flags.c
    query = sa.select(
        c.item_id,
        c.indicator,
        c.direction,
        c.kind,
        c.severity,
        c.day,
        c.published_day,
        sa.type_coerce(c.seen_at, sa.BigInteger).label("seen"),  # hundreds of thousands of rows
        c.story_id,
        c.group_name,
        c.proximity,
    ).where(c.day >= since.isoformat(), c.day <= late.isoformat())
    if as_of is not None:
        query = query.where(c.seen_at <= as_of)
    withdrawn, refused = _withdrawn(connection, as_of, traits), _refused(connection, as_of)
    columns = _columns(connection.execute(query.execution_options(yield_per=_AT_ONCE)))
    item, indicator, direction, kind, severity, day, published, seen, story, group, proximity = (
        columns
    )
    ordinals = _Booking(catch_up_days)
    booked = [ordinals[one] for one in zip(day, published, strict=True)]
    return Mentions(
        day=np.array(booked, np.int64),
        seen=np.array(seen, np.int64),
        item_id=item,
        story_id=[one or own for one, own in zip(story, item, strict=True)],
        group=group,
        indicator=indicator,
        direction=np.array([DIRECTIONS[one] for one in direction], np.int64),
        kind=kind,
        severity=np.array(severity, np.int64),
        proximity=np.array(proximity, np.float64),
        withdrawn=np.array(
            [
                one in refused or (of in withdrawn and _is_withdrawn(withdrawn[of], by))
                for one, of, by in zip(item, story, group, strict=True)
            ],
            np.bool_,
        ),
    )


def _columns(rows: sa.CursorResult[Any]) -> list[list[Any]]:
    """Rows as columns; a value that comes again is held once, for there are a few hundred names
    and days in hundreds of thousands of rows.
    """
    columns: list[list[Any]] = [[] for _ in rows.keys()]  # noqa: SIM118  of a result, not a mapping
    held: dict[Any, Any] = {}
    for part in rows.partitions():
        for column, values in zip(columns, zip(*part, strict=True), strict=True):
            column.extend(map(held.setdefault, values, values))
    return columns


def deadlines_of(
    connection: sa.Connection, since: datetime, as_of: datetime | None, traits: Traits
) -> list[Deadline]:
    """Deadlines that run out at or after `since`, without those taken back."""
    c, i = deadlines.c, items.c
    query = (
        sa.select(c.item_id, c.due_at, c.phrase, c.indicator, c.story_id, i.seen_at, i.group_name)
        .join(items, i.id == c.item_id)
        .where(c.due_at >= since)
        .order_by(c.due_at, c.item_id)
    )
    if as_of is not None:
        query = query.where(i.seen_at <= as_of)
    rows = connection.execute(query).all()
    withdrawn, refused = _withdrawn(connection, as_of, traits), _refused(connection, as_of)
    return [
        Deadline(
            due_at=row.due_at,
            item_id=row.item_id,
            story_id=row.story_id or row.item_id,
            group=row.group_name,
            indicator=row.indicator,
            seen_at=row.seen_at,
            phrase=row.phrase,
        )
        for row in rows
        if row.item_id not in refused
        and not _is_withdrawn(withdrawn.get(row.story_id), row.group_name)
    ]


def taken_back(connection: sa.Connection, traits: Traits) -> tuple[object, ...]:
    """Everything that was corrected, withdrawn or refused so far; comparable."""
    withdrawn = _withdrawn(connection, None, traits)
    return (
        frozenset((story, by) for story, groups in withdrawn.items() for by in groups),
        frozenset(_refused(connection, None)),
    )


def _withdrawn(
    connection: sa.Connection, as_of: datetime | None, traits: Traits
) -> Mapping[str | None, set[str]]:
    """Stories that were corrected, and the groups that took back their report.

    A publisher takes back its own report; an official source that of everybody.
    """
    query = (  # few stories correct others: these first, their moments are compared here
        sa.select(stories.c.correction_of, items.c.group_name, sa.func.min(items.c.seen_at))
        .join(items, items.c.story_id == stories.c.id)
        .where(stories.c.correction_of.is_not(None))
        .group_by(stories.c.correction_of, items.c.group_name)
    )
    found_at = connection.execute(query).all()
    rows = [row for row in found_at if as_of is None or row[2] <= as_of]
    known = traits(connection, {row.group_name for row in rows})
    found: dict[str | None, set[str]] = defaultdict(set)
    for row in rows:
        official = known[row.group_name].official
        found[row.correction_of].add(_EVERYBODY if official else row.group_name)
    return found


class _Booking(dict[tuple[str, str], int]):
    """Ordinal of the booked day for each pair of days seen and published, computed once."""

    def __init__(self, catch_up_days: int) -> None:
        super().__init__()
        self._days = catch_up_days

    def __missing__(self, key: tuple[str, str]) -> int:
        seen, published = map(date.fromisoformat, key)
        self[key] = day = booked_day(seen, published, catch_up_days=self._days).toordinal()
        return day


def _is_withdrawn(by: set[str] | None, group: str) -> bool:
    return by is not None and (group in by or _EVERYBODY in by)


def _refused(connection: sa.Connection, as_of: datetime | None) -> set[str]:
    """Items that a person last called not relevant."""
    c = triage.c
    newest = sa.select(sa.func.max(c.n)).group_by(c.item_id)
    if as_of is not None:
        newest = newest.where(c.at <= as_of)
    query = sa.select(c.item_id).where(c.n.in_(newest), c.verdict == "not_relevant")
    return set(connection.execute(query).scalars())
