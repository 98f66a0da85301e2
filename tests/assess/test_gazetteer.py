"""Places, distances, and which of two overlapping names counts."""

import math

import pytest

from monitor.assess.gazetteer import WILLEMSTAD, Gazetteer, distance_km, proximity
from monitor.errors import ConfigError

HEADER = "id,name,group,kind,latitude,longitude,aliases\n"


def test_distances_agree_with_the_law_of_cosines():
    lat, lon = 18.22, -63.06
    a, b = (math.radians(x) for x in (WILLEMSTAD[0], lat))
    angle = math.acos(
        math.sin(a) * math.sin(b)
        + math.cos(a) * math.cos(b) * math.cos(math.radians(lon - WILLEMSTAD[1]))
    )
    assert distance_km(lat, lon) == pytest.approx(6371.0088 * angle, abs=0.1)
    assert distance_km(*WILLEMSTAD) == 0


@pytest.mark.parametrize(
    ("title", "ids"),
    [
        ("Brand bij de Isla-raffinaderij", ["isla"]),
        ("Curaçao airport closed", ["hato"]),
        ("Ferry from Bonaire to Curaçao", ["bonaire", "curacao"]),
        ("Protest at Fort Amsterdam", ["fort-amsterdam"]),
        ("Barku na Kòrsou i Boneiru", ["curacao", "bonaire"]),
    ],
)
def test_the_longest_name_of_a_place_counts(assessor, title, ids):
    assert [one.id for one in assessor.assess(title=title).places] == ids


def test_a_place_is_listed_once(assessor):
    places = assessor.assess(title="Curaçao", summary="Curaçao and again Curaçao").places
    assert [(one.id, one.evidence.field) for one in places] == [("curacao", "title")]


def test_proximity_is_that_of_the_nearest_group():
    assert proximity(["usa", "cur"]) == 1.0
    assert proximity(["els"]) == 0.1
    assert proximity([]) == 0.1


def test_a_place_is_shipped_with_a_plausible_position(assessor):
    for place in assessor.lexicon.gazetteer.places.values():
        assert -90 <= place.latitude <= 90
        assert -180 <= place.longitude <= 180
        near = place.groups[0] in {"cur", "aru", "bon", "abc"}
        assert near == (place.distance_km < 170 and place.groups[0] not in {"vco", "fir"}), place


@pytest.mark.parametrize("line", ["a,A,cur,city,north,1,a", "a,A,cur,city", "a,A,cur,city,1,1,~2"])
def test_a_bad_line_is_named(tmp_path, line):
    file = tmp_path / "gazetteer.csv"
    file.write_text(HEADER + line)
    with pytest.raises(ConfigError, match="a: bad line"):
        Gazetteer.load(file)


def test_a_missing_gazetteer_is_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        Gazetteer.load(tmp_path / "none.csv")
