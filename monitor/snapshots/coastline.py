"""The coastline that maps are drawn on, read once from the shipped file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.errors import ConfigError

Point = tuple[float, float]  # longitude, latitude
Box = tuple[float, float, float, float]  # west, south, east, north


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """One country in one layer; each polygon is its outer ring, then its lakes."""

    name: str
    layer: str  # "region" or "islands"
    polygons: tuple[tuple[tuple[Point, ...], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A place to write on the map, for orientation."""

    name: str
    longitude: float
    latitude: float
    layer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coastline:
    """Southern Caribbean, and the three islands in full detail."""

    region: Box
    islands: Box
    lands: tuple[Land, ...]
    towns: tuple[Town, ...]
    names: tuple[Town, ...]  # countries and islands, to write without a dot
    source: str

    @classmethod
    def load(cls, file: Path) -> Coastline:
        """Read seeds/coastline.geojson.

        Raises:
            ConfigError: The file is missing or damaged.
        """
        try:
            raw: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return cls(
                region=_box(raw["bbox"]),
                islands=_box(raw["inset"]),
                lands=tuple(_land(one) for one in raw["features"]),
                towns=tuple(_town(one) for one in raw["labels"]),
                names=tuple(_town(one) for one in raw["names"]),
                source=raw["source"],
            )
        except OSError as error:
            raise ConfigError(str(file), "", f"{error.strerror}; restore the file") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(str(file), "", f"damaged ({error!r}); restore the file") from error


def _box(raw: list[float]) -> Box:
    west, south, east, north = raw
    return west, south, east, north


def _town(raw: dict[str, Any]) -> Town:
    return Town(name=raw["name"], longitude=raw["lon"], latitude=raw["lat"], layer=raw["layer"])


def _land(raw: dict[str, Any]) -> Land:
    return Land(
        name=raw["properties"]["name"],
        layer=raw["properties"]["layer"],
        polygons=tuple(
            tuple(tuple((x, y) for x, y in ring) for ring in polygon)
            for polygon in raw["geometry"]["coordinates"]
        ),
    )
