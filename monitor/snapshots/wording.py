"""Words, numbers and times as readers see them: English text, local time, 24-hour clock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from monitor.assess.words import DIRECTIONS, LANGUAGES

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ARROWS = {"escalatory": "↑ ", "deescalatory": "↓ ", "neutral": "→ "}
BOARD = {"warning": "Warning", "watch": "Watch", "quiet": "Quiet", "unknown": "No baseline"}
BOARD_DAYS = 7  # that the numbers of a row of the board cover
STATES = {
    "final": "final",
    "provisional": "provisional: today is not over",
    "forming": "forming: too little history yet",
    "blind": "blind: too few feeds, last value held",
}
_DAY = 86_400


def direction(name: str) -> str:
    """`↑ escalating`."""
    return f"{_ARROWS.get(name, '')}{DIRECTIONS.get(name, name)}"


def language(code: str) -> str:
    """`English`; the code itself where we have no name for it."""
    return LANGUAGES.get(code, code)


def day(text: str, *, year: bool = True) -> str:
    """`2 Dec 2025` from an ISO date, `Dec 2025` from YYYY-MM."""
    if len(text) == len("2025-12"):
        return f"{MONTHS[int(text[5:]) - 1]} {text[:4]}"
    one = date.fromisoformat(text)
    return f"{one.day} {MONTHS[one.month - 1]}" + (f" {one.year}" if year else "")


def moment(text: str, zone: str) -> str:
    """`2 Dec 2025, 10:20` in the site's zone, from an ISO time."""
    local = datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
    return f"{day(local.date().isoformat())}, {local:%H:%M}"


def due(text: str, zone: str) -> str:
    """A deadline, with its hour where the source gives one."""
    return moment(text, zone) if "T" in text else day(text)


def days_until(text: str, since: str, zone: str) -> str:
    """How far a deadline is from a moment, counted in local days: `in 3 days`, `today`."""
    here = ZoneInfo(zone)
    start = datetime.fromisoformat(since).astimezone(here).date()
    end = (
        datetime.fromisoformat(text).astimezone(here).date()
        if "T" in text
        else date.fromisoformat(text)
    )
    away = (end - start).days
    if away == 0:
        return "today"
    return f"in {plural(away, 'day')}" if away > 0 else f"{plural(-away, 'day')} ago"


def ago(earlier: str, later: str) -> str:
    """`4 minutes before`, from two ISO times."""
    seconds = (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()
    for size, unit in ((_DAY, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{plural(int(seconds // size), unit)} before"
    return "at the same minute"


def plural(count: float, word: str, words: str | None = None) -> str:
    """`1 day`, `2 days`."""
    return f"{figure(count)} {word if count == 1 else words or word + 's'}"


def figure(value: float | None) -> str:
    """A number with as many digits as it deserves: `214`, `3.9`, `12,400`; None: an en dash."""
    if value is None:
        return "–"
    if abs(value) >= 10 or value == int(value):
        return f"{round(value):,}".replace("-", "−")
    return f"{value:.1f}".replace("-", "−")


def span(low: float | None, high: float | None) -> str:
    """`160–278`, or nothing when there is no range."""
    return "" if low is None or high is None else f"{figure(low)}–{figure(high)}"


def seen(count: float, expected: float) -> str:
    """`6 seen, 1.4 expected in 7 days`, on the live board and the frozen one."""
    return f"{count:,.0f} seen, {expected:,.1f} expected in {BOARD_DAYS} days"


def percent(share: float) -> str:
    """`92%`."""
    return f"{round(100 * share)}%"
