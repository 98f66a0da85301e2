"""Places: where the flagged stories are, for the map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from monitor.storage.rows import ItemRow
from monitor.views.lens import SEVERITIES, count

COLUMNS = ["id", "name", "latitude", "longitude", "severity", "stories", "words"]


@dataclass(slots=True)
class _Spot:
    name: str
    latitude: float
    longitude: float
    severity: int
    stories: dict[str, None]


def markers(items: Iterable[ItemRow]) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]]]:
    """One marker a place, as severe as its worst story.

    Returns:
        A frame with `COLUMNS`, least severe first (so that the worst is drawn on top), and the
        story ids of each place, in the order of the items.
    """
    spots: dict[str, _Spot] = {}
    for item in items:
        judged = item.assessment
        if judged is None or not judged.flags:
            continue
        for place in judged.places:
            spot = spots.setdefault(
                place.id, _Spot(place.name, place.latitude, place.longitude, 0, {})
            )
            spot.severity = max(spot.severity, judged.severity)
            if item.story_id:
                spot.stories[item.story_id] = None
    rows = [
        {
            "id": key,
            "name": spot.name,
            "latitude": spot.latitude,
            "longitude": spot.longitude,
            "severity": spot.severity,
            "stories": len(spot.stories),
            "words": f"{count(len(spot.stories), 'flagged story', 'flagged stories')}, "
            f"worst {spot.severity} {SEVERITIES[spot.severity]}",
        }
        for key, spot in spots.items()
    ]
    table = pd.DataFrame(rows, columns=COLUMNS).sort_values(["severity", "stories"], kind="stable")
    return table.reset_index(drop=True), {key: tuple(spot.stories) for key, spot in spots.items()}
