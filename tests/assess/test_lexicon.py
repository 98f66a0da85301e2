"""One version of vocabulary and rules, and changes to it."""

import gc
from collections import Counter
from pathlib import Path

import pytest

from monitor.assess import lexicon
from monitor.assess.assessor import Assessor
from monitor.errors import ConfigError
from tests.assess.conftest import SEEDS

ODD = "Quuxification of Trinidad airspace"


def load(**changes) -> Assessor:
    return Assessor.load(SEEDS, changes)


def test_the_same_data_have_the_same_version(assessor):
    assert Assessor.load(SEEDS).version == assessor.version
    assert load(weights={"airspace": 1}).version != assessor.version


def test_a_phrase_can_be_added(assessor):
    assert not assessor.assess(title=ODD).relevant
    assert load(add={"en/close": ["quuxification"]}).assess(title=ODD).severity == 3


def test_a_phrase_can_be_removed(assessor):
    title = "Blackout in Willemstad"
    assert assessor.assess(title=title).relevant
    changed = load(
        remove={
            "en/outage": ["blackout*", "power cuts"],
            "nl/outage": ["blackout*"],
            "pap/outage": ["blackout"],
        }
    )
    assert not changed.assess(title=title).relevant


def test_a_weight_can_be_changed():
    assert load(weights={"airspace": 1.5}).indicators["airspace"].weight == 1.5


def test_a_rule_can_be_weighed_anew_or_switched_off():
    title = "Curaçao closes its airspace"
    weighed = load(rules={"airspace.closed": {"severity": {"cur": 3}}})
    assert weighed.assess(title=title).severity == 3
    off = load(rules={"airspace.closed": {"enabled": False}})
    assert "airspace.closed" not in {
        words.rule for flag in off.assess(title=title).flags for words in flag.evidence
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"more": {}}, "more: is not one of add, remove, rules, weights"),
        ({"add": {"en/nothing": ["x"]}}, "en/nothing: names no concept"),
        ({"add": {"en/close": ["~3 x"]}}, "en/close: .* is no phrase"),
        ({"weights": {"nothing": 3}}, "weights.nothing: is no indicator"),
        ({"rules": {"nothing": {}}}, "rules.nothing: is no rule"),
    ],
)
def test_a_change_that_names_nothing_is_refused(changes, message):
    with pytest.raises(ConfigError, match=message):
        lexicon.load(SEEDS, changes)


def test_every_shipped_file_names_its_source_and_licence():
    files = [*(SEEDS / "lexicon").glob("*.txt"), *(SEEDS / name for name in lexicon._FILES)]
    for file in files:
        head = Path(file).read_text("utf-8")[:900].lower()
        assert "source" in head or "bron" in head or "fuente" in head, file
        assert "cc0" in head, file


def test_no_phrase_stands_twice_under_one_concept_of_a_list(assessor):
    times = Counter(one.identity for one in assessor.lexicon.phrases)
    assert [one for one, n in times.items() if n > 1] == []


@pytest.mark.parametrize("collecting", [True, False])
def test_loading_leaves_the_search_for_garbage_as_it_was(collecting):
    lexicon._compiled.cache_clear()
    if not collecting:
        gc.disable()
    try:
        lexicon.load(SEEDS)
        assert gc.isenabled() is collecting
    finally:
        gc.enable()


def test_what_a_service_has_frozen_stays_frozen_when_a_lexicon_is_compiled():
    gc.freeze()
    try:
        lexicon.load(SEEDS, {"weights": {"airspace": 1.625}})
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
    lexicon.load(SEEDS, {"weights": {"airspace": 1.375}})
    assert gc.get_freeze_count() == 0


def test_the_same_content_is_compiled_once_and_other_content_anew():
    shipped = lexicon.load(SEEDS)
    other = lexicon.load(SEEDS, {"weights": {"airspace": 1}})
    assert lexicon.load(SEEDS) is shipped
    assert other is not shipped
    assert other.version != shipped.version


def test_a_folder_without_the_files_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"indicators\.toml: cannot be read"):
        lexicon.load(tmp_path)
