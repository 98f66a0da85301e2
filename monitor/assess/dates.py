"""When it happened: dates in a text, read against its day of publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from monitor.assess.calendar import YEARS, Calendar
from monitor.assess.matching import Span
from monitor.assess.text import STOP

FORWARD_DAYS = 60
"""A day and month without a year lies in the past unless it comes within so many days."""
SENTENCE = 12
"""Tokens on either side of a date that may tell whether it lies ahead (chosen by us)."""
DAYS_OF_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One date in the text: tokens `first` to `last`, both included.

    `date` is None where only the month is known; `month` is then YYYY-MM.
    """

    first: int
    last: int
    date: date | None = None
    month: str = ""
    conflict: str = ""
    ahead: bool = False  # written as something to come
    until: bool = False  # how long something lasts, not when it happened

    @property
    def iso(self) -> str:
        """ISO date, or YYYY-MM."""
        return self.date.isoformat() if self.date else self.month


def find(
    tokens: Sequence[str], places: Sequence[Span], calendar: Calendar, published: date | None
) -> list[Found]:
    """All dates of a text, in its order.

    Args:
        tokens: Folded words.
        places: Where the matcher found `calendar.BEGINS`.
        calendar: Words of dates.
        published: Local day of publication; without it only dates with a year are found.
    """
    reader = _Reader(tokens, calendar, published)
    found: list[Found] = []
    reach = -1
    for place, _ in places:
        if place > reach:
            one = reader.at(place)
            if one is not None and one.first > reach:
                found.append(replace(one, until=reader.is_end(one.first, found)))
                reach = one.last
    return found


class _Reader:
    """Reads the date that begins at one token, if any does."""

    def __init__(self, tokens: Sequence[str], calendar: Calendar, published: date | None) -> None:
        self._tokens = tokens
        self._calendar = calendar
        self._published = published

    def at(self, place: int) -> Found | None:
        token = self._tokens[place]
        if "0" <= token < ":":  # it begins with a digit: ":" comes after "9"
            return self._iso(place) or self._day_month(place)
        if token in self._calendar.months or token in self._calendar.weekdays:
            exact = self._weekday(place) or self._day_month(place)
            return exact or self._relative(place) or self._month(place)
        return self._relative(place)

    def _get(self, place: int) -> str:
        return self._tokens[place] if 0 <= place < len(self._tokens) else ""

    def _iso(self, place: int) -> Found | None:
        """2025-11-29, 29-11-2025, 29/11/2025."""
        one, two, three = (self._get(place + step) for step in range(3))
        if not (one.isdigit() and two.isdigit() and three.isdigit()):
            return None
        year, day = (one, three) if len(one) == 4 else (three, one)
        if not _is_year(year) or len(two) > 2 or len(day) > 2:
            return None
        exact = _date(int(year), int(two), int(day))
        return Found(first=place, last=place + 2, date=exact) if exact else None

    def _weekday(self, place: int) -> Found | None:
        weekday = self._calendar.weekdays.get(self._get(place))
        if weekday is None or self._get(place - 1) in ("santo", "black", "ash"):
            return None
        step = place + 1
        if self._get(step) in self._calendar.of:
            step += 1
        exact = self._day_month(step)
        if exact is not None and exact.date is not None:
            conflict = ""
            if exact.date.weekday() != weekday:
                written, real = DAYS_OF_WEEK[weekday], DAYS_OF_WEEK[exact.date.weekday()]
                on = f"{exact.date.day} {exact.date:%b %Y}"
                conflict = f"{written} is written, but {on} is a {real}"
            return Found(first=place, last=exact.last, date=exact.date, conflict=conflict)
        if self._published is None:
            return None
        return self._shifted(place, place, self._days_to(weekday, place, self._published))

    def _days_to(self, weekday: int, place: int, published: date) -> int:
        """Days from publication to the weekday that stands alone at `place`."""
        around = {self._get(place - 1), self._get(place - 2), self._get(place + 1)}
        ahead, behind = (weekday - published.weekday()) % 7, (published.weekday() - weekday) % 7
        if around & self._calendar.next:
            return ahead or 7
        if around & self._calendar.last:
            return -(behind or 7)
        if self._before(place) in self._calendar.starting or self._is_ahead(place):
            return ahead
        return -behind

    def _day_month(self, place: int) -> Found | None:
        """29 November (2025), November 29(, 2025), 29 de noviembre (de 2025), 29-30 November."""
        tokens, months = self._get, self._calendar.months
        day = _day_number(tokens(place))
        if day is not None:
            step = place + 1
            if tokens(step) in ("st", "nd", "rd", "th", "e"):
                step += 1
            if tokens(step) in self._calendar.ranges and _day_number(tokens(step + 1)):
                step += 2
            elif _day_number(tokens(step)) and tokens(step + 1) in months:
                step += 1
            if tokens(step) in self._calendar.of:
                step += 1
            if tokens(step) in months:
                return self._with_year(place, step, months[tokens(step)], day)
            return None
        if tokens(place) in months and (day := _day_number(tokens(place + 1))) is not None:
            return self._with_year(place, place + 1, months[tokens(place)], day)
        return None

    def _with_year(self, first: int, last: int, month: int, day: int) -> Found | None:
        year, last = self._year_after(last)
        exact = (
            self._nearest_year(month, day, ahead=self._is_ahead(first))
            if year is None
            else _date(year, month, day)
        )
        return Found(first=first, last=last, date=exact) if exact else None

    def _year_after(self, last: int) -> tuple[int | None, int]:
        for step in (last + 1, last + 2):
            if _is_year(self._get(step)):
                return int(self._get(step)), step
            if self._get(step) not in self._calendar.of:
                break
        return None, last

    def _nearest_year(self, month: int, day: int, *, ahead: bool) -> date | None:
        if self._published is None:
            return None
        here = self._published
        if ahead:
            coming = (_date(year, month, day) for year in (here.year, here.year + 1))
            return next((one for one in coming if one is not None and one >= here), None)
        near = (_date(year, month, day) for year in (here.year + 1, here.year, here.year - 1))
        for exact in near:
            if exact is not None and exact <= here + timedelta(days=FORWARD_DAYS):
                return exact
        return None

    def is_end(self, place: int, found: Sequence[Found]) -> bool:
        """Whether the date that begins here says how long something lasts: `until`, or a range."""
        if self._before(place) in self._calendar.until:
            return True
        return bool(
            found
            and found[-1].date is not None
            and found[-1].last == place - 2
            and self._get(place - 1) in self._calendar.ranges - {"and", "y", "en"}
        )

    def _before(self, place: int) -> str:
        """The word that leads to a date, without those that only join them."""
        step = place - 1
        while (
            self._get(step) in self._calendar.filler or self._get(step) in self._calendar.weekdays
        ):
            step -= 1
        return self._get(step)

    def _is_ahead(self, place: int) -> bool:
        """Whether a date without a year is still to come, by the words around it."""
        calendar = self._calendar
        around = self._sentence(place)
        if not calendar.over.isdisjoint(around):
            return self._before(place) in calendar.until and "had" not in around
        if self._before(place) in calendar.until:
            return True
        doing = any(one == "to" and after in calendar.to_do for one, after in pairwise(around))
        return doing or any(map(calendar.is_future, around))

    def _sentence(self, place: int) -> list[str]:
        """The words around, up to the ends of the sentence."""
        tokens = self._tokens
        first = last = place
        while first > max(0, place - SENTENCE) and tokens[first - 1] != STOP:
            first -= 1
        while last < min(len(tokens), place + SENTENCE) and tokens[last] != STOP:
            last += 1
        return list(tokens[first:last])

    def _relative(self, place: int) -> Found | None:
        if self._published is None:
            return None
        calendar, token = self._calendar, self._tokens[place]
        for phrase, days in calendar.day_phrases.get(token, ()):
            if all(self._get(place + step) == word for step, word in enumerate(phrase)):
                return self._shifted(place, place + len(phrase) - 1, days)
        if token in calendar.days:
            return self._shifted(place, place, calendar.days[token])
        unit = calendar.units.get(token)
        return self._ago(place, unit) if unit is not None else None

    def _ago(self, place: int, unit: int) -> Found | None:
        """Three days ago, drie dagen geleden, hace tres días, tres dia pasá; found at the unit."""
        calendar = self._calendar
        number = calendar.number(self._get(place - 1))
        if number is None:
            return None
        if self._get(place - 2) in calendar.ago_before:
            return self._shifted(place - 2, place, -number * unit)
        if self._get(place + 1) in calendar.ago:
            return self._shifted(place - 1, place + 1, -number * unit)
        return None

    def _month(self, place: int) -> Found | None:
        """November 2025; the month alone says too little."""
        month = self._calendar.months.get(self._get(place))
        if month is None:
            return None
        year, last = self._year_after(place)
        if year is None:
            return None
        return Found(first=place, last=last, month=f"{year}-{month:02}")

    def _shifted(self, first: int, last: int, days: int) -> Found | None:
        if self._published is None or abs(days) > 4_000:
            return None
        return Found(
            first=first, last=last, date=self._published + timedelta(days=days), ahead=days > 0
        )


def _day_number(token: str) -> int | None:
    for ending in ("st", "nd", "rd", "th"):
        if token.endswith(ending) and token[:-2].isdigit():
            token = token[:-2]
    if token.isdigit() and len(token) <= 2 and 1 <= int(token) <= 31:
        return int(token)
    return None


def _is_year(token: str) -> bool:
    return len(token) == 4 and token.isdigit() and int(token) in YEARS


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
