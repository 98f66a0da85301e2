"""The vocabulary of dates in four languages, and days in Curaçao."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitor.assess.text import words
from monitor.assess.wordlists import Phrase, parse_phrase
from monitor.errors import ConfigError
from monitor.items import is_believable

HERE = ZoneInfo("America/Curacao")
BEGINS = "date/begins"
"""The concept of words and numbers with which a date can begin."""
YEARS = range(1945, 2061)
"""Four digits read as a year."""


def local_day(moment: datetime | None) -> date | None:
    """The day of a moment in Curaçao (UTC−4 all year).

    None stays None, and so does a time that news cannot have: no date is counted from it.
    """
    if moment is None or not is_believable(moment):
        return None
    return moment.astimezone(HERE).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Words of dates, folded; `triggers` is every word with which a date can begin."""

    weekdays: Mapping[str, int]  # Monday is 0
    months: Mapping[str, int]  # January is 1
    days: Mapping[str, int]  # days from publication
    day_phrases: Mapping[str, tuple[tuple[tuple[str, ...], int], ...]]  # by their first word
    units: Mapping[str, int]  # in days
    hours: frozenset[str]
    numbers: Mapping[str, int]
    ago: frozenset[str]
    ago_before: frozenset[str]
    next: frozenset[str]
    last: frozenset[str]
    of: frozenset[str]
    until: frozenset[str]
    starting: frozenset[str]
    filler: frozenset[str]
    future: frozenset[str]
    future_endings: tuple[str, ...]
    not_future: frozenset[str]
    to_do: frozenset[str]
    over: frozenset[str]
    ranges: frozenset[str]
    triggers: frozenset[str]

    @classmethod
    def load(cls, file: Path) -> Calendar:
        """Read the vocabulary (seeds/dates.toml tells the keys).

        Raises:
            ConfigError: The file is missing or lacks a part; names it.
        """
        try:
            raw = tomllib.loads(file.read_text("utf-8"))
            return _calendar(raw)
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(str(file), "", f"cannot be read: {error}") from error
        except KeyError as error:
            raise ConfigError(str(file), str(error.args[0]), "is missing") from error

    def phrases(self) -> list[Phrase]:
        """What the matcher looks for: `triggers`, and numbers."""
        numbers = [f"{digit}*" for digit in range(10)]
        return [parse_phrase(one, concept=BEGINS) for one in [*sorted(self.triggers), *numbers]]

    def is_future(self, token: str) -> bool:
        """Whether a word puts its sentence into the time to come."""
        if token in self.future:
            return True
        return token.endswith(self.future_endings) and token not in self.not_future

    def number(self, token: str) -> int | None:
        """A count up to 999 in digits or words."""
        if token.isdigit() and len(token) <= 3:
            return int(token)
        return self.numbers.get(token)


def _calendar(raw: Mapping[str, Any]) -> Calendar:
    weekdays = {_one(w): n for n, names in enumerate(raw["weekdays"]) for w in names}
    months = {_one(w): n for n, names in enumerate(raw["months"], 1) for w in names}
    days = {_one(word): int(n) for word, n in raw["days"].items()}
    phrases: dict[str, tuple[tuple[tuple[str, ...], int], ...]] = {}
    for phrase, n in raw["day_phrases"].items():
        parts = tuple(words(phrase))
        phrases[parts[0]] = (*phrases.get(parts[0], ()), (parts, int(n)))
    units = {_one(word): int(n) for word, n in raw["units"].items()}
    hours = frozenset(_one(word) for word in raw["hours"])
    lists = {name: frozenset(_one(w) for w in raw["words"][name]) for name in _LISTS}
    return Calendar(
        weekdays=weekdays,
        months=months,
        days=days,
        day_phrases=phrases,
        units=units,
        hours=hours,
        numbers={_one(word): int(n) for word, n in raw["numbers"].items()},
        ago=lists["ago"],
        ago_before=lists["ago_before"],
        next=lists["next"],
        last=lists["last"],
        of=lists["of"],
        until=lists["until"],
        starting=lists["from"],
        filler=lists["filler"],
        future=lists["future"],
        future_endings=tuple(sorted(lists["future_endings"])),
        not_future=lists["not_future"],
        to_do=lists["to_do"],
        over=lists["over"],
        ranges=lists["range"],
        triggers=frozenset([*weekdays, *months, *days, *phrases, *units, *hours]),
    )


_LISTS = (
    *("ago", "ago_before", "next", "last", "of", "until", "from", "filler", "future"),
    *("future_endings", "not_future", "to_do", "over", "range"),
)


def _one(word: str) -> str:
    return "".join(words(word))
