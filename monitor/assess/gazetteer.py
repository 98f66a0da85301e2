"""Where things are: places of the region, their distance, and how near an effect is to us."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from monitor.assess.matching import Hits, Span
from monitor.assess.wordlists import Phrase, parse_phrase
from monitor.errors import ConfigError

WILLEMSTAD = (12.11, -68.93)
"""Latitude and longitude in degrees from which distances are measured."""
EARTH_RADIUS_KM = 6371.0088
PREFIX = "place/"

PROXIMITY: Mapping[str, float] = {
    "cur": 1.0,
    "abc": 1.0,
    "aru": 0.8,
    "bon": 0.8,
    "fir": 0.7,
    "vco": 0.7,
    "ven": 0.5,
    "coc": 0.5,
    "kng": 0.5,
    "usa": 0.5,
    "col": 0.35,
    "guy": 0.35,
    "tri": 0.35,
    "car": 0.35,
    "sxm": 0.35,
}
"""Weight of the place of the effect (docs/method.md, section 2.4); elsewhere `FAR`."""
FAR = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One line of the gazetteer."""

    id: str
    name: str
    groups: tuple[str, ...]  # the first is the main one
    kind: str
    latitude: float
    longitude: float
    distance_km: float


def distance_km(latitude: float, longitude: float) -> float:
    """Kilometres from Willemstad along the great circle (haversine), to one decimal."""
    here, there = radians(WILLEMSTAD[0]), radians(latitude)
    east = radians(longitude - WILLEMSTAD[1])
    half = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(east / 2) ** 2
    return round(2 * EARTH_RADIUS_KM * asin(sqrt(half)), 1)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All places, by id, and the phrases that name them."""

    places: Mapping[str, Place]
    phrases: tuple[Phrase, ...]

    @classmethod
    def load(cls, file: Path) -> Gazetteer:
        """Read the gazetteer (seeds/gazetteer.csv tells the columns).

        Raises:
            ConfigError: The file is missing, or a line cannot be read; names the place.
        """
        try:
            lines = [one for one in file.read_text("utf-8").splitlines() if one[:1] != "#"]
        except OSError as error:
            raise ConfigError(str(file), "", f"cannot be read: {error}") from error
        places: dict[str, Place] = {}
        phrases: list[Phrase] = []
        for row in csv.DictReader(lines):
            try:
                place = _place(row)
                phrases += _phrases(row)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise ConfigError(str(file), str(row.get("id")), f"bad line: {error}") from error
            places[PREFIX + place.id] = place
        return cls(places, tuple(phrases))

    def take(self, hits: Hits) -> list[tuple[Place, Span]]:
        """Take the places out of `hits`; of two that overlap the longer stays.

        Returns:
            Places with their spans, in order of the text.
        """
        named = self.places.keys() & hits.keys()
        if not named:
            return []
        found = [(self.places[one], span) for one in named for span in hits.pop(one)]
        found.sort(key=lambda pair: (pair[1][0], -pair[1][1]))
        kept: list[tuple[Place, Span]] = []
        reach = -1
        for place, span in found:
            if span[1] > reach:
                kept.append((place, span))
                reach = span[1]
        return kept


def _place(row: Mapping[str, str]) -> Place:
    latitude, longitude = float(row["latitude"]), float(row["longitude"])
    return Place(
        id=row["id"],
        name=row["name"],
        groups=tuple(row["group"].split()),
        kind=row["kind"],
        latitude=latitude,
        longitude=longitude,
        distance_km=distance_km(latitude, longitude),
    )


def _phrases(row: Mapping[str, str]) -> Iterable[Phrase]:
    concept = PREFIX + row["id"]
    return [parse_phrase(one, concept=concept) for one in row["aliases"].split("|")]


def proximity(groups: Iterable[str]) -> float:
    """How near the effect is, 0.1 to 1: the nearest of the groups counts."""
    return max([PROXIMITY.get(one, FAR) for one in groups], default=FAR)


def spans_by_group(found: Sequence[tuple[Place, Span]]) -> Hits:
    """Place groups as concepts in capitals: `CUR`, `VEN` and so on."""
    hits: Hits = {}
    for place, span in found:
        for group in place.groups:
            hits.setdefault(group.upper(), []).append(span)
    return hits
