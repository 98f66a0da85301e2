"""Tripwires: one corroborated event sets a floor under the level, until it expires."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from monitor.errors import ConfigError
from monitor.indicators.rows import Ints, Mentions, microseconds

GROUPS_NEEDED = 2
"""Independent publisher groups; one official source is enough alone."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a story counts as a tripwire, and how far it lifts the level."""

    id: str
    title: str
    indicators: tuple[str, ...]
    proximity: float  # at least
    severity: int  # at least
    floor: int  # 1 to 4
    hours: float = 72.0
    lifted: bool = False  # a corroborated report of relief ends it


@dataclass(frozen=True, slots=True, kw_only=True)
class Surge:
    """Several stories of one sort in seven days."""

    id: str
    title: str
    indicators: tuple[str, ...]
    proximity: float
    severity: int
    floor: int
    ratio: float = 0.0  # seen over expected in seven days; 0: not asked
    stories: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CountdownRule:
    """Which deadlines stay on the board, and for how long after they ran out."""

    indicators: tuple[str, ...] = ("ultimatum",)
    floor: int = 1
    hours: float = 48.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules, as shipped in seeds/tripwires.toml."""

    rules: tuple[Rule, ...] = ()
    surges: tuple[Surge, ...] = ()
    countdown: CountdownRule = CountdownRule()

    @classmethod
    def load(cls, path: Path) -> Rules:
        """Read `tripwires.toml`, or the file of that name in a folder of seeds.

        Raises:
            ConfigError: The file is missing or a rule in it cannot be used; names the rule.
        """
        file = path / "tripwires.toml" if path.is_dir() else path
        try:
            raw = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(str(file), "", f"cannot be read: {error}") from error
        return cls(
            rules=tuple(_made(Rule, row, file) for row in raw.get("rules", [])),
            surges=tuple(_made(Surge, row, file) for row in raw.get("surges", [])),
            countdown=_made(CountdownRule, raw.get("countdown", {}), file),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A day or hour by which, as one item says, something must happen."""

    due_at: datetime  # UTC
    item_id: str
    story_id: str
    group: str
    indicator: str
    seen_at: datetime
    phrase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A rule that fired: the floor holds from `fired_at` until `expires_at`."""

    rule: str
    title: str
    floor: int
    story_id: str
    fired_at: datetime  # UTC; when enough publishers had it
    expires_at: datetime
    groups: tuple[str, ...]
    item_ids: tuple[str, ...]
    because: str

    def holds(self, begin: datetime, end: datetime) -> bool:
        """Whether it holds at some moment from `begin` up to `end`."""
        return self.fired_at < end and self.expires_at > begin


def alerts(rules: Rules, mentions: Mentions, official: Collection[str]) -> tuple[Alert, ...]:
    """Every time a rule fired, oldest first.

    Args:
        mentions: As known at the moment of asking, nothing withdrawn.
        official: Groups that speak for themselves.
    """
    fired: list[Alert] = []
    for rule in rules.rules:
        relief: list[_Report] = []
        if rule.lifted:
            eased = _reports(mentions, rule, -1).values()
            relief = sorted(one for reports in eased for one in reports)
        for reports in _reports(mentions, rule, 1).values():
            alert = _fired(rule, reports, official)
            if alert is not None:
                fired.append(_until_lifted(alert, relief, official))
    return tuple(sorted(fired, key=lambda one: (one.fired_at, one.rule, one.story_id)))


def countdowns(
    rule: CountdownRule, deadlines: Iterable[Deadline], official: Collection[str]
) -> tuple[Alert, ...]:
    """Deadlines on the board: each story's day of reckoning, from report to two days after it."""
    found: dict[tuple[str, datetime], list[_Report]] = defaultdict(list)
    for one in deadlines:
        if one.indicator in rule.indicators:
            report = _Report(one.seen_at, one.item_id, one.story_id, one.group)
            found[one.story_id, one.due_at].append(report)
    board = []
    for (_story, due_at), reports in found.items():
        as_rule = Rule(
            id="countdown",
            title=f"Deadline {due_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
            indicators=rule.indicators,
            proximity=0.0,
            severity=0,
            floor=rule.floor,
        )
        alert = _fired(as_rule, sorted(reports), official)
        if alert is not None:
            board.append(replace(alert, expires_at=due_at + timedelta(hours=rule.hours)))
    return tuple(sorted(board, key=lambda one: (one.fired_at, one.title, one.story_id)))


@dataclass(frozen=True, slots=True, order=True)
class _Report:
    seen_at: datetime
    item_id: str
    story_id: str
    group: str


def _reports(mentions: Mentions, rule: Rule | Surge, direction: int) -> dict[str, list[_Report]]:
    """Reports that fit a rule, by story, oldest first."""
    rows = mentions.of_indicators(rule.indicators)
    fits = mentions.direction[rows] == direction
    fits &= mentions.proximity[rows] >= rule.proximity - 1e-9
    if direction > 0:
        fits &= mentions.severity[rows] >= rule.severity
    found: dict[str, list[_Report]] = defaultdict(list)
    for row in rows[fits].tolist():
        seen_at = _EPOCH + timedelta(microseconds=int(mentions.seen[row]))
        story = mentions.story_id[row]
        found[story].append(_Report(seen_at, mentions.item_id[row], story, mentions.group[row]))
    return {story: sorted(reports) for story, reports in found.items()}


def _fired(rule: Rule, reports: Sequence[_Report], official: Collection[str]) -> Alert | None:
    """When the second group, or the first official source, had the story."""
    groups: dict[str, _Report] = {}
    for report in reports:
        groups.setdefault(report.group, report)
        is_official = report.group in official
        if len(groups) >= GROUPS_NEEDED or is_official:
            who = "an official source" if is_official else f"{len(groups)} independent publishers"
            return Alert(
                rule=rule.id,
                title=rule.title,
                floor=rule.floor,
                story_id=report.story_id,
                fired_at=report.seen_at,
                expires_at=reports[-1].seen_at + timedelta(hours=rule.hours),
                groups=tuple(dict.fromkeys(one.group for one in reports)),
                item_ids=tuple(dict.fromkeys(one.item_id for one in reports)),
                because=f"{rule.title}: reported by {who} ({', '.join(groups)})",
            )
    return None


def _until_lifted(alert: Alert, relief: Sequence[_Report], official: Collection[str]) -> Alert:
    """The alert, ended by the first corroborated relief after it, where that comes in time.

    Args:
        relief: Reports of relief that may end it, oldest first.
    """
    groups: set[str] = set()
    for place in range(bisect_right(relief, alert.fired_at, key=_seen_at), len(relief)):
        report = relief[place]
        if report.seen_at >= alert.expires_at:
            break
        groups.add(report.group)
        if len(groups) >= GROUPS_NEEDED or report.group in official:
            return replace(alert, expires_at=report.seen_at)
    return alert


def _seen_at(report: _Report) -> datetime:
    return report.seen_at


def surge_times(surge: Surge, mentions: Mentions) -> Ints:
    """When each story of a surge's sort was first reported, oldest first, in microseconds."""
    found = _reports(mentions, surge, 1).values()
    firsts = (reports[0].seen_at for reports in found)
    return np.sort(np.array([microseconds(one) for one in firsts], np.int64))


def _made(kind: Any, row: dict[str, Any], file: Path) -> Any:
    name = str(row.get("id", kind.__name__))
    try:
        made = kind(**{key: tuple(v) if isinstance(v, list) else v for key, v in row.items()})
    except TypeError as error:
        raise ConfigError(str(file), name, str(error)) from error
    if not made.indicators or not 1 <= made.floor <= 4:
        raise ConfigError(str(file), name, "needs indicators and a floor from 1 to 4")
    return made
