"""Two snapshots compared: what rose, what fell, what is new, what is gone; in words and numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from monitor.snapshots import wording
from monitor.snapshots.document import (
    Document,
    FrozenDeadline,
    FrozenStory,
    IndicatorRow,
    is_narrowed,
    level_of,
    state_of,
)

_RANK = {"unknown": 0, "quiet": 0, "watch": 1, "warning": 2}
_NAMED = 5  # stories and indicators written out in the sentences; the lists hold all


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorChange:
    """One indicator in both snapshots; None: it is in one of them only, or has no value."""

    id: str
    name: str
    before: float | None
    after: float | None
    state_before: str | None
    state_after: str | None

    @property
    def rank(self) -> int:
        """Steps on quiet, watch, warning; above 0: towards warning.

        What lost its value has not calmed: that is no step.
        """
        if self.state_after == "unknown":
            return 0
        return _RANK.get(self.state_after or "quiet", 0) - _RANK.get(
            self.state_before or "quiet", 0
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed from one snapshot to the next."""

    before: Document
    after: Document
    level: int | None  # steps; above 0: up; None: one of them has no level yet
    index: float | None  # None: one of them has no value
    bands_apart: bool  # the 80 % ranges do not touch: more than noise
    indicators: tuple[IndicatorChange, ...]  # only those that changed, greatest first
    new_stories: tuple[FrozenStory, ...]
    gone_stories: tuple[FrozenStory, ...]
    new_deadlines: tuple[FrozenDeadline, ...]
    gone_deadlines: tuple[FrozenDeadline, ...]
    same_method: bool  # lexicon and settings alike; otherwise numbers may differ for that alone
    sentences: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values: the numbers, ids and sentences; not the documents themselves."""
        return {
            "before": {"created_at": self.before["created_at"], "level": self.before["level"]},
            "after": {"created_at": self.after["created_at"], "level": self.after["level"]},
            "level": self.level,
            "index": self.index,
            "bands_apart": self.bands_apart,
            "indicators": [asdict(one) for one in self.indicators],
            "new_stories": [_brief(story) for story in self.new_stories],
            "gone_stories": [_brief(story) for story in self.gone_stories],
            "new_deadlines": [dict(one) for one in self.new_deadlines],
            "gone_deadlines": [dict(one) for one in self.gone_deadlines],
            "same_method": self.same_method,
            "sentences": list(self.sentences),
        }


def difference(one: Document, other: Document) -> Difference:
    """The earlier of the two is `before`, whichever is given first."""
    before, after = sorted((one, other), key=lambda document: document["created_at"])
    index = _minus(after["level"]["index"], before["level"]["index"])
    indicators = _indicators(before["board"], after["board"])
    new_stories, gone_stories = _stories(before, after)
    new_deadlines, gone_deadlines = _deadlines(before, after)
    same_method = (
        before["lexicon_version"] == after["lexicon_version"]
        and before["settings"] == after["settings"]
    )
    apart = _apart(before, after)
    sentences = [
        _about_time(before, after),
        *_about_selection(before, after),
        _about_level(before, after),
        _about_index(before, after, index, apart),
        *_about_indicators(indicators),
        *_about_stories(before, after, new_stories, gone_stories),
        *_about_deadlines(new_deadlines, gone_deadlines),
    ]
    if not same_method:
        sentences.append("Lexicon or settings differ, so part of the change may come from them.")
    return Difference(
        before=before,
        after=after,
        level=_steps(before, after),
        index=index,
        bands_apart=apart,
        indicators=indicators,
        new_stories=new_stories,
        gone_stories=gone_stories,
        new_deadlines=new_deadlines,
        gone_deadlines=gone_deadlines,
        same_method=same_method,
        sentences=tuple(sentences),
    )


def _steps(before: Document, after: Document) -> int | None:
    first, second = level_of(before["level"]), level_of(after["level"])
    return None if first is None or second is None else second - first


def _brief(story: FrozenStory) -> dict[str, Any]:
    return {key: story[key] for key in ("id", "title", "url", "severity")}


def _minus(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else round(after - before, 4)


def _apart(before: Document, after: Document) -> bool:
    first, second = before["level"], after["level"]
    low1, high1, low2, high2 = first["low80"], first["high80"], second["low80"], second["high80"]
    if low1 is None or high1 is None or low2 is None or high2 is None:
        return False
    return low2 > high1 or low1 > high2


def _indicators(
    before: list[IndicatorRow], after: list[IndicatorRow]
) -> tuple[IndicatorChange, ...]:
    old = {row["id"]: row for row in before}
    new = {row["id"]: row for row in after}
    changes = [_change(old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old])]
    changed = [one for one in changes if one.rank or _rounded(one.before) != _rounded(one.after)]
    changed.sort(key=lambda one: (-abs(one.rank), -abs((one.after or 0) - (one.before or 0))))
    return tuple(changed)


def _change(old: IndicatorRow | None, new: IndicatorRow | None) -> IndicatorChange:
    named = new or old
    assert named is not None
    return IndicatorChange(
        id=named["id"],
        name=named["name"],
        before=None if old is None else old["index"],
        after=None if new is None else new["index"],
        state_before=None if old is None else state_of(old),
        state_after=None if new is None else state_of(new),
    )


def _rounded(value: float | None) -> int | None:
    return None if value is None else round(value)


def _stories(
    before: Document, after: Document
) -> tuple[tuple[FrozenStory, ...], tuple[FrozenStory, ...]]:
    old = {story["id"] for story in before["stories"]}
    new = {story["id"] for story in after["stories"]}
    return (
        tuple(story for story in after["stories"] if story["id"] not in old),
        tuple(story for story in before["stories"] if story["id"] not in new),
    )


def _deadlines(
    before: Document, after: Document
) -> tuple[tuple[FrozenDeadline, ...], tuple[FrozenDeadline, ...]]:
    old, new = _open(before), _open(after)
    return (
        tuple(one for key, one in new.items() if key not in old),
        tuple(one for key, one in old.items() if key not in new),
    )


def _open(document: Document) -> dict[tuple[str, str], FrozenDeadline]:
    """Deadlines without an outcome; reports of one story that name one day are one."""
    return {
        (one["due"], one["story"] or one["phrase"]): one
        for one in document["deadlines"]
        if one["outcome"] is None
    }


def _about_time(before: Document, after: Document) -> str:
    zone = after["timezone"]
    return (
        f"From {wording.moment(before['created_at'], zone)} "
        f"to {wording.moment(after['created_at'], zone)}."
    )


def _about_selection(before: Document, after: Document) -> list[str]:
    """What the stories are a selection of, and that two selections are not alike."""
    if _selection(before) == _selection(after):
        return [f"Stories are compared under: {_shown(after)}."] if is_narrowed(after) else []
    selections = f"first {_shown(before)}, then {_shown(after)}"
    return [
        f"The two show different selections ({selections}), so stories may differ for that alone."
    ]


def _selection(document: Document) -> dict[str, Any]:
    """What decides which stories are listed; the first edition always listed the situation's."""
    if "choice" not in document:
        return {"kind": "situation"}
    aside = {"by", "at_most", "compare"}
    if document["kind"] == "situation" or not document["choice"].get("indicator"):
        aside |= {"days"} if document["kind"] in ("situation", "indicators") else set()
    chosen = {name: one for name, one in document["choice"].items() if name not in aside}
    return {"kind": document["kind"], **chosen}


def _shown(document: Document) -> str:
    return document["view"].get("shown", "flagged stories of the last 14 days")


def _about_level(before: Document, after: Document) -> str:
    first, second = before["level"], after["level"]
    steps = _steps(before, after)
    if steps is None:
        return f"No level to compare: {first['name']}, then {second['name']}."
    if steps == 0:
        return f"The level is unchanged: {second['name']}."
    way = "rose" if steps > 0 else "fell"
    return f"The level {way} from {first['name']} to {second['name']}."


def _about_index(before: Document, after: Document, index: float | None, apart: bool) -> str:
    first, second = before["level"], after["level"]
    if index is None:
        return "The index cannot be compared: one of the two has no value."
    if round(index) == 0:
        return f"The index stands where it stood, at {wording.figure(second['index'])}."
    sure = (
        "the 80 % ranges do not touch" if apart else "the 80 % ranges overlap, so it may be noise"
    )
    return (
        f"The index {'rose' if index > 0 else 'fell'} by {wording.figure(abs(index))}, from "
        f"{wording.figure(first['index'])} to {wording.figure(second['index'])}; {sure}."
    )


def _about_indicators(changes: tuple[IndicatorChange, ...]) -> list[str]:
    up = [one for one in changes if one.rank > 0]
    down = [one for one in changes if one.rank < 0]
    lost = [one for one in changes if one.state_after == "unknown" and one.before is not None]
    told = [
        f"{way}: {_names([_now(one) for one in found])}."
        for way, found in (("Indicators up", up), ("Indicators down", down))
        if found
    ]
    if lost:
        told.append(f"Without a value now, which is not calm: {_names([x.name for x in lost])}.")
    return told


def _now(change: IndicatorChange) -> str:
    return f"{change.name} (now {change.state_after or 'gone'})"


def _about_stories(
    before: Document,
    after: Document,
    new: tuple[FrozenStory, ...],
    gone: tuple[FrozenStory, ...],
) -> list[str]:
    if not before["stories"] and not after["stories"]:
        return ["Neither lists a story."]
    worst = sorted(new, key=lambda story: -story["severity"])
    parts = []
    if new:
        titles = _names([f"“{story['title']}”" for story in worst])
        parts.append(f"{wording.plural(len(new), 'new story', 'new stories')}: {titles}.")
    if gone:
        count = wording.plural(len(gone), "story", "stories")
        parts.append(f"{count} no longer shown.")
    return parts or ["The stories are the same."]


def _about_deadlines(
    new: tuple[FrozenDeadline, ...], gone: tuple[FrozenDeadline, ...]
) -> list[str]:
    parts = []
    if new:
        dues = _names([f"{wording.day(one['due'][:10])} (“{one['phrase']}”)" for one in new])
        parts.append(f"{wording.plural(len(new), 'new deadline')}: {dues}.")
    if gone:
        parts.append(f"{wording.plural(len(gone), 'deadline')} no longer listed.")
    return parts


def _names(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
