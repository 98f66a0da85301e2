"""What each page tells, frozen: its stories, places, deadlines, figures and first sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from monitor.assess.assessor import Assessor
from monitor.assess.model import Flag
from monitor.config import Config
from monitor.items import stamp
from monitor.snapshots.document import (
    Choice,
    Dot,
    Figure,
    Focus,
    FrozenDeadline,
    FrozenStory,
    Kind,
    Marker,
    Reason,
)
from monitor.storage.rows import DeadlineRow, ItemRow, StoryFilter, StoryRow
from monitor.storage.store import Store
from monitor.views import brief, deadlines, indicators, places, situation, stories
from monitor.views.cards import VOICES, openable, story_card, voice_of
from monitor.views.freeze import chosen, measures
from monitor.views.lens import Lens

DEADLINES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a page is made from."""

    store: Store
    settings: Config
    judge: Assessor
    lens: Lens


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one page tells; parts that it has not are empty or None."""

    lead: str = ""
    headlines: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    made_of: tuple[Figure, ...] = ()
    focus: Focus | None = None
    timeline: tuple[Dot, ...] | None = None
    listed: str = ""
    stories: tuple[FrozenStory, ...] = ()
    markers: tuple[Marker, ...] = ()
    deadlines: tuple[FrozenDeadline, ...] = ()


def told(kind: Kind, choice: Choice, desk: Desk) -> Told:
    """What the page of this kind tells under this choice."""
    return _TOLD[kind](choice, desk)


def _situation(choice: Choice, desk: Desk) -> Told:
    lens, reading = desk.lens, desk.store.reading
    view = situation.load(
        reading, lens, desk.store.measures,
        watched=desk.judge.indicators, settings=desk.settings.index, facts=(),
        days=choice.get("days", chosen.DAYS["situation"]),
    )  # fmt: skip
    asked = StoryFilter(since=lens.now - chosen.SITUATION_PERIOD)
    rows = reading.severest_stories(asked, limit=chosen.AT_MOST)
    within = f"of the last {situation.STORY_DAYS} days"
    return Told(
        headlines=view.left_out,
        made_of=tuple(Figure(label=one.title, value=one.points, note="") for one in view.parts),
        figures=tuple(
            Figure(label=one.label, value=one.value, note=one.note) for one in view.tiles
        ),
        listed=_most_severe(len(rows), reading.count_stories(asked), within),
        stories=_stories(rows, desk),
        markers=_markers(asked, rows, desk),
        deadlines=_deadlines(_next(desk, DEADLINES), desk),
    )


def _indicators(choice: Choice, desk: Desk) -> Told:
    lens, name = desk.lens, choice.get("indicator", "")
    days = choice.get("days", chosen.DAYS["indicators"])
    if name:
        view = indicators.load_one(
            desk.store.reading, lens, desk.store.measures, name=name,
            watched=desk.judge.indicators, settings=desk.settings.index,
            days=days, compare=choice.get("compare", "none"),
        )  # fmt: skip
        if view is not None:
            return _one(view, days, desk)
    every = indicators.load(lens, desk.store.measures, watched=desk.judge.indicators, days=days)
    return Told(lead=every.sentence)


def _one(view: indicators.OneIndicator, days: int, desk: Desk) -> Told:
    rows = desk.store.reading.stories_by_id([one.id for one in view.stories])
    return Told(
        focus=measures.focus(view, desk.lens),
        listed=f"Its most severe stories of the last {days} days" if rows else "",
        stories=_stories(rows, desk),
    )


def _list(choice: Choice, desk: Desk) -> Told:
    reading, lens = desk.store.reading, desk.lens
    asked = chosen.stories(choice, lens.now)
    rows = reading.stories(asked, limit=choice.get("at_most", chosen.AT_MOST)).rows
    total = stories.found(reading, asked, choice.get("days", chosen.DAYS["stories"]))
    dots = reading.severest_stories(asked, limit=stories.ON_TIMELINE)
    ids = {one.id for one in rows}
    due = [one for one in _next(desk, deadlines.AT_MOST) if one.story_id in ids]
    newest = reading.count_stories(asked) > len(rows)
    return Told(
        lead=total,
        timeline=tuple(_dot(one, choice.get("by", "event")) for one in dots),
        listed=f"The {len(rows)} last seen of {total}" if newest else total,
        stories=_stories(rows, desk),
        markers=_markers(asked, rows, desk),
        deadlines=_deadlines(due, desk),
    )


def _brief(choice: Choice, desk: Desk) -> Told:
    reading, lens, since = desk.store.reading, desk.lens, choice.get("since", "day")
    view = brief.load(
        reading, lens, desk.store.measures,
        watched=desk.judge.indicators, settings=desk.settings.index, choice=since,
    )  # fmt: skip
    asked = StoryFilter(since=brief.begins(since, lens))
    rows = reading.stories_by_id([one.id for one in view.stories])
    return Told(
        lead=f"Changed since {view.since}",
        headlines=view.changed,
        listed=_most_severe(len(rows), reading.count_stories(asked), f"seen since {view.since}"),
        stories=_stories(rows, desk),
        markers=_markers(asked, rows, desk),
        deadlines=_deadlines(_next(desk, brief.DUE), desk),
    )


_TOLD: Mapping[Kind, Callable[[Choice, Desk], Told]] = {
    "situation": _situation,
    "indicators": _indicators,
    "stories": _list,
    "brief": _brief,
}


def _most_severe(kept: int, number: int, within: str) -> str:
    more = " or more" if number >= stories.COUNTED else ""
    total = f"{number:,}{more} flagged {'story' if number == 1 else 'stories'} {within}"
    return total if number <= kept else f"The {kept} most severe of {total}"


def _stories(rows: Sequence[StoryRow], desk: Desk) -> tuple[FrozenStory, ...]:
    items: dict[str, list[ItemRow]] = {}
    for item in desk.store.reading.items_of([one.id for one in rows], limit=VOICES):
        items.setdefault(item.story_id or "", []).append(item)
    return tuple(_story(one, items.get(one.id, []), desk.lens) for one in rows)


def _story(story: StoryRow, items: Sequence[ItemRow], lens: Lens) -> FrozenStory:
    voice = voice_of(items)
    judged = voice.assessment if voice else None
    card = story_card(story, items, lens)
    published = voice.published_at if voice else None
    return FrozenStory(
        id=story.id,
        title=voice.title if voice else story.title,
        url=openable(voice.url)[0] if voice else "",
        publishers=list(dict.fromkeys(item.publisher or item.feed_title for item in items)),
        groups=story.groups,
        items=story.items,
        severity=story.severity,
        direction=story.direction,
        indicators=[lens.name(one) for one in story.indicators],
        reasons=_reasons(judged.flags if judged else (), lens),
        relevance=list(card.relevance),
        excerpt=voice.summary if voice else "",
        language=judged.language if judged else "und",
        published_at=stamp(published) if published else None,
        first_seen_at=stamp(story.first_seen_at),
        last_seen_at=stamp(story.last_seen_at),
        event_date=story.event_date,
        places=list(card.places),
    )


def _reasons(flags: Sequence[Flag], lens: Lens) -> list[Reason]:
    return [
        Reason(
            indicator=flag.indicator,
            name=lens.name(flag.indicator),
            words=list(dict.fromkeys(proof.text for proof in flag.evidence)),
            direction=flag.direction.value,
            severity=flag.severity,
        )
        for flag in flags
    ]


def _markers(asked: StoryFilter, rows: Sequence[StoryRow], desk: Desk) -> tuple[Marker, ...]:
    kept = {one.id for one in rows}
    return tuple(
        Marker(
            name=spot.name,
            lat=spot.latitude,
            lon=spot.longitude,
            severity=spot.severity,
            stories=[story for story in spot.stories if story in kept],
            number=len(spot.stories),
        )
        for spot in places.spots(places.mapped(desk.store.reading, asked))
    )


def _next(desk: Desk, number: int) -> tuple[DeadlineRow, ...]:
    now = desk.lens.now
    return desk.store.reading.next_deadlines(since=now, until=now + deadlines.AHEAD, stories=number)


def _deadlines(rows: Sequence[DeadlineRow], desk: Desk) -> tuple[FrozenDeadline, ...]:
    return tuple(
        _deadline(deadlines.voice_of(group), len(group), desk.lens)
        for group in deadlines.grouped(rows)
    )


def _deadline(row: DeadlineRow, reports: int, lens: Lens) -> FrozenDeadline:
    return FrozenDeadline(
        due=row.due,
        phrase=row.phrase,
        indicator=lens.name(row.indicator) if row.indicator else "",
        story=row.story_id or "",
        title=row.title,
        outcome=None,
        reports=reports,
    )


def _dot(story: StoryRow, by: str) -> Dot:
    return Dot(
        at=stories.event_day(story, by) or stamp(story.first_seen_at),
        severity=story.severity,
        direction=story.direction,
        title=story.title,
        story=story.id,
        reports=story.items,
    )
