"""Stories: what happened, when, and who says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from monitor.assess.model import Direction
from monitor.storage.reading import Reading
from monitor.storage.rows import ItemRow, StoryFilter, StoryRow
from monitor.storage.search import SEARCH_DEPTH
from monitor.views.cards import (
    VOICES,
    ItemCard,
    StoryCard,
    item_card,
    source,
    story_card,
    story_cards,
)
from monitor.views.lens import DIRECTIONS, Lens, count, listed

PAGE = 12
COUNTED = 1000  # stories are counted no further
ON_TIMELINE = 300  # the most severe stories of the range; more dots cannot be told apart


TIMELINE = ["at", "severity", "direction", "title", "story", "reports"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stories:
    """One page of the list, and the timeline above it."""

    cards: tuple[StoryCard, ...]
    after: str | None
    sentence: str
    timeline: pd.DataFrame  # columns: at (datetime64), severity, direction, title, story, reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One independent publisher group in a story."""

    group: str
    publishers: str
    reports: int
    first: str  # when it was first
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneStory:
    """A story with all that was said."""

    card: StoryCard
    sentence: str
    items: tuple[ItemCard, ...]
    voices: tuple[Voice, ...]
    contradictions: tuple[str, ...]
    corrects: tuple[StoryCard, ...]  # the story that this one corrects or withdraws
    more: str  # "" when all items are shown


def load(
    reading: Reading,
    lens: Lens,
    *,
    chosen: StoryFilter,
    by: str = "event",
    after: str | None = None,
    days: int = 30,
) -> Stories:
    """The stories that the reader asked for.

    Args:
        reading: The store's queries.
        lens: The reader's clock and names.
        chosen: What to let through.
        by: "event" puts dots on the day of the event, "seen" on the moment first seen.
        after: Where the page before ended; None for the first page.
        days: Length of the range, for the sentence.

    Raises:
        ValueError: `after` is not what an earlier page gave.
    """
    page = reading.stories(chosen, after=after, limit=PAGE)
    items = reading.items_of([story.id for story in page.rows], limit=VOICES)
    dots = reading.severest_stories(chosen, limit=ON_TIMELINE)
    return Stories(
        cards=story_cards(page.rows, items, lens),
        after=page.after,
        sentence=found(reading, chosen, days),
        timeline=_timeline(dots, lens, by),
    )


def load_story(reading: Reading, lens: Lens, story_id: str, *, limit: int = 60) -> OneStory | None:
    """One story with its items, newest first; None when there is no such story."""
    story = reading.story(story_id)
    if story is None:
        return None
    items = reading.items_of([story_id], limit=limit)
    corrected = reading.stories_by_id([story.correction_of]) if story.correction_of else ()
    spread = reading.items_of([one.id for one in corrected], limit=VOICES)
    hidden = max(0, story.items - len(items))
    seen = f"First seen {lens.exact(story.first_seen_at)}, last {lens.ago(story.last_seen_at)}."
    told = f"{count(story.items, 'report')} from {count(story.groups, 'independent publisher')}."
    return OneStory(
        card=story_card(story, items, lens),
        sentence=f"{seen} {told}",
        items=tuple(item_card(item, lens, whole=True) for item in items),
        voices=_voices(items, lens),
        contradictions=contradictions(items, lens),
        corrects=story_cards(corrected, spread, lens),
        more=f"{count(hidden, 'older report')} not shown" if hidden else "",
    )


def period(now: datetime, days: int) -> datetime:
    """Where a range of so many days begins."""
    return now - timedelta(days=days)


def contradictions(items: Sequence[ItemRow], lens: Lens) -> tuple[str, ...]:
    """Where the reports of one story disagree, or contradict the calendar."""
    judged = [(item, item.assessment) for item in items if item.assessment]
    sides: dict[Direction, list[str]] = {}
    dates: dict[str, list[str]] = {}
    found: list[str] = []
    for item, one in judged:
        publisher = item.publisher or item.feed_title
        if one.direction is not Direction.NEUTRAL:
            sides.setdefault(one.direction, []).append(publisher)
        if one.event_date:
            dates.setdefault(one.event_date, []).append(publisher)
        found += [f"{publisher}: {date.conflict}" for date in one.event_dates if date.conflict]
    if len(sides) > 1:
        found.insert(
            0,
            _sides(
                "Reports point different ways",
                {DIRECTIONS[side.value]: names for side, names in sides.items()},
            ),
        )
    if len(dates) > 1:
        found.insert(
            0,
            _sides(
                "Reports give different dates for the event",
                {lens.day(date): names for date, names in sorted(dates.items())},
            ),
        )
    return tuple(dict.fromkeys(found))


def _sides(claim: str, sides: dict[str, list[str]]) -> str:
    told = [f"{what} ({listed(list(dict.fromkeys(names))[:3])})" for what, names in sides.items()]
    return f"{claim}: {listed(told)}"


def found(reading: Reading, chosen: StoryFilter, days: int) -> str:
    """How many stories there are of a question, in one phrase."""
    number = reading.count_stories(chosen)
    total = (
        f"{number:,} or more stories" if number >= COUNTED else count(number, "story", "stories")
    )
    kind = "flagged " if chosen.flagged else ""
    within = f"in the last {count(days, 'day')}"
    if chosen.words.strip():
        depth = f"among the {SEARCH_DEPTH:,} newest matching reports"
        return f"{total.replace(' stor', f' {kind}stor')} with these words {within}, {depth}"
    return f"{total.replace(' stor', f' {kind}stor')} {within}"


def _timeline(stories: Sequence[StoryRow], lens: Lens, by: str) -> pd.DataFrame:
    """Dots of the timeline, one a story, in local time; columns as in `Stories`."""
    rows = [
        {
            "at": _dot(story, lens, by),
            "severity": story.severity,
            "direction": story.direction,
            "title": story.title,
            "story": story.id,
            "reports": story.items,
        }
        for story in stories
    ]
    return pd.DataFrame(rows, columns=TIMELINE)


def event_day(story: StoryRow, by: str) -> str:
    """The day of the event, where it is known and asked for; otherwise nothing."""
    known = story.event_date or ""
    return known[:10] if by == "event" and len(known) >= len("2025-12-02") else ""


def _dot(story: StoryRow, lens: Lens, by: str) -> pd.Timestamp:
    day = event_day(story, by)
    if day:
        return pd.Timestamp(day)
    return pd.Timestamp(lens.local(story.first_seen_at).replace(tzinfo=None))


def _voices(items: Sequence[ItemRow], lens: Lens) -> tuple[Voice, ...]:
    groups: dict[str, list[ItemRow]] = {}
    for item in reversed(items):  # oldest first: who was first leads
        groups.setdefault(item.group or item.feed_title, []).append(item)
    return tuple(
        Voice(
            group=group,
            publishers=listed(list(dict.fromkeys(i.publisher or i.feed_title for i in mine))[:4]),
            reports=len(mine),
            first=lens.exact(mine[0].sort_at),
            source=source(mine[0]),
        )
        for group, mine in groups.items()
    )
