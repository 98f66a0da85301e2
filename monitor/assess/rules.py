"""Event rules: which concepts, how close together, at which places, make which flag."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from monitor.assess.matching import Hits, Span
from monitor.assess.model import Direction
from monitor.errors import ConfigError

NEAR = 12
"""Tokens between the words of a rule that names no distance (chosen by us)."""
ANCHORS = 40
"""Places of a rule's first concept that are tried; more are repetition (chosen by us)."""
COMPANY = 45
"""Tokens within which a word of `with` must stand, unless the title has it (chosen by us)."""
BEYOND = 2
"""Tokens beyond a match in which a word of its `not` list still speaks against it."""
STOP_CONCEPT = "stop"


class Strength(StrEnum):
    """How much it takes to silence a rule."""

    HARD = "hard"
    FIRM = "firm"
    SOFT = "soft"


Term = tuple[str, ...]
"""Concepts of which one must be there; `a|b` in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One event rule.

    Attributes:
        when: Terms that must stand within `near` tokens of each other, in one sentence.
        anywhere: Terms that must occur in the title, in the sentence or not far off.
        against: Concepts that take the match back when they stand beside it.
        unless: Concepts that take it back when they stand in its sentence or in the title.
        severity: 0 to 4 per place group (`cur`, `ven` …; `any` for no place); the order counts:
            the first group that the text names decides. 0 says: here it does not concern us.
    """

    id: str
    indicator: str
    when: tuple[Term, ...]
    near: int
    anywhere: tuple[Term, ...]
    against: Term
    unless: Term
    direction: Direction
    severity: Mapping[str, int]
    strength: Strength  # which subjects of the title silence it
    fixed: bool  # denial, hypothesis and the like do not touch it
    last: bool  # a general reading: only where no rule without this holds
    because: str  # for people: why this concerns Curaçao


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that found its words: the spans, in the order of its terms."""

    rule: Rule
    spans: tuple[Span, ...]

    @property
    def first(self) -> int:
        """Index of its first token."""
        return min(span[0] for span in self.spans)

    @property
    def last(self) -> int:
        """Index of its last token."""
        return max(span[1] for span in self.spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """All of seeds/rules.toml.

    Attributes:
        rules: In the order of the file.
        groups: Concepts that stand for a place group.
        exclusions: Per strength the concepts that silence it, and what they mean.
    """

    rules: tuple[Rule, ...]
    groups: Mapping[str, str]
    exclusions: Mapping[Strength, Mapping[str, str]]


def load(file: Path, indicators: Iterable[str]) -> RuleFile:
    """Read the rules (seeds/rules.toml tells the keys).

    Raises:
        ConfigError: The file is missing, or a rule cannot be read; names the rule.
    """
    try:
        raw = tomllib.loads(file.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(str(file), "", f"cannot be read: {error}") from error
    known = frozenset(indicators)
    groups = raw.pop("groups", {})
    exclusions = raw.pop("exclusions", {})
    rules: list[Rule] = []
    for indicator, group in raw.items():
        if indicator not in known:
            raise ConfigError(str(file), indicator, "is no indicator of seeds/indicators.toml")
        for name, one in group.items():
            try:
                rules.append(_rule(f"{indicator}.{name}", indicator, one))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise ConfigError(
                    str(file), f"{indicator}.{name}", f"bad rule: {error!r}"
                ) from error
    silenced: dict[str, str] = {}
    rows: dict[Strength, Mapping[str, str]] = {}
    for strength in Strength:
        silenced |= exclusions.get(strength.value, {})
        rows[strength] = dict(silenced)
    return RuleFile(rules=tuple(rules), groups=groups, exclusions=rows)


_KEYS = frozenset(
    ("when", "near", "with", "not", "unless", "way", "weight", "strength", "fixed", "last", "why")
)
_DIRECTIONS = {
    "up": Direction.ESCALATORY,
    "down": Direction.DEESCALATORY,
    "flat": Direction.NEUTRAL,
}


def _rule(key: str, indicator: str, raw: Mapping[str, Any]) -> Rule:
    unknown = raw.keys() - _KEYS
    if unknown:
        raise ValueError(f"unknown key {sorted(unknown)[0]}")
    severity = {str(group): int(value) for group, value in raw["weight"].items()}
    if not all(0 <= value <= 4 for value in severity.values()):
        raise ValueError("a weight is not between 0 and 4")
    return Rule(
        id=key,
        indicator=indicator,
        when=_terms(raw["when"]),
        near=int(raw.get("near", NEAR)),
        anywhere=_terms(raw.get("with", "")),
        against=tuple(raw.get("not", "").split()),
        unless=tuple(raw.get("unless", "").split()),
        direction=_DIRECTIONS[raw["way"]],
        severity=severity,
        strength=Strength(raw.get("strength", "firm")),
        fixed=bool(raw.get("fixed", False)),
        last=bool(raw.get("last", False)),
        because=str(raw.get("why", "")),
    )


def _terms(written: str) -> tuple[Term, ...]:
    return tuple(tuple(term.split("|")) for term in written.split())


class RuleBook:
    """All rules, found by the concept that must come first."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._by_concept: dict[str, list[tuple[int, Rule]]] = {}
        for number, rule in enumerate(self.rules):
            for concept in rule.when[0]:
                self._by_concept.setdefault(concept, []).append((number, rule))

    def matches(self, hits: Hits) -> tuple[list[Match], list[tuple[Match, str]]]:
        """Rules that hold, in the order of the file, and those taken back by a word.

        Returns:
            The matches, and pairs of a match and the concept that took it back.
        """
        stops = [span[0] for span in hits.get(STOP_CONCEPT, ())]
        rules: dict[int, Rule] = {}
        for concept in hits:
            if concept in self._by_concept:
                rules.update(self._by_concept[concept])
        found: list[Match] = []
        refused: list[tuple[Match, str]] = []
        for number in sorted(rules):
            rule = rules[number]
            if all(any(one in hits for one in term) for term in (*rule.when[1:], *rule.anywhere)):
                _try(rule, hits, stops, found, refused)
        return found, refused


def _try(
    rule: Rule,
    hits: Hits,
    stops: list[int],
    found: list[Match],
    refused: list[tuple[Match, str]],
) -> None:
    against = ""
    rejected: Match | None = None
    for anchor in _spans(rule.when[0], hits)[:ANCHORS]:
        spans = _around(rule, anchor, hits, stops)
        if spans is None:
            continue
        match = Match(rule, spans)
        if not all(_accompanied(match, term, hits, stops) for term in rule.anywhere):
            continue
        against = _against(match, hits, stops)
        if not against:
            found.append(match)
            return
        rejected = rejected or match
    if rejected is not None:
        refused.append((rejected, against))


def _around(rule: Rule, anchor: Span, hits: Hits, stops: list[int]) -> tuple[Span, ...] | None:
    spans = [anchor]
    for term in rule.when[1:]:
        near = _nearest(_spans(term, hits), anchor, rule.near, stops)
        if near is None:
            return None
        spans.append(near)
    return tuple(spans)


def _spans(term: Term, hits: Hits) -> list[Span]:
    if len(term) == 1:
        return hits.get(term[0], [])
    return sorted(span for one in term for span in hits.get(one, ()))


def _nearest(spans: list[Span], anchor: Span, near: int, stops: list[int]) -> Span | None:
    place = bisect_left(spans, anchor)
    best: tuple[int, Span] | None = None
    for one in spans[max(0, place - 1) : place + 2]:
        gap = max(one[0] - anchor[1], anchor[0] - one[1], 0)
        if gap <= near and (best is None or gap < best[0]) and _together(one, anchor, stops):
            best = (gap, one)
    return best[1] if best else None


def _together(one: Span, other: Span, stops: list[int]) -> bool:
    return bisect_left(stops, one[0]) == bisect_left(stops, other[0])


def _accompanied(match: Match, term: Term, hits: Hits, stops: list[int]) -> bool:
    """Whether a concept of `term` stands in the title, in the sentence or not far off.

    A place that the text takes from its publisher has no words and is everywhere.
    """
    title = stops[0] if stops else match.last
    for concept in term:
        if concept in hits and not hits[concept]:
            return True
        for span in hits.get(concept, ()):
            close = abs(span[0] - match.first) <= COMPANY
            if close or span[0] <= title or _together(span, match.spans[0], stops):
                return True
    return False


def _against(match: Match, hits: Hits, stops: list[int]) -> str:
    rule = match.rule
    title = stops[0] if stops else match.last
    for concept in rule.unless:
        for span in hits.get(concept, ()):
            if span[0] <= title or _together(span, match.spans[0], stops):
                return concept
    first, last = match.first - BEYOND, match.last + BEYOND
    for concept in rule.against:
        for span in hits.get(concept, ()):
            if first <= span[0] <= last and _together(span, match.spans[0], stops):
                return concept
    return ""
