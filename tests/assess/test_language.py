"""Which language a text is in, also where packages have no label for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.assess.language import LanguageScorer, choose
from monitor.errors import ConfigError

SAMPLES = [
    ("en", "The council will decide tomorrow whether the bridge should be closed"),
    ("en", "police arrest two men after shooting in willemstad"),
    ("nl", "De gemeente besluit morgen of de brug dicht moet"),
    ("nl", "twee mannen opgepakt na schietpartij op curacao"),
    ("es", "El consejo decidirá mañana si se cierra el puente"),
    ("es", "dos hombres detenidos tras tiroteo en la isla"),
    ("pap", "E konseho lo disidí mañan si ta sera e brug"),
    ("pap", "Dos homber a keda detené despues di tiramentu na Kòrsou"),
    ("pap", "E conseho lo dicidi mañan si ta cera e brug"),
    ("pap", "Polis a detene dos homber cu droga na Aruba"),
]


@pytest.mark.parametrize(("language", "text"), SAMPLES)
def test_the_language_is_told_from_the_words(assessor, language, text):
    assert assessor.assess(title=text).language == language


def test_a_text_without_known_words_has_no_language(assessor):
    assert assessor.assess(title="42 17").language == "und"
    assert assessor.assess(title="Москва").language == "und"


def test_the_feed_decides_where_the_text_does_not(assessor):
    assert assessor.assess(title="Aruba 42", language="pap").language == "pap"
    assert assessor.assess(title="Aruba 42", language="nl-NL").language == "nl"


def test_the_text_decides_where_it_is_clear(assessor):
    text = "De regering heeft het besluit van de minister niet overgenomen"
    assert assessor.assess(title=text, language="es").language == "nl"


def test_a_language_that_is_not_ours_is_no_prior():
    assert choose({"en": 3, "nl": 9, "es": 0, "pap": 0}, 4, "fr") == "nl"


def test_scores_do_not_overflow_in_a_long_text(assessor):
    scorer = assessor.lexicon.scorer
    once, often = scorer.scores(["the"]), scorer.scores(["the"] * 5_000)
    assert often["en"] == once["en"] * 2_000  # the beginning of a text tells its language
    assert often["nl"] == once["nl"] * 2_000


def test_no_weight_is_so_large_that_one_language_spills_into_the_next():
    scorer = LanguageScorer({"x": [0, 500, 0, 0]}, {one: [] for one in ("en", "nl", "es", "pap")})
    found = scorer.scores(["x"] * 5_000)
    assert found["nl"] > 0
    assert (found["en"], found["es"], found["pap"]) == (0, 0, 0)


def test_the_memory_of_words_is_bounded(monkeypatch):
    monkeypatch.setattr("monitor.assess.language._MEMORY", 2)
    scorer = LanguageScorer({"het": [0, 5, 0, 0]}, {one: [] for one in ("en", "nl", "es", "pap")})
    assert scorer.identify(["a", "b", "c", "het"]) == "nl"


@pytest.mark.parametrize("text", ["8 the", "@en\nthe of", "@fr\n8 le"])
def test_a_bad_line_of_weights_is_named(tmp_path, text):
    file = tmp_path / "languages.txt"
    file.write_text(text)
    with pytest.raises(ConfigError, match="needs a weight first"):
        LanguageScorer.load(file)


def test_missing_weights_are_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        LanguageScorer.load(tmp_path / "none.txt")


LETTERS = st.text(alphabet="ab1", min_size=1, max_size=4)
GROUPS = st.lists(
    st.tuples(LETTERS, st.sampled_from(["{}*", "*{}", "*{}*"]), st.integers(-9, 9)), max_size=6
)


@given(GROUPS, st.text(alphabet="ab1", min_size=1, max_size=7))
def test_each_letter_group_that_a_word_holds_counts_once(kinds, word):
    groups = [(form.format(letters), weight) for letters, form, weight in kinds]
    scorer = LanguageScorer({}, {"en": groups, "nl": [], "es": [], "pap": []})
    holds = {"{}*": word.startswith, "*{}": word.endswith, "*{}*": lambda one: one in word[1:]}
    points = sum(weight for letters, form, weight in kinds if holds[form](letters))
    is_judged = len(word) > 2 and not word.isdigit()
    expected = max(0, min(14, points)) if is_judged else 0
    assert scorer.scores([word])["en"] == expected
