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
RESIDUAL = "other_security"
"""The indicator of what fits no other."""
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
    open: bool  # points nowhere by itself; the words of the title together may tell its way
    fixed: bool  # denial, hypothesis and the like do not touch it
    last: bool  # a general reading: only where no rule without this holds
    yields: bool  # of the general readings this one gives way to any other
    because: str  # for people: why this concerns Curaçao


class Match:
    """A rule that found its words.

    Attributes:
        rule: The rule.
        spans: Where each of its terms stands, in the order of the terms.
        first, last: Indices of its first and last token.
        sentence: Number of the sentence, the title's being 0.
    """

    __slots__ = ("first", "last", "rule", "sentence", "spans")

    def __init__(self, rule: Rule, spans: tuple[Span, ...], sentence: int) -> None:
        self.rule = rule
        self.spans = spans
        first, last = spans[0]
        for start, end in spans:
            first = min(start, first)
            last = max(end, last)
        self.first, self.last = first, last
        self.sentence = sentence


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
    (
        *("when", "near", "with", "not", "unless", "way", "weight", "strength", "fixed", "last"),
        *("yields", "why"),
    )
)
_DIRECTIONS = {
    "up": Direction.ESCALATORY,
    "down": Direction.DEESCALATORY,
    "flat": Direction.NEUTRAL,
    "open": Direction.NEUTRAL,
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
        open=raw["way"] == "open",
        severity=severity,
        strength=Strength(raw.get("strength", "firm")),
        fixed=bool(raw.get("fixed", False)),
        last=bool(raw.get("last", False)),
        yields=bool(raw.get("yields", indicator == RESIDUAL)),
        because=str(raw.get("why", "")),
    )


def _terms(written: str) -> tuple[Term, ...]:
    return tuple(tuple(term.split("|")) for term in written.split())


class RuleBook:
    """All rules, found by the concept that must come first.

    Each term is one bit, so that "all its terms are somewhere in the text" is one comparison.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        opens: dict[str, list[int]] = {}
        bits: dict[Term, int] = {}
        self._needs: list[int] = []
        for number, rule in enumerate(self.rules):
            for concept in rule.when[0]:
                opens.setdefault(concept, []).append(number)
            terms = {*rule.when[1:], *rule.anywhere}
            self._needs.append(sum(bits.setdefault(one, 1 << len(bits)) for one in terms))
        meets: dict[str, int] = {}
        for term, bit in bits.items():
            for concept in term:
                meets[concept] = meets.get(concept, 0) | bit
        self._known = {
            concept: (meets.get(concept, 0), tuple(opens.get(concept, ())))
            for concept in opens.keys() | meets.keys()
        }

    def page(self, hits: Hits, title: int) -> Page:
        """A text, ready to be searched.

        Args:
            hits: Concepts of the text.
            title: Index of the token that ends the title, however many sentences that has.
        """
        known, needs = self._known, self._needs
        met = 0
        opened: list[int] = []
        for concept in hits:
            if concept in known:
                meets, opens = known[concept]
                met |= meets
                opened += opens
        lacking = ~met
        candidates = sorted({one for one in opened if not needs[one] & lacking})
        return Page([self.rules[one] for one in candidates], hits, title)


class Page:
    """The concepts of one text, with what the rules ask of them remembered.

    Attributes:
        stops: Tokens that end a sentence, in order.
        _homes: Places where the publisher is at home; they need no words.
    """

    def __init__(self, candidates: Sequence[Rule], hits: Hits, title: int) -> None:
        self.stops = [span[0] for span in hits.get(STOP_CONCEPT, ())]
        self._candidates = candidates
        self._hits = hits
        self._title = title
        self._spans: dict[Term, list[Span]] = {}
        self._homes = (
            {concept for concept, spans in hits.items() if not spans} if candidates else set()
        )

    def matches(self, *, general: bool = False) -> tuple[list[Match], list[tuple[Match, Span]]]:
        """Rules that hold, in the order of the file, and those taken back by a word.

        Args:
            general: Try the general readings (`last`) instead of the others.

        Returns:
            The matches, and pairs of a match and the words that took it back.
        """
        found: list[Match] = []
        refused: list[tuple[Match, Span]] = []
        for rule in self._candidates:
            if rule.last is general:
                self._attempt(rule, found, refused)
        return found, refused

    def _attempt(self, rule: Rule, found: list[Match], refused: list[tuple[Match, Span]]) -> None:
        """Add the first match of `rule` to `found`, or the first taken back to `refused`."""
        rejected: tuple[Match, Span] | None = None
        for anchor in self._of(rule.when[0])[:ANCHORS]:
            spans = self._around(rule, anchor)
            if spans is None:
                continue
            match = Match(rule, spans, bisect_left(self.stops, anchor[0]))
            if not all(self._accompanied(match, term) for term in rule.anywhere):
                continue
            against = self._against(match)
            if against is None:
                found.append(match)
                return
            if rejected is None:
                rejected = match, against
        if rejected is not None:
            refused.append(rejected)

    def _of(self, term: Term) -> list[Span]:
        """Where any of the concepts of `term` stands, in order."""
        if len(term) == 1:
            return self._hits.get(term[0], [])
        known = self._spans.get(term)
        if known is None:
            known = sorted([span for one in term for span in self._hits.get(one, ())])
            self._spans[term] = known
        return known

    def _around(self, rule: Rule, anchor: Span) -> tuple[Span, ...] | None:
        spans = [anchor]
        for term in rule.when[1:]:
            near = self._nearest(self._of(term), anchor, rule.near)
            if near is None and self._homes.isdisjoint(term):
                return None
            spans.append(near or anchor)
        return tuple(spans)

    def _nearest(self, spans: list[Span], anchor: Span, near: int) -> Span | None:
        place = bisect_left(spans, anchor)
        best: Span | None = None
        for one in spans[max(0, place - 1) : place + 2]:
            gap = one[0] - anchor[1] if one[0] > anchor[0] else anchor[0] - one[1]
            gap = max(gap, 0)
            if gap <= near and self._together(one, anchor):
                best, near = one, gap - 1
        return best

    def _together(self, one: Span, other: Span) -> bool:
        """Whether both stand in one sentence."""
        return bisect_left(self.stops, one[0]) == bisect_left(self.stops, other[0])

    def _accompanied(self, match: Match, term: Term) -> bool:
        """Whether a concept of `term` stands in the title, in the sentence or not far off.

        A place that the text takes from its publisher has no words and is everywhere.
        """
        for concept in term:
            spans = self._hits.get(concept)
            if spans is None:
                continue
            if not spans or spans[0][0] <= self._title:
                return True
            for span in spans:
                if (
                    abs(span[0] - match.first) <= COMPANY
                    or bisect_left(self.stops, span[0]) == match.sentence
                ):
                    return True
        return False

    def _against(self, match: Match) -> Span | None:
        """The words that take a match back."""
        rule = match.rule
        for concept in rule.unless:
            for span in self._hits.get(concept, ()):
                if span[0] <= self._title or bisect_left(self.stops, span[0]) == match.sentence:
                    return span
        first, last = match.first - BEYOND, match.last + BEYOND
        for concept in rule.against:
            for span in self._hits.get(concept, ()):
                if first <= span[0] <= last and bisect_left(self.stops, span[0]) == match.sentence:
                    return span
        return None
