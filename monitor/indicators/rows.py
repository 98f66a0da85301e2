"""What goes in: flags of items, and what each publisher group showed on each day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DIRECTIONS = {"escalatory": 1, "deescalatory": -1, "neutral": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One flag of one item; background older than a week is not a mention."""

    day: date  # local day to which it is booked, see `items.booked_day`
    seen_at: datetime  # UTC; when we first met the item
    item_id: str
    story_id: str
    group: str  # publisher group
    indicator: str
    direction: str = "escalatory"  # escalatory, deescalatory, neutral
    kind: str = "act"  # act, threat, talk, context
    severity: int = 1  # 0 to 4
    proximity: float = 1.0  # 0.1 to 1: place of the effect
    withdrawn: bool = False  # corrected or taken back by then: counts nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What one publisher group showed on one local day."""

    day: date
    group: str
    pool: str = "regional"
    reliability: str = "F"
    official: bool = False
    stories: int = 0  # different stories of any topic that it carried first on this day
    observed: bool = True  # polls worked, so that silence means silence
    because: str = ""  # why it does not count as observed


@dataclass(frozen=True, kw_only=True)
class Mentions:
    """Mentions as columns, all of one length; `of` makes them from rows."""

    day: Ints  # proleptic ordinals, as date.toordinal
    seen: Ints  # microseconds since 1970, UTC
    item_id: Sequence[str]
    story_id: Sequence[str]
    group: Sequence[str]
    indicator: Sequence[str]
    direction: Ints  # +1, -1, 0
    kind: Sequence[str]
    severity: Ints
    proximity: Floats
    withdrawn: Bools

    @classmethod
    def of(cls, rows: Iterable[Mention]) -> Mentions:
        """Columns from rows, in the order of the rows."""
        all_rows = list(rows)
        return cls(
            day=np.array([one.day.toordinal() for one in all_rows], np.int64),
            seen=np.array([microseconds(one.seen_at) for one in all_rows], np.int64),
            item_id=[one.item_id for one in all_rows],
            story_id=[one.story_id for one in all_rows],
            group=[one.group for one in all_rows],
            indicator=[one.indicator for one in all_rows],
            direction=np.array([DIRECTIONS[one.direction] for one in all_rows], np.int64),
            kind=[one.kind for one in all_rows],
            severity=np.array([one.severity for one in all_rows], np.int64),
            proximity=np.array([one.proximity for one in all_rows], np.float64),
            withdrawn=np.array([one.withdrawn for one in all_rows], np.bool_),
        )

    def __len__(self) -> int:
        return len(self.story_id)

    def of_indicators(self, names: Iterable[str]) -> Ints:
        """Numbers of the rows of some indicators, in order of the rows."""
        found = [self._by_indicator[name] for name in names if name in self._by_indicator]
        return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)

    @cached_property
    def _by_indicator(self) -> dict[str, Ints]:
        """Numbers of the rows of each indicator: rules ask for a few of them, again and again."""
        numbers, table = codes(self.indicator)
        order = np.argsort(numbers, kind="stable")
        ends = np.searchsorted(numbers[order], np.arange(1, len(table)))
        return dict(zip(table, np.split(order, ends), strict=True)) if table else {}

    def where(self, chosen: Bools) -> Mentions:
        """Only the chosen rows."""
        return self if chosen.all() else self.at(np.flatnonzero(chosen))

    def head(self, count: int) -> Mentions:
        """The first rows."""
        columns: dict[str, Any] = {
            one.name: getattr(self, one.name)[:count] for one in fields(self)
        }
        return Mentions(**columns)

    def at(self, places: Ints) -> Mentions:
        """The rows of these numbers, in this order."""
        listed = places.tolist()
        columns: dict[str, Any] = {
            one.name: column[places]
            if isinstance(column := getattr(self, one.name), np.ndarray)
            else [column[place] for place in listed]
            for one in fields(self)
        }
        return Mentions(**columns)


def joined(one: Mentions, other: Mentions) -> Mentions:
    """The rows of one, then those of the other."""
    columns: dict[str, Any] = {}
    for column in fields(one):
        first, second = getattr(one, column.name), getattr(other, column.name)
        is_array = isinstance(first, np.ndarray)
        columns[column.name] = np.concatenate([first, second]) if is_array else [*first, *second]
    return Mentions(**columns)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def codes(values: Iterable[str]) -> tuple[Ints, dict[str, int]]:
    """A number for each different value, in order of first appearance."""
    listed = list(values)
    table = {one: number for number, one in enumerate(dict.fromkeys(listed))}
    found = np.fromiter(map(table.__getitem__, listed), np.int64, len(listed))
    return found, table
