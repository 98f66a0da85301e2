"""Deadlines: what is due, when, and who says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from monitor.storage.reading import Reading
from monitor.storage.rows import DeadlineRow
from monitor.views.cards import openable
from monitor.views.lens import SEVERITIES, Lens, count

AHEAD = timedelta(days=120)
BEHIND = timedelta(days=30)
SOON_DAYS = 3
_MOMENT = timedelta(microseconds=1)
AT_MOST = 250  # reports read of each; nobody reads more, and what is next is never crowded out
WEEKS = 6  # of the calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCard:
    """One deadline; reports of one story that name the same day are one."""

    item: str
    due_id: str  # with `item` the key of the deadline
    story: str
    due: str
    countdown: str
    state: str  # ahead, soon, passed, settled
    phrase: str
    indicator: str
    title: str
    url: str
    host: str
    source: str
    reports: str
    severity: int
    severity_word: str
    outcome: str  # "" while open


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One square of the calendar."""

    number: str
    name: str
    is_today: bool
    in_range: bool
    due: tuple[str, ...]  # titles


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """What is due, soonest first, and what has passed, latest first."""

    sentence: str
    ahead: tuple[DueCard, ...]
    passed: tuple[DueCard, ...]
    weekdays: tuple[str, ...]
    calendar: tuple[Day, ...]  # whole weeks, Monday first


def load(reading: Reading, lens: Lens) -> Deadlines:
    """Deadlines of the last 30 and the next 120 days."""
    until = lens.now + AHEAD
    coming = reading.deadlines(since=lens.now, until=until, limit=AT_MOST)
    gone = reading.deadlines(
        since=lens.now - BEHIND, until=lens.now, latest_first=True, limit=AT_MOST
    )
    rows = (*reversed(gone), *coming)  # soonest first
    cards = [_card(group, lens) for group in grouped(rows)]
    ahead = tuple(card for card in cards if card.state in ("ahead", "soon"))
    passed = tuple(reversed([card for card in cards if card.state in ("passed", "settled")]))
    return Deadlines(
        sentence=_sentence(_number(reading, lens, ahead, read=len(coming)), ahead, passed),
        ahead=ahead,
        passed=passed,
        weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        calendar=_calendar(rows, lens),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """What is due next, and how much there is of it."""

    cards: tuple[DueCard, ...]  # soonest first
    number: int
    soon: int  # of them within three days


def upcoming(reading: Reading, lens: Lens, *, show: int) -> Upcoming:
    """The next deadlines of the next 120 days, of which nobody has noted an outcome."""
    rows = reading.next_deadlines(since=lens.now, until=lens.now + AHEAD, stories=show)
    soon = datetime.combine(lens.today + timedelta(days=SOON_DAYS + 1), time(), lens.zone)
    return Upcoming(
        cards=tuple(_card(group, lens) for group in grouped(rows)),
        number=reading.count_deadlines(since=lens.now, until=lens.now + AHEAD),
        soon=reading.count_deadlines(since=lens.now, until=soon + _MOMENT),
    )


def grouped(rows: Iterable[DeadlineRow]) -> list[list[DeadlineRow]]:
    """Rows that mean one deadline: the same story (or item) and the same due time."""
    groups: dict[tuple[str, str], list[DeadlineRow]] = {}
    for row in rows:
        groups.setdefault((row.story_id or row.item_id, row.due), []).append(row)
    return list(groups.values())


def due_words(row: DeadlineRow, lens: Lens) -> str:
    """When it is due; the hour only where the text gave one."""
    return lens.exact(row.due_at) if "T" in row.due else lens.day(row.due)


def voice_of(group: Sequence[DeadlineRow]) -> DeadlineRow:
    """The report that speaks for a deadline: the most severe, then the latest."""
    return max(group, key=lambda row: (row.severity, row.seen_at))


def _card(group: Sequence[DeadlineRow], lens: Lens) -> DueCard:
    voice = voice_of(group)
    settled = next((row for row in group if row.outcome), None)
    url, host = openable(voice.url)
    return DueCard(
        item=voice.item_id,
        due_id=voice.due,
        story=voice.story_id or "",
        due=due_words(voice, lens),
        countdown=_countdown(voice.due_at, voice.due, lens),
        state="settled" if settled else _state(voice.due_at, voice.due, lens),
        phrase=voice.phrase,
        indicator=lens.name(voice.indicator) if voice.indicator else "",
        title=voice.title,
        url=url,
        host=host,
        source=voice.publisher,
        reports=count(len(group), "report"),
        severity=voice.severity,
        severity_word=SEVERITIES[voice.severity],
        outcome=_outcome(settled, lens) if settled else "",
    )


def _outcome(row: DeadlineRow, lens: Lens) -> str:
    by = f" ({row.outcome_by}, {lens.when(row.outcome_at)})" if row.outcome_by else ""
    return f"{row.outcome}{by}"


def _state(due_at: datetime, due: str, lens: Lens) -> str:
    """Within three days counts as the countdown beside it does: by the calendar."""
    if due_at < lens.now:
        return "passed"
    days = (_day(due_at, due, lens) - lens.today).days
    return "soon" if days <= SOON_DAYS else "ahead"


def _day(due_at: datetime, due: str, lens: Lens) -> date:
    """The local day on which it is due."""
    return lens.local(due_at).date() if "T" in due else date.fromisoformat(due)


def _countdown(due_at: datetime, due: str, lens: Lens) -> str:
    if "T" in due:
        return lens.left(due_at)
    days = (date.fromisoformat(due[:10]) - lens.today).days
    words = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return words.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")


def _calendar(rows: Iterable[DeadlineRow], lens: Lens) -> tuple[Day, ...]:
    titles: dict[date, list[str]] = {}
    for group in grouped(rows):
        day = _day(group[0].due_at, group[0].due, lens)
        titles.setdefault(day, []).append(group[0].title)
    first = lens.today - timedelta(days=lens.today.weekday() + 7)
    days = [first + timedelta(days=number) for number in range(7 * WEEKS)]
    return tuple(
        Day(
            number=str(day.day) if day.day > 1 else lens.short_day(day),
            name=lens.day(day),
            is_today=day == lens.today,
            in_range=day >= lens.today,
            due=tuple(titles.get(day, ())),
        )
        for day in days
    )


def _number(reading: Reading, lens: Lens, ahead: Sequence[DueCard], *, read: int) -> int:
    """Deadlines ahead, with those beyond what was read."""
    if read < AT_MOST:
        return len(ahead)
    return reading.count_deadlines(since=lens.now, until=lens.now + AHEAD)


def _sentence(number: int, ahead: Sequence[DueCard], passed: Sequence[DueCard]) -> str:
    unsettled = sum(card.state == "passed" for card in passed)
    behind = f"{count(unsettled, 'passed deadline')} without a noted outcome" if unsettled else ""
    if not ahead:
        return f"Nothing is due in the next 120 days. {behind}".strip()
    first = ahead[0]
    text = f"{count(number, 'deadline')} ahead, the next {first.countdown} ({first.due})"
    return f"{text}; {behind}." if behind else f"{text}."
