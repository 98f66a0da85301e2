"""Reading: every question that pages ask the store, as one short query each.

All lists are newest first and paged by keyset, so that a page costs the same however many items
are stored (docs/performance.md); full-text hits are never ranked over everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from typing import Any

import sqlalchemy as sa

from monitor.assess.model import Assessment, PlaceMention
from monitor.storage import answers, due, flagdays, health, listing
from monitor.storage import tables as t
from monitor.storage.engine import Database
from monitor.storage.progress import STUMBLE, Stumble, last_stumble
from monitor.storage.rows import (
    ChangeRow,
    DeadlineRow,
    FeedRow,
    ItemRow,
    Page,
    PlacedItem,
    PollDay,
    PollRow,
    StoryFilter,
    StoryRow,
    Totals,
    TriageRow,
)
from monitor.storage.search import SEARCH_DEPTH, matching, unindexed

_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Reading:
    """Queries of the pages over one database.

    Args:
        database: Migrated.
        catch_up_days: Items found this many days late count to the day they were published.
    """

    def __init__(self, database: Database, *, catch_up_days: int = 3) -> None:
        self._database = database
        self._catch_up_days = catch_up_days
        self._closed_days: tuple[object, tuple[PollDay, ...]] = (None, ())

    # --- how things stand ----------------------------------------------------------------------
    def version(self) -> tuple[int | str, ...]:
        """Changes with each item, revision, decision, change of a feed or level, and stumble.

        Polls that bring nothing leave it alone, so that open pages are not drawn for nothing.
        """
        with self._database.read() as connection:
            return tuple(connection.execute(_TIPS).one())

    def totals(self, *, now: datetime) -> Totals:
        """How much is stored and how fresh it is."""
        since = now - _DAY
        items, stories = t.items.c, t.stories.c
        statement = sa.select(
            _count(items.seen_at >= since),
            _count(items.flagged, items.sort_at >= since),
            _count(stories.flagged, stories.last_seen_at >= since),
            sa.select(sa.func.max(items.seen_at)).scalar_subquery(),
            sa.select(sa.func.min(items.seen_at)).scalar_subquery(),
            sa.select(sa.func.max(t.polls.c.started_at)).scalar_subquery(),
        )
        with self._database.read() as connection:
            recent, flagged, story_count, newest, oldest, polled = connection.execute(
                statement
            ).one()
            return Totals(
                items=self._stored_items(connection),
                items_24h=recent,
                flagged_items_24h=flagged,
                flagged_stories_24h=story_count,
                newest_seen_at=newest,
                oldest_seen_at=oldest,
                last_poll_at=polled,
            )

    def _stored_items(self, connection: sa.Connection) -> int:
        """Items stored; PostgreSQL's own estimate once counting them would be slow."""
        if self._database.is_sqlite:
            newest = sa.select(sa.func.coalesce(sa.func.max(t.items.c.n), 0))  # never deleted
            return int(connection.execute(newest).scalar_one())
        text = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'items'::regclass"
        estimate = int(connection.execute(sa.text(text)).scalar_one())
        if estimate > SEARCH_DEPTH * 10:
            return estimate
        return int(connection.execute(sa.select(sa.func.count()).select_from(t.items)).scalar_one())

    # --- stories -------------------------------------------------------------------------------
    def stories(
        self, chosen: StoryFilter, *, after: str | None = None, limit: int = 20
    ) -> Page[StoryRow]:
        """One page of stories, last seen first.

        Raises:
            ValueError: `after` is not what an earlier page gave.
        """
        with self._database.read() as connection:
            found = listing.newest(
                self._database,
                connection,
                chosen,
                below=partial(_below, after=after),
                limit=limit + 1,
            )
        rows = tuple(_story(row) for row in found[:limit])
        more = len(found) > limit
        return Page(rows=rows, after=_cursor(rows[-1].last_seen_at, rows[-1].id) if more else None)

    def severest_stories(self, chosen: StoryFilter, *, limit: int = 10) -> tuple[StoryRow, ...]:
        """The most severe stories of a period, the latest first among equals."""
        with self._database.read() as connection:
            found = listing.severest(self._database, connection, chosen, limit=limit)
        return tuple(_story(row) for row in found)

    def count_stories(self, chosen: StoryFilter, *, at_most: int = 1000) -> int:
        """Stories that the filter lets through, counted no further than `at_most`."""
        with self._database.read() as connection:
            return listing.count(self._database, connection, chosen, at_most=at_most)

    def story(self, story_id: str) -> StoryRow | None:
        """One story, or None."""
        rows = self.stories_by_id([story_id])
        return rows[0] if rows else None

    def stories_by_id(self, story_ids: Iterable[str]) -> tuple[StoryRow, ...]:
        """The stories with these ids, in the order given; unknown ids are left out."""
        wanted = list(dict.fromkeys(story_ids))
        statement = sa.select(t.stories).where(t.stories.c.id.in_(wanted))
        with self._database.read() as connection:
            found = {row["id"]: _story(row) for row in connection.execute(statement).mappings()}
        return tuple(found[one] for one in wanted if one in found)

    def stumble(self) -> Stumble | None:
        """The last cycle that a fault of this program ended; None: there was never one."""
        return last_stumble(self._database)

    # --- items ---------------------------------------------------------------------------------
    def items(
        self,
        *,
        feed_id: str | None = None,
        flagged: bool | None = None,
        since: datetime | None = None,
        words: str = "",
        after: str | None = None,
        limit: int = 20,
    ) -> Page[ItemRow]:
        """One page of items with their assessments, newest first.

        A single feed is read in the order in which its items were first seen; those of one poll
        in the order in which they were published.

        Raises:
            ValueError: `after` is not what an earlier page gave.
        """
        items = t.items.c
        moment: Any = items.seen_at if feed_id else items.sort_at
        if words.strip():
            moment = unindexed(moment)
        place = (moment, items.sort_at, items.id) if feed_id else (moment, items.id)
        chosen = sa.select(items.id).where(_below(place, after))
        if feed_id:
            chosen = chosen.where(items.feed_id == feed_id)
        if flagged is not None:
            chosen = chosen.where(items.flagged == flagged)
        if since is not None:
            chosen = chosen.where(moment >= since)
        if words.strip():
            chosen = chosen.where(items.id.in_(matching(self._database, words, items.id)))
        order = [column.desc() for column in place]
        chosen = chosen.order_by(*order).limit(limit + 1)  # first these, then all about them
        statement = _items_select().where(items.id.in_(chosen)).order_by(*order)
        with self._database.read() as connection:
            found = [_item(row) for row in connection.execute(statement).mappings()]
        rows, more = tuple(found[:limit]), len(found) > limit
        if not more:
            return Page(rows=rows, after=None)
        last = rows[-1]
        moments = (last.seen_at, last.sort_at) if feed_id else (last.sort_at,)
        return Page(rows=rows, after=_cursor(*moments, last.id))

    def item(self, item_id: str) -> ItemRow | None:
        """One item, or None."""
        rows = self.items_by_id([item_id])
        return rows[0] if rows else None

    def items_by_id(self, item_ids: Iterable[str]) -> tuple[ItemRow, ...]:
        """The items with these ids, in the order given; unknown ids are left out."""
        wanted = list(dict.fromkeys(item_ids))
        statement = _items_select().where(t.items.c.id.in_(wanted))
        with self._database.read() as connection:
            found = {row["id"]: _item(row) for row in connection.execute(statement).mappings()}
        return tuple(found[one] for one in wanted if one in found)

    def items_of(self, story_ids: Sequence[str], *, limit: int = 400) -> tuple[ItemRow, ...]:
        """Items of these stories, newest first, at most `limit` of each story's newest."""
        if not story_ids:
            return ()
        items = t.items.c
        chosen = _newest_of(story_ids, limit)
        statement = _items_select().where(items.id.in_(chosen)).order_by(items.sort_at.desc())
        with self._database.read() as connection:
            return tuple(_item(row) for row in connection.execute(statement).mappings())

    def places_of(self, story_ids: Sequence[str], *, limit: int) -> tuple[PlacedItem, ...]:
        """Places of flagged items of these stories, newest first, of at most `limit` of each."""
        if not story_ids:
            return ()
        items, judged = t.items.c, t.assessments.c
        chosen = _newest_of(story_ids, limit)
        statement = (
            sa.select(items.story_id, judged.severity, judged.body)
            .join(
                t.assessments,
                sa.and_(
                    judged.item_id == items.id, judged.lexicon_version == items.assessed_version
                ),
            )
            .where(items.id.in_(chosen))
            .order_by(items.sort_at.desc())
        )
        with self._database.read() as connection:
            return tuple(
                PlacedItem(
                    story_id=story,
                    severity=severity,
                    places=tuple(PlaceMention.from_json(one) for one in body["places"]),
                )
                for story, severity, body in connection.execute(statement)
                if body["flags"] and body["places"]
            )

    def flagged_on(
        self,
        day: str,
        *,
        until_day: str | None = None,
        indicators: Sequence[str] = (),
        directions: Sequence[str] = (),
        kinds: Sequence[str] = (),
        limit: int = 200,
    ) -> tuple[str, ...]:
        """Ids of items whose flags count to the local days `day` to `until_day`, worst first."""
        flags = t.flags.c
        first, last = date.fromisoformat(day), date.fromisoformat(until_day or day)
        statement = (
            sa.select(flags.item_id)
            .where(flagdays.counts_to(first, last, catch_up_days=self._catch_up_days))
            .group_by(flags.item_id)
            .order_by(sa.func.max(flags.severity).desc(), sa.func.max(flags.seen_at).desc())
            .limit(limit)
        )
        for column, values in (
            (flags.indicator, indicators),
            (flags.direction, directions),
            (flags.kind, kinds),
        ):
            if values:
                statement = statement.where(column.in_(values))
        with self._database.read() as connection:
            return tuple(connection.execute(statement).scalars())

    def revisions(self, item_id: str) -> tuple[tuple[datetime, str, str], ...]:
        """Earlier wordings of an item, newest first: when replaced, title, summary."""
        r = t.revisions.c
        statement = sa.select(r.revised_at, r.title, r.summary).where(r.item_id == item_id)
        with self._database.read() as connection:
            found = connection.execute(statement.order_by(r.n.desc())).all()
            return tuple((row.revised_at, row.title, row.summary) for row in found)

    # --- deadlines -----------------------------------------------------------------------------
    def deadlines(
        self,
        *,
        since: datetime,
        until: datetime,
        open_only: bool = False,
        latest_first: bool = False,
        limit: int = 500,
    ) -> tuple[DeadlineRow, ...]:
        """Deadlines due in a period, soonest first unless told otherwise."""
        with self._database.read() as connection:
            return due.listed(
                connection,
                since,
                until,
                open_only=open_only,
                latest_first=latest_first,
                limit=limit,
            )

    def next_deadlines(
        self, *, since: datetime, until: datetime, stories: int
    ) -> tuple[DeadlineRow, ...]:
        """All reports of the next open deadlines; those of one story are one deadline."""
        with self._database.read() as connection:
            return due.next_open(connection, since, until, stories=stories)

    def count_deadlines(self, *, since: datetime, until: datetime) -> int:
        """Open deadlines, each once however many report it."""
        with self._database.read() as connection:
            return due.count_open(connection, since, until)

    # --- triage --------------------------------------------------------------------------------
    def untriaged(self, *, after: str | None = None, limit: int = 10) -> Page[ItemRow]:
        """Flagged items on which nobody has decided, newest first."""
        items = t.items.c
        statement = _items_select().where(items.flagged == sa.true(), ~answers.decided(items.id))
        statement = statement.where(_below((items.sort_at, items.id), after))
        statement = statement.order_by(items.sort_at.desc(), items.id.desc()).limit(limit + 1)
        with self._database.read() as connection:
            found = [_item(row) for row in connection.execute(statement).mappings()]
        rows = tuple(found[:limit])
        more = len(found) > limit
        return Page(rows=rows, after=_cursor(rows[-1].sort_at, rows[-1].id) if more else None)

    def count_untriaged(self, *, at_most: int = 1000) -> int:
        """Flagged items on which nobody has decided, counted no further than `at_most`."""
        items = t.items.c
        waiting = sa.select(items.id).where(items.flagged == sa.true(), ~answers.decided(items.id))
        counted = sa.select(sa.func.count()).select_from(waiting.limit(at_most).subquery())
        with self._database.read() as connection:
            return int(connection.execute(counted).scalar_one())

    def triage_log(self, *, limit: int = 50) -> tuple[TriageRow, ...]:
        """The latest decisions, newest first, undone ones included."""
        return answers.log(self._database, limit=limit)

    def verdicts(self) -> dict[str, int]:
        """How many items stand confirmed, corrected or not relevant."""
        return answers.verdicts(self._database)

    # --- feeds ---------------------------------------------------------------------------------
    def feeds(self, *, now: datetime) -> tuple[FeedRow, ...]:
        """Every watched feed with its health, by title; removed ones last, latest first."""
        return health.feeds(self._database, now=now)

    def poll_days(
        self, feed_ids: Sequence[str], days: Sequence[date], *, zone: tzinfo
    ) -> tuple[PollDay, ...]:
        """How polling these feeds went on consecutive local days, oldest first, the last is today.

        Days that are over do not change any more: they are counted once and remembered.
        """
        key = (tuple(feed_ids), tuple(days), zone)
        if self._closed_days[0] != key:
            closed = health.poll_days(self._database, feed_ids, days[:-1], zone=zone)
            self._closed_days = (key, closed)
        fresh = health.poll_days(self._database, feed_ids, days[-1:], zone=zone)
        return self._closed_days[1] + fresh

    def polls(self, feed_id: str, *, limit: int = 50) -> tuple[PollRow, ...]:
        """The latest attempts on one feed, newest first."""
        return health.polls(self._database, feed_id, limit=limit)

    def changes(self, *, subject: str | None = None, limit: int = 30) -> tuple[ChangeRow, ...]:
        """Who changed what, newest first."""
        log = t.changes.c
        statement = sa.select(log.at, log.by, log.what, log.subject)
        if subject is not None:
            statement = statement.where(log.subject == subject)
        statement = statement.order_by(log.at.desc(), log.n.desc()).limit(limit)
        with self._database.read() as connection:
            return tuple(ChangeRow(**row) for row in connection.execute(statement).mappings())


_COUNTED = (t.items, t.triage, t.changes, t.level_changes, t.revisions)
_TIPS = sa.select(  # asked several times for every page: put together once
    *(
        sa.select(sa.func.coalesce(sa.func.max(table.c.n), 0)).scalar_subquery()
        for table in _COUNTED
    ),
    sa.select(sa.func.coalesce(sa.func.max(t.meta.c.value), ""))
    .where(t.meta.c.key == STUMBLE)
    .scalar_subquery(),
)


def _count(*conditions: Any) -> Any:
    return sa.select(sa.func.count()).where(*conditions).scalar_subquery()


def _cursor(*place: datetime | str) -> str:
    """A row's place in its list: its moments in microseconds, then its id."""
    return "-".join(
        one if isinstance(one, str) else str((one - _EPOCH) // _MICROSECOND) for one in place
    )


def _below(columns: Sequence[Any], after: str | None) -> sa.ColumnElement[bool]:
    """Rows that come after the cursor in newest-first order; all, when there is none.

    Args:
        columns: What the list is ordered by: one moment or two, then the id.
    """
    if after is None:
        return sa.true()
    found = re.fullmatch(r"(-?\d{1,18})-" * (len(columns) - 1) + "([^-].*)", after)
    if found is None:
        raise ValueError(f"{after!r} is no place in the list; start again from its first page")
    *numbers, key = found.groups()
    place = [*(_EPOCH + int(number) * _MICROSECOND for number in numbers), key]
    below: sa.ColumnElement[bool] = columns[-1] < key
    for column, value in zip(columns[-2::-1], place[-2::-1], strict=True):
        below = sa.and_(column <= value, sa.or_(column < value, below))
    return below


def _newest_of(story_ids: Sequence[str], limit: int) -> sa.Select[Any]:
    """Ids of the newest items of each story."""
    items = t.items.c
    rank = (
        sa.func.row_number()
        .over(partition_by=items.story_id, order_by=(items.sort_at.desc(), items.id))
        .label("rank")
    )
    numbered = sa.select(items.id, rank).where(items.story_id.in_(story_ids)).subquery()
    return sa.select(numbered.c.id).where(numbered.c.rank <= limit)


def _items_select() -> sa.Select[Any]:
    items, feeds, judged, joins = t.items, t.feeds, t.assessments, t.story_joins
    return (
        sa.select(
            items,
            feeds.c.title.label("feed_title"),
            feeds.c.reliability,
            feeds.c.official,
            judged.c.body,
            joins.c.because,
        )
        .join(feeds, feeds.c.id == items.c.feed_id)
        .outerjoin(
            judged,
            sa.and_(
                judged.c.item_id == items.c.id, judged.c.lexicon_version == items.c.assessed_version
            ),
        )
        .outerjoin(joins, joins.c.item_id == items.c.id)
    )


_ITEM_COLUMNS = (
    "id", "feed_id", "feed_title", "reliability", "official", "url", "title", "summary",
    "language", "publisher", "published_at", "seen_at", "sort_at", "revised_at", "revisions",
    "story_id", "flagged",
)  # fmt: skip


def _item(row: Any) -> ItemRow:
    body = row["body"]
    return ItemRow(
        **{name: row[name] for name in _ITEM_COLUMNS},
        group=row["group_name"],
        assessment=None if body is None else Assessment.from_json(body),
        joined_because=row["because"] or "",
    )


def _story(row: Any) -> StoryRow:
    values = dict(row)
    values["languages"] = tuple(values["languages"].split())
    values["indicators"] = tuple(values["indicators"].split())
    return StoryRow(**values)
