"""Headlines of our own, thought up by class of news and not by the words of the lexicon."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

WAYS = {"e": "escalatory", "d": "deescalatory", "n": "neutral", "-": "not relevant"}
FILE = Path(__file__).parent / "data" / "by_class.txt"
LINES = [one.split("|", 2) for one in FILE.read_text("utf-8").splitlines() if one[0] != "#"]
DAY = datetime(2025, 12, 10, 16, tzinfo=UTC)


def told(assessor, language: str, title: str) -> str:
    one = assessor.assess(title=title, language=language, published=DAY)
    return one.direction.value if one.relevant else "not relevant"


@pytest.fixture(scope="module")
def counts(assessor):
    found: Counter[tuple[str, str, bool]] = Counter()
    for language, way, title in LINES:
        result = told(assessor, language, title)
        found[language, "way", result == WAYS[way]] += 1
        kind = "silent" if way == "-" else "found"
        found[language, kind, (result == "not relevant") == (way == "-")] += 1
    return found


@pytest.mark.parametrize(("kind", "least"), [("way", 0.9), ("found", 0.93), ("silent", 0.97)])
@pytest.mark.parametrize("language", ["en", "es", "nl", "pap"])
def test_most_are_told_right_in_every_language(counts, language, kind, least):
    right, wrong = counts[language, kind, True], counts[language, kind, False]
    assert right / (right + wrong) >= least


@pytest.mark.parametrize(
    ("title", "way"),
    [
        ("March in Willemstad ends in looting", "escalatory"),
        ("Protesta en Curazao termina en disturbios", "escalatory"),
        ("Mars in Willemstad eindigt in rellen", "escalatory"),
        ("Protesta na Kòrsou a kaba ku rèl i sakeo", "escalatory"),
        ("Looting in Willemstad ends", "neutral"),
    ],
)
def test_an_end_that_begins_something_is_no_end(assessor, title, way):
    assert told(assessor, "", title) == way


@pytest.mark.parametrize(
    "title",
    [
        "Kan de vloot van Trump het eiland Curaçao aanvallen? Tien vragen",
        "Could Venezuela attack Curaçao? Five questions",
    ],
)
def test_a_question_and_its_answer_are_one_title(assessor, title):
    assert told(assessor, "", title) == "neutral"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(
            ("Protest in Willemstad loopt uit op rellen", "escalatory"),
            ("Politie: protest in Willemstad verloopt vreedzaam", "neutral"),
            id="unrest and a peaceful protest",
        ),
        pytest.param(
            ("Oproerkraaiers plunderen winkels in Willemstad", "escalatory"),
            ("Plunderaars van Willemstad vervolgd", "neutral"),
            id="looting and its trial",
        ),
        pytest.param(
            ("Maduro en oppositie Venezuela sluiten akkoord", "deescalatory"),
            ("Overleg Maduro en oppositie Venezuela levert weinig op", "neutral"),
            id="talks and talks without result",
        ),
        pytest.param(
            ("Fregat uit VS op weg naar Venezuela", "escalatory"),
            ("Fregat uit VS keert huiswaarts uit Caribische Zee", "deescalatory"),
            id="a ship that comes and one that leaves",
        ),
        pytest.param(
            ("Venezuela ta sera frontera ku Kòrsou", "escalatory"),
            ("Venezuela no lo sera frontera ku Kòrsou", "neutral"),
            id="a border closed and one that stays open",
        ),
        pytest.param(
            ("Venezuela ta expulsa consul di Hulanda", "escalatory"),
            ("Hulanda ta nombra consul na Venezuela", "neutral"),
            id="a consul expelled and one appointed",
        ),
        pytest.param(
            ("Eskases di kombustibel na Kòrsou", "escalatory"),
            ("Krisis di kombustibel na Kòrsou a keda evitá", "deescalatory"),
            id="a shortage and one averted",
        ),
        pytest.param(
            ("Kandela na dump di Malpais", "escalatory"),
            ("Kandela na Malpais bou di kontrol", "deescalatory"),
            id="a landfill that burns and one put out",
        ),
        pytest.param(
            ("Brote de dengue en Curazao: suben los casos", "escalatory"),
            ("Fin del brote de dengue en Curazao", "deescalatory"),
            id="an outbreak and its end",
        ),
        pytest.param(
            ("Venezolanos se amotinan en la cárcel de Curazao", "escalatory"),
            ("Venezolanos esperan en la cárcel de Curazao", "neutral"),
            id="migrants who revolt and who wait",
        ),
        pytest.param(
            ("Truknan ta blokia kaminda na Kòrsou pa protestá", "escalatory"),
            ("Kaminda na Kòrsou ta keda será pa mantenshon", "not relevant"),
            id="a road blocked and one mended",
        ),
        pytest.param(
            ("Eksploshon na planta di gas na Kòrsou", "escalatory"),
            ("Eksploshon di kolo den marcha na Kòrsou", "not relevant"),
            id="a plant that explodes and a parade",
        ),
    ],
)
def test_what_happened_and_what_did_not_are_told_apart(assessor, first, second):
    assert [told(assessor, "", one[0]) for one in (first, second)] == [first[1], second[1]]


@pytest.mark.parametrize(
    ("title", "way"),
    [
        pytest.param("Caracas and Bogotá patch up their differences", "deescalatory", id="mended"),
        pytest.param("Colombia y Venezuela dejan atrás sus diferencias", "deescalatory", id="es"),
        pytest.param("Caracas and Bogotá talks founder", "escalatory", id="deadlock"),
        pytest.param("Venezuela moves its tanks up to Essequibo", "escalatory", id="massed"),
        pytest.param("Venezuela pulls its soldiers back from Guyana", "deescalatory", id="gone"),
        pytest.param(
            "Venezuela y Guyana prometen no usar nunca la fuerza", "deescalatory", id="pledge"
        ),
        pytest.param("OFAC amplía el plazo a Repsol en Venezuela", "deescalatory", id="more-time"),
        pytest.param("Venezuelan general on trial in US court", "neutral", id="court-abroad"),
        pytest.param(
            "Venezuela scraps military drills off Falcón", "deescalatory", id="drills-off"
        ),
        pytest.param(
            "Better times: hold-ups rarer as robberies on Curaçao fall", "deescalatory", id="less"
        ),
        pytest.param("Coast guard halts its patrols around Curaçao", "escalatory", id="unguarded"),
        pytest.param("Candidates hit the campaign trail in Venezuela", "neutral", id="campaign"),
        pytest.param("UN court on Essequibo: new hearing", "neutral", id="council"),
    ],
)
def test_an_event_and_its_opposite_point_apart(assessor, title, way):
    assert told(assessor, "", title) == way
