from itertools import pairwise
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.snapshots.coastline import Coastline

FILE = Path(__file__).parents[2] / "seeds" / "coastline.geojson"


def _inside(ring, x: float, y: float) -> bool:
    """Ray casting, as an independent check of the polygons."""
    odd = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


@pytest.mark.parametrize(
    ("country", "layer", "longitude", "latitude"),
    [
        ("Curaçao", "islands", -68.98, 12.18),
        ("Curaçao", "region", -68.98, 12.18),
        ("Aruba", "islands", -69.98, 12.51),
        ("Bonaire", "islands", -68.27, 12.21),
        ("Venezuela", "region", -66.9, 10.3),
        ("Colombia", "region", -74.1, 8.5),
        ("Trinidad and Tobago", "region", -61.3, 10.4),
        ("Guyana", "region", -58.5, 7.2),
    ],
)
def test_known_places_lie_in_their_country(
    country: str, layer: str, longitude: float, latitude: float
):
    lands = [
        land.name
        for land in Coastline.load(FILE).lands
        if land.layer == layer
        and any(_inside(polygon[0], longitude, latitude) for polygon in land.polygons)
    ]
    assert lands == [country]


def test_the_file_is_small_and_names_its_source_and_licence():
    text = FILE.read_text(encoding="utf-8")
    assert len(text.encode()) < 80_000
    assert "Natural Earth" in Coastline.load(FILE).source
    assert "Public domain" in text


def test_rings_are_closed():
    for land in Coastline.load(FILE).lands:
        for polygon in land.polygons:
            for ring in polygon:
                assert ring[0] == ring[-1]
                assert len(ring) >= 4


@pytest.mark.parametrize("content", ["", "{}", '{"bbox": 1}', "[]"])
def test_a_damaged_file_is_named(tmp_path: Path, content: str):
    broken = tmp_path / "coastline.geojson"
    broken.write_text(content)
    with pytest.raises(ConfigError, match=r"coastline\.geojson.*restore"):
        Coastline.load(broken)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(ConfigError, match="restore the file"):
        Coastline.load(tmp_path / "none.geojson")
