"""Stories and items as cards: what stands on them, and that hostile text stays text."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.assess.model import Direction, Evidence, Flag, Kind, Relevance, Suppressed
from monitor.storage.rows import StoryFilter
from monitor.views.cards import Piece, item_card, openable, pieces, shortened, story_cards
from monitor.views.lens import Lens
from tests.factories import NOW
from tests.shelf import due, event, judgement, place, put
from tests.views.conftest import ZONE

LENS = Lens(now=NOW, zone=ZONE)


def flag(indicator, start, end, field="title"):
    proof = Evidence(field=field, start=start, end=end, text="", rule="r.1")
    return Flag(
        indicator=indicator,
        direction=Direction.ESCALATORY,
        kind=Kind.ACT,
        severity=2,
        evidence=(proof,),
    )


def test_evidence_is_cut_out_where_it_stands(lens):
    assert pieces("Airspace closed today", "title", [flag("airspace", 0, 8)], lens) == (
        Piece(text="Airspace", mark="Airspace closure"),
        Piece(text=" closed today"),
    )


def test_overlapping_evidence_names_every_indicator(lens):
    found = pieces("abcdef", "title", [flag("airspace", 0, 4), flag("sanctions", 2, 6)], lens)
    assert [(one.text, one.mark) for one in found] == [
        ("ab", "Airspace closure"),
        ("cd", "Airspace closure and Sanctions"),
        ("ef", "Sanctions"),
    ]


def test_evidence_of_another_field_is_not_marked(lens):
    assert pieces("abc", "summary", [flag("airspace", 0, 2)], lens) == (Piece(text="abc"),)


@given(
    text=st.text(max_size=60),
    spans=st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6),
)
def test_the_pieces_are_the_text_whatever_the_evidence_claims(text, spans):
    found = pieces(text, "title", [flag("airspace", a, b) for a, b in spans], LENS)
    assert "".join(one.text for one in found) == text


def test_a_long_text_is_cut_at_a_word_and_keeps_the_evidence_before_it():
    parts = (Piece(text="Airspace", mark="x"), Piece(text=" closed over the whole region"))
    assert shortened(parts, 22) == (parts[0], Piece(text=" closed over …"))
    assert shortened(parts, 400) == parts


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        pytest.param("https://www.x.example/a", ("https://www.x.example/a", "x.example"), id="web"),
        pytest.param("javascript:alert(1)", ("", ""), id="script"),
        pytest.param("data:text/html,x", ("", ""), id="data"),
        pytest.param("https://[bad", ("", ""), id="broken"),
        pytest.param("https://", ("", ""), id="no host"),
        pytest.param("", ("", ""), id="none"),
    ],
)
def test_only_web_addresses_can_be_opened(url, opened):
    assert openable(url) == opened


def test_an_item_tells_everything_that_a_reader_may_ask(store, lens):
    judged = judgement(
        "Airspace closed",
        places=(place("Hato", distance_km=8.0), place("Willemstad")),
        event_dates=(event("2025-11-29", "Friday is written, but it was a Saturday"),),
        deadlines=(due("2025-12-05"),),
        suppressed=(Suppressed(indicator="sanctions", rule="s.1", because="sport"),),
    )
    item = put(store.database, 1, title="Airspace closed", judged=judged, publisher="Wire",
               because="shares words", revised_at=NOW, revisions=2)  # fmt: skip
    row = store.reading.item(item)
    card = item_card(row, lens)
    assert (card.publisher, card.host, card.severity_word) == ("Wire", "news.example", "notable")
    assert card.direction_word == "escalating"
    assert card.places == ("Hato, 8 km away", "Willemstad")
    assert card.event == "Sat 29 Nov 2025"
    assert card.conflicts == ("Friday is written, but it was a Saturday",)
    assert card.deadlines == ("Fri 5 Dec 2025: “on”",)
    assert card.suppressed == (("Sanctions: sport", "s.1"),)
    assert card.relevance == ("names Curaçao",)
    assert card.joined == "shares words"
    assert card.revised == "2 times, last Wed 3 Dec 2025, 08:00"
    assert card.reasons[0].words == ("Airspace",)
    assert card.reasons[0].rules == ("rule.en.1",)
    assert card.source == "F: not rated"


def test_an_item_without_a_judgement_or_a_date_says_so(store, lens):
    item = put(store.database, 1, judged=None, published_at=None, url="javascript:1")
    card = item_card(store.reading.item(item), lens)
    assert (card.severity, card.reasons, card.published) == (0, (), "no date given")
    assert (card.url, card.event, card.language, card.revised) == ("", "", "language not known", "")


def test_an_official_source_is_called_one(store, lens):
    row = store.reading.item(put(store.database, 1))
    assert item_card(replace(row, official=True, reliability="A"), lens).source == (
        "official source, A: completely reliable"
    )


def test_the_most_severe_item_speaks_for_its_story(store, lens):
    put(
        store.database, 1, story="s", title="Calm words", judged=judgement("Calm words", severity=1)
    )
    put(store.database, 2, story="s", feed=2, title="Grave act",
        judged=judgement("Grave act", severity=4))  # fmt: skip
    stories = store.reading.stories(StoryFilter()).rows
    card = story_cards(stories, store.reading.items_of(["s"]), lens)[0]
    assert "".join(one.text for one in card.title) == "Grave act"
    assert card.reports == "2 reports from 2 independent publishers"
    assert card.publishers == "Feed 1 and Feed 2"


def test_a_story_whose_items_were_not_read_still_has_its_title(store, lens):
    put(store.database, 1)
    card = story_cards(store.reading.stories(StoryFilter()).rows, [], lens)[0]
    assert card.title == (Piece(text="Title 1"),)
    assert (card.excerpt, card.url) == ((), "")


def test_hostile_text_stays_exactly_the_text_it_is(store, lens):
    title = "<script>alert(1)</script> ![x](http://t.example/p.png) :red[x]"
    put(store.database, 1, title=title, judged=judgement(title, relevance=Relevance(value=1.0)))
    card = item_card(store.reading.items().rows[0], lens)
    assert "".join(one.text for one in card.title) == title


def test_a_story_found_long_after_publication_tells_both_times(store, lens):
    put(store.database, 1, published_at=NOW - timedelta(days=400))
    stories = store.reading.stories(StoryFilter()).rows
    card = story_cards(stories, store.reading.items_of(["s1"]), lens)[0]
    assert card.when == "published 29 Oct 2024, seen 1 min ago"
