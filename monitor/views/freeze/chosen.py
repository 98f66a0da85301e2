"""What a reader has chosen on a page: asked of the store again, and told in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from monitor.snapshots.document import Choice, Document, Kind
from monitor.storage.rows import StoryFilter
from monitor.views import brief, indicators, situation
from monitor.views.lens import DIRECTIONS, LANGUAGES, SEVERITIES, Lens, count, listed
from monitor.views.stories import period

DAYS: Mapping[Kind, int] = {"situation": 90, "indicators": 90, "stories": 30, "brief": 30}
SITUATION_PERIOD = timedelta(days=situation.STORY_DAYS)
AT_MOST = 40  # stories of a list; more are seldom read, and each takes about a kilobyte


def of_stories(chosen: StoryFilter, *, days: int, by: str, shown: int) -> Choice:
    """What was chosen on the Stories page, of which so many stories were shown so far."""
    return Choice(
        days=days,
        flagged=chosen.flagged,
        indicators=list(chosen.indicators),
        severity=chosen.severity,
        direction=chosen.direction,
        language=chosen.language,
        words=chosen.words,
        by="seen" if by == "seen" else "event",
        at_most=max(AT_MOST, shown),
    )


def stories(choice: Choice, now: datetime) -> StoryFilter:
    """The same question, asked now."""
    return StoryFilter(
        flagged=choice.get("flagged", True),
        since=period(now, choice.get("days", DAYS["stories"])),
        indicators=tuple(choice.get("indicators", ())),
        severity=choice.get("severity", 0),
        direction=choice.get("direction", ""),
        language=choice.get("language", ""),
        words=choice.get("words", ""),
    )


def of_document(document: Document) -> tuple[Kind, Choice]:
    """What is to be asked for the present of a snapshot.

    Snapshots of the first edition, whatever their kind, held the stories of the Situation page.
    """
    if "choice" in document:
        return document["kind"], document["choice"]
    days = document["view"].get("days", "")
    return "situation", {"days": int(days) if days.isdecimal() else DAYS["situation"]}


def told(kind: Kind, choice: Choice, lens: Lens) -> str:
    """What was chosen, in one phrase for readers."""
    days = count(choice.get("days", DAYS[kind]), "day")
    if kind == "situation":
        return f"index of the last {days}; stories and map of the last {situation.STORY_DAYS} days"
    if kind == "indicators":
        return f"{_series(choice, lens)}, the last {days}"
    if kind == "brief":
        since = choice.get("since", "day")
        words = lens.exact(brief.begins(since, lens))
        return f"what changed since {words} ({brief.SINCE[since]})"
    clock = "first seen" if choice.get("by") == "seen" else "event date"
    return f"{_stories(choice, lens)}; timeline by {clock}"


def _series(choice: Choice, lens: Lens) -> str:
    name = choice.get("indicator", "")
    if not name:
        return "all indicators"
    compare = choice.get("compare", "none")
    shown = indicators.named(lens).name(name)
    return shown if compare == "none" else f"{shown} with the {indicators.EARLIER[compare]}"


def _stories(choice: Choice, lens: Lens) -> str:
    kind = "flagged stories" if choice.get("flagged", True) else "all stories"
    parts = [f"{kind} of the last {count(choice.get('days', DAYS['stories']), 'day')}"]
    if choice.get("indicators"):
        parts.append(f"about {_either([lens.name(one) for one in choice['indicators']])}")
    if choice.get("severity"):
        parts.append(f"severity {choice['severity']} {SEVERITIES[choice['severity']]} or more")
    if choice.get("direction"):
        parts.append(DIRECTIONS.get(choice["direction"], choice["direction"]))
    if choice.get("language"):
        parts.append(f"in {LANGUAGES.get(choice['language'], choice['language'])}")
    if choice.get("words", "").strip():
        parts.append(f"with the words “{choice['words'].strip()}”")
    return ", ".join(parts)


def _either(names: list[str]) -> str:
    return listed(names).replace(" and ", " or ") if len(names) < 3 else ", ".join(names)
