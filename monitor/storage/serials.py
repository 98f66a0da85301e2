"""Serials: how often something was written, so that what is held in memory knows its age.

A serial grows in the transaction that changes what it counts; whoever has read the rows after the
serial, and finds it unchanged later, still knows them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from monitor.storage.engine import Database
from monitor.storage.tables import serials

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


def last(connection: sa.Connection, name: str) -> tuple[int, datetime | None]:
    """How often it was changed, and when last; (0, None): never."""
    query = sa.select(serials.c.n, serials.c.at).where(serials.c.name == name)
    found = connection.execute(query).one_or_none()
    return (0, None) if found is None else (found.n, found.at)


def before(connection: sa.Connection, kind: str, day: str) -> tuple[int, int]:
    """Days of a kind that lie before a day and were ever changed, and all their changes."""
    c = serials.c
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(c.n), 0)).where(
        c.name >= kind, c.name < kind + day
    )
    days, changes = connection.execute(query).one()
    return int(days), int(changes)
