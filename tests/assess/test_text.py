"""The words the matcher sees must always lead back to what was written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.assess.text import STOP, SUMMARY_CAP, TITLE_CAP, Text, fold, offsets, words

ODD = st.text(alphabet=st.characters(), max_size=60)
MIXED = st.lists(
    st.sampled_from(
        ["Curaçao", "ﬁre", "será", "e\u0301n", "İstanbul", "½", "\0", "a\u200bb", "ß", " "]
    )
).map("".join)


@given(ODD | MIXED, ODD | MIXED)
def test_every_token_stands_where_it_says(title, summary):
    text = Text.read(title, summary)
    for index, token in enumerate(text.tokens):
        field, start, end = text.locate(index, index)
        assert 0 <= start <= end <= len(text.original(field))
        if token.isalnum():
            assert token in fold(text.original(field)[start:end])


@given(ODD | MIXED)
def test_offsets_are_as_long_as_the_folded_text(text):
    places = offsets(text)
    assert len(places if places is not None else text) == len(fold(text))


@given(st.text(alphabet="áéíóúñçàèòüÁÉÖß -'ŉ", max_size=30))
def test_folding_does_not_depend_on_how_accents_are_composed(text):
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert words(composed) == words(apart)


def test_a_combining_accent_belongs_to_the_evidence():
    text = Text.read("frontera sera\u0301 awe")
    assert text.tokens[:3] == ["frontera", "sera", "awe"]
    assert text.written(1) == "sera\u0301"


@pytest.mark.parametrize(
    ("written", "tokens"),
    [
        pytest.param(
            "U.S. strikes boat", ["u", "s", "strikes", "boat", STOP], id="initials do not end it"
        ),
        pytest.param(
            "It closed. Then open",
            ["it", "closed", ".", "then", "open", STOP],
            id="a full stop does",
        ),
        pytest.param(
            "EE. UU. y St. Maarten", ["ee", "uu", "y", "st", "maarten", STOP], id="abbreviations"
        ),
        pytest.param(
            "It went on. Then", ["it", "went", "on", ".", "then", STOP], id="a short word"
        ),
        pytest.param("At risk?", ["at", "risk", "?", STOP], id="a question at the end"),
        pytest.param(
            "Venezuela’s border", ["venezuela", "s", "border", STOP], id="curly apostrophe"
        ),
    ],
)
def test_sentences_end_where_a_reader_ends_them(written, tokens):
    assert Text.read(written).tokens == tokens


def test_only_the_first_part_of_an_endless_text_is_read():
    text = Text.read("a " * TITLE_CAP, "b " * SUMMARY_CAP)
    assert len(text.tokens) == TITLE_CAP // 2 + 1 + SUMMARY_CAP // 2


def test_a_slug_has_no_capitals():
    assert not Text.read("us strikes boat").has_capitals()
    assert Text.read("US strikes boat").has_capitals()
