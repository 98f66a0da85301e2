"""Rules: distance, company, what speaks against them, and what a bad file says."""

import pytest

from monitor.assess import indicators, rules
from monitor.assess.matching import Matcher
from monitor.assess.rules import RuleBook
from monitor.assess.text import Text
from monitor.assess.wordlists import parse
from monitor.errors import ConfigError

WORDS = "@a\nalpha\n@b\nbeta\n@c\ngamma\n@n\nnope\n@u\nunless"
RULE = '[airspace.x]\nwhen = "a b|c"\nnear = 4\nway = "up"\nweight = {{ cur = 2 }}\n{more}'


def outcome(tmp_path, text: str, more: str = "") -> str:
    file = tmp_path / "rules.toml"
    file.write_text(RULE.format(more=more))
    book = RuleBook(rules.load(file, ["airspace"]).rules)
    matcher = Matcher(list(parse(WORDS, name="w", source="")))
    title, _, summary = text.partition("|")
    text = Text.read(title, summary)
    found, refused = book.page(matcher.find(text), text.summary_from - 1).matches()
    if found or not refused:
        return "found" if found else "nothing"
    first, last = refused[0][1]
    return f"refused: {' '.join(text.tokens[first : last + 1])}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("alpha one beta", "found", id="close"),
        pytest.param("beta alpha", "found", id="any order"),
        pytest.param("alpha gamma", "found", id="either concept"),
        pytest.param("alpha 1 2 3 4 5 beta", "nothing", id="too far"),
        pytest.param("the alpha. The beta", "nothing", id="another sentence"),
        pytest.param("alpha", "nothing", id="alone"),
        pytest.param("alpha 1 2 3 4 5 6 alpha beta", "found", id="the second time"),
    ],
)
def test_the_words_of_a_rule_stand_together(tmp_path, text, expected):
    assert outcome(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("alpha beta unless", "found", id="not in the list"),
        pytest.param("alpha nope beta", "refused: nope", id="inside"),
        pytest.param("nope alpha beta and alpha nope beta", "refused: nope", id="twice refused"),
        pytest.param("alpha beta 1 2 3 nope", "found", id="too far to matter"),
        pytest.param("nope here. alpha beta", "found", id="another sentence"),
    ],
)
def test_a_word_beside_a_match_takes_it_back(tmp_path, text, expected):
    assert outcome(tmp_path, text, 'not = "n"') == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("unless | alpha beta", "refused: unless"),
        ("title | alpha beta and then far away unless", "refused: unless"),
        ("title | first unless here. Then alpha beta", "found"),
    ],
)
def test_a_subject_of_title_or_sentence_takes_a_match_back(tmp_path, text, expected):
    assert outcome(tmp_path, text, 'unless = "u"') == expected


FAR = " ".join(["word"] * 60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("unless | alpha beta", "found", id="in the title"),
        pytest.param("x | alpha beta. Then unless", "found", id="not far off"),
        pytest.param(f"x | alpha beta {FAR} unless", "found", id="in the sentence"),
        pytest.param(f"x | alpha beta. {FAR}. Then unless", "nothing", id="far off"),
        pytest.param("x | alpha beta", "nothing", id="nowhere"),
    ],
)
def test_company_stands_in_title_sentence_or_near(tmp_path, text, expected):
    assert outcome(tmp_path, text, 'with = "n|u"') == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[nothing.x]\nwhen = "a"', "nothing: is no indicator"),
        ('[airspace.x]\nwhen = "a"\nway = "up"', "airspace.x: bad rule: KeyError"),
        ('[airspace.x]\nwhen = "a"\nway = "sideways"\nweight = { cur = 1 }', "KeyError"),
        ('[airspace.x]\nwhen = "a"\nway = "up"\nweight = { cur = 7 }', "not between 0 and 4"),
        (
            '[airspace.x]\nwhen = "a"\nway = "up"\nweight = { cur = 1 }\ntypo = 1',
            "unknown key typo",
        ),
        ("[airspace", "cannot be read"),
    ],
)
def test_a_bad_rule_is_named(tmp_path, text, message):
    file = tmp_path / "rules.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=message):
        rules.load(file, ["airspace"])


def test_a_missing_file_of_rules_is_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        rules.load(tmp_path / "rules.toml", [])


def test_every_shipped_rule_uses_words_that_exist(assessor):
    lexicon = assessor.lexicon
    known = {one.concept for one in lexicon.phrases} | set(lexicon.rule_file.groups)
    known |= {g.upper() for p in lexicon.gazetteer.places.values() for g in p.groups}
    known |= {office.concept for p in lexicon.actors.persons.values() for office in p.offices}
    known |= {p.always for p in lexicon.actors.persons.values()} | {"bulkdrug"}
    for rule in lexicon.book.rules:
        used = {c for term in (*rule.when, *rule.anywhere) for c in term}
        unknown = (used | set(rule.against) | set(rule.unless)) - known
        assert not unknown, f"{rule.id}: {unknown}"


def test_every_shipped_rule_weighs_places_that_exist(assessor):
    groups = {g for p in assessor.lexicon.gazetteer.places.values() for g in p.groups}
    for rule in assessor.lexicon.book.rules:
        assert set(rule.severity) <= groups | {"any"}, rule.id


def test_the_28_indicators_are_complete(assessor):
    assert len(assessor.indicators) == 28
    covered = {rule.indicator for rule in assessor.lexicon.book.rules}
    assert covered == set(assessor.indicators)
    for one in assessor.indicators.values():
        assert all(one.names.values())
        assert one.definition
        assert 0 <= one.weight <= 10
        assert one.half_life_days > 0


def test_a_bad_indicator_is_named(tmp_path):
    file = tmp_path / "indicators.toml"
    file.write_text('[airspace]\nen = "Airspace"')
    with pytest.raises(ConfigError, match="airspace: bad indicator"):
        indicators.load(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        indicators.load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("title", "direction"),
    [
        ("US confirms measures to prevent airspace incidents over Curaçao", "deescalatory"),
        ("FAA lifts Caribbean flight restrictions", "deescalatory"),
        ("VS verlenen Chevron vergunning voor olie uit Venezuela", "deescalatory"),
        ("Rust teruggekeerd in Willemstad na onlusten", "deescalatory"),
        ("US embassy in Caracas reopens", "deescalatory"),
        ("US returns seized tanker to Venezuela", "deescalatory"),
        ("Guyana, Venezuela agree not to use force", "deescalatory"),
        ("Portavion mericano a bandona Caribe", "deescalatory"),
        ("Atvertensia pa mal tempo na Kòrsou a wòrdu lantá", "deescalatory"),
        ("EE.UU. cancela la visita de un buque de guerra a Curazao", "neutral"),
        ("Police in Curaçao arrest suspect in murder of tourist", "neutral"),
        ("Dos detenshon na Kòrsou pa instigashon kontra polis", "neutral"),
        ("ICJ hears Guyana-Venezuela case", "neutral"),
        ("Stationsschip aangekomen", "neutral"),
        ("ConocoPhillips moves to seize Caribbean assets of PDVSA", "escalatory"),
        ("Alex Saab extradited; Maduro halts talks with opposition", "escalatory"),
    ],
)
def test_easing_returns_and_routine_are_no_dangers(assessor, title, direction):
    one = assessor.assess(title=title)
    assert one.relevant
    assert one.direction.value == direction
