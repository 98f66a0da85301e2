"""Places: where the flagged stories are, for the map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.storage.reading import Reading
from monitor.storage.rows import PlacedItem, StoryFilter

ON_MAP = 120  # newest flagged stories that the map looks at
PER_STORY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One place that flagged items name."""

    id: str
    name: str
    latitude: float
    longitude: float
    severity: int  # of its worst item
    stories: tuple[str, ...]  # ids, in the order of the items


def spots(items: Iterable[PlacedItem]) -> tuple[Spot, ...]:
    """One spot a place, least severe first (so that the worst is drawn on top)."""
    known: dict[str, Spot] = {}
    for item in items:
        for place in item.places:
            before = known.get(place.id)
            stories = dict.fromkeys(before.stories if before else ())
            if item.story_id:
                stories[item.story_id] = None
            known[place.id] = Spot(
                id=place.id,
                name=place.name,
                latitude=place.latitude,
                longitude=place.longitude,
                severity=max(item.severity, before.severity if before else 0),
                stories=tuple(stories),
            )
    return tuple(sorted(known.values(), key=lambda one: (one.severity, len(one.stories), one.id)))


def mapped(reading: Reading, chosen: StoryFilter) -> tuple[PlacedItem, ...]:
    """Items whose places the map shows: a few of each story of the period."""
    stories = reading.stories(chosen, limit=ON_MAP).rows
    return reading.places_of([story.id for story in stories], limit=PER_STORY)
