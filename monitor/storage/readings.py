"""Kept readings: written by the poller, read by every page."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import orjson
import sqlalchemy as sa

from monitor.indicators.explain import Explained, Share
from monitor.indicators.measure import Reading, State
from monitor.storage import serials
from monitor.storage.engine import Database
from monitor.storage.tables import meta, readings

_EXPLAINED = "explained"


class Readings:
    """Readings in the store, and in memory those that pages have asked for.

    Two years of all series are some 26,000 rows: too many to read for every page, and nearly all
    of them never change. Every row carries the serial of the write that it came with, so that
    only newer rows are read again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._serial = 0  # up to which rows are held
        self._held: dict[str, dict[date, Reading]] = {}
        self._ordered: dict[str, tuple[list[date], list[Reading]]] = {}

    def save(
        self, rows: Iterable[Reading], *, now: datetime, explained: Explained | None = None
    ) -> None:
        """Keep readings; older ones of the same series and day are replaced.

        Args:
            explained: Why the headline is what it is; replaces the one before.
        """
        with self._database.write() as connection:
            if explained is not None:
                row = {"key": _EXPLAINED, "value": orjson.dumps(asdict(explained)).decode()}
                self._database.upsert(connection, meta, [row])
            serials.bump(self._database, connection, [serials.READINGS], now=now)
            serial, _at = serials.last(connection, serials.READINGS)
            self._database.upsert(
                connection,
                readings,
                [
                    {
                        "series": one.series,
                        "day": one.day.isoformat(),
                        "body": asdict(one) | {"day": one.day.isoformat()},
                        "computed_at": now,
                        "serial": serial,
                    }
                    for one in rows
                ],
            )

    def of(
        self, series: str | None = None, since: date | None = None, until: date | None = None
    ) -> list[Reading]:
        """Readings by series and day, both ends included."""
        with self._lock:
            self._catch_up()
            names = sorted(self._ordered) if series is None else [series]
            return [
                one for name in names for one in _between(self._ordered.get(name), since, until)
            ]

    def computed_at(self) -> datetime | None:
        """When the index was last computed; None: never."""
        with self._database.read() as connection:
            return serials.last(connection, serials.READINGS)[1]

    def explained(self) -> Explained | None:
        """Why the headline of the last measured day is what it is; None: never measured."""
        query = sa.select(meta.c.value).where(meta.c.key == _EXPLAINED)
        with self._database.read() as connection:
            found = connection.execute(query).scalar()
        return None if found is None else _explained(orjson.loads(found))

    def _catch_up(self) -> None:
        """Read what was written since the last time."""
        with self._database.read() as connection:
            serial, _at = serials.last(connection, serials.READINGS)
            if serial == self._serial:
                return
            if serial < self._serial:  # another database stands in its place
                self._serial = 0
                self._held.clear()
                self._ordered.clear()
            query = sa.select(readings.c.body, readings.c.serial).where(
                readings.c.serial > self._serial
            )
            rows = connection.execute(query).all()
        touched = set()
        for body, of in rows:
            one = _reading(body)
            self._held.setdefault(one.series, {})[one.day] = one
            touched.add(one.series)
            serial = max(serial, of)
        for name in touched:
            days = sorted(self._held[name])
            self._ordered[name] = (days, [self._held[name][day] for day in days])
        self._serial = serial


def _between(
    held: tuple[list[date], list[Reading]] | None, since: date | None, until: date | None
) -> list[Reading]:
    if held is None:
        return []
    days, rows = held
    start = 0 if since is None else bisect_left(days, since)
    stop = len(days) if until is None else bisect_right(days, until)
    return rows[start:stop]


def _explained(body: dict[str, Any]) -> Explained:
    return Explained(
        day=date.fromisoformat(body["day"]),
        sentence=body["sentence"],
        stories=tuple(Share(**one) for one in body["stories"]),
        others=body["others"],
        usual=body["usual"],
        notes=tuple((date.fromisoformat(day), text) for day, text in body["notes"]),
    )


def _reading(body: dict[str, Any]) -> Reading:
    fields = body | {"day": date.fromisoformat(body["day"]), "state": State(body["state"])}
    return Reading(**fields)
