"""Reports that a command made and a page shows: the newest of each name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from monitor.storage.engine import Database
from monitor.storage.tables import meta

_PREFIX = "report:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One kept report."""

    name: str
    made_at: datetime
    about: str  # what it was made from
    body: dict[str, Any]


class Reports:
    """Kept reports by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, report: Report) -> None:
        """Keep a report in place of the one of the same name.

        Raises:
            StorageError: The old one is still there.
        """
        value = {"made_at": report.made_at, "about": report.about, "body": report.body}
        row = {"key": _PREFIX + report.name, "value": orjson.dumps(value).decode()}
        with self._database.write() as connection:
            self._database.upsert(connection, meta, [row])

    def load(self, name: str) -> Report | None:
        """The report of that name; None: none was kept."""
        query = sa.select(meta.c.value).where(meta.c.key == _PREFIX + name)
        with self._database.read() as connection:
            text = connection.execute(query).scalar()
        if text is None:
            return None
        raw = orjson.loads(text)
        made_at = datetime.fromisoformat(raw["made_at"])
        return Report(name=name, made_at=made_at, about=raw["about"], body=raw["body"])
