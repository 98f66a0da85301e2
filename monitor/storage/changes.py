"""Who changed what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.storage.engine import Database
from monitor.storage.tables import changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One act of a person."""

    at: datetime
    by: str
    what: str
    subject: str
    detail: dict[str, Any]


def record(
    connection: sa.Connection, *, by: str, now: datetime, what: str, subject: str, **detail: Any
) -> None:
    """Write down an act in the transaction that carries it out."""
    connection.execute(
        sa.insert(changes).values(at=now, by=by, what=what, subject=subject, detail=detail)
    )


def note(
    database: Database, *, by: str, now: datetime, what: str, subject: str, **detail: Any
) -> None:
    """Write down an act that begins now and is carried out in many transactions.

    Raises:
        StorageError: Nothing was written; the act should not begin.
    """
    with database.write() as connection:
        record(connection, by=by, now=now, what=what, subject=subject, **detail)


def latest(database: Database, *, subject: str | None = None, limit: int = 50) -> list[Change]:
    """The newest acts first, of one subject or of all."""
    query = sa.select(changes).order_by(changes.c.at.desc(), changes.c.n.desc()).limit(limit)
    if subject is not None:
        query = query.where(changes.c.subject == subject)
    with database.read() as connection:
        return [
            Change(at=row.at, by=row.by, what=row.what, subject=row.subject, detail=row.detail)
            for row in connection.execute(query)
        ]
