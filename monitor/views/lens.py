"""Lens: how a person sees times, numbers and names; every view looks through one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.assess import words
from monitor.indicators import settings

LEVELS = settings.LEVELS
SEVERITIES, DIRECTIONS, LANGUAGES = words.SEVERITIES, words.DIRECTIONS, words.LANGUAGES
RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "not rated",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """The reader's clock and names."""

    now: datetime  # aware UTC
    zone: ZoneInfo
    names: Mapping[str, str] = field(default_factory=dict)  # indicator id -> name

    def name(self, indicator: str) -> str:
        """The indicator as people call it."""
        return self.names.get(indicator) or indicator.replace("_", " ").capitalize()

    def local(self, moment: datetime) -> datetime:
        """The same moment on the site's clock."""
        return moment.astimezone(self.zone)

    @property
    def today(self) -> date:
        """The local day it is now."""
        return self.local(self.now).date()

    def when(self, moment: datetime | None) -> str:
        """A moment in few words: `14:05`, `yesterday 14:05`, `2 Dec 14:05`, `2 Dec 2025`."""
        if moment is None:
            return "never"
        local = self.local(moment)
        days = (self.today - local.date()).days
        clock = f"{local:%H:%M}"
        if days in (-1, 0, 1):
            return {0: clock, 1: f"yesterday {clock}", -1: f"tomorrow {clock}"}[days]
        if local.year != self.today.year:
            return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
        return f"{local.day} {_MONTHS[local.month - 1]} {clock}"

    def exact(self, moment: datetime | None) -> str:
        """A moment in full: `Tue 2 Dec 2025, 14:05`."""
        if moment is None:
            return "never"
        local = self.local(moment)
        return f"{self.day(local.date())}, {local:%H:%M}"

    def day(self, value: date | str | None) -> str:
        """A day in full, `Tue 2 Dec 2025`; a month where only that is known."""
        if isinstance(value, str):
            if len(value) == len("2025-12"):
                return f"{_MONTHS[int(value[5:]) - 1]} {value[:4]}"
            value = date.fromisoformat(value[:10])
        if value is None:
            return "not known"
        weekday, month = _WEEKDAYS[value.weekday()], _MONTHS[value.month - 1]
        return f"{weekday} {value.day} {month} {value.year}"

    def short_day(self, value: date | str) -> str:
        """A day in few words: `2 Dec`, with the year when it is another one."""
        day = date.fromisoformat(value[:10]) if isinstance(value, str) else value
        year = "" if day.year == self.today.year else f" {day.year}"
        return f"{day.day} {_MONTHS[day.month - 1]}{year}"

    def ago(self, moment: datetime | None) -> str:
        """How long ago, in words: `just now`, `4 min ago`, `3 days ago`."""
        if moment is None:
            return "never"
        passed = self.now - moment
        return "just now" if passed < timedelta(seconds=_MINUTE) else f"{span(passed)} ago"

    def left(self, moment: datetime) -> str:
        """How long until, or since, a moment: `in 3 days`, `2 h ago`."""
        ahead = moment - self.now
        return f"in {span(ahead)}" if ahead >= timedelta(0) else self.ago(moment)


def span(passed: timedelta) -> str:
    """A length of time in its largest sensible unit: `4 min`, `3 h`, `12 days`."""
    seconds = max(0, int(passed.total_seconds()))
    if seconds < _HOUR:
        return f"{max(1, seconds // _MINUTE)} min"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} h"
    return f"{seconds // _DAY} days"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 report`, `1,204 reports`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(parts: list[str]) -> str:
    """Words in a row: `a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
