"""Versions of the lexicon: the shipped one plus what analysts changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.storage.changes import record
from monitor.storage.engine import Database
from monitor.storage.tables import lexicon_versions


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconVersion:
    """One saved set of changes to the shipped lexicon."""

    version: str
    created_at: datetime
    by: str
    note: str
    changes: dict[str, Any]


class Lexicons:
    """Saved changes to the lexicon; the newest that was chosen is in use."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self) -> dict[str, Any]:
        """The changes in use; empty means the lexicon as shipped."""
        table = lexicon_versions
        query = sa.select(table.c.changes).where(table.c.current).limit(1)
        with self._database.read() as connection:
            return dict(connection.execute(query).scalar() or {})

    def save(
        self, version: str, changes: Mapping[str, Any], *, note: str, by: str, now: datetime
    ) -> None:
        """Keep a set of changes and use it from now on."""
        row = {
            "version": version,
            "created_at": now,
            "by": by,
            "note": note,
            "changes": dict(changes),
            "current": True,
        }
        with self._database.write() as connection:
            connection.execute(sa.update(lexicon_versions).values(current=False))
            self._database.upsert(connection, lexicon_versions, [row])
            record(connection, by=by, now=now, what="lexicon changed", subject=version, note=note)

    def all(self) -> list[LexiconVersion]:
        """Every saved version, newest first."""
        table = lexicon_versions
        with self._database.read() as connection:
            return [
                LexiconVersion(
                    version=row.version,
                    created_at=row.created_at,
                    by=row.by,
                    note=row.note,
                    changes=row.changes,
                )
                for row in connection.execute(sa.select(table).order_by(table.c.created_at.desc()))
            ]
