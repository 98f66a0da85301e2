"""What concepts are called: every one has a name that people can read, and one only."""

from collections import Counter
from shutil import copytree

import pytest

from monitor.assess import lexicon as shipped
from monitor.assess.explain import needs
from monitor.assess.meanings import FILE, Meanings
from monitor.assess.rules import load
from monitor.config import SEEDS
from monitor.errors import ConfigError

PLAIN = {
    *("airspace", "crime", "customs", "damage", "gold", "migration", "oil", "patrolling", "radar"),
    *("rebels", "security", "sport", "talks", "tourism", "trade", "travel", "troops"),
}
"""Concepts whose name is a plain word already, and their meaning."""
RULE = '[airspace.x]\nway = "up"\nweight = {{ cur = 2 }}\n{more}'


def concepts(lexicon) -> set[str]:
    """All that word lists, places, persons and rules name."""
    named = {one.concept for one in lexicon.phrases}
    named |= {group.upper() for one in lexicon.gazetteer.places.values() for group in one.groups}
    people = lexicon.actors.persons.values()
    named |= {one.always for one in people}
    named |= {office.concept for one in people for office in one.offices}
    for rule in (*lexicon.book.rules, *lexicon.off.rules):
        for term in (*rule.when, *rule.anywhere, rule.against, rule.unless):
            named.update(term)
        named |= {group.upper() for group in rule.severity}
    return (named | lexicon.rule_file.groups.keys()) - {""}


def test_every_concept_has_a_meaning(assessor):
    missing = concepts(assessor.lexicon) - assessor.lexicon.meanings.all.keys()
    assert not missing, f"give these a meaning in seeds/{FILE}: {', '.join(sorted(missing))}"


def test_no_meaning_is_left_over(assessor):
    over = assessor.lexicon.meanings.all.keys() - concepts(assessor.lexicon)
    assert not over, f"no concept is called so; take out of seeds/{FILE}: {', '.join(sorted(over))}"


def test_no_two_concepts_share_a_meaning(assessor):
    counted = Counter(assessor.lexicon.meanings.all.values())
    assert [one for one, times in counted.items() if times > 1] == []


def test_a_meaning_has_one_to_five_words(assessor):
    meanings = assessor.lexicon.meanings.all
    assert [(k, one) for k, one in meanings.items() if not 1 <= len(one.split()) <= 5] == []
    assert [(k, one) for k, one in meanings.items() if one != one.strip() or "," in one] == []


def test_a_meaning_is_no_abbreviation_of_rule_writers(assessor):
    meanings = assessor.lexicon.meanings.all
    abbreviations = meanings.keys() - PLAIN
    assert {k for k, one in meanings.items() if one in abbreviations or "_" in one} == set()


def test_places_are_known_by_the_ids_that_rules_weigh():
    places = Meanings(SEEDS).places
    assert (places["cur"], places["fir"], places["any"]) == (
        "Curaçao",
        "the flight regions around",
        "no place",
    )


def written(tmp_path, text: str) -> Meanings:
    file = tmp_path / FILE
    file.parent.mkdir()
    file.write_text(text, "utf-8")
    return Meanings(tmp_path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("concept,meaning\na,an a\na,another", "a: has two meanings"),
        ("concept,meaning\na", "a: has not two columns"),
        ("concept,meaning\na,b,c", "a,b,c: has not two columns"),
    ],
)
def test_a_bad_line_is_named(tmp_path, text, problem):
    with pytest.raises(ConfigError, match=problem):
        written(tmp_path, text).of("a")


def test_a_missing_file_is_named_when_somebody_asks_and_not_before(tmp_path):
    meanings = Meanings(tmp_path)
    with pytest.raises(ConfigError, match="cannot be read"):
        meanings.of("a")


def test_without_a_meaning_the_name_stands(tmp_path):
    assert written(tmp_path, "").of("bordertalk") == "bordertalk"


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        pytest.param(
            'when = "refugeew VEN"\nnear = 9\nwith = "USA|COL|tps|us_trump"\nnot = "sport sport"',
            "words for refugees and Venezuela, within 9 words of each other, with the United "
            "States, Colombia, temporary protected status or Trump; not where the text is also "
            "about sport",
            id="nothing twice",
        ),
        pytest.param(
            'when = "attackw CUR ARU"\nnear = 4',
            "words for an attack, Curaçao and Aruba, within 4 words of each other",
            id="three words",
        ),
        pytest.param('when = "fol"', "words for the US base at Hato", id="one word"),
        pytest.param(
            'when = "boat|ship attackw"\nnear = 4\nwith = "CUR ARU"',
            "words for a boat or a ship, and for an attack, within 4 words of each other, with "
            "Curaçao, and with Aruba",
            id="terms with a choice stand apart",
        ),
        pytest.param(
            'when = "storm|stormbig|quake"',
            "words for storms and floods, a hurricane, or earthquakes and tsunamis",
            id="so do meanings of two words",
        ),
        pytest.param(
            'when = "attackw"\nnot = "sport"\nunless = "talks sport"',
            "words for an attack; not where the text is also about sport or talks",
            id="both kinds of exceptions",
        ),
    ],
)
def test_a_condition_is_one_plain_sentence(tmp_path, condition, sentence):
    file = tmp_path / "rules.toml"
    file.write_text(RULE.format(more=condition))
    (rule,) = load(file, ["airspace"]).rules
    assert needs(rule, Meanings(SEEDS)) == sentence


def test_judging_reads_no_meanings_and_its_version_does_not_know_them(tmp_path):
    seeds = copytree(SEEDS, tmp_path / "seeds")
    (seeds / FILE).unlink()
    assert shipped.load(seeds).version == shipped.load(SEEDS).version
