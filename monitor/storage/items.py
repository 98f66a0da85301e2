"""Items with their assessments, flags and deadlines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from monitor.assess.model import Assessment
from monitor.items import Item, stamp
from monitor.storage import serials
from monitor.storage.engine import BATCH, Database
from monitor.storage.tables import assessments, deadlines, feeds, flags, item_keys, items


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An item with the judgement that is to be stored with it."""

    item: Item
    group: str  # publisher group, wire credits resolved
    assessment: Assessment


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """An item as the store knows it."""

    item: Item
    feed_url: str
    feed_title: str
    group: str
    revisions: int
    story_id: str | None
    assessment: Assessment | None  # None: not assessed yet

    def as_json(self) -> dict[str, Any]:
        """The contract of `items list --json`."""
        published = self.item.published_at
        return {
            "id": self.item.id,
            "feed": self.feed_url,
            "url": self.item.url,
            "title": self.item.title,
            "summary": self.item.summary,
            "language": self.assessment.language if self.assessment else self.item.language,
            "published": stamp(published) if published else None,
            "first_seen": stamp(self.item.seen_at),
            "event_date": self.assessment.event_date if self.assessment else None,
            "publisher": self.item.publisher or self.feed_title,
            "group": self.group,
            "revisions": self.revisions,
            "story": self.story_id,
            "assessment": self.assessment.as_json() if self.assessment else None,
        }


class Items:
    """Items in the store.

    Args:
        zone: Local days are counted in it.
        catch_up_days: Items found this many days late count to the day they were published.
    """

    def __init__(self, database: Database, zone: ZoneInfo, *, catch_up_days: int = 3) -> None:
        self._database = database
        self._zone = zone
        self._catch_up_days = catch_up_days

    def add(
        self, connection: sa.Connection, new: Sequence[tuple[Item, str, Sequence[str]]]
    ) -> set[str]:
        """Remember items; those already known stay as they were first seen.

        Args:
            new: Item, publisher group, and the keys by which its feed may call it again.

        Returns:
            Ids of the items that were new; adding twice gives the empty set.
        """
        fresh: set[str] = set()
        for start in range(0, len(new), BATCH):
            part = new[start : start + BATCH]
            insert = self._database.insert(items).on_conflict_do_nothing(index_elements=["id"])
            rows = [item_row(item, group) for item, group, _keys in part]
            found = connection.execute(insert.returning(items.c.id), rows)
            fresh |= set(found.scalars())
            self._database.upsert(
                connection,
                item_keys,
                [
                    {
                        "feed_id": item.feed_id,
                        "key": key,
                        "item_id": item.id,
                        "last_listed_at": item.seen_at,
                    }
                    for item, _group, keys in part
                    if item.id in fresh
                    for key in dict.fromkeys(keys)
                ],
            )
        return fresh

    def judge(self, connection: sa.Connection, judged: Sequence[Judged], now: datetime) -> None:
        """Store assessments beside the older ones; flags and deadlines follow the newest."""
        if not judged:
            return
        for start in range(0, len(judged), BATCH):
            part = judged[start : start + BATCH]
            ids = [one.item.id for one in part]
            settled = sa.select(deadlines).where(
                deadlines.c.item_id.in_(ids), deadlines.c.outcome.is_not(None)
            )
            kept = [dict(row) for row in connection.execute(settled).mappings()]
            grouped = sa.select(items.c.id, items.c.story_id).where(items.c.id.in_(ids))
            stories = {row.id: row.story_id for row in connection.execute(grouped)}
            self._database.upsert(connection, assessments, [_assessment_row(o, now) for o in part])
            days = self._days_of_flags(connection, ids)
            for table in (flags, deadlines):
                connection.execute(sa.delete(table).where(table.c.item_id.in_(ids)))
            flag_rows = [
                row | {"story_id": stories.get(one.item.id)}
                for one in part
                for row in self._flag_rows(one)
            ]
            if flag_rows:
                connection.execute(sa.insert(flags), flag_rows)
                days |= self._days_of_flags(connection, ids)
            serials.bump(self._database, connection, days, now=now)
            due_rows = _with_outcomes(
                [
                    row | {"story_id": stories.get(one.item.id)}
                    for one in part
                    for row in self._deadline_rows(one)
                ],
                kept,
            )
            if due_rows:
                connection.execute(sa.insert(deadlines), due_rows)
            connection.execute(
                sa.update(items).where(items.c.id == sa.bindparam("b_id")),
                [
                    {
                        "b_id": one.item.id,
                        "assessed_version": one.assessment.lexicon_version,
                        "flagged": one.assessment.relevant,
                        "group_name": one.group,
                    }
                    for one in part
                ],
            )

    def _days_of_flags(self, connection: sa.Connection, ids: Sequence[str]) -> set[str]:
        return serials.days_of_flags(connection, ids, catch_up_days=self._catch_up_days)

    def _flag_rows(self, one: Judged) -> Iterator[dict[str, Any]]:
        """Flags count only on items that are relevant; background older than a week never."""
        if not one.assessment.relevant or one.assessment.historical:
            return
        seen: set[tuple[str, str]] = set()
        for flag in one.assessment.flags:
            if (flag.indicator, flag.direction.value) in seen:
                continue
            seen.add((flag.indicator, flag.direction.value))
            yield {
                "item_id": one.item.id,
                "indicator": flag.indicator,
                "direction": flag.direction.value,
                "kind": flag.kind.value,
                "severity": flag.severity,
                "day": self.local_day(one.item.seen_at),
                "published_day": self.local_day(one.item.sort_at),
                "event_date": one.assessment.event_date,
                "seen_at": one.item.seen_at,
                "group_name": one.group,
                "proximity": one.assessment.proximity,
                "relevance": one.assessment.relevance.value,
            }

    def _deadline_rows(self, one: Judged) -> Iterator[dict[str, Any]]:
        if not one.assessment.relevant:
            return
        indicator = next(iter(one.assessment.indicators), "other_security")
        if "ultimatum" in one.assessment.indicators:
            indicator = "ultimatum"
        for deadline in {one.due: one for one in one.assessment.deadlines}.values():
            yield {
                "item_id": one.item.id,
                "due": deadline.due,
                "due_at": self.due_at(deadline.due),
                "phrase": deadline.evidence.text,
                "indicator": indicator,
            }

    def local_day(self, moment: datetime) -> str:
        """ISO date of a moment on the site's calendar."""
        return moment.astimezone(self._zone).date().isoformat()

    def due_at(self, due: str) -> datetime:
        """When a deadline passes: at its hour, or at the end of its local day."""
        if "T" in due:
            moment = datetime.fromisoformat(due)
            return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
        day = date.fromisoformat(due) + timedelta(days=1)
        return datetime.combine(day, time(), self._zone)

    def pending(
        self,
        version: str,
        *,
        since: datetime | None = None,
        after: StoredItem | None = None,
        limit: int,
    ) -> list[StoredItem]:
        """Items that this version of the lexicon has not judged, in the order first seen.

        Args:
            since: Only items published since then.
            after: The last item of the part before; None: the first part.
            limit: At most so many: everything that is stored does not fit into memory.
        """
        c = items.c
        query = _stored().where(*_not_judged(version, since))
        if after is not None:
            seen_at, last = after.item.seen_at, after.item.id
            later = sa.or_(c.seen_at > seen_at, sa.and_(c.seen_at == seen_at, c.id > last))
            query = query.where(c.seen_at >= seen_at, later)
        return list(self._stored(query.order_by(c.seen_at, c.id).limit(limit)))

    def count_pending(self, version: str, *, since: datetime | None = None) -> int:
        """How many items this version of the lexicon has not judged."""
        query = sa.select(sa.func.count()).where(*_not_judged(version, since))
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def unjudged(self) -> list[StoredItem]:
        """Items without a present judgement, oldest first."""
        query = sa.select(items.c.id).where(items.c.assessed_version.is_(None))
        with self._database.read() as connection:  # few; an index holds just these
            ids = list(connection.execute(query).scalars())
        return sorted(self.get(ids), key=lambda one: (one.item.seen_at, one.item.id))

    def forget_judgement(self, connection: sa.Connection, ids: Sequence[str]) -> None:
        """Mark items whose text has changed, so that they are judged again."""
        for start in range(0, len(ids), BATCH):
            connection.execute(
                sa.update(items)
                .where(items.c.id.in_(ids[start : start + BATCH]))
                .values(assessed_version=None)
            )

    def days(self) -> tuple[date, date] | None:
        """First and last local day on which an item was first seen; None: there is none."""
        ends = (sa.func.min(items.c.seen_at), sa.func.max(items.c.seen_at))
        query = sa.select(*(sa.select(one).scalar_subquery() for one in ends))  # two look-ups
        with self._database.read() as connection:
            first, last = connection.execute(query).one()
        if first is None:
            return None
        return first.astimezone(self._zone).date(), last.astimezone(self._zone).date()

    def get(self, ids: Iterable[str]) -> list[StoredItem]:
        """Items by id, newest first; unknown ids are left out."""
        found: list[StoredItem] = []
        wanted = list(ids)
        for start in range(0, len(wanted), BATCH):
            query = _stored().where(items.c.id.in_(wanted[start : start + BATCH]))
            found.extend(self._stored(query))
        return sorted(found, key=lambda one: (one.item.sort_at, one.item.id), reverse=True)

    def listed(
        self,
        *,
        feed_id: str | None = None,
        since: datetime | None = None,
        flagged: bool = False,
        limit: int | None = None,
    ) -> Iterator[StoredItem]:
        """Items newest first."""
        query = _stored().order_by(items.c.sort_at.desc(), items.c.id.desc()).limit(limit)
        if feed_id is not None:
            query = query.where(items.c.feed_id == feed_id)
        if since is not None:
            query = query.where(items.c.sort_at >= since)
        if flagged:
            query = query.where(items.c.flagged)
        return self._stored(query)

    def _stored(self, query: sa.Select[Any]) -> Iterator[StoredItem]:
        with self._database.read() as connection:
            for row in connection.execute(query.execution_options(yield_per=1000)):
                yield StoredItem(
                    item=item_of(row),
                    feed_url=row.feed_url,
                    feed_title=row.feed_title,
                    group=row.group_name,
                    revisions=row.revisions,
                    story_id=row.story_id,
                    assessment=None if row.body is None else Assessment.from_json(row.body),
                )

    def count(self) -> int:
        """Items kept."""
        with self._database.read() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(items)).scalar_one()


def _not_judged(version: str, since: datetime | None) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [items.c.assessed_version.is_distinct_from(version)]
    return found if since is None else [*found, items.c.sort_at >= since]


def _stored() -> sa.Select[Any]:
    return (
        sa.select(
            items,
            feeds.c.url.label("feed_url"),
            feeds.c.title.label("feed_title"),
            assessments.c.body,
        )
        .join(feeds, feeds.c.id == items.c.feed_id)
        .outerjoin(
            assessments,
            sa.and_(
                assessments.c.item_id == items.c.id,
                assessments.c.lexicon_version == items.c.assessed_version,
            ),
        )
    )


def item_row(item: Item, group: str) -> dict[str, Any]:
    """The row of `items` that holds a new item."""
    return {
        "id": item.id,
        "feed_id": item.feed_id,
        "guid": item.guid,
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "language": item.language,
        "publisher": item.publisher,
        "author": item.author,
        "group_name": group,
        "published_at": item.published_at,
        "published_raw": item.published_raw,
        "seen_at": item.seen_at,
        "sort_at": item.sort_at,
        "revised_at": None,
        "revisions": 0,
        "story_id": None,
        "assessed_version": None,
        "flagged": False,
    }


def item_of(row: Any) -> Item:
    """The item that a row of `items` holds."""
    return Item(
        feed_id=row.feed_id,
        guid=row.guid,
        url=row.url,
        title=row.title,
        summary=row.summary,
        language=row.language,
        publisher=row.publisher,
        author=row.author,
        published_at=row.published_at,
        published_raw=row.published_raw,
        seen_at=row.seen_at,
    )


def _assessment_row(one: Judged, now: datetime) -> dict[str, Any]:
    made = one.assessment
    return {
        "item_id": one.item.id,
        "lexicon_version": made.lexicon_version,
        "assessed_at": now,
        "relevant": made.relevant,
        "relevance": made.relevance.value,
        "severity": made.severity,
        "direction": made.direction.value,
        "language": made.language,
        "event_date": made.event_date,
        "body": made.as_json(),
    }


_NOTED = ("outcome", "outcome_by", "outcome_at")
_Rows = list[dict[str, Any]]


def _with_outcomes(found: _Rows, settled: _Rows) -> _Rows:
    """Deadlines of a new judgement with what people noted on those of the one before.

    A settled deadline that the new judgement no longer finds stays as it was: what stands there
    is a person's work.
    """
    known = {(row["item_id"], row["due"]): row for row in found}
    lost = []
    for old in settled:
        row = known.get((old["item_id"], old["due"]))
        if row is None:
            lost.append(old)
        else:
            row |= {column: old[column] for column in _NOTED}
    open_again = dict.fromkeys(_NOTED)
    return [open_again | row for row in found] + lost
