"""Chronology: dated facts that annotate charts; they are references and never feed the index."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from monitor.errors import ConfigError
from monitor.views.cards import openable
from monitor.views.lens import DIRECTIONS, Lens

PINS = 12  # numbered on a chart at most; more would cover the line
APART = 0.028  # smallest distance of two pins, as a share of the range


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One dated fact with where it can be read."""

    date: date
    text: str
    source: str
    url: str
    direction: str
    direct: bool  # it affects Curaçao itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One numbered reference event of a chart."""

    number: int
    date: date
    day: str
    text: str
    source: str
    url: str
    direction: str


def read(path: Path) -> tuple[Fact, ...]:
    """The shipped facts, oldest first.

    Raises:
        ConfigError: The file is missing or a line cannot be read; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ConfigError(str(path), "", f"cannot be read: {error.strerror}") from error
    found = [_fact(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    return tuple(sorted(found, key=lambda fact: fact.date))


def _fact(path: Path, number: int, line: str) -> Fact:
    try:
        raw = json.loads(line)
        return Fact(
            date=date.fromisoformat(raw["date"]),
            text=str(raw["fact"]),
            source=str(raw["source"]),
            url=openable(str(raw["url"]))[0],
            direction=str(raw["direction"]),
            direct=bool(raw["affects_curacao_directly"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(str(path), f"line {number}", f"is no dated fact: {error}") from error


def pins(facts: Sequence[Fact], lens: Lens, *, first: date, last: date) -> tuple[Pin, ...]:
    """The facts of a range that a chart can show without crowding, numbered from the left.

    What affects Curaçao itself goes first; a fact too near to a chosen one is left out.
    """
    inside = [fact for fact in facts if first <= fact.date <= last]
    width = max(1, (last - first).days) * APART
    chosen: list[Fact] = []
    for fact in sorted(inside, key=lambda one: (not one.direct, one.date)):
        if all(abs((fact.date - other.date).days) >= width for other in chosen):
            chosen.append(fact)
    chosen = sorted(chosen[:PINS], key=lambda one: one.date)
    return tuple(
        Pin(
            number=number,
            date=fact.date,
            day=lens.day(fact.date),
            text=fact.text,
            source=fact.source,
            url=fact.url,
            direction=DIRECTIONS.get(fact.direction, fact.direction),
        )
        for number, fact in enumerate(chosen, 1)
    )
