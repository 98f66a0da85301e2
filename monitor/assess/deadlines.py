"""By when it must or will happen: deadlines with the words that set them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest

from monitor.assess.calendar import HERE, Calendar
from monitor.assess.dates import Found
from monitor.assess.matching import Hits, Span

REACH = 8
"""Tokens between a word of deadline and its date or duration (chosen by us)."""
DUE = "due"  # deadline, ultimatum, expires, hearing, valid until …
GRANT = "grant"  # gave, within, has … to leave


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A deadline: ISO date, and the tokens that say so."""

    due: str
    first: int
    last: int


def find(
    tokens: Sequence[str],
    hits: Hits,
    dates: Sequence[Found],
    calendar: Calendar,
    published: date | None,
) -> list[Due]:
    """Deadlines of a text, in its order, each day once.

    Args:
        tokens: Folded words.
        hits: Concepts of the text; `due` and `grant` are read, and `stop`.
        dates: Dates found in the same text.
        calendar: Words of dates.
        published: Local day of publication.
    """
    if DUE not in hits and GRANT not in hits and not any(one.until for one in dates):
        return []
    found = _dated(hits, dates, published) + _durations(tokens, hits, dates, calendar, published)
    found.sort(key=lambda one: one.first)
    seen: dict[str, Due] = {}
    for one in found:
        seen.setdefault(one.due, one)
    return list(seen.values())


def _dated(hits: Hits, dates: Sequence[Found], published: date | None) -> list[Due]:
    """`deadline … Friday`, `valid until 31 December`, `to leave by Friday`."""
    found = []
    for one, following in zip_longest(dates, dates[1:]):
        if one.date is None or (following is not None and _is_range(one, following)):
            continue
        word = _close(hits.get(DUE, ()), one.first, one.last, hits)
        if word is None and not (one.until and (published is None or one.date >= published)):
            continue
        first, last = word or (one.first, one.last)
        found.append(
            Due(due=one.date.isoformat(), first=min(first, one.first), last=max(last, one.last))
        )
    return found


def _is_range(one: Found, following: Found) -> bool:
    """Whether a date is the beginning of a span whose end follows: the end counts."""
    return following.until and following.first == one.last + 2


def _durations(
    tokens: Sequence[str],
    hits: Hits,
    dates: Sequence[Found],
    calendar: Calendar,
    published: date | None,
) -> list[Due]:
    """`one week to leave`, `48 hours`: counted from the last date before it, else publication."""
    found = []
    for place, token in enumerate(tokens):
        if token not in calendar.units and token not in calendar.hours:
            continue
        number = calendar.number(tokens[place - 1]) if place else None
        if not number or (place + 1 < len(tokens) and tokens[place + 1] in calendar.ago):
            continue
        word = _close((*hits.get(GRANT, ()), *hits.get(DUE, ())), place - 1, place, hits)
        base = _base(dates, place, published)
        if word is None or base is None:
            continue
        due = _after(base, number, token, calendar)
        found.append(Due(due=due, first=min(word[0], place - 1), last=max(word[1], place)))
    return found


def _base(dates: Sequence[Found], place: int, published: date | None) -> date | None:
    for one in reversed(dates):
        if one.last < place and one.date is not None and not one.ahead:
            return one.date
    return published


def _after(base: date, number: int, unit: str, calendar: Calendar) -> str:
    if unit in calendar.hours:
        moment = datetime.combine(base, time(), HERE) + timedelta(hours=number)
        return moment.date().isoformat()
    return (base + timedelta(days=number * calendar.units[unit])).isoformat()


def _close(words: Sequence[Span], first: int, last: int, hits: Hits) -> Span | None:
    stops = hits.get("stop", ())
    for word in words:
        low, high = min(word[0], first), max(word[1], last)
        near = max(first - word[1], word[0] - last) <= REACH
        if near and not any(low < stop < high for stop, _ in stops):
            return word
    return None
