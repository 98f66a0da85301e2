"""How good the judgement is: measured on labelled headlines, with every miss listed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt
from typing import Any

from monitor.assess.assessor import Assessor
from monitor.assess.model import Assessment

Z95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution."""
DRAWS = 400
"""Bootstrap samples behind an interval of F1 (chosen by us)."""
SEED = 20251202
"""Of the bootstrap, so that the same data give the same interval."""
SAME = {"air_safety": "airspace"}
"""Indicators that the labels do not tell apart (taxonomy: dev labels air_safety as airspace)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One text and what a person said of it (the format of the shared labelled headlines)."""

    id: str
    language: str
    title: str
    summary: str
    published: datetime | None
    publisher: str
    url: str
    relevant: bool
    direction: str
    severity: int
    indicators: frozenset[str]

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Labelled:
        """Read one line; `published` may be a day, a month, a year or null.

        Raises:
            KeyError: `title` or `relevant` is missing.
            ValueError: A value cannot be read.
        """
        relevant = bool(raw["relevant"])
        return cls(
            id=str(raw.get("id") or ""),
            language=str(raw.get("language") or "und"),
            title=str(raw["title"]),
            summary=str(raw.get("summary") or ""),
            published=_published(raw.get("published")),
            publisher=str(raw.get("publisher") or ""),
            url=str(raw.get("url") or ""),
            relevant=relevant,
            direction=str(raw.get("direction") or "neutral"),
            severity=int(raw.get("severity") or 0),
            indicators=_known(raw.get("indicators") or ()) if relevant else frozenset(),
        )


def _published(raw: object) -> datetime | None:
    """A moment, or a day as its noon; a month or a year resolves no weekday."""
    text = str(raw or "")
    if len(text) < 10:
        return None
    moment = datetime.fromisoformat(text)
    if len(text) == 10:
        moment = moment.replace(hour=16)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _known(indicators: Iterable[str]) -> frozenset[str]:
    return frozenset(SAME.get(one, one) for one in indicators)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with its 95 % interval; `value` is None where nothing was counted."""

    value: float | None
    low: float | None
    high: float | None
    hits: int
    of: int

    def as_json(self) -> dict[str, Any]:
        """Plain values, rounded to four digits."""
        return {
            "value": _round(self.value),
            "low": _round(self.low),
            "high": _round(self.high),
            "hits": self.hits,
            "of": self.of,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How the judgement fared on a set of texts.

    Direction and severity are measured on the texts that people call relevant; a relevant text
    that was missed counts as wrong in both.
    """

    n: int
    precision: Share
    recall: Share
    f1: Share
    direction: Share
    severity_exact: Share
    severity_within_one: Share
    indicators_precision: Share
    indicators_recall: Share
    indicators_f1: Share

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        shares = {name: getattr(self, name).as_json() for name in MEASURES}
        return {"n": self.n, **shares}


MEASURES = (
    "precision",
    "recall",
    "f1",
    "direction",
    "severity_exact",
    "severity_within_one",
    "indicators_precision",
    "indicators_recall",
    "indicators_f1",
)
"""Names of the shares of `Scores`, in the order in which they are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Scores over all texts and per language, confusions, and every miss.

    `confusions` counts (what people said, what we said) of directions, for relevant texts.
    """

    overall: Scores
    languages: Mapping[str, Scores]
    confusions: Mapping[tuple[str, str], int]
    misses: tuple[Mapping[str, Any], ...]
    lexicon_version: str

    def as_json(self) -> dict[str, Any]:
        """Plain values for `evaluate --json`."""
        return {
            "lexicon_version": self.lexicon_version,
            "overall": self.overall.as_json(),
            "languages": {key: one.as_json() for key, one in self.languages.items()},
            "confusions": [
                {"labelled": labelled, "judged": judged, "n": n}
                for (labelled, judged), n in sorted(self.confusions.items())
            ],
            "misses": [dict(one) for one in self.misses],
        }


Pair = tuple[Labelled, Assessment]


def evaluate(
    assessor: Assessor, texts: Iterable[Labelled], *, headlines_only: bool = True
) -> Evaluation:
    """Judge labelled texts and compare.

    Args:
        assessor: What judges.
        texts: Labelled texts, in any order.
        headlines_only: Judge the title without the summary.
    """
    pairs = [(one, _judge(assessor, one, headlines_only)) for one in texts]
    languages = sorted({one.language for one, _ in pairs})
    confusions = Counter((a.direction, b.direction.value) for a, b in pairs if a.relevant)
    return Evaluation(
        overall=score(pairs),
        languages={
            language: score([pair for pair in pairs if pair[0].language == language])
            for language in languages
        },
        confusions=confusions,
        misses=tuple(miss for pair in pairs if (miss := _miss(*pair))),
        lexicon_version=assessor.version,
    )


def _judge(assessor: Assessor, one: Labelled, headlines_only: bool) -> Assessment:
    return assessor.assess(
        title=one.title,
        summary="" if headlines_only else one.summary,
        published=one.published,
        publisher=one.publisher,
        url=one.url,
    )


def score(pairs: Sequence[Pair]) -> Scores:
    """Scores of judged texts; shares without cases have no value."""
    told = [pair for pair in pairs if pair[1].relevant]
    true = [pair for pair in pairs if pair[0].relevant]
    found = [pair for pair in told if pair[0].relevant]
    hits, judged, labelled = _indicator_counts(pairs)
    return Scores(
        n=len(pairs),
        precision=wilson(len(found), len(told)),
        recall=wilson(len(found), len(true)),
        f1=_bootstrap(pairs, _relevance_f1),
        direction=wilson(sum(a.direction == b.direction.value for a, b in found), len(true)),
        severity_exact=wilson(sum(a.severity == b.severity for a, b in found), len(true)),
        severity_within_one=wilson(
            sum(abs(a.severity - b.severity) <= 1 for a, b in found), len(true)
        ),
        indicators_precision=wilson(hits, judged),
        indicators_recall=wilson(hits, labelled),
        indicators_f1=_bootstrap(pairs, _indicator_f1),
    )


def wilson(hits: int, of: int) -> Share:
    """A share with Wilson's 95 % interval.

    Source: Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    if of == 0:
        return Share(value=None, low=None, high=None, hits=0, of=0)
    share = hits / of
    scale = 1 + Z95**2 / of
    middle = (share + Z95**2 / (2 * of)) / scale
    half = Z95 / scale * sqrt(share * (1 - share) / of + Z95**2 / (4 * of**2))
    return Share(
        value=share, low=max(0.0, middle - half), high=min(1.0, middle + half), hits=hits, of=of
    )


def _indicator_counts(pairs: Sequence[Pair]) -> tuple[int, int, int]:
    """Indicators that both name, that we name, that people name."""
    hits = judged = labelled = 0
    for one, assessment in pairs:
        ours = _known(assessment.indicators)
        hits += len(ours & one.indicators)
        judged += len(ours)
        labelled += len(one.indicators)
    return hits, judged, labelled


def _relevance_f1(pairs: Sequence[Pair]) -> tuple[int, int]:
    both = sum(a.relevant and b.relevant for a, b in pairs)
    return 2 * both, sum(a.relevant for a, _ in pairs) + sum(b.relevant for _, b in pairs)


def _indicator_f1(pairs: Sequence[Pair]) -> tuple[int, int]:
    hits, judged, labelled = _indicator_counts(pairs)
    return 2 * hits, judged + labelled


def _bootstrap(
    pairs: Sequence[Pair], measure: Callable[[Sequence[Pair]], tuple[int, int]]
) -> Share:
    """A ratio with the 95 % percentile interval over texts drawn again with replacement."""
    hits, of = measure(pairs)
    if of == 0:
        return Share(value=None, low=None, high=None, hits=0, of=0)
    parts = [measure([pair]) for pair in pairs]
    chance = random.Random(SEED)  # noqa: S311 - a bootstrap, not a secret
    ratios = []
    for _ in range(DRAWS):
        drawn = chance.choices(parts, k=len(parts))
        below = sum(part[1] for part in drawn)
        ratios.append(sum(part[0] for part in drawn) / below if below else 0.0)
    ratios.sort()
    edge = DRAWS // 40
    return Share(value=hits / of, low=ratios[edge], high=ratios[-1 - edge], hits=hits, of=of)


def _miss(one: Labelled, assessment: Assessment) -> dict[str, Any] | None:
    """What differs, for people; None where everything but single indicators agrees."""
    ours = _known(assessment.indicators)
    kinds = []
    if one.relevant != assessment.relevant:
        kinds.append("missed" if one.relevant else "false alarm")
    elif one.relevant:
        if one.direction != assessment.direction.value:
            kinds.append("direction")
        if abs(one.severity - assessment.severity) > 1:
            kinds.append("severity")
        if not ours & one.indicators:
            kinds.append("indicators")
    if not kinds:
        return None
    return {
        "id": one.id,
        "language": one.language,
        "title": one.title,
        "kinds": kinds,
        "labelled": {
            "relevant": one.relevant,
            "direction": one.direction,
            "severity": one.severity,
            "indicators": sorted(one.indicators),
        },
        "judged": {
            "relevant": assessment.relevant,
            "direction": assessment.direction.value,
            "severity": assessment.severity,
            "indicators": sorted(ours),
        },
        "rules": sorted({words.rule for flag in assessment.flags for words in flag.evidence}),
        "suppressed": sorted({f"{each.indicator}: {each.rule}" for each in assessment.suppressed}),
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
