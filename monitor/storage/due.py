"""Deadlines as pages read them: what is due, what has passed, and how many there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.storage import tables as t
from monitor.storage.rows import DeadlineRow


def listed(
    connection: sa.Connection,
    since: datetime,
    until: datetime,
    *,
    open_only: bool = False,
    latest_first: bool = False,
    limit: int,
) -> tuple[DeadlineRow, ...]:
    """Deadlines due in a period, soonest or latest first."""
    due = t.deadlines.c
    statement = _rows(since, until).limit(limit)
    if latest_first:
        statement = statement.order_by(due.due_at.desc(), due.item_id.desc())
    else:
        statement = statement.order_by(due.due_at, due.item_id)
    if open_only:
        statement = statement.where(due.outcome.is_(None))
    return tuple(DeadlineRow(**row) for row in connection.execute(statement).mappings())


def next_open(
    connection: sa.Connection, since: datetime, until: datetime, *, stories: int
) -> tuple[DeadlineRow, ...]:
    """All reports of the next deadlines without an outcome, soonest first.

    Args:
        stories: So many deadlines; what several reports of one story call due is one of them.
    """
    due = t.deadlines.c
    open_ones = _open(since, until).subquery()
    heads = connection.execute(
        sa.select(open_ones).order_by(open_ones.c.due_at, open_ones.c.item_id).limit(stories)
    ).all()
    if not heads:
        return ()
    known = {(row.who, row.due) for row in heads}
    last = max(row.due_at for row in heads)
    statement = _rows(since, until).where(
        due.due_at <= last, due.due.in_({row.due for row in heads})
    )
    found = connection.execute(statement.order_by(due.due_at, due.item_id)).mappings()
    rows = [DeadlineRow(**row) for row in found]
    return tuple(row for row in rows if (row.story_id or row.item_id, row.due) in known)


def count_open(connection: sa.Connection, since: datetime, until: datetime) -> int:
    """Deadlines without an outcome, each once however many report it."""
    counted = sa.select(sa.func.count()).select_from(_open(since, until).subquery())
    return int(connection.execute(counted).scalar_one())


def _open(since: datetime, until: datetime) -> sa.Select[Any]:
    """One row for each deadline without an outcome."""
    due = t.deadlines.c
    who = sa.func.coalesce(due.story_id, due.item_id).label("who")
    return (
        sa.select(
            who,
            due.due,
            sa.func.min(due.due_at).label("due_at"),
            sa.func.min(due.item_id).label("item_id"),
        )
        .where(due.due_at >= since, due.due_at < until)
        .group_by(who, due.due)
        .having(sa.func.count(due.outcome) == 0)
    )


def _rows(since: datetime, until: datetime) -> sa.Select[Any]:
    due, items = t.deadlines.c, t.items.c
    worst = (
        sa.select(sa.func.coalesce(sa.func.max(t.flags.c.severity), 0))
        .where(t.flags.c.item_id == due.item_id)
        .scalar_subquery()
    )
    return (
        sa.select(
            t.deadlines,
            items.title,
            items.url,
            items.publisher,
            items.seen_at,
            worst.label("severity"),
        )
        .join(t.items, items.id == due.item_id)
        .where(due.due_at >= since, due.due_at < until)
    )
