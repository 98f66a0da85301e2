"""An assessment told to a person: what matched, what was taken back, what would change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from monitor.assess.assessor import Assessor
from monitor.assess.likelihood import AT_LEAST
from monitor.assess.meanings import Meanings
from monitor.assess.model import Assessment, Evidence, Suppressed
from monitor.assess.rules import Rule

COUNTERFACTUALS = 8
"""Words whose removal is tried at most (chosen by us)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stretch of a field to highlight: characters start to end, and the rules behind it."""

    start: int
    end: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the verdict would be if some words were not there."""

    without: str
    rule: str
    relevant: bool
    severity: int
    direction: str
    indicators: tuple[str, ...]
    changes_verdict: bool  # relevance, severity or direction, not only an indicator


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNote:
    """One rule behind a flag, in words."""

    id: str
    words: tuple[str, ...]
    why: str
    needs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything behind one verdict.

    Attributes:
        verdict: The assessment.
        title_marks, summary_marks: Highlights, in order, not overlapping.
        rules: Rules behind the flags.
        changes: The verdict without single words, those that matter first.
        near_misses: Flags that were taken back or lessened, as sentences with the rule that did it.
    """

    verdict: Assessment
    title_marks: tuple[Mark, ...]
    summary_marks: tuple[Mark, ...]
    rules: tuple[RuleNote, ...]
    changes: tuple[Change, ...]
    near_misses: tuple[str, ...]


def explain(
    assessor: Assessor,
    *,
    title: str,
    summary: str = "",
    language: str | None = None,
    publisher: str = "",
    published: datetime | None = None,
) -> Explanation:
    """Judge a text and tell why, and what would change the verdict.

    Args:
        assessor: What judges.
        title, summary, language, publisher, published: As in `Assessor.assess`.
    """
    judge = partial(assessor.assess, publisher=publisher, published=published)
    verdict = judge(title=title, summary=summary, language=language)
    words = [one for flag in verdict.flags for one in flag.evidence]
    changes = [
        _without(judge, verdict, one, (title, summary, language))
        for one in _distinct(words)[:COUNTERFACTUALS]
    ]
    changes.sort(key=lambda one: not one.changes_verdict)
    return Explanation(
        verdict=verdict,
        title_marks=marks(words, "title"),
        summary_marks=marks(words, "summary"),
        rules=_notes(assessor, words),
        changes=tuple(changes),
        near_misses=tuple(_near_miss(one, assessor) for one in verdict.suppressed),
    )


def _near_miss(one: Suppressed, assessor: Assessor) -> str:
    words = ", ".join(f"“{each.text}”" for each in one.evidence)
    name = assessor.indicators[one.indicator].names["en"]
    return f"{name}: {one.because} ({f'{words}; ' if words else ''}{one.rule})"


def marks(words: Iterable[Evidence], field: str) -> tuple[Mark, ...]:
    """Highlights of one field: overlapping evidence joined, in order."""
    merged: list[tuple[int, int, dict[str, None]]] = []
    for one in sorted((w for w in words if w.field == field), key=lambda w: (w.start, w.end)):
        if merged and one.start < merged[-1][1]:
            start, end, rules = merged.pop()
            merged.append((start, max(end, one.end), rules | {one.rule: None}))
        else:
            merged.append((one.start, one.end, {one.rule: None}))
    return tuple(Mark(start=a, end=b, rules=tuple(rules)) for a, b, rules in merged)


def _distinct(words: Sequence[Evidence]) -> list[Evidence]:
    return list({(one.field, one.start, one.end): one for one in words}.values())


def _without(
    judge: Callable[..., Assessment],
    verdict: Assessment,
    words: Evidence,
    said: tuple[str, str, str | None],
) -> Change:
    title, summary, language = said
    if words.field == "title":
        title = f"{title[: words.start]} {title[words.end :]}"
    else:
        summary = f"{summary[: words.start]} {summary[words.end :]}"
    other = judge(title=title, summary=summary, language=language or verdict.language)
    return Change(
        without=words.text,
        rule=words.rule,
        relevant=other.relevant,
        severity=other.severity,
        direction=other.direction.value,
        indicators=other.indicators,
        changes_verdict=(other.relevant, other.severity, other.direction)
        != (verdict.relevant, verdict.severity, verdict.direction),
    )


def _notes(assessor: Assessor, words: Sequence[Evidence]) -> tuple[RuleNote, ...]:
    rules = {rule.id: rule for rule in assessor.lexicon.book.rules}
    rules |= {rule.id: rule for rule in assessor.lexicon.likelihood.rules.values()}
    texts: dict[str, dict[str, None]] = {}
    for one in words:
        texts.setdefault(one.rule, {})[one.text] = None
    meanings = assessor.lexicon.meanings
    return tuple(
        RuleNote(
            id=key, words=tuple(found), why=rules[key].because, needs=needs(rules[key], meanings)
        )
        for key, found in texts.items()
    )


def needs(rule: Rule, meanings: Meanings) -> str:
    """The condition of a rule in plain English, to follow "it wants"."""
    if not rule.when:
        return f"words of the title that together make it {AT_LEAST:.0%} likely"
    terms = list(dict.fromkeys(map(meanings.either, rule.when)))
    company = list(dict.fromkeys(map(meanings.either, rule.anywhere)))
    parts = [f"words for {_all(terms)}"]
    if len(terms) > 1:
        parts.append(f"within {rule.near} words of each other")
    if company:
        parts.append("with " + ", and with ".join(company))
    against = (*rule.against, *rule.unless)
    return ", ".join(parts) + (
        f"; not where the text is also about {meanings.either(against)}" if against else ""
    )


def _all(terms: Sequence[str]) -> str:
    """`refugees and Venezuela`; where a term has parts, `a boat or a ship, and for Venezuela`."""
    *before, last = terms
    if not before:
        return last
    if any(" or " in one or " and " in one for one in terms):
        return f"{', for '.join(before)}, and for {last}"
    return f"{', '.join(before)} and {last}"
