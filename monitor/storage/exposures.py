"""What each publisher group published on a local day, and whether it was watched well enough."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import sqlalchemy as sa

from monitor.indicators.rows import microseconds
from monitor.items import booked_day
from monitor.storage import serials
from monitor.storage.engine import Database
from monitor.storage.tables import exposures, feed_states, feeds, items, polls

LOOK_BACK = timedelta(days=5)
"""Longer than a story pauses, so that a story's first day is known."""
MEMBERS = timedelta(days=30)
"""A feed counts for the groups whose items it brought in so many days."""
ENOUGH_POLLS = 0.6
FRESH = timedelta(hours=12)
STALE_GAPS = 3.0
ARCHIVE_GAP = timedelta(days=7)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND = 1_000_000
_QUARTER = 900 * _SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureRow:
    """One row of the table `exposures`."""

    day: date
    group: str
    stories: int
    polls_ok: int
    polls_all: int
    last_success_at: datetime | None
    observed: bool
    because: str


@dataclass(slots=True)
class _Tally:
    """Polls of the feeds of one group on one day."""

    ok: int = 0
    all: int = 0
    last: int | None = None
    feeds: int = 0
    stale: int = 0
    never_polled: int = 0

    def add(self, poll: _Polled, *, stale: bool, never: bool) -> None:
        self.feeds += 1
        self.ok += poll[0]
        self.all += poll[1]
        if poll[2] is not None:
            self.last = max(self.last or poll[2], poll[2])
        self.stale += stale
        self.never_polled += never


_Polled = tuple[int, int, int | None]
"""Successful polls, all polls, and the last successful one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """Everything about the asked days, read once; moments are microseconds since 1970."""

    stories: Counter[tuple[date, str]]
    members: Mapping[str, set[str]]  # feed to groups
    polls: Mapping[tuple[date, str], _Polled]
    success: Mapping[str, list[int]]  # feed to its successful polls, oldest first
    newest: Mapping[tuple[date, str], int]  # day and feed to its last item by the day's end
    feeds: list[Any]
    polled_ever: set[str]


class _Calendar(dict[int, date]):
    """Local day of each quarter of an hour, computed once: all zones change at quarters."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, quarter: int) -> date:
        moment = _EPOCH + timedelta(minutes=15 * quarter)
        self[quarter] = day = moment.astimezone(self._zone).date()
        return day

    def day(self, moment: int) -> date:
        """Local day of a moment."""
        return self[moment // _QUARTER]


def day_bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Begin and end of a local day as aware times."""
    begin = datetime.combine(day, time(), zone)
    return begin, datetime.combine(day + timedelta(1), time(), zone)


def keep(
    database: Database,
    connection: sa.Connection,
    rows: Sequence[ExposureRow],
    pools: Mapping[str, str],
) -> None:
    """Write the rows that differ from what is kept, and count the days whose meaning changed."""
    if not rows:
        return
    c = exposures.c
    days = sorted({row.day.isoformat() for row in rows})
    query = sa.select(exposures).where(c.day >= days[0], c.day <= days[-1])
    stored: list[dict[str, Any]] = [dict(row) for row in connection.execute(query).mappings()]
    known = {(row["day"], row["group_name"]): row for row in stored}
    made = [_kept_row(row, pools[row.group]) for row in rows]
    changed = [row for row in made if known.get((row["day"], row["group_name"])) != row]
    database.upsert(connection, exposures, changed)
    touched = {
        serials.EXPOSURES + row["day"]
        for row in changed
        if _meaning(row) != _meaning(known.get((row["day"], row["group_name"]), {}))
    }
    serials.bump(database, connection, touched, now=None)


def _kept_row(row: ExposureRow, pool: str) -> dict[str, Any]:
    return {
        "day": row.day.isoformat(),
        "group_name": row.group,
        "pool": pool,
        "stories": row.stories,
        "polls_ok": row.polls_ok,
        "polls_all": row.polls_all,
        "last_success_at": row.last_success_at,
        "observed": row.observed,
        "because": row.because,
    }


def _meaning(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What the index reads of a row; polls of a day may still be counted without moving it."""
    return tuple(row.get(name) for name in ("pool", "stories", "observed", "because"))


def compute(
    connection: sa.Connection,
    days: Iterable[date],
    *,
    now: datetime,
    zone: tzinfo,
    catch_up_days: int,
) -> list[ExposureRow]:
    """Exposure rows of the days, as known at `now`: nothing seen or polled later is used."""
    wanted = sorted({one for one in days if day_bounds(one, zone)[0] <= now})
    if not wanted:
        return []
    facts = _read(connection, wanted, now, zone, catch_up_days)
    return [row for day in wanted for row in _rows(facts, day, now, zone, catch_up_days)]


def _read(
    connection: sa.Connection, days: list[date], now: datetime, zone: tzinfo, catch_up_days: int
) -> _Facts:
    begin, _end = day_bounds(days[0], zone)
    _begin, end = day_bounds(days[-1], zone)
    until = min(end + timedelta(catch_up_days), now + timedelta(microseconds=1))
    calendar = _Calendar(zone)
    polled, success = _polls(connection, begin, until, calendar)
    return _Facts(
        stories=_stories(connection, begin, until, calendar, catch_up_days),
        members=_members(connection, begin, until),
        polls=polled,
        success=success,
        newest=_newest(connection, {day: min(day_bounds(day, zone)[1], until) for day in days}),
        feeds=_feeds(connection),
        polled_ever=_polled_before(connection, until),
    )


def _members(connection: sa.Connection, begin: datetime, until: datetime) -> dict[str, set[str]]:
    """Groups whose items each feed brought in, over `MEMBERS` and later."""
    members: dict[str, set[str]] = defaultdict(set)
    c = items.c
    query = sa.select(c.feed_id, c.group_name).where(
        c.seen_at >= begin - MEMBERS, c.seen_at < until
    )
    for feed, group in connection.execute(query.distinct()):
        members[feed].add(group)
    return members


def _newest(
    connection: sa.Connection, ends: Mapping[date, datetime]
) -> dict[tuple[date, str], int]:
    """The last item of each feed before the end of each day; one look into an index for each."""
    found: dict[tuple[date, str], int] = {}
    for day, end in ends.items():
        last = sa.select(sa.func.max(_number(items.c.seen_at))).where(
            items.c.feed_id == feeds.c.id, items.c.seen_at < end
        )
        query = sa.select(feeds.c.id, last.correlate(feeds).scalar_subquery())
        found |= {(day, feed): seen for feed, seen in connection.execute(query) if seen is not None}
    return found


def _stories(
    connection: sa.Connection,
    begin: datetime,
    until: datetime,
    calendar: _Calendar,
    catch_up_days: int,
) -> Counter[tuple[date, str]]:
    """Stories by the day on which each group had them first."""
    first: dict[tuple[str, str], date] = {}
    c = items.c
    query = sa.select(c.group_name, c.story_id, c.id, _number(c.seen_at), _number(c.sort_at)).where(
        c.seen_at >= begin - LOOK_BACK, c.seen_at < until
    )
    for group, story, item, seen, published in connection.execute(query):
        booked = booked_day(
            calendar.day(seen), calendar.day(published), catch_up_days=catch_up_days
        )
        key = (group, story or item)
        known = first.get(key)
        if known is None or booked < known:
            first[key] = booked
    return Counter((day, group) for (group, _story), day in first.items())


def _polls(
    connection: sa.Connection, begin: datetime, until: datetime, calendar: _Calendar
) -> tuple[dict[tuple[date, str], _Polled], dict[str, list[int]]]:
    by_day: dict[tuple[date, str], _Polled] = {}
    success: dict[str, list[int]] = defaultdict(list)
    c = polls.c
    query = (
        sa.select(c.feed_id, _number(c.finished_at), c.status)
        .where(c.started_at >= begin, c.started_at < until, c.status != "skipped")
        .order_by(c.finished_at)
    )
    for feed, finished, status in connection.execute(query):
        key = (calendar.day(finished), feed)
        ok, total, last = by_day.get(key, (0, 0, None))
        is_fine = status in ("ok", "unchanged")
        by_day[key] = (ok + is_fine, total + 1, finished if is_fine else last)
        if is_fine:
            success[feed].append(finished)
    return by_day, success


def _number(column: sa.ColumnElement[datetime]) -> sa.ColumnElement[int]:
    """A moment as stored, in microseconds: tens of thousands are read at once."""
    return sa.type_coerce(column, sa.BigInteger)


def _polled_before(connection: sa.Connection, until: datetime) -> set[str]:
    known = sa.exists().where(polls.c.feed_id == feeds.c.id, polls.c.started_at < until)
    return set(connection.execute(sa.select(feeds.c.id).where(known)).scalars())


def _feeds(connection: sa.Connection) -> list[Any]:
    c = feeds.c
    query = sa.select(
        c.id, c.group_name, c.paused, c.added_at, c.removed_at, feed_states.c.p95_gap
    ).select_from(feeds.outerjoin(feed_states, feed_states.c.feed_id == c.id))
    return list(connection.execute(query))


def _rows(
    facts: _Facts, day: date, now: datetime, zone: tzinfo, catch_up_days: int
) -> list[ExposureRow]:
    begin, end = day_bounds(day, zone)
    tallies = _tallies(facts, day, begin, end, microseconds(min(end, now)))
    rows = []
    for group in sorted(tallies):
        tally, stories = tallies[group], facts.stories[day, group]
        because = _why_not(tally, microseconds(min(end, now)))
        if because and stories and _caught_up(facts, group, end, catch_up_days):
            because = ""
        if tally.never_polled == tally.feeds:  # an archive: its own rhythm tells
            because = _archive_silent(facts, group, day, begin)
        rows.append(
            ExposureRow(
                day=day,
                group=group,
                stories=stories,
                polls_ok=tally.ok,
                polls_all=tally.all,
                last_success_at=_moment(tally.last),
                observed=not because,
                because=because,
            )
        )
    return rows


def _tallies(
    facts: _Facts, day: date, begin: datetime, end: datetime, reference: int
) -> dict[str, _Tally]:
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for feed in facts.feeds:
        if feed.paused or feed.added_at >= end or (feed.removed_at or end) < begin:
            continue
        groups = set(facts.members.get(feed.id, ())) | ({feed.group_name} - {""})
        poll = facts.polls.get((day, feed.id), (0, 0, None))
        stale = _is_stale(facts.newest.get((day, feed.id)), feed.p95_gap, reference)
        for group in groups:
            tallies[group].add(poll, stale=stale, never=feed.id not in facts.polled_ever)
    return tallies


def _moment(number: int | None) -> datetime | None:
    return None if number is None else _EPOCH + timedelta(microseconds=number)


def _is_stale(newest: int | None, p95_gap: float | None, reference: int) -> bool:
    """Whether a feed that answers has been silent for more than three of its longest pauses."""
    if p95_gap is None or newest is None:
        return False
    return reference - newest > STALE_GAPS * max(p95_gap, 86_400.0) * _SECOND


def _why_not(tally: _Tally, reference: int) -> str:
    """Why the group does not count as observed; "" when it does."""
    if not tally.all:
        return "not polled"
    if tally.ok < ENOUGH_POLLS * tally.all:
        return f"only {tally.ok} of {tally.all} polls worked"
    if tally.last is None or reference - tally.last > FRESH // _MICROSECOND:
        return "no successful poll in the last 12 hours of the day"
    if tally.stale == tally.feeds:
        return "answers, but shows nothing new for three of its longest pauses"
    return ""


def _caught_up(facts: _Facts, group: str, end: datetime, catch_up_days: int) -> bool:
    """Whether a later poll brought what the day had missed."""
    low, high = microseconds(end), microseconds(end + timedelta(catch_up_days))
    for feed in _feeds_of(facts, group):
        moments = facts.success.get(feed, [])
        place = bisect_left(moments, low)
        if place < len(moments) and moments[place] < high:
            return True
    return False


def _archive_silent(facts: _Facts, group: str, day: date, begin: datetime) -> str:
    since = microseconds(begin - ARCHIVE_GAP)
    if any(facts.newest.get((day, feed), 0) >= since for feed in _feeds_of(facts, group)):
        return ""
    return "archive without an item for a week"


def _feeds_of(facts: _Facts, group: str) -> Iterator[str]:
    return (feed for feed, groups in facts.members.items() if group in groups)
