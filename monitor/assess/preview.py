"""Try a change of the lexicon before it is saved: what would be judged otherwise?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.assess.assessor import Assessor
from monitor.assess.evaluation import Share, wilson
from monitor.assess.model import Assessment


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A stored text, and what an analyst said of it (`relevant` None: nothing yet)."""

    id: str
    title: str
    summary: str = ""
    language: str | None = None
    published: datetime | None = None
    publisher: str = ""
    url: str = ""
    relevant: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One text whose verdict would change."""

    sample: Sample
    before: Assessment
    after: Assessment


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a change would do.

    Precision and recall are measured on the samples that analysts have labelled.
    """

    version_before: str
    version_after: str
    judged: int
    changed: tuple[Verdict, ...]
    precision_before: Share
    precision_after: Share
    recall_before: Share
    recall_after: Share


def preview(
    seeds: Path,
    changes: Mapping[str, Any],
    samples: Iterable[Sample],
    *,
    saved: Mapping[str, Any] | None = None,
) -> Preview:
    """Judge texts with the present lexicon and with `changes` applied.

    Args:
        seeds: The shipped data.
        changes: As in `lexicon.load`.
        samples: Texts to judge again.
        saved: Changes already in force, which `changes` replaces.

    Raises:
        ConfigError: A change names what does not exist.
    """
    return compare(Assessor.load(seeds, saved), Assessor.load(seeds, changes), list(samples))


def compare(before: Assessor, after: Assessor, samples: Sequence[Sample]) -> Preview:
    """Judge texts with two versions of the lexicon."""
    old = [judge(before, one) for one in samples]
    new = [judge(after, one) for one in samples]
    changed = tuple(
        Verdict(sample=sample, before=a, after=b)
        for sample, a, b in zip(samples, old, new, strict=True)
        if essence(a) != essence(b)
    )
    return Preview(
        version_before=before.version,
        version_after=after.version,
        judged=len(samples),
        changed=changed,
        precision_before=_precision(samples, old),
        precision_after=_precision(samples, new),
        recall_before=_recall(samples, old),
        recall_after=_recall(samples, new),
    )


def judge(assessor: Assessor, one: Sample) -> Assessment:
    """Judge one stored text."""
    return assessor.assess(
        title=one.title,
        summary=one.summary,
        language=one.language,
        published=one.published,
        publisher=one.publisher,
        url=one.url,
    )


def essence(one: Assessment) -> tuple[object, ...]:
    """What makes two verdicts the same to a reader."""
    flags = {(flag.indicator, flag.direction, flag.severity) for flag in one.flags}
    return one.relevant, one.severity, one.direction, frozenset(flags)


def _precision(samples: Sequence[Sample], judged: Sequence[Assessment]) -> Share:
    told = [s.relevant for s, a in zip(samples, judged, strict=True) if a.relevant]
    known = [one for one in told if one is not None]
    return wilson(sum(known), len(known))


def _recall(samples: Sequence[Sample], judged: Sequence[Assessment]) -> Share:
    true = [a.relevant for s, a in zip(samples, judged, strict=True) if s.relevant]
    return wilson(sum(true), len(true))
