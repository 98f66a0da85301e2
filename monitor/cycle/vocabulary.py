"""Changing the lexicon: tried on stored items, saved as a version, gone back from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.assess import preview
from monitor.assess.assessor import Assessor
from monitor.assess.changes import Changes, Vocabulary, amended, told
from monitor.assess.preview import Preview, Sample
from monitor.cycle.intake import Intake, judged_of
from monitor.errors import MonitorError
from monitor.feeds.model import Feed
from monitor.storage.items import StoredItem
from monitor.storage.triage import Verdict

NEWEST = 5000
"""Stored items on which a change is tried, unless told otherwise (chosen by us: seconds)."""
SHIPPED = "shipped"
"""How people name the version without any change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A change tried on what is stored; nothing is saved by it.

    Attributes:
        instead_of: The changes that were saved when it was tried.
        changes: Those that would be in force afterwards.
        lines: What is new in them, in words.
    """

    preview: Preview
    instead_of: Changes
    changes: Changes
    lines: tuple[str, ...]


def rehearse(
    intake: Intake,
    shipped: Vocabulary,
    edits: Sequence[Mapping[str, Any]],
    *,
    newest: int = NEWEST,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Rehearsal:
    """Judge the newest stored items, and all that analysts decided on, as before and as changed.

    Args:
        edits: What is to be changed, one after the other.

    Raises:
        ConfigError: The change names what does not exist, or changes nothing.
        StorageError: The store cannot be read.
    """
    intake.follow_lexicon()
    changes, lines = folded(shipped, intake.changes, edits)
    if changes == intake.changes:
        raise MonitorError("this changes nothing; name a phrase, a weight or a rule")
    found = preview.compare(
        intake.assessor,
        Assessor.load(intake.seeds, changes),
        samples(intake, newest=newest),
        progress=progress,
    )
    return Rehearsal(preview=found, instead_of=intake.saved, changes=changes, lines=lines)


def folded(
    shipped: Vocabulary, present: Changes, edits: Sequence[Mapping[str, Any]]
) -> tuple[Changes, tuple[str, ...]]:
    """The changes that edits, one after the other, make of those in force; and the edits in words.

    Raises:
        ConfigError: One of them is of the wrong form, or names what does not exist.
    """
    made, seen = present, shipped.changed(present)
    lines: list[str] = []
    for edit in edits:
        before = seen
        made, seen = amended(shipped, made, edit)
        lines += told(before, edit)
    return made, tuple(lines)


def samples(intake: Intake, *, newest: int) -> list[Sample]:
    """Stored texts with the analysts' word on them: the newest, and older ones with a decision."""
    store = intake.store
    feeds = {one.feed.id: one.feed for one in store.feeds.all()}
    said = {
        item_id: label.verdict is not Verdict.NOT_RELEVANT
        for item_id, label in store.triage.current().items()
    }
    recent = list(store.items.listed(limit=newest))
    known = {one.item.id for one in recent}
    older = store.items.get(item_id for item_id in said if item_id not in known)
    return [
        _sample(one, feeds[one.item.feed_id], said.get(one.item.id), counted=one.item.id in known)
        for one in (*recent, *older)
    ]


def _sample(one: StoredItem, feed: Feed, relevant: bool | None, *, counted: bool) -> Sample:
    told = judged_of(one.item, feed)
    return Sample(id=one.item.id, relevant=relevant, counted=counted, **told)


def save(
    intake: Intake,
    changes: Mapping[str, Any],
    *,
    instead_of: Mapping[str, Any],
    note: str,
    by: str,
    now: datetime,
) -> str:
    """Keep changes as a new version and judge by it from now on.

    Args:
        instead_of: The changes that were saved when these were tried.

    Returns:
        The version.

    Raises:
        ConfigError: A change names what does not exist.
        StorageError: Somebody saved other changes meanwhile, or nothing can be stored.
    """
    version = Assessor.load(intake.seeds, changes).version
    intake.store.lexicons.save(
        version, changes, note=note.strip(), by=by, now=now, instead_of=instead_of
    )
    intake.follow_lexicon()
    return version


def go_back(intake: Intake, version: str, *, by: str, now: datetime) -> str:
    """Judge by an earlier version from now on; `shipped` is the one without changes.

    Returns:
        The version that is in use now.

    Raises:
        StorageError: It was never saved.
    """
    lexicons = intake.store.lexicons
    plain = Assessor.load(intake.seeds).version
    if version in (SHIPPED, plain):
        lexicons.save(plain, {}, note="As shipped", by=by, now=now)
    else:
        lexicons.go_back(version, by=by, now=now)
    intake.follow_lexicon()
    return intake.assessor.version
