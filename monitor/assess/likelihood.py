"""Where no rule holds: how likely the words of a headline, taken together, are to concern us.

A logistic regression over the concepts of the title. The weights are log-odds, fitted by
`python -m monitor.bench.likelihood` on labelled headlines and shipped as seeds/likelihood.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

from monitor.assess.model import Direction
from monitor.assess.rules import Rule, Strength
from monitor.errors import ConfigError

AT_LEAST = 0.75
"""Probability from which a headline is flagged (chosen on headlines kept apart; docs)."""
ALSO = 0.4
"""Probability from which an indicator beside the likeliest is flagged (chosen by us)."""
LEAN = 1.0
"""Log-odds by which a direction must beat neutral to be told of an open reading (chosen on
headlines kept apart; docs)."""
SPEAKING = 3
"""Concepts told as reasons (chosen by us)."""
SEVERITY = 1
"""Of what only its words together suggest: background, until a rule says more (chosen by us)."""
RELEVANT = "relevant"
BIAS = ""
"""Stands for the weight that every headline has."""
_PREFIX = "likelihood."


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What the words of a headline suggest.

    Attributes:
        probability: That it concerns us, 0 to 1.
        rules: One for each indicator that it suggests, the likeliest first.
        speaking: The concepts that speak most for it, with their log-odds.
    """

    probability: float
    rules: tuple[Rule, ...]
    speaking: tuple[tuple[str, float], ...]

    def because(self, words: Sequence[str]) -> str:
        """The probability and what speaks for it, for people.

        Args:
            words: What the headline says for each concept in `speaking`.
        """
        weights: dict[str, float] = {}
        for said, (_, weight) in zip(words, self.speaking, strict=True):
            weights[said] = weights.get(said, 0.0) + weight
        told = ", ".join(f"“{said}” {weight:+.1f}" for said, weight in weights.items())
        return f"{self.probability:.0%} likely by its words: {told}"


class Likelihood:
    """Weights of concepts, by what they speak for: `relevant`, a direction, an indicator."""

    def __init__(
        self, weights: Mapping[str, Mapping[str, float]], indicators: Iterable[str]
    ) -> None:
        self._relevant = weights.get(RELEVANT, {})
        self._directions = {one: weights.get(one.value, {}) for one in Direction}
        self._indicators = {one: weights[one] for one in indicators if one in weights}
        self.rules = {
            (one, direction): _rule(one, direction)
            for one in self._indicators
            for direction in Direction
        }

    @classmethod
    def load(cls, file: Path, indicators: Collection[str]) -> Likelihood:
        """Read the weights (columns target, concept, log_odds).

        Raises:
            ConfigError: The file is missing, or a line cannot be read; names the line.
        """
        try:
            text = file.read_text("utf-8")
        except OSError as error:
            raise ConfigError(str(file), "", f"cannot be read: {error}") from error
        lines = [one for one in text.splitlines() if one[:1] != "#"]
        first = text.count("\n#") + (text[:1] == "#") + 2
        known = {RELEVANT, *(one.value for one in Direction), *indicators}
        weights: dict[str, dict[str, float]] = {}
        for number, row in enumerate(csv.reader(lines[1:]), first):
            if len(row) != 3:
                raise ConfigError(str(file), f"line {number}", "has not three columns")
            target, concept, written = row
            if target not in known:
                raise ConfigError(str(file), target, "is no direction and no indicator")
            try:
                weights.setdefault(target, {})[concept] = float(written)
            except ValueError as error:
                raise ConfigError(str(file), f"{target},{concept}", str(error)) from error
        return cls(weights, indicators)

    def guess(self, concepts: Collection[str]) -> Guess | None:
        """What a headline with these concepts suggests; None where it is not likely enough."""
        probability = _probability(self._relevant, concepts)
        if probability < AT_LEAST:
            return None
        direction = max(Direction, key=lambda one: _score(self._directions[one], concepts))
        chances = {one: _probability(row, concepts) for one, row in self._indicators.items()}
        ranked = sorted(chances, key=lambda one: -chances[one])
        taken = [one for n, one in enumerate(ranked) if n == 0 or chances[one] >= ALSO]
        speaking = sorted(
            ((one, self._relevant.get(one, 0.0)) for one in concepts),
            key=lambda pair: (-pair[1], pair[0]),
        )
        return Guess(
            probability=probability,
            rules=tuple(self.rules[one, direction] for one in taken),
            speaking=tuple(pair for pair in speaking[:SPEAKING] if pair[1] > 0),
        )

    def lean(self, concepts: Collection[str]) -> Direction:
        """The way that a headline with these concepts clearly points, else neutral."""
        scores = {way: _score(row, concepts) for way, row in self._directions.items()}
        way = max(scores, key=lambda one: scores[one])
        clear = scores[way] - scores[Direction.NEUTRAL] >= LEAN
        return way if clear else Direction.NEUTRAL


def _score(row: Mapping[str, float], concepts: Iterable[str]) -> float:
    return row.get(BIAS, 0.0) + sum(row.get(one, 0.0) for one in concepts)


def _probability(row: Mapping[str, float], concepts: Iterable[str]) -> float:
    return 1 / (1 + exp(-_score(row, concepts)))


def _rule(indicator: str, direction: Direction) -> Rule:
    return Rule(
        id=f"{_PREFIX}{indicator}",
        indicator=indicator,
        when=(),
        near=0,
        anywhere=(),
        against=(),
        unless=(),
        direction=direction,
        severity={"any": SEVERITY},
        strength=Strength.FIRM,
        open=False,
        fixed=True,
        last=True,
        yields=False,
        because="No rule holds, but such words together usually concern us",
    )
