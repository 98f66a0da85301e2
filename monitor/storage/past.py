"""What the index has read of days that are over, and from which day on it has changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from monitor.items import booked_day
from monitor.storage import mentions, serials
from monitor.storage.engine import BATCH
from monitor.storage.mentions import Traits
from monitor.storage.tables import feeds, flags

EVERYTHING = date.min


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Stands for everything that was read; ask for it before reading."""

    flags: Mapping[date, int]  # serials of the days
    exposures: Mapping[date, int]
    declared: frozenset[tuple[object, ...]]  # what the feeds say of their groups
    withdrawn: frozenset[tuple[str | None, str]]  # stories that were corrected, and by whom
    refused: frozenset[str]  # items that a person called not relevant


def read(connection: sa.Connection, traits: Traits) -> Past:
    """The past as it stands."""
    c = feeds.c
    declared = sa.select(c.group_name, c.pool, c.reliability, c.official)
    withdrawn, refused = mentions.taken_back(connection, traits)
    return Past(
        flags=serials.of_days(connection, serials.FLAGS, date.min, date.max),
        exposures=serials.of_days(connection, serials.EXPOSURES, date.min, date.max),
        declared=frozenset(tuple(row) for row in connection.execute(declared)),
        withdrawn=withdrawn,
        refused=refused,
    )


def first_changed(
    connection: sa.Connection, old: Past, new: Past, *, catch_up_days: int
) -> date | None:
    """First local day on which something differs.

    Returns:
        None when nothing does; `EVERYTHING` when it cannot be told by days.
    """
    if old.declared != new.declared:
        return EVERYTHING
    stories = {one for one, _by in old.withdrawn ^ new.withdrawn if one is not None}
    days = [
        *_differing(old.flags, new.flags),
        *_differing(old.exposures, new.exposures),
        *_days(connection, flags.c.item_id, old.refused ^ new.refused, catch_up_days),
        *_days(connection, flags.c.story_id, stories, catch_up_days),
    ]
    return min(days, default=None)


def _differing(old: Mapping[date, int], new: Mapping[date, int]) -> Iterator[date]:
    return (day for day in old.keys() | new.keys() if old.get(day) != new.get(day))


def _days(
    connection: sa.Connection,
    column: sa.Column[str],
    ids: Collection[str],
    catch_up_days: int,
) -> Iterator[date]:
    """Days that the flags of these items or stories count to."""
    listed = sorted(ids)
    for start in range(0, len(listed), BATCH):
        query = sa.select(flags.c.day, flags.c.published_day).distinct()
        rows = connection.execute(query.where(column.in_(listed[start : start + BATCH])))
        for seen, published in rows:
            yield booked_day(
                date.fromisoformat(seen), date.fromisoformat(published), catch_up_days=catch_up_days
            )
