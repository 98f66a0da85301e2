"""Feeds: what we watch, and does it work?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from monitor.assess.model import Assessment
from monitor.feeds.entries import Entry
from monitor.feeds.health import explain, items_a_week
from monitor.items import stamp
from monitor.storage.reading import Reading
from monitor.storage.rows import FeedRow, ItemRow, PollDay, PollRow
from monitor.views.cards import ItemCard, item_card, openable
from monitor.views.lens import LANGUAGES, RELIABILITY, Lens, count, listed, span

HISTORY_DAYS = 14
UNREACHED = timedelta(hours=12)  # as in the index: without success this long it is not observed
STALE_GAPS = 3  # times its own 95th-percentile gap
STALE_AT_LEAST = timedelta(days=2)
KINDS = {
    "rss": "RSS or Atom",
    "json": "JSON Feed",
    "wordpress": "WordPress posts",
    "listing": "page without a feed",
    "sitemap": "news sitemap",
}
STATES = {
    "failing": "cannot be reached",
    "silent": "silent",
    "unsteady": "failed last time",
    "waiting": "not polled yet",
    "healthy": "working",
    "paused": "paused",
    "removed": "removed",
}
_ORDER = tuple(STATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a feed does, in one word and one sentence."""

    state: str  # a key of STATES
    since: datetime | None  # when that began; None: from the start, or not said
    because: str
    advice: str = ""  # what a person can do about it

    @property
    def word(self) -> str:
        """The state as every page, command and address of the API calls it."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One day of a feed's history strip."""

    state: str  # ok, part, failed, none
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """One feed in the list."""

    id: str
    title: str
    url: str
    host: str
    kind: str
    language: str
    source: str
    group: str
    origin: str
    edited: bool
    state: str
    state_word: str
    because: str
    advice: str
    since: str
    newest: str
    next_poll: str
    rhythm: str
    a_week: str
    items_24h: int
    items_30d: int
    strip: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """The whole watch list."""

    sentence: str
    silent: tuple[str, ...]  # each unreachable or silent feed once, with since when
    lines: tuple[FeedLine, ...]
    removed: tuple[FeedLine, ...]
    counts: dict[str, int]  # by state


@dataclass(frozen=True, slots=True, kw_only=True)
class PollLine:
    """One attempt, in words."""

    when: str
    result: str
    state: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneFeed:
    """A feed with its history and its latest items."""

    line: FeedLine
    row: FeedRow
    polls: tuple[PollLine, ...]
    items: tuple[ItemCard, ...]
    changes: tuple[str, ...]


def load(reading: Reading, lens: Lens) -> Feeds:
    """The watch list with the health of each feed, those that need a person first."""
    rows = reading.feeds(now=lens.now)
    watched_ids = [row.id for row in rows if row.removed_at is None]
    days = reading.poll_days(watched_ids, _history_days(lens), zone=lens.zone)
    history: dict[str, list[PollDay]] = {}
    for day in days:
        history.setdefault(day.feed_id, []).append(day)
    lines = sorted(
        (_line(row, history.get(row.id, ()), lens) for row in rows),
        key=lambda line: _ORDER.index(line.state),
    )
    watched = tuple(line for line in lines if line.state != "removed")
    counts = {state: sum(line.state == state for line in watched) for state in _ORDER}
    return Feeds(
        sentence=_sentence(watched, counts),
        silent=silent(rows, lens),
        lines=watched,
        removed=tuple(line for line in lines if line.state == "removed"),
        counts=counts,
    )


def load_feed(reading: Reading, lens: Lens, feed_id: str) -> OneFeed | None:
    """One feed with its latest polls and items; None when it is not known."""
    rows = [row for row in reading.feeds(now=lens.now) if row.id == feed_id]
    if not rows:
        return None
    history = reading.poll_days([feed_id], _history_days(lens), zone=lens.zone)
    line = _line(rows[0], history, lens)
    items = reading.items(feed_id=feed_id, limit=8)
    return OneFeed(
        line=line,
        row=rows[0],
        polls=tuple(_poll_line(poll, lens) for poll in reading.polls(feed_id, limit=20)),
        items=tuple(item_card(item, lens) for item in items.rows),
        changes=tuple(
            f"{lens.exact(change.at)}: {change.what} by {change.by or 'an unnamed person'}"
            for change in reading.changes(subject=feed_id, limit=10)
        ),
    )


def preview(
    samples: Iterable[tuple[Entry, Assessment]], lens: Lens, *, title: str, now: datetime
) -> tuple[ItemCard, ...]:
    """Sample entries of a feed that is not watched yet, judged as they would be."""
    return tuple(item_card(_unsaved(entry, judged, title, now), lens) for entry, judged in samples)


def health(row: FeedRow, *, now: datetime) -> Health:
    """How one feed does at `now`; a feed that answers but says nothing new is silent."""
    if row.removed_at is not None:
        return Health(state="removed", since=row.removed_at, because=f"by {row.removed_by or '?'}")
    if row.paused:
        return Health(state="paused", since=None, because="nobody polls it until it is resumed")
    if row.error_class is not None:
        return _broken(row, now)
    if row.last_success_at is None:  # a poll that is under way has said nothing yet
        begun = "is due" if row.last_polled_at is None else "is under way"
        return Health(state="waiting", since=row.added_at, because=f"its first poll {begun}")
    quiet = _quiet(row, now)
    return quiet or Health(state="healthy", since=None, because="")


def health_json(row: FeedRow, *, now: datetime) -> dict[str, Any]:
    """How one feed does, the same for `feeds list --json` and the API.

    `silence_seconds` have passed without a new item, `median_gap_seconds` usually pass between
    two; null: not known yet.
    """
    one = health(row, now=now)
    quiet = None if row.last_new_at is None else (now - row.last_new_at).total_seconds()
    return {
        "state": one.word,
        "since": one.since and stamp(one.since),
        "because": one.because,
        "advice": one.advice,
        "silence_seconds": None if quiet is None else max(round(quiet), 0),
        "median_gap_seconds": row.median_gap_seconds,
        "items_per_week": round(_a_week(row, now), 1),
    }


def _a_week(row: FeedRow, now: datetime) -> float:
    return items_a_week(row.items_30d, now - row.added_at)


def _broken(row: FeedRow, now: datetime) -> Health:
    lost = row.last_success_at is None or now - row.last_success_at > UNREACHED
    told = explain(row.error_class or "")
    since = row.error_since or row.last_success_at
    state = "failing" if lost else "unsteady"
    return Health(state=state, since=since, because=told.meaning, advice=told.advice)


def _quiet(row: FeedRow, now: datetime) -> Health | None:
    if row.last_new_at is None or row.p95_gap_seconds is None:
        return None
    patience = max(STALE_AT_LEAST, STALE_GAPS * timedelta(seconds=row.p95_gap_seconds))
    if now - row.last_new_at <= patience:
        return None
    because = f"it answers but brings nothing new; {span(patience)} without news would be unusual"
    return Health(state="silent", since=row.last_new_at, because=because)


def silent(rows: Sequence[FeedRow], lens: Lens) -> tuple[str, ...]:
    """Each feed that should speak and does not, once and plainly, longest first."""
    found = [(row, health(row, now=lens.now)) for row in rows]
    mute = [(row, one) for row, one in found if one.state in ("failing", "silent")]
    mute.sort(key=lambda pair: pair[1].since or pair[0].added_at)
    return tuple(f"{row.title} ({_since(row, one, lens)})" for row, one in mute)


def _since(row: FeedRow, one: Health, lens: Lens) -> str:
    if one.state == "failing" and row.last_success_at is None:
        return f"never reached since {lens.when(row.added_at)}"
    word = "not reached" if one.state == "failing" else "nothing new"
    return f"{word} since {lens.when(one.since)}"


def _line(row: FeedRow, days: Iterable[PollDay], lens: Lens) -> FeedLine:
    one = health(row, now=lens.now)
    url, host = openable(row.url)
    return FeedLine(
        id=row.id,
        title=row.title,
        url=url,
        host=host,
        kind=KINDS.get(row.kind, row.kind),
        language=LANGUAGES.get(row.language or "", "mixed languages"),
        source=f"{row.reliability}: {RELIABILITY.get(row.reliability, 'not rated')}",
        group=row.group,
        origin="from config.toml" if row.origin == "file" else "added on this page",
        edited=bool(row.edited),
        state=one.state,
        state_word=one.word,
        because=one.because,
        advice=one.advice,
        since=lens.when(one.since) if one.since else "",
        newest=lens.ago(row.newest_seen_at) if row.newest_seen_at else "none yet",
        next_poll=_next(row, lens),
        rhythm=_rhythm(row),
        a_week=f"{_a_week(row, lens.now):,.0f} a week",
        items_24h=row.items_24h,
        items_30d=row.items_30d,
        strip=_strip(list(days), lens),
    )


def _next(row: FeedRow, lens: Lens) -> str:
    if row.paused or row.removed_at is not None:
        return "not planned"
    if row.next_poll_at is None or row.next_poll_at <= lens.now:
        return "due now"
    return lens.left(row.next_poll_at)


def _rhythm(row: FeedRow) -> str:
    if row.interval_seconds:
        return f"every {span(timedelta(seconds=row.interval_seconds))}, as set"
    if row.median_gap_seconds is None:
        return "rhythm not known yet"
    return f"a new item about every {span(timedelta(seconds=row.median_gap_seconds))}"


def _strip(days: Sequence[PollDay], lens: Lens) -> tuple[Cell, ...]:
    known = {one.day: one for one in days}
    return tuple(
        _cell(known.get(day.isoformat()), lens.short_day(day)) for day in _history_days(lens)
    )


def _history_days(lens: Lens) -> list[date]:
    """The local days of the strip, oldest first, the last is today."""
    return [lens.today - timedelta(days=n) for n in reversed(range(HISTORY_DAYS))]


def _cell(day: PollDay | None, name: str) -> Cell:
    if day is None:
        return Cell(state="none", words=f"{name}: not polled")
    state = "ok" if day.failed == 0 else "failed" if day.failed == day.polls else "part"
    told = f"{count(day.new, 'new item')}" if state != "failed" else "never answered"
    failed = f", {day.failed} of {day.polls} polls failed" if day.failed else ""
    return Cell(state=state, words=f"{name}: {told}{failed}")


def _sentence(lines: Sequence[FeedLine], counts: dict[str, int]) -> str:
    if not lines:
        return "No feed is watched yet. Paste an address above to begin."
    working = counts["healthy"] + counts["unsteady"]
    parts = [f"{working} of {count(len(lines), 'feed')} working"]
    troubled = [one for one in ("failing", "silent", "waiting", "paused") if counts[one]]
    parts += [f"{counts[state]} {STATES[state]}" for state in troubled]
    return f"{listed(parts)}; {count(sum(line.items_24h for line in lines), 'item')} in 24 h."


def _poll_line(poll: PollRow, lens: Lens) -> PollLine:
    words = {
        "ok": f"{count(poll.new, 'new item')}, {poll.items} listed",
        "unchanged": "nothing had changed",
        "skipped": "skipped",
    }
    if poll.status != "error":
        seconds = (poll.finished_at - poll.started_at).total_seconds()
        detail = f"{seconds:,.1f} s, {poll.bytes / 1000:,.0f} kB"
        result = words.get(poll.status, poll.status)
        return PollLine(when=lens.when(poll.started_at), result=result, state="ok", detail=detail)
    code = f"HTTP {poll.http_status}" if poll.http_status else (poll.error_class or "error")
    return PollLine(
        when=lens.when(poll.started_at),
        result=poll.error_message or "failed",
        state="failed",
        detail=code,
    )


def _unsaved(entry: Entry, judged: Assessment, title: str, now: datetime) -> ItemRow:
    return ItemRow(
        id="",
        feed_id="",
        feed_title=title,
        reliability="F",
        official=False,
        url=entry.url,
        title=entry.title,
        summary=entry.summary,
        language=entry.language,
        publisher=entry.publisher,
        group="",
        published_at=entry.published_at,
        seen_at=now,
        sort_at=entry.published_at or now,
        revised_at=None,
        revisions=0,
        story_id=None,
        flagged=bool(judged.flags),
        assessment=judged,
        joined_because="",
    )


def matching(lines: Sequence[FeedLine], *, words: str, state: str) -> tuple[FeedLine, ...]:
    """The lines whose name, host, language or group holds all words, in one state or in any."""
    wanted = words.lower().split()
    return tuple(
        line
        for line in lines
        if (not state or line.state == state) and all(word in _searched(line) for word in wanted)
    )


def _searched(line: FeedLine) -> str:
    return f"{line.title} {line.host} {line.language} {line.group} {line.kind}".lower()


def told(mute: Sequence[str], *, at_most: int = 4) -> str:
    """The silent feeds in one sentence; a long list is cut, the Feeds page has them all."""
    shown = list(mute[:at_most])
    if len(mute) > len(shown):
        shown.append(f"{len(mute) - len(shown)} more")
    verb = "A feed is" if len(mute) == 1 else f"{len(mute)} feeds are"
    return f"{verb} silent: {listed(shown)}."
