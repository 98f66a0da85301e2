"""Main clause and background: "reopens its embassy months after the raid" tells of the embassy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.assess.matching import Hits
from monitor.assess.model import Direction
from monitor.assess.polarity import ACUTE, Reading
from monitor.assess.text import Text

BEHIND = "behind"
"""Words that put what follows them behind what is told: after, tras, na, despues di."""
LONG_BEHIND = "behind_long"
"""The same with weeks or more between both: months after, meses después de."""
LEADING = 3
"""Words before "after" with which a sentence still begins with it: two and a half years after."""
NAMES = frozenset((BEHIND, LONG_BEHIND))
RULE = "polarity.background"


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens `first` to `last` that tell what went before."""

    first: int
    last: int
    is_old: bool  # weeks or more lie between it and what is told

    def holds(self, index: int) -> bool:
        """Whether the token stands in it."""
        return self.first <= index <= self.last


def clauses(text: Text, hits: Hits, stops: Sequence[int]) -> list[Clause]:
    """Where the text tells what went before: up to the end of the sentence, or to the comma
    where the sentence begins with it ("A year after the raid, ...")."""
    found = []
    for concept in (LONG_BEHIND, BEHIND):
        for first, last in hits.get(concept, ()):
            end = next((stop for stop in stops if stop > last), len(text.tokens))
            begin = max((stop for stop in stops if stop < first), default=-1) + 1
            if first - begin <= LEADING:
                comma = _comma(text, last, end)
                end = comma or (last if first == begin else end)
            found.append(Clause(last + 1, end, concept == LONG_BEHIND))
    return found


def _comma(text: Text, last: int, end: int) -> int:
    """The token before the first comma after token `last`; 0 where there is none."""
    for index in range(last + 1, end - 1):
        field, _, here = text.locate(index, index)
        if "," in text.original(field)[here : text.locate(index + 1, index + 1)[1]]:
            return index
    return 0


def divide(
    readings: Sequence[Reading], behind: Sequence[Clause]
) -> tuple[list[Reading], list[tuple[Reading, str]]]:
    """What the text tells, and what it only recalls, with the reason.

    What lies weeks back is recalled. What went before it these days is recalled where it points
    against what is told, and else weighs no more than that, unless it is as grave as can be: then
    both are the news.
    """
    told = [one for one in readings if not _clauses_of(one, behind)]
    ways = {one.direction for one in told} - {Direction.NEUTRAL}
    most = max((one.severity for one in told if one.direction in ways), default=ACUTE)
    kept: list[Reading] = []
    recalled: list[tuple[Reading, str]] = []
    for one in readings:
        own = _clauses_of(one, behind)
        if any(clause.is_old for clause in own):
            recalled.append((one, "weeks or more before what is told"))
        elif own and ways and one.direction not in {*ways, Direction.NEUTRAL}:
            recalled.append((one, "went before what is told"))
        elif own and one.severity < ACUTE:
            kept.append(one._replace(severity=min(most, one.severity)))
        else:
            kept.append(one)
    return kept, recalled


def _clauses_of(one: Reading, behind: Iterable[Clause]) -> list[Clause]:
    """The clauses in which a word of the event stands; its place may stand anywhere.

    A relief may name the danger that lies behind ("systems work again weeks after the hack"):
    it is recalled only where all its words are.
    """
    events = [
        span
        for term, span in zip(one.match.rule.when, one.match.spans, strict=True)
        if not term[0].isupper()
    ]
    several = all if one.direction is Direction.DEESCALATORY else any
    return [each for each in behind if events and several(each.holds(span[1]) for span in events)]
