"""What analysts think of items: who, when, and undo. Append-only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from monitor.storage.engine import Database
from monitor.storage.tables import assessments, items, triage


class Verdict(StrEnum):
    """An analyst's answer to a flagged item."""

    CONFIRMED = "confirmed"
    NOT_RELEVANT = "not_relevant"
    CORRECTED = "corrected"
    UNDONE = "undone"  # takes the label before it back


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One answer of one person."""

    item_id: str
    verdict: Verdict
    indicators: tuple[str, ...] | None = None  # None: as assessed
    severity: int | None = None
    direction: str | None = None
    note: str = ""
    by: str
    at: datetime


class Triage:
    """Labels in the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, label: Label) -> None:
        """Keep an answer; an `undone` one takes back the newest that still stands.

        Raises:
            ValueError: Nothing is there to undo.
        """
        row = {name: getattr(label, name) for name in Label.__dataclass_fields__}
        row |= {
            "verdict": label.verdict.value,
            "indicators": None if label.indicators is None else list(label.indicators),
        }
        with self._database.write() as connection:  # two people may undo at once: one waits
            mine = sa.select(items.c.id).where(items.c.id == label.item_id)
            connection.execute(mine.with_for_update())
            if label.verdict is Verdict.UNDONE and not _standing(connection, [label.item_id]):
                raise ValueError(f"item {label.item_id} has no label to undo")
            connection.execute(sa.insert(triage).values(**row))

    def history(self, item_id: str) -> list[Label]:
        """Every answer on an item, oldest first, with those taken back."""
        query = sa.select(triage).where(triage.c.item_id == item_id).order_by(triage.c.n)
        with self._database.read() as connection:
            return [_label(row) for row in connection.execute(query)]

    def current(self, item_ids: Iterable[str] | None = None) -> dict[str, Label]:
        """The answer that stands on each item; items without one are left out."""
        with self._database.read() as connection:
            return _standing(connection, item_ids)

    def labelled(self) -> list[dict[str, Any]]:
        """Labels as lines of an evaluation file: what the analysts say is right."""
        standing = self.current()
        rows = self._judged(sorted(standing))
        return [_evaluation_line(row, standing[row.id]) for row in rows]

    def _judged(self, ids: Sequence[str]) -> list[Any]:
        query = (
            sa.select(items, assessments.c.body)
            .join(
                assessments,
                sa.and_(
                    assessments.c.item_id == items.c.id,
                    assessments.c.lexicon_version == items.c.assessed_version,
                ),
            )
            .where(items.c.id.in_(ids))
            .order_by(items.c.sort_at, items.c.id)
        )
        with self._database.read() as connection:
            return list(connection.execute(query))


def _standing(connection: sa.Connection, item_ids: Iterable[str] | None) -> dict[str, Label]:
    """The answer that stands on each item: undoing takes the newest one from its stack."""
    query = sa.select(triage).order_by(triage.c.n)
    if item_ids is not None:
        query = query.where(triage.c.item_id.in_(list(item_ids)))
    stacks: dict[str, list[Label]] = {}
    for row in connection.execute(query):
        stack = stacks.setdefault(row.item_id, [])
        if row.verdict == Verdict.UNDONE:
            del stack[-1:]
        else:
            stack.append(_label(row))
    return {item_id: stack[-1] for item_id, stack in stacks.items() if stack}


def _label(row: Any) -> Label:
    return Label(
        item_id=row.item_id,
        verdict=Verdict(row.verdict),
        indicators=None if row.indicators is None else tuple(row.indicators),
        severity=row.severity,
        direction=row.direction,
        note=row.note,
        by=row.by,
        at=row.at,
    )


def _evaluation_line(row: Any, label: Label) -> dict[str, Any]:
    relevant = label.verdict is not Verdict.NOT_RELEVANT
    body = row.body
    indicators = body["indicators"] if label.indicators is None else list(label.indicators)
    severity = body["severity"] if label.severity is None else label.severity
    direction = body["direction"] if label.direction is None else label.direction
    return {
        "id": row.id,
        "language": body["language"],
        "published": row.published_at.isoformat() if row.published_at else None,
        "publisher": row.publisher,
        "url": row.url,
        "title": row.title,
        "summary": row.summary,
        "relevant": relevant,
        "direction": direction if relevant else "neutral",
        "severity": max(1, severity) if relevant else 0,
        "indicators": indicators if relevant else [],
        "event_date": body["event_date"],
    }
