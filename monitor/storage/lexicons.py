"""Versions of the lexicon: the shipped one plus what analysts changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from monitor.errors import StorageError
from monitor.storage import tables
from monitor.storage.changes import record
from monitor.storage.engine import Database
from monitor.storage.tables import lexicon_versions

_CHANGED, _BACK = "lexicon changed", "lexicon gone back"


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconVersion:
    """One saved set of changes to the shipped lexicon."""

    version: str
    created_at: datetime
    by: str
    note: str
    changes: dict[str, Any]
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconAct:
    """One act of a person: a version saved, or gone back to."""

    at: datetime
    by: str
    version: str
    note: str
    went_back: bool


class Lexicons:
    """Saved changes to the lexicon; the newest that was chosen is in use."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self) -> dict[str, Any]:
        """The changes in use; empty means the lexicon as shipped."""
        found = self.in_use()
        return found.changes if found else {}

    def in_use(self) -> LexiconVersion | None:
        """The version in use; None: the lexicon as shipped, nothing was ever saved."""
        query = sa.select(lexicon_versions).where(lexicon_versions.c.current).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _version(row)

    def save(
        self,
        version: str,
        changes: Mapping[str, Any],
        *,
        note: str,
        by: str,
        now: datetime,
        instead_of: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep a set of changes and use it from now on; a version known before stays as it was.

        Args:
            instead_of: The changes that were in use when these were thought out. None: whatever.

        Raises:
            StorageError: Somebody has saved other changes meanwhile; nothing was stored.
        """
        row = {
            "version": version,
            "created_at": now,
            "by": by,
            "note": note,
            "changes": dict(changes),
            "current": False,
        }
        with self._database.write() as connection:
            self._alone(connection, instead_of)
            insert = self._database.insert(lexicon_versions)
            connection.execute(insert.on_conflict_do_nothing(index_elements=["version"]), [row])
            self._use(connection, version)
            record(connection, by=by, now=now, what=_CHANGED, subject=version, note=note)

    def go_back(self, version: str, *, by: str, now: datetime) -> None:
        """Use a version that was saved before.

        Raises:
            StorageError: There is none of this name; nothing was changed.
        """
        known = lexicon_versions.c.version
        with self._database.write() as connection:
            self._alone(connection, None)
            if connection.execute(sa.select(known).where(known == version)).scalar() is None:
                raise StorageError(f"no lexicon version {version!r} was saved; see the versions")
            self._use(connection, version)
            record(connection, by=by, now=now, what=_BACK, subject=version, note="")

    def _alone(self, connection: sa.Connection, expected: Mapping[str, Any] | None) -> None:
        """One person at a time; refuse what was thought out for another lexicon."""
        if not self._database.is_sqlite:
            connection.execute(sa.text("LOCK TABLE lexicon_versions IN EXCLUSIVE MODE"))
        if expected is None:
            return
        query = sa.select(lexicon_versions).where(lexicon_versions.c.current).limit(1)
        row = connection.execute(query).one_or_none()
        if dict(expected) != ({} if row is None else row.changes):
            raise StorageError(
                "the lexicon was changed meanwhile"
                + (f" by {row.by} (version {row.version})" if row is not None else "")
                + "; preview your change again, nothing was saved"
            )

    def _use(self, connection: sa.Connection, version: str) -> None:
        is_it = lexicon_versions.c.version == version
        connection.execute(sa.update(lexicon_versions).values(current=is_it))

    def all(self) -> list[LexiconVersion]:
        """Every saved version, newest first."""
        order = (lexicon_versions.c.created_at.desc(), lexicon_versions.c.version)
        with self._database.read() as connection:
            rows = connection.execute(sa.select(lexicon_versions).order_by(*order))
            return [_version(row) for row in rows]

    def history(self, *, limit: int = 30) -> list[LexiconAct]:
        """Who changed the version in use, newest first."""
        log = tables.changes
        query = sa.select(log).where(log.c.what.in_((_CHANGED, _BACK)))
        query = query.order_by(log.c.at.desc(), log.c.n.desc()).limit(limit)
        with self._database.read() as connection:
            return [
                LexiconAct(
                    at=row.at,
                    by=row.by,
                    version=row.subject,
                    note=str(row.detail.get("note", "")),
                    went_back=row.what == _BACK,
                )
                for row in connection.execute(query)
            ]


def _version(row: Any) -> LexiconVersion:
    return LexiconVersion(
        version=row.version,
        created_at=row.created_at,
        by=row.by,
        note=row.note,
        changes=dict(row.changes),
        current=row.current,
    )
