"""The notation of the word lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.assess.wordlists import Phrase, Unread, parse, parse_phrase, read
from monitor.errors import ConfigError


def phrase(written: str, source: str = "nl") -> Phrase:
    return parse_phrase(written, concept="x", source=source)


@pytest.mark.parametrize(
    ("written", "parts", "gaps"),
    [
        ("Luchtruim", ("luchtruim",), ()),
        ("sluit* ~4 grens", ("sluit*", "grens"), (3,)),
        ("*aanval", ("*aanval",), ()),
        ("zr.ms. groningen", ("zr", "ms", "groningen"), (0, 0)),
        ("espasio aéreo", ("espasio", "aereo"), (0,)),
    ],
)
def test_a_phrase_is_read_as_written(written, parts, gaps):
    one = phrase(written)
    assert (one.parts, one.gaps) == (parts, gaps)


@pytest.mark.parametrize("written", ["", "~3 grens", "grens ~3", "-", "…"])
def test_what_is_no_phrase_is_refused(written):
    with pytest.raises(ValueError, match="is no phrase"):
        phrase(written)


def test_short_words_hold_in_their_language_only():
    assert phrase("brand").language == "nl"
    assert phrase("luchtruim").language == ""
    assert phrase("!luchtruim").language == "nl"
    assert phrase("brand op zee").language == ""
    assert phrase("fol", source="names").language == ""


def test_marks_are_kept_apart_from_words():
    assert phrase("^US").capitals
    assert phrase("-price war").takes_back


@given(
    st.lists(st.text(alphabet="ab1 *~-^!éÉ'；½ﬁж", max_size=8), min_size=1, max_size=5),
    st.sampled_from(["en", "names"]),
)
def test_a_line_read_as_a_whole_holds_the_phrases_read_one_by_one(pieces, source):
    try:
        single = [parse_phrase(one, concept="c", source=source) for one in pieces if one.strip()]
    except ValueError:
        with pytest.raises(ConfigError, match="is no phrase"):
            parse("@c\n" + ";".join(pieces), name="x", source=source)
        return
    whole = parse("@c\n" + ";".join(pieces), name="x", source=source)
    assert [one.phrase for one in whole] == single


def test_phrases_without_marks_are_read_only_when_they_are_needed():
    unread, read_at_once = parse("@c\nEspasio aéreo; ^ICE", name="x", source="pap")
    assert isinstance(unread, Unread)
    assert unread.phrase.parts == ("espasio", "aereo")
    assert unread.phrase.written == "Espasio aéreo"
    assert isinstance(read_at_once, Phrase)


def test_comments_and_blank_lines_say_nothing():
    found = list(parse("# list\n@a\none; two # note\n\n@b\nthree", name="x", source="en"))
    assert [(one.concept, one.written) for one in found] == [
        ("a", "one"),
        ("a", "two"),
        ("b", "three"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [("word", "before any @concept"), ("@a\nword; ~2 x", "is no phrase")],
)
def test_a_bad_line_is_named(text, message):
    with pytest.raises(ConfigError, match=rf"list\.txt: line \d: .*{message}"):
        list(parse(text, name="list.txt", source="en"))


def test_a_folder_without_lists_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="holds no word lists"):
        read(tmp_path)
