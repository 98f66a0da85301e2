"""Every phrase is found, and nothing else."""

import re

from hypothesis import given
from hypothesis import strategies as st

from monitor.assess import matching
from monitor.assess.matching import Matcher
from monitor.assess.text import Text
from monitor.assess.wordlists import parse, parse_phrase


def find(text: str, *phrases: str, languages: frozenset[str] | None = None, source: str = ""):
    matcher = Matcher([parse_phrase(one, concept="c", source=source) for one in phrases])
    return matcher.find(Text.read(text), languages).get("c", [])


def test_words_stems_ends_and_phrases_are_found():
    assert find("Luchtaanval treft haven", "*aanval", "have*") == [(0, 0), (2, 2)]
    assert find("the border is closed", "border is closed") == [(1, 3)]


def test_phrases_that_are_not_read_yet_are_found_as_well():
    lists = "@c\nclose* ~4 border; gate; -garden gate; cease fire"
    matcher = Matcher(parse(lists, name="x", source="en"))
    hits = matcher.find(
        Text.read("", "Cease fire as he closes the long border gate, no garden gate")
    )
    assert hits["c"] == [(1, 2), (5, 8), (9, 9)]


def test_a_gap_may_hold_so_many_words_and_no_more():
    assert find("closes the whole eastern border", "closes ~4 border") == [(0, 4)]
    assert find("closes the whole long eastern border", "closes ~4 border") == []


def test_no_phrase_reaches_across_a_sentence():
    assert find("They closed. Border talks go on", "closed ~4 border") == []


def test_a_phrase_that_the_text_breaks_off_is_not_found():
    matcher = Matcher([parse_phrase(one, concept="c") for one in ("closes the border", "the gate")])
    assert matcher.find(Text.read("", "He closes the")) == {"stop": [(0, 0)]}


def test_a_phrase_takes_back_the_word_inside_it():
    assert find("price war and real war", "war", "-price war") == [(4, 4)]
    assert find("price war", "war", "-price war") == []
    assert find("calm", "-price war", "war") == []


def test_a_single_word_can_be_taken_back_too():
    assert find("striker scores", "strike*", "-striker") == []


def test_capitals_matter_where_the_text_has_any():
    assert find("US joins us", "^US") == [(0, 0)]
    assert find("us fol agreement", "^US") == [(0, 0)]


def test_a_short_word_counts_in_its_own_language_only():
    assert find("een brand", "brand", source="nl", languages=frozenset({"nl"})) == [(1, 1)]
    assert find("a brand", "brand", source="nl", languages=frozenset({"en"})) == []


def test_the_memory_of_words_is_bounded(monkeypatch):
    monkeypatch.setattr(matching, "CACHE_WORDS", 3)
    text = "one two three four five one war"
    assert find(text, "war") == [(6, 6)]


WORD = st.sampled_from(["ab", "abc", "ba", "cab", "x"])


@given(st.lists(WORD, max_size=12), st.lists(WORD, min_size=1, max_size=3))
def test_exact_phrases_agree_with_regular_expressions(text, phrase):
    written = " ".join(text)
    expected = [
        len(written[: m.start()].split())
        for m in re.finditer(rf"(?=\b{' '.join(phrase)}\b)", written)
    ]
    found = find(written, " ".join(phrase))
    assert [first for first, _ in found] == expected
