"""The triage log as pages read it: what stands, what was taken back, by whom and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from monitor.storage import tables as t
from monitor.storage.engine import Database
from monitor.storage.rows import TriageRow


def decided(item_id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """More answers were given on the item than taken back."""
    log = t.triage.c
    balance = sa.func.sum(sa.case((log.verdict == "undone", -1), else_=1))
    given = sa.select(balance).where(log.item_id == item_id).scalar_subquery()
    return sa.func.coalesce(given, 0) > 0


def log(database: Database, *, limit: int) -> tuple[TriageRow, ...]:
    """The latest answers, newest first, those taken back included."""
    rows = t.triage.c
    statement = (
        sa.select(t.triage, t.items.c.title)
        .join(t.items, t.items.c.id == rows.item_id)
        .order_by(rows.n.desc())
        .limit(limit)
    )
    with database.read() as connection:
        found = connection.execute(statement).mappings().all()
        history = _history().where(rows.item_id.in_({row["item_id"] for row in found}))
        standing = _standing(connection.execute(history))
    return tuple(_triage(row, standing) for row in found)


def verdicts(database: Database) -> dict[str, int]:
    """How many items stand confirmed, corrected or not relevant."""
    with database.read() as connection:
        return dict(Counter(_standing(connection.execute(_history())).values()))


def _history() -> sa.Select[Any]:
    rows = t.triage.c
    return sa.select(rows.n, rows.item_id, rows.verdict).order_by(rows.n)


def _standing(history: Iterable[Any]) -> dict[int, str]:
    """Number and verdict of the answer that stands on each item; an undo takes one back."""
    stacks: dict[str, list[tuple[int, str]]] = {}
    for row in history:
        stack = stacks.setdefault(row.item_id, [])
        if row.verdict == "undone":
            del stack[-1:]
        else:
            stack.append((row.n, row.verdict))
    return dict(stack[-1] for stack in stacks.values() if stack)


def _triage(row: Any, standing: Mapping[int, str]) -> TriageRow:
    values = {name: row[name] for name in TriageRow.__slots__ if name != "standing"}
    given = values["indicators"]
    values["indicators"] = None if given is None else tuple(given)
    return TriageRow(**values, standing=row["n"] in standing)
