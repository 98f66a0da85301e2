"""Flags of days that are over, packed day by day: hundreds of thousands of rows in one look.

A packed day carries the serial of its flags (serials.py): when they change, the serial grows, and
the day is read from the flags again. Nothing here is not in the flags too; backups leave it out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby, repeat
from typing import Any

import orjson
import sqlalchemy as sa

from monitor.indicators.rows import DIRECTIONS
from monitor.items import booked_day
from monitor.storage import serials
from monitor.storage.engine import Database
from monitor.storage.tables import flag_days, flags

_AT_ONCE = 10_000
_NAMES = ("group", "indicator", "kind")  # a few hundred different words, packed as numbers
_COLUMNS = ("day", "item_id", "story_id", *_NAMES, "direction", "severity", "seen", "proximity")
Columns = dict[str, list[Any]]
"""`_COLUMNS`: `day` as an ordinal, `direction` as a number, `seen` in microseconds."""


@dataclass(slots=True)
class Read:
    """Flags that count to the asked days."""

    columns: Columns = field(default_factory=lambda: {name: [] for name in _COLUMNS})
    unpacked: dict[date, int] = field(default_factory=dict)  # read row by row, with their serials
    held: dict[str, str] = field(default_factory=dict)  # every different text once, for memory

    def add(self, part: Mapping[str, Sequence[Any]]) -> None:
        """More rows."""
        for name, values in part.items():
            is_text = bool(values) and isinstance(values[0], str)
            once = map(self.held.setdefault, values, values) if is_text else values
            self.columns[name].extend(once)


def read(connection: sa.Connection, since: date, until: date, *, catch_up_days: int) -> Read:
    """Flags that count to these days, both ends included."""
    found = Read()
    known = serials.of_days(connection, serials.FLAGS, since, until)
    packed = _packed(connection, since, until, known, catch_up_days)
    span = [since + timedelta(n) for n in range((until - since).days + 1)]
    for is_packed, days in groupby(span, packed.__contains__):
        if is_packed:
            for day in days:
                found.add(_unpack(day, packed[day]))
        else:
            run = list(days)
            found.unpacked |= {day: known.get(day, 0) for day in run}
            for part in _rows(connection, run[0], run[-1], catch_up_days):
                found.add(part)
    return found


def _packed(
    connection: sa.Connection,
    since: date,
    until: date,
    known: Mapping[date, int],
    catch_up_days: int,
) -> dict[date, bytes]:
    c = flag_days.c
    query = sa.select(c.day, c.serial, c.body).where(
        c.day >= since.isoformat(),
        c.day <= until.isoformat(),
        c.catch_up_days == catch_up_days,
    )
    rows = ((date.fromisoformat(row.day), row) for row in connection.execute(query))
    return {day: row.body for day, row in rows if row.serial == known.get(day, 0)}


def _rows(
    connection: sa.Connection, since: date, until: date, catch_up_days: int
) -> Iterator[Columns]:
    """Flags that count to the days, as they are stored."""
    c = flags.c
    query = sa.select(
        c.day,
        c.published_day,
        c.item_id,
        c.story_id,
        c.group_name,
        c.indicator,
        c.kind,
        c.direction,
        c.severity,
        sa.type_coerce(c.seen_at, sa.BigInteger).label("seen"),  # hundreds of thousands of rows
        c.proximity,
    ).where(c.day >= since.isoformat(), c.day <= (until + timedelta(catch_up_days)).isoformat())
    booking = _Booking(catch_up_days)
    first, last = since.toordinal(), until.toordinal()
    rows = connection.execute(query.execution_options(yield_per=_AT_ONCE))
    for part in rows.partitions():
        days = [booking[row[0], row[1]] for row in part]
        chosen = [
            (day, *row[2:]) for day, row in zip(days, part, strict=True) if first <= day <= last
        ]
        columns = dict(zip(_COLUMNS, map(list, zip(*chosen, strict=True)), strict=False))
        if columns:
            columns["direction"] = [DIRECTIONS[one] for one in columns["direction"]]
            yield columns


def counts_to(since: date, until: date, *, catch_up_days: int) -> sa.ColumnElement[bool]:
    """Flags that count to these days, both ends included: `booked_day` as a condition.

    Only at the ends does it matter when a flag's item was published: what was found in the first
    days may belong before them, and what was found soon after the last one to them.
    """
    c, one = flags.c, timedelta(1)
    late = timedelta(catch_up_days)
    before = [
        sa.and_(c.day == _iso(seen), c.published_day.between(_iso(seen - late), _iso(since - one)))
        for seen in (since + timedelta(n) for n in range(catch_up_days))
    ]
    after = [
        sa.and_(
            c.day == _iso(seen),
            c.published_day.between(_iso(max(since, seen - late)), _iso(until)),
        )
        for seen in (until + timedelta(n + 1) for n in range(catch_up_days))
    ]
    found_then = sa.and_(c.day <= _iso(until), ~sa.or_(sa.false(), *before))
    return sa.and_(
        c.day >= _iso(since),
        c.day <= _iso(until + late),
        sa.or_(found_then, *after),
    )


def _iso(day: date) -> str:
    return day.isoformat()


class _Booking(dict[tuple[str, str], int]):
    """Ordinal of the booked day for each pair of days seen and published, computed once."""

    def __init__(self, catch_up_days: int) -> None:
        super().__init__()
        self._days = catch_up_days

    def __missing__(self, key: tuple[str, str]) -> int:
        seen, published = map(date.fromisoformat, key)
        self[key] = day = booked_day(seen, published, catch_up_days=self._days).toordinal()
        return day


def keep(
    database: Database,
    connection: sa.Connection,
    found: Read,
    days: Collection[date],
    *,
    catch_up_days: int,
) -> None:
    """Pack the days that were read row by row; only days that are over are worth it."""
    wanted = {day.toordinal() for day in days}
    rows = sorted(
        (row for row, day in enumerate(found.columns["day"]) if day in wanted),
        key=found.columns["day"].__getitem__,
    )
    of_day = {day: list(part) for day, part in groupby(rows, key=found.columns["day"].__getitem__)}
    database.upsert(
        connection,
        flag_days,
        [
            {
                "day": day.isoformat(),
                "serial": found.unpacked[day],
                "catch_up_days": catch_up_days,
                "body": _pack(found.columns, of_day.get(day.toordinal(), [])),
            }
            for day in sorted(days)
        ],
    )


def _pack(columns: Columns, rows: Iterable[int]) -> bytes:
    part = {name: [columns[name][row] for row in rows] for name in _COLUMNS if name != "day"}
    names = list(dict.fromkeys(word for name in _NAMES for word in part[name]))
    number = {word: n for n, word in enumerate(names)}
    part |= {name: [number[word] for word in part[name]] for name in _NAMES}
    return orjson.dumps(part | {"names": names})


def _unpack(day: date, body: bytes) -> Columns:
    part: Columns = orjson.loads(body)
    names = part.pop("names")
    part |= {name: [names[number] for number in part[name]] for name in _NAMES}
    part["day"] = list(repeat(day.toordinal(), len(part["item_id"])))
    return part
