"""Where no rule holds: what the words of a title suggest together."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.assess.assessor import Assessor
from monitor.assess.explain import explain
from monitor.assess.likelihood import AT_LEAST, Likelihood
from monitor.assess.model import Direction
from monitor.assess.reading import spoken
from monitor.errors import ConfigError
from tests.assess.conftest import SEEDS

HEAD = "# a comment\ntarget,concept,log_odds\n"
WATCHED = ("airspace", "smuggling")
SOME = HEAD + (
    "relevant,,-2\nrelevant,CUR,1.5\nrelevant,drug,2\nrelevant,sport,-3\n"
    "escalatory,,0.5\nneutral,drug,1\n"
    "airspace,,-3\nsmuggling,,-1\nsmuggling,drug,3\n"
)


@pytest.fixture
def small(tmp_path) -> Likelihood:
    return written(tmp_path, SOME)


def written(folder, text: str) -> Likelihood:
    file = folder / "likelihood.csv"
    file.write_text(text, encoding="utf-8")
    return Likelihood.load(file, WATCHED)


def test_log_odds_add_up_to_a_probability_with_its_reasons(small):
    guess = small.guess({"CUR", "drug"})
    assert guess is not None
    assert guess.probability == pytest.approx(1 / (1 + 2.718281828 ** -(1.5 + 2 - 2)))
    assert [(rule.indicator, rule.direction) for rule in guess.rules] == [
        ("smuggling", Direction.NEUTRAL)
    ]
    assert guess.speaking == (("drug", 2.0), ("CUR", 1.5))
    told = guess.because(["cocaine", "Willemstad"])
    assert told == "82% likely by its words: “cocaine” +2.0, “Willemstad” +1.5"
    assert guess.because(["Willemstad coke"] * 2).endswith(": “Willemstad coke” +3.5")


@pytest.mark.parametrize("concepts", [set(), {"CUR"}, {"CUR", "drug", "sport"}])
def test_what_is_not_likely_enough_suggests_nothing(small, concepts):
    assert small.guess(concepts) is None


def test_every_indicator_that_is_likely_enough_is_suggested(tmp_path):
    guess = written(tmp_path, SOME + "airspace,CUR,3.5\n").guess({"CUR", "drug"})
    assert guess is not None
    assert [rule.indicator for rule in guess.rules] == ["smuggling", "airspace"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("nothing,CUR,1", "nothing: is no direction and no indicator"),
        ("relevant,CUR,much", r"relevant,CUR: could not convert"),
        ("relevant,CUR", r"line 3: has not three columns"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path, line, problem):
    with pytest.raises(ConfigError, match=problem):
        written(tmp_path, HEAD + line + "\n")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        Likelihood.load(tmp_path / "likelihood.csv", WATCHED)


def test_a_way_counts_where_it_clearly_beats_neutral(tmp_path):
    small = written(tmp_path, SOME + "escalatory,CUR,2\n")
    assert small.lean({"CUR"}) is Direction.ESCALATORY
    assert small.lean({"CUR", "drug"}) is Direction.ESCALATORY
    assert small.lean(set()) is Direction.NEUTRAL


@pytest.fixture
def leaning(assessor, tmp_path) -> Assessor:
    """Reads a headline on a government as relief."""
    weights = written(tmp_path, HEAD + "deescalatory,politicsw,2\n")
    return Assessor(replace(assessor.lexicon, likelihood=weights))


def test_what_only_tells_its_subject_points_where_its_words_do(leaning):
    found = leaning.assess(title="Government of Venezuela speaks on television")
    assert [(one.direction, one.severity) for one in found.flags] == [(Direction.DEESCALATORY, 1)]
    assert "its words together are deescalatory" in found.relevance.reasons[0]


def test_what_no_weight_speaks_for_stays_neutral(leaning):
    assert leaning.assess(title="Caracas and Washington wait").direction is Direction.NEUTRAL


@pytest.mark.parametrize(
    "title",
    [
        "Maduro and Guyana before the court over Essequibo",  # says itself that it is neutral
        "Venezuela's Maduro closes border with Curaçao",  # a rule says where it points
    ],
)
def test_words_together_move_nothing_that_has_its_way(assessor, leaning, title):
    assert leaning.assess(title=title).direction is assessor.assess(title=title).direction


HINTED = "Quuxed airspace over Curaçao"


def test_a_headline_without_a_rule_is_flagged_by_its_words_and_says_so(assessor):
    found = assessor.assess(title=HINTED)
    rules = {proof.rule for flag in found.flags for proof in flag.evidence}
    assert found.relevant
    assert rules
    assert all(one.startswith("likelihood.") for one in rules)
    assert found.severity == 1
    assert "likely by its words: “Curaçao” +" in found.relevance.reasons[0]
    for flag in found.flags:
        for proof in flag.evidence:
            assert HINTED[proof.start : proof.end] == proof.text
    assert json.loads(json.dumps(found.as_json()))["flags"]


def test_a_rule_that_holds_comes_first(assessor):
    found = assessor.assess(title="Airspace of Curaçao closed")
    assert not any(
        proof.rule.startswith("likelihood.") for flag in found.flags for proof in flag.evidence
    )


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Quuxed airspace over Curaçao: a new film",
        "Football: quuxed airspace over Curaçao",
        "Achttien jaar cel voor moord op Curaçao",
    ],
)
def test_other_subjects_and_what_a_rule_took_back_stay_silent(assessor, title):
    assert not assessor.assess(title=title, publisher="curacao.nu").relevant


def test_what_is_weighed_are_the_concepts_of_the_title(assessor):
    found = spoken(assessor.read(title="Blackout in Willemstad", summary="Caracas closed"))
    assert {"outage", "CUR"} <= found
    assert not found & {"VEN", "close", "stop"}


def test_where_a_publisher_is_at_home_is_not_weighed(assessor):
    here = assessor.read(title="Opposition walks out", publisher="curacao.nu")
    assert "CUR" in here.hits
    assert "CUR" not in spoken(here)


def test_only_the_title_is_weighed(assessor):
    assert not assessor.assess(title="Newsletter", summary=HINTED + ".").relevant


def test_the_explanation_tells_what_the_words_must_reach(assessor):
    told = explain(assessor, title=HINTED, published=datetime(2026, 3, 2, 16, tzinfo=UTC))
    assert told.rules
    assert all(f"{AT_LEAST:.0%} likely" in one.needs for one in told.rules)
    assert any(one.changes_verdict for one in told.changes)


def test_every_shipped_weight_is_of_a_concept_that_exists(assessor):
    lines = (SEEDS / "likelihood.csv").read_text("utf-8").splitlines()
    concepts = {one.split(",")[1] for one in lines if one[0] != "#"} - {"concept", ""}
    phrases = {one.concept for one in assessor.lexicon.phrases}
    known = phrases | {"bulkdrug", "asked"}  # found by numbers and by a question mark
    offices = {
        concept
        for person in assessor.lexicon.actors.persons.values()
        for concept in (person.always, *(one.concept for one in person.offices))
    }
    assert {one for one in concepts if one.islower()} <= known | offices


def test_a_rule_that_was_switched_off_is_not_replaced_by_its_words():
    title = "Airspace of Curaçao closed"
    found = Assessor.load(SEEDS).assess(title=title)
    rules = {proof.rule for flag in found.flags for proof in flag.evidence}
    off = Assessor.load(SEEDS, {"rules": {one: {"enabled": False} for one in rules}})
    assert not any(
        proof.rule.startswith("likelihood.")
        for flag in off.assess(title=title).flags
        for proof in flag.evidence
    )


@pytest.mark.parametrize(
    ("title", "relevant"),
    [
        ("Veertig doden na modderstroom in Venezolaanse bergen", False),
        ("Cuarenta muertos por inundaciones en Venezuela", False),
        ("Modderstroom na noodweer op Curaçao", True),
    ],
)
def test_a_disaster_is_guessed_to_be_ours_on_the_islands_alone(assessor, title, relevant):
    assert assessor.assess(title=title).relevant is relevant


@pytest.mark.parametrize(
    ("indicator", "title", "relevant"),
    [
        ("violent_crime", "A house by the sea in Caracas", False),
        ("violent_crime", "A house by the sea on Curaçao", True),
        ("cyber_telecom", "A house by the sea", False),
        ("civil_unrest", "A house by the sea in Caracas", True),
        ("civil_unrest", "A house by the sea in Bogotá", False),
        ("migration", "A house by the sea", True),
    ],
)
def test_ordinary_trouble_elsewhere_is_not_guessed_to_be_ours(assessor, indicator, title, relevant):
    weights = {"relevant": {"": 3.0, "sea": 1.0}, indicator: {"": 3.0}}
    sure = Likelihood(weights, assessor.indicators)
    found = Assessor(replace(assessor.lexicon, likelihood=sure)).assess(title=title)
    assert found.relevant is relevant
