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
