"""Flags and deadlines as the index reads them: at their day, withdrawn where corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np
import sqlalchemy as sa

from monitor.indicators.rows import Mentions, microseconds
from monitor.indicators.tripwires import Deadline
from monitor.storage.flagdays import Columns
from monitor.storage.tables import deadlines, items, stories, triage
from monitor.stories.groups import Group

Traits = Callable[[sa.Connection, Iterable[str]], dict[str, Group]]
"""Pool, reliability and official of the groups named."""
_EVERYBODY = "*"


def read(
    connection: sa.Connection, found: Columns, as_of: datetime | None, traits: Traits
) -> Mentions:
    """Flags as the index takes them, with those marked that were withdrawn.

    Args:
        found: Of the days that are asked; see flagdays.py.
        as_of: Only items first seen by then, and only withdrawals known by then.
    """
    withdrawn, refused = _withdrawn(connection, as_of, traits), _refused(connection, as_of)
    item, story, group = found["item_id"], found["story_id"], found["group"]
    mentions = Mentions(
        day=np.array(found["day"], np.int64),
        seen=np.array(found["seen"], np.int64),
        item_id=item,
        story_id=[one or own for one, own in zip(story, item, strict=True)],
        group=group,
        indicator=found["indicator"],
        direction=np.array(found["direction"], np.int64),
        kind=found["kind"],
        severity=np.array(found["severity"], np.int64),
        proximity=np.array(found["proximity"], np.float64),
        withdrawn=np.array(
            [
                one in refused or (of in withdrawn and _is_withdrawn(withdrawn[of], by))
                for one, of, by in zip(item, story, group, strict=True)
            ],
            np.bool_,
        ),
    )
    return mentions if as_of is None else mentions.where(mentions.seen <= microseconds(as_of))


def deadlines_of(
    connection: sa.Connection,
    since: datetime,
    as_of: datetime | None,
    traits: Traits,
    indicators: Sequence[str] | None = None,
) -> list[Deadline]:
    """Deadlines that run out at or after `since`, without those taken back.

    Args:
        indicators: Only these; None: all.
    """
    c, i = deadlines.c, items.c
    query = (
        sa.select(c.item_id, c.due_at, c.phrase, c.indicator, c.story_id, i.seen_at, i.group_name)
        .join(items, i.id == c.item_id)
        .where(c.due_at >= since)
        .order_by(c.due_at, c.item_id)
    )
    if indicators is not None:
        query = query.where(c.indicator.in_(indicators))
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


def taken_back(
    connection: sa.Connection, traits: Traits
) -> tuple[frozenset[tuple[str | None, str]], frozenset[str]]:
    """Stories that were corrected or withdrawn so far, with the groups, and items refused."""
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
