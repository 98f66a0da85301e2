"""Changes of the lexicon: checked, put together, told in words."""

import json

import pytest

from monitor.assess import lexicon
from monitor.assess.assessor import Assessor
from monitor.assess.changes import LISTS, MOST_PHRASES, Vocabulary, amended, told, usable
from monitor.errors import ConfigError
from tests.assess.conftest import SEEDS

OFF = {"rules": {"airspace.closed": {"enabled": False}}}


@pytest.fixture(scope="module")
def shipped() -> Vocabulary:
    return Vocabulary.load(SEEDS)


def amend(shipped, *edits):
    """The changes in force after one edit after the other."""
    made = {}
    for edit in edits:
        made, _ = amended(shipped, made, edit)
    return made


def test_edits_add_up(shipped):
    made = amend(
        shipped,
        {"add": {"en/close": ["quuxed", "frobbed"]}, "weights": {"airspace": 9.5}},
        {"add": {"en/close": ["sealed off to all"]}, "remove": {"en/close": ["Frobbed"]}, **OFF},
        {"rules": {"airspace.closed": {"severity": {"cur": 3}}}},
    )
    assert made == {
        "add": {"en/close": ["quuxed", "sealed off to all"]},
        "weights": {"airspace": 9.5},
        "rules": {"airspace.closed": {"enabled": False, "severity": {"cur": 3}}},
    }
    assert Assessor.load(SEEDS, made).version != Assessor.load(SEEDS).version


def test_an_edit_that_is_taken_back_leaves_no_trace(shipped):
    weight = shipped.indicators["airspace"].weight
    usual = dict(shipped.rules["airspace.closed"].severity)
    made = amend(
        shipped,
        {"remove": {"en/outage": ["power cuts"]}, "add": {"nl/close": ["dichtgequuxt"]}},
        {"weights": {"airspace": 1}, **OFF},
        {"rules": {"airspace.closed": {"severity": {"cur": 1}}}},
        {"add": {"en/outage": ["power cuts"]}, "remove": {"nl/close": ["dichtgequuxt"]}},
        {"weights": {"airspace": weight}},
        {"rules": {"airspace.closed": {"enabled": True, "severity": usual}}},
    )
    assert made == {}


def test_what_a_person_sees_is_what_judging_uses(shipped):
    made = {
        "add": {"en/close": ["quuxed"]},
        "remove": {"en/outage": ["blackout*"]},
        "weights": {"airspace": 2},
        "rules": {
            "airspace.closed": {"enabled": False},
            "airspace.about": {"severity": {"cur": 4}},
        },
    }
    seen, used = shipped.changed(made), lexicon.load(SEEDS, made)
    assert seen.phrases == used.written
    assert seen.indicators == used.indicators
    assert seen.off == {"airspace.closed"}
    assert tuple(one for one in seen.rules.values() if one.id not in seen.off) == used.book.rules


def test_removing_a_phrase_leaves_its_likes_in_other_lists_and_with_other_marks(shipped):
    seen = shipped.changed({"remove": {"en/shoot": ["-photo shooting"]}})
    assert len(seen.phrases) == len(shipped.phrases) - 1
    seen = shipped.changed({"remove": {"en/outage": ["blackout*"]}})
    assert "blackout*" in seen.concepts("nl")["outage"]
    assert "blackout*" not in seen.concepts("en")["outage"]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ([], "must be a JSON object"),
        ({"more": {}}, "changes: more: is not one of add, remove, weights, rules"),
        ({"add": ["x"]}, "changes: add: must be an object"),
        ({"add": {"en/close": "quuxed"}}, "add.en/close: must be a list of phrases"),
        ({"remove": {"en/close": [3]}}, "remove.en/close: must be a list of phrases"),
        ({"add": {"en/close": ["x y"] * (MOST_PHRASES + 1)}}, "501 phrases are too many"),
        ({"add": {"en/nothing": ["quuxed"]}}, "en/nothing: names no concept"),
        ({"add": {"fr/close": ["quuxed"]}}, "fr/close: names no word list; write one of en, nl"),
        ({"add": {"close": ["quuxed"]}}, "close: names no word list"),
        ({"add": {"en/close": ["  "]}}, "en/close: an empty phrase matches nothing"),
        ({"add": {"en/close": ["x" * 121]}}, "at most 120 characters"),
        ({"add": {"en/close": ["one; two"]}}, "write each phrase by itself"),
        ({"add": {"en/close": ["~3 x"]}}, "is no phrase"),
        ({"add": {"en/outage": ["Blackout*"]}}, "“Blackout\\*” is in this list already"),
        ({"add": {"en/close": ["quuxed", "Quuxed"]}}, "“Quuxed” is in this list already"),
        ({"remove": {"en/close": ["quuxed"]}}, "“quuxed” is not in this list"),
        ({"weights": {"nothing": 3}}, "weights.nothing: is no indicator"),
        ({"weights": {"airspace": 11}}, "weights.airspace: must be a number from 0 to 10"),
        ({"weights": {"airspace": "9"}}, "must be a number from 0 to 10"),
        ({"weights": {"airspace": True}}, "must be a number from 0 to 10"),
        ({"rules": {"nothing": {"enabled": False}}}, "rules.nothing: is no rule"),
        ({"rules": {"airspace.closed": {}}}, "rules.airspace.closed: must be"),
        ({"rules": {"airspace.closed": {"way": "up"}}}, "rules.airspace.closed: must be"),
        ({"rules": {"airspace.closed": {"enabled": 1}}}, "enabled: must be true or false"),
        ({"rules": {"airspace.closed": {"enabled": True}}}, "airspace.closed: is so already"),
        ({"rules": {"airspace.closed": {"severity": 3}}}, "severity: must name places"),
        ({"rules": {"airspace.closed": {"severity": {"cur": 5}}}}, "must be 0, 1, 2, 3 or 4"),
        ({"rules": {"airspace.closed": {"severity": {"moon": 1}}}}, "moon: is no place"),
    ],
)  # fmt: skip
def test_a_wrong_edit_is_refused_with_the_place_and_the_reason(shipped, edit, message):
    with pytest.raises(ConfigError, match=message):
        amended(shipped, {}, edit)


def test_a_weight_that_is_so_already_is_refused(shipped):
    weight = shipped.indicators["airspace"].weight
    with pytest.raises(ConfigError, match=f"is {weight:g} already"):
        amended(shipped, {}, {"weights": {"airspace": weight}})


def test_what_a_new_release_has_taken_away_is_left_out_with_its_reason():
    saved = {
        "add": {"en/close": ["quuxed"], "en/gone": ["x"]},
        "weights": {"airspace": 9, "gone": 1},
        "rules": {"gone.too": {"enabled": False}},
    }
    kept, problems = usable(SEEDS, saved)
    assert kept == {"add": {"en/close": ["quuxed"]}, "weights": {"airspace": 9}}
    assert len(problems) == 3
    assert "rules.gone.too" in problems[2]


def test_changes_are_told_in_words(shipped):
    edit = {
        "add": {"en/close": ["quuxed"]},
        "remove": {"acts/close": ["x"]},
        "weights": {"airspace": 7.5},
        "rules": {"airspace.closed": {"enabled": False, "severity": {"cur": 3, "pac": 1}},
                  "airspace.about": {"enabled": True}},
    }  # fmt: skip
    weight = shipped.indicators["airspace"].weight
    usual = shipped.rules["airspace.closed"].severity["cur"]
    closed = "Rule “airspace closed or restricted” (airspace.closed)"
    assert told(shipped, edit) == (
        "“quuxed” added to the words for closing (English, close)",
        "“x” removed from those for closing (acts, all languages, close)",
        f"Weight of {shipped.indicators['airspace'].names['en']}: 7.5 instead of {weight:g}",
        f"{closed} switched off",
        f"{closed}: severity 3 instead of {usual} for Curaçao",
        f"{closed}: severity 1 for the eastern Pacific",
        "Rule airspace.about switched on",
    )


def test_what_is_no_more_is_told_by_its_id(shipped):
    gone = {"weights": {"gone": 3}, "rules": {"gone.too": {"severity": {"moon": 2}}}}
    assert told(shipped, gone) == ("Weight of gone: 3", "Rule gone.too: severity 2 for moon")


def test_the_example_of_the_documentation_can_be_made(shipped):
    text = (SEEDS.parent / "docs" / "judgement.md").read_text("utf-8")
    edit = json.loads(text.split("```json")[1].split("```")[0])
    made, _ = amended(shipped, {}, edit)
    assert made == edit
    Assessor.load(SEEDS, made)


def test_every_place_that_a_rule_knows_has_a_name(shipped):
    groups = {group for rule in shipped.rules.values() for group in rule.severity}
    assert groups <= shipped.meanings.places.keys()


def test_every_word_list_has_a_name(shipped):
    assert set(shipped.concepts("en")) >= {"close", "outage"}
    assert {one.source for one in shipped.phrases} == LISTS.keys()
