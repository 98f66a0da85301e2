"""Try a change of the lexicon before it is saved: what would be judged otherwise?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from monitor.assess.assessor import Assessor
from monitor.assess.evaluation import Share, wilson
from monitor.assess.model import Assessment

TOLD_EVERY = 100
"""Texts between two reports of progress (chosen by us: some ten a second)."""


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
    counted: bool = True  # False: an older text, judged only because an analyst decided on it


class Step(StrEnum):
    """What a change does to the verdict on one text."""

    FLAGGED = "flagged"  # newly
    DROPPED = "dropped"  # no longer flagged
    OTHER = "other"  # flagged before and after, with other indicators, severity or direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One text whose verdict would change."""

    sample: Sample
    before: Assessment
    after: Assessment

    @property
    def step(self) -> Step:
        """Whether it would be flagged, dropped or judged otherwise."""
        if self.before.relevant == self.after.relevant:
            return Step.OTHER
        return Step.FLAGGED if self.after.relevant else Step.DROPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a change would do.

    Precision and recall are measured on the samples that analysts have labelled.
    """

    version_before: str
    version_after: str
    judged: int  # texts that count; labelled older ones are not among them
    labelled: int
    changed: tuple[Verdict, ...]
    precision_before: Share
    precision_after: Share
    recall_before: Share
    recall_after: Share

    def count(self, step: Step) -> int:
        """How many of the texts that count take this step."""
        return sum(one.step is step and one.sample.counted for one in self.changed)


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


def compare(
    before: Assessor,
    after: Assessor,
    samples: Sequence[Sample],
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Preview:
    """Judge texts with two versions of the lexicon.

    Args:
        progress: Called with how many texts of how many are done, now and then.
    """
    changed: list[Verdict] = []
    told: list[tuple[bool, bool, bool]] = []  # labels: relevant to a person, before, after
    for number, sample in enumerate(samples):
        if number % TOLD_EVERY == 0:
            progress(number, len(samples))
        old, new = judge(before, sample), judge(after, sample)
        if sample.relevant is not None:
            told.append((sample.relevant, old.relevant, new.relevant))
        if essence(old) != essence(new):
            changed.append(Verdict(sample=sample, before=old, after=new))
    progress(len(samples), len(samples))
    return Preview(
        version_before=before.version,
        version_after=after.version,
        judged=sum(one.counted for one in samples),
        labelled=len(told),
        changed=tuple(changed),
        precision_before=_share(true for true, old, _ in told if old),
        precision_after=_share(true for true, _, new in told if new),
        recall_before=_share(old for true, old, _ in told if true),
        recall_after=_share(new for true, _, new in told if true),
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


def _share(answers: Iterable[bool]) -> Share:
    known = list(answers)
    return wilson(sum(known), len(known))
