"""Stories, exposures and readings in the store: what grouping and the index read and write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, tzinfo
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from monitor.indicators.explain import Explained
from monitor.indicators.measure import Reading
from monitor.indicators.rows import Exposure, Mentions
from monitor.indicators.settings import Settings
from monitor.indicators.tripwires import Deadline
from monitor.storage import exposures as exposure_rows
from monitor.storage import flagdays, past, serials
from monitor.storage import mentions as mention_rows
from monitor.storage import stories as story_rows
from monitor.storage.changes import record
from monitor.storage.engine import BATCH, Database
from monitor.storage.past import Past
from monitor.storage.readings import Readings
from monitor.storage.tables import (
    deadlines,
    exposures,
    feeds,
    flags,
    items,
    level_changes,
    stories,
    story_joins,
)
from monitor.stories.grouping import Join, Known
from monitor.stories.groups import Group, Groups
from monitor.stories.signature import GroupingItem


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChange:
    """The level moved, and why."""

    at: datetime  # UTC
    day: date
    old: int
    new: int
    because: str


class Measures:
    """What grouping and the index keep.

    Args:
        zone: Local days are counted in it.
        groups: Shipped publisher groups; others take reliability and pool from their feed.
    """

    def __init__(
        self, database: Database, zone: tzinfo, groups: Groups, settings: Settings | None = None
    ) -> None:
        self._database = database
        self._zone = zone
        self._groups = groups
        self._settings = settings or Settings()
        self._readings = Readings(database)

    # --- stories -------------------------------------------------------------------------------

    def window(self, since: datetime) -> list[Known]:
        """Items first seen at or after `since` that have a story, for a new `Grouper`."""
        with self._database.read() as connection:
            query = story_rows.grouping_query().where(
                items.c.seen_at >= since, items.c.story_id.is_not(None)
            )
            return [
                Known(item=story_rows.grouping_item(row), story_id=row.story_id)
                for row in connection.execute(query.order_by(items.c.seen_at, items.c.id))
            ]

    def ungrouped(self, limit: int = 5_000) -> list[GroupingItem]:
        """Assessed items without a story, in the order in which they were first seen."""
        with self._database.read() as connection:
            query = story_rows.grouping_query().where(
                items.c.story_id.is_(None), items.c.assessed_version.is_not(None)
            )
            found = connection.execute(query.order_by(items.c.seen_at, items.c.id).limit(limit))
            return [story_rows.grouping_item(row) for row in found]

    def add_joins(
        self, connection: sa.Connection, joins: Sequence[Join], *, now: datetime
    ) -> set[str]:
        """Put items into their stories and remember why; what a person moved stays.

        Returns:
            Ids of the stories that changed; their rows are up to date.
        """
        moved = self._not_manual(connection, [one for one in joins if one.rule != "known"])
        rows = [
            {
                "item_id": one.item_id,
                "story_id": one.story_id,
                "rule": one.rule,
                "because": one.because,
                "similarity": one.similarity,
                "with_item_id": one.with_item_id,
                "manual": False,
                "by": "",
                "at": now,
            }
            for one in moved
        ]
        self._place(connection, rows)
        changed = {one.story_id for one in moved}
        corrects = {one.story_id: one.correction_of for one in moved if one.correction_of}
        self.refresh_stories(connection, changed, corrects)
        return changed

    def refresh_stories(
        self,
        connection: sa.Connection,
        ids: Iterable[str],
        corrects: Mapping[str, str] | None = None,
    ) -> None:
        """Write the rows of stories anew from their items; a story without items goes."""
        story_rows.refresh(self._database, connection, sorted(set(ids)), self._trust, corrects)

    def split(self, item_ids: Sequence[str], *, by: str, now: datetime) -> str:
        """Move items out into a story of their own, for good.

        Returns:
            Id of the new story.
        """
        ids = sorted(set(item_ids))
        name = "s" + sha256(f"{' '.join(ids)} {now.isoformat()}".encode()).hexdigest()[:16]
        with self._database.write() as connection:
            self._move(connection, ids, name, "split", by, now)
        return name

    def merge(self, story_ids: Sequence[str], *, by: str, now: datetime) -> str:
        """Put several stories together, for good.

        Returns:
            Id of the story that stays: the one seen first.
        """
        with self._database.write() as connection:
            query = sa.select(stories.c.id).where(stories.c.id.in_(story_ids))
            order = query.order_by(stories.c.first_seen_at, stories.c.id)
            found: list[str] = list(connection.execute(order).scalars())
            if not found:
                raise KeyError(f"none of the stories {', '.join(story_ids)} is there")
            chosen = sa.select(items.c.id).where(items.c.story_id.in_(found))
            ids = list(connection.execute(chosen).scalars())
            self._move(connection, ids, found[0], "merged", by, now)
        return found[0]

    def _move(
        self,
        connection: sa.Connection,
        ids: Sequence[str],
        story: str,
        rule: str,
        by: str,
        now: datetime,
    ) -> None:
        query = sa.select(items.c.story_id).where(items.c.id.in_(ids)).distinct()
        before = {one for one in connection.execute(query).scalars() if one}
        rows = [
            {
                "item_id": one,
                "story_id": story,
                "rule": rule,
                "because": f"{rule} by {by}" if by else f"{rule} by a person",
                "similarity": 0.0,
                "with_item_id": None,
                "manual": True,
                "by": by,
                "at": now,
            }
            for one in ids
        ]
        self._place(connection, rows)
        self.refresh_stories(connection, before | {story})
        what = f"story {rule}"
        record(connection, by=by, now=now, what=what, subject=story, items=list(ids))

    def _not_manual(self, connection: sa.Connection, joins: Sequence[Join]) -> list[Join]:
        fixed: set[str] = set()
        for start in range(0, len(joins), BATCH):
            ids = [one.item_id for one in joins[start : start + BATCH]]
            query = sa.select(story_joins.c.item_id).where(
                story_joins.c.item_id.in_(ids), story_joins.c.manual
            )
            fixed |= set(connection.execute(query).scalars())
        return [one for one in joins if one.item_id not in fixed]

    def _place(self, connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
        self._database.upsert(connection, story_joins, rows)
        pairs = [{"b_item": row["item_id"], "b_story": row["story_id"]} for row in rows]
        if not pairs:
            return
        for table, column in (
            (items, items.c.id),
            (flags, flags.c.item_id),
            (deadlines, deadlines.c.item_id),
        ):
            connection.execute(
                sa.update(table)
                .where(column == sa.bindparam("b_item"))
                .values(story_id=sa.bindparam("b_story")),
                pairs,
            )
        days = serials.days_of_flags(
            connection,
            [row["item_id"] for row in rows],
            catch_up_days=self._settings.catch_up_days,
        )
        serials.bump(self._database, connection, days, now=None)

    # --- exposures -----------------------------------------------------------------------------

    def refresh_exposures(self, days: Iterable[date], *, now: datetime) -> None:
        """Count anew what each group published and how well it was polled on these days."""
        with self._database.write() as connection:
            rows = self._compute(connection, days, now)
            pools = self._traits(connection, {row.group for row in rows})
            pool_of = {name: one.pool for name, one in pools.items()}
            exposure_rows.keep(self._database, connection, rows, pool_of)

    def exposures(self, since: date, until: date, as_of: datetime | None = None) -> list[Exposure]:
        """What each group showed on each day, both ends included.

        Args:
            as_of: Only what was known then: the newest days are counted anew from the items
                and polls up to that moment. None: as stored.
        """
        with self._database.read() as connection:
            recent: list[exposure_rows.ExposureRow] = []
            last = until
            if as_of is not None:
                today = as_of.astimezone(self._zone).date()
                start = today - timedelta(self._settings.catch_up_days)
                last = min(until, start - timedelta(1))
                span = (start + timedelta(n) for n in range((today - start).days + 1))
                recent = self._compute(connection, [d for d in span if since <= d <= until], as_of)
            c = exposures.c
            query = sa.select(
                c.day,
                c.group_name,
                c.stories,
                sa.type_coerce(c.observed, sa.types.NullType()),  # tens of thousands of rows
                c.because,
            ).where(c.day >= since.isoformat(), c.day <= last.isoformat())
            known: list[tuple[Any, ...]] = [tuple(row) for row in connection.execute(query)]
            known += [(r.day, r.group, r.stories, r.observed, r.because) for r in recent]
            traits = self._traits(connection, {row[1] for row in known})
        days: dict[Any, date] = {row.day: row.day for row in recent}
        days |= {day: date.fromisoformat(day) for day in {row[0] for row in known} - days.keys()}
        return [
            Exposure(
                day=days[day],
                group=group,
                pool=traits[group].pool,
                reliability=traits[group].reliability,
                official=traits[group].official,
                stories=count,
                observed=bool(observed),
                because=because,
            )
            for day, group, count, observed, because in known
        ]

    def _compute(
        self, connection: sa.Connection, days: Iterable[date], now: datetime
    ) -> list[exposure_rows.ExposureRow]:
        return exposure_rows.compute(
            connection,
            days,
            now=now,
            zone=self._zone,
            catch_up_days=self._settings.catch_up_days,
        )

    def _traits(self, connection: sa.Connection, names: Iterable[str]) -> dict[str, Group]:
        """Pool, reliability and official of groups: as shipped, else as their feed declares."""
        c = feeds.c
        query = sa.select(c.group_name, c.pool, c.reliability, c.official)
        declared = {row.group_name: row for row in connection.execute(query)}
        found = {}
        for name in names:
            shipped, row = self._groups.named(name), declared.get(name)
            if row is not None and name:
                found[name] = Group(
                    name=name, pool=row.pool, reliability=row.reliability, official=row.official
                )
            else:
                found[name] = shipped or Group(name=name)
        return found

    def _trust(self, connection: sa.Connection, names: Iterable[str]) -> dict[str, float]:
        grades = self._settings.grades
        traits = self._traits(connection, names)
        return {name: grades.get(one.reliability, grades["F"]) for name, one in traits.items()}

    def past(self) -> Past:
        """Stands for everything that the index reads; ask for it before reading."""
        with self._database.read() as connection:
            return past.read(connection, self._traits)

    def first_changed(self, old: Past, new: Past) -> date | None:
        """First day of which the index would read something else; see past.py."""
        late = self._settings.catch_up_days
        with self._database.read() as connection:
            return past.first_changed(connection, old, new, catch_up_days=late)

    # --- mentions ------------------------------------------------------------------------------

    def mentions(
        self, since: date, until: date, as_of: datetime | None = None, *, over: date | None = None
    ) -> Mentions:
        """Flags of the days, as columns; both ends included.

        Args:
            as_of: Only items first seen by then, and only withdrawals known by then.
            over: Days before it are packed once they were read, so that the next reading of
                all days is short; None: nothing is written.
        """
        late = self._settings.catch_up_days
        with self._database.read() as connection:
            found = flagdays.read(connection, since, until, catch_up_days=late)
            mentions = mention_rows.read(connection, found.columns, as_of, self._traits)
        days = [day for day in found.unpacked if over is not None and day < over]
        if days:
            with self._database.write() as connection:
                flagdays.keep(self._database, connection, found, days, catch_up_days=late)
        return mentions

    def deadlines(
        self,
        since: datetime,
        as_of: datetime | None = None,
        *,
        indicators: Sequence[str] | None = None,
    ) -> list[Deadline]:
        """Extracted deadlines that run out at or after `since`, without those taken back.

        Args:
            as_of: Only what was known then.
            indicators: Only these; None: all.
        """
        with self._database.read() as connection:
            return mention_rows.deadlines_of(connection, since, as_of, self._traits, indicators)

    # --- readings ------------------------------------------------------------------------------

    def save_readings(
        self, rows: Iterable[Reading], *, now: datetime, explained: Explained | None = None
    ) -> None:
        """Keep readings, so that a page need not compute them; older ones are replaced.

        Args:
            rows: May be empty: the index was computed and nothing has changed.
            explained: Why the headline is what it is.
        """
        self._readings.save(rows, now=now, explained=explained)

    def explained(self) -> Explained | None:
        """Why the headline of the last measured day is what it is; None: never measured."""
        return self._readings.explained()

    def readings(
        self, series: str | None = None, since: date | None = None, until: date | None = None
    ) -> list[Reading]:
        """Kept readings, by series and day, both ends included."""
        return self._readings.of(series, since, until)

    def computed_at(self) -> datetime | None:
        """When the index was last computed; None: never."""
        return self._readings.computed_at()

    def add_level_change(self, change: LevelChange) -> None:
        """Remember that the level moved, and the sentence that says why."""
        row = asdict(change) | {"day": change.day.isoformat()}
        with self._database.write() as connection:
            connection.execute(sa.insert(level_changes).values(**row))

    def level_changes(self, limit: int = 50) -> list[LevelChange]:
        """Changes of the level, newest first."""
        query = sa.select(level_changes).order_by(level_changes.c.n.desc()).limit(limit)
        with self._database.read() as connection:
            return [
                LevelChange(
                    at=row.at,
                    day=date.fromisoformat(row.day),
                    old=row.old,
                    new=row.new,
                    because=row.because,
                )
                for row in connection.execute(query)
            ]
