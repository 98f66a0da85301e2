"""What each publisher group published on a local day, and whether it was watched well enough."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

import sqlalchemy as sa

from monitor.indicators.rows import booked_day
from monitor.storage.tables import feed_states, feeds, items, polls

LOOK_BACK = timedelta(days=5)
"""Longer than a story pauses, so that a story's first day is known."""
MEMBERS = timedelta(days=30)
"""A feed counts for the groups whose items it brought in so many days."""
ENOUGH_POLLS = 0.6
FRESH = timedelta(hours=12)
STALE_GAPS = 3.0
ARCHIVE_GAP = timedelta(days=7)


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
    last: datetime | None = None
    feeds: int = 0
    stale: int = 0
    never_polled: int = 0

    def add(self, poll: tuple[int, int, datetime | None], *, stale: bool, never: bool) -> None:
        self.feeds += 1
        self.ok += poll[0]
        self.all += poll[1]
        if poll[2] is not None:
            self.last = max(self.last or poll[2], poll[2])
        self.stale += stale
        self.never_polled += never


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """Everything about the asked days, read once."""

    stories: Counter[tuple[date, str]]
    members: Mapping[str, set[str]]  # feed to groups
    first_item: Mapping[str, datetime]  # feed to the first item within `MEMBERS`
    polls: Mapping[tuple[date, str], tuple[int, int, datetime | None]]
    success: Mapping[str, list[datetime]]  # feed to its successful polls, oldest first
    new_items: Mapping[str, list[datetime]]  # feed to the times of its items, oldest first
    feeds: list[Any]
    polled_ever: set[str] = field(default_factory=set)


def day_bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Begin and end of a local day as aware times."""
    begin = datetime.combine(day, time(), zone)
    return begin, datetime.combine(day + timedelta(1), time(), zone)


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
    members: dict[str, set[str]] = defaultdict(set)
    new_items: dict[str, list[datetime]] = defaultdict(list)
    first: dict[tuple[str, str], date] = {}
    c = items.c
    query = sa.select(c.feed_id, c.group_name, c.story_id, c.id, c.seen_at, c.sort_at).where(
        c.seen_at >= begin - MEMBERS, c.seen_at < until
    )
    for feed, group, story, item, seen_at, sort_at in connection.execute(query.order_by(c.seen_at)):
        members[feed].add(group)
        new_items[feed].append(seen_at)
        if seen_at < begin - LOOK_BACK:
            continue
        seen_day, published = (one.astimezone(zone).date() for one in (seen_at, sort_at))
        booked = booked_day(seen_day, published, catch_up_days=catch_up_days)
        key = (group, story or item)
        first[key] = min(first.get(key, booked), booked)
    found = _polls(connection, begin, until, zone)
    return _Facts(
        stories=Counter((day, group) for (group, _story), day in first.items()),
        members=members,
        first_item={feed: times[0] for feed, times in new_items.items()},
        polls=found[0],
        success=found[1],
        new_items=new_items,
        feeds=_feeds(connection),
        polled_ever=_polled(connection, until),
    )


def _polls(
    connection: sa.Connection, begin: datetime, until: datetime, zone: tzinfo
) -> tuple[dict[tuple[date, str], tuple[int, int, datetime | None]], dict[str, list[datetime]]]:
    by_day: dict[tuple[date, str], tuple[int, int, datetime | None]] = {}
    success: dict[str, list[datetime]] = defaultdict(list)
    c = polls.c
    query = (
        sa.select(c.feed_id, c.finished_at, c.status)
        .where(c.started_at >= begin, c.started_at < until, c.status != "skipped")
        .order_by(c.started_at)
    )
    for feed, finished_at, status in connection.execute(query):
        key = (finished_at.astimezone(zone).date(), feed)
        ok, total, last = by_day.get(key, (0, 0, None))
        is_fine = status in ("ok", "unchanged")
        by_day[key] = (ok + is_fine, total + 1, finished_at if is_fine else last)
        if is_fine:
            success[feed].append(finished_at)
    return by_day, success


def _polled(connection: sa.Connection, until: datetime) -> set[str]:
    query = sa.select(polls.c.feed_id).where(polls.c.started_at < until).distinct()
    return set(connection.execute(query).scalars())


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
    reference = min(end, now)
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for feed in facts.feeds:
        if feed.paused or feed.added_at >= end or (feed.removed_at or end) < begin:
            continue
        groups = set(facts.members.get(feed.id, ())) | ({feed.group_name} - {""})
        poll = facts.polls.get((day, feed.id), (0, 0, None))
        stale = _is_stale(facts.new_items.get(feed.id, []), feed.p95_gap, reference)
        for group in groups:
            tallies[group].add(poll, stale=stale, never=feed.id not in facts.polled_ever)
    rows = []
    for group in sorted(tallies):
        tally, stories = tallies[group], facts.stories[day, group]
        because = _why_not(tally, reference)
        if because and stories and _caught_up(facts, group, end, catch_up_days):
            because = ""
        if tally.never_polled == tally.feeds:  # an archive: its own rhythm tells
            because = _archive_silent(facts, group, begin, end)
        rows.append(
            ExposureRow(
                day=day,
                group=group,
                stories=stories,
                polls_ok=tally.ok,
                polls_all=tally.all,
                last_success_at=tally.last,
                observed=not because,
                because=because,
            )
        )
    return rows


def _is_stale(times: list[datetime], p95_gap: float | None, reference: datetime) -> bool:
    """Whether a feed that answers has been silent for more than three of its longest pauses."""
    before = [one for one in times if one <= reference]
    if p95_gap is None or not before:
        return False
    return reference - before[-1] > timedelta(seconds=STALE_GAPS * max(p95_gap, 86_400.0))


def _why_not(tally: _Tally, reference: datetime) -> str:
    """Why the group does not count as observed; "" when it does."""
    if not tally.all:
        return "not polled"
    if tally.ok < ENOUGH_POLLS * tally.all:
        return f"only {tally.ok} of {tally.all} polls worked"
    if tally.last is None or reference - tally.last > FRESH:
        return "no successful poll in the last 12 hours of the day"
    if tally.stale == tally.feeds:
        return "answers, but shows nothing new for three of its longest pauses"
    return ""


def _caught_up(facts: _Facts, group: str, end: datetime, catch_up_days: int) -> bool:
    """Whether a later poll brought what the day had missed."""
    limit = end + timedelta(catch_up_days)
    return any(
        end <= moment < limit
        for feed, groups in facts.members.items()
        if group in groups
        for moment in facts.success.get(feed, ())
    )


def _archive_silent(facts: _Facts, group: str, begin: datetime, end: datetime) -> str:
    times = (
        moment
        for feed, groups in facts.members.items()
        if group in groups
        for moment in facts.new_items.get(feed, ())
    )
    if any(begin - ARCHIVE_GAP <= moment < end for moment in times):
        return ""
    return "archive without an item for a week"
