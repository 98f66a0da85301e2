"""Serials: how often something was written, so that what is held in memory knows its age.

A serial grows in the transaction that changes what it counts; whoever has read the rows after the
serial, and finds it unchanged later, still knows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from monitor.items import booked_day
from monitor.storage.engine import BATCH, Database
from monitor.storage.tables import flags, serials

READINGS = "readings"
FLAGS = "flags "  # followed by the local day that the flags count to
EXPOSURES = "exposures "  # followed by the local day


def bump(
    database: Database, connection: sa.Connection, names: Iterable[str], *, now: datetime | None
) -> None:
    """Count one more change of each; in order of names, so that two writers never deadlock."""
    rows = [{"name": name, "n": 1, "at": now} for name in sorted(set(names))]
    if not rows:
        return
    insert = database.insert(serials)
    changed = {"n": serials.c.n + 1, "at": insert.excluded.at}
    connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=changed), rows)


def days_of_flags(
    connection: sa.Connection, item_ids: Sequence[str], *, catch_up_days: int
) -> set[str]:
    """Names of the days that the flags of these items count to."""
    found: set[tuple[str, str]] = set()
    for start in range(0, len(item_ids), BATCH):
        query = (
            sa.select(flags.c.day, flags.c.published_day)
            .where(flags.c.item_id.in_(item_ids[start : start + BATCH]))
            .distinct()
        )
        found |= {(row.day, row.published_day) for row in connection.execute(query)}
    return {
        FLAGS
        + booked_day(
            date.fromisoformat(seen), date.fromisoformat(published), catch_up_days=catch_up_days
        ).isoformat()
        for seen, published in found
    }


def last(connection: sa.Connection, name: str) -> tuple[int, datetime | None]:
    """How often it was changed, and when last; (0, None): never."""
    query = sa.select(serials.c.n, serials.c.at).where(serials.c.name == name)
    found = connection.execute(query).one_or_none()
    return (0, None) if found is None else (found.n, found.at)


def of_days(connection: sa.Connection, kind: str, since: date, until: date) -> dict[date, int]:
    """How often each day of a kind was changed, both ends included; days without are left out."""
    c = serials.c
    query = sa.select(c.name, c.n).where(
        c.name >= kind + since.isoformat(), c.name <= kind + until.isoformat()
    )
    rows = connection.execute(query)
    return {date.fromisoformat(row.name.removeprefix(kind)): row.n for row in rows}
