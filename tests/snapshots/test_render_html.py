import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.items import stamp
from monitor.snapshots.canonical import seal
from monitor.snapshots.coastline import Coastline
from monitor.snapshots.document import Document
from monitor.snapshots.render_html import Links, Newer, notice, page, summary
from tests.snapshots.documents import (
    CREATED,
    make_document,
    make_focus,
    make_selection,
    make_series,
    make_story,
)

COASTLINE = Coastline.load(Path(__file__).parents[2] / "seeds" / "coastline.geojson")
LINKS = Links(
    page="https://m.example/s/t",
    json="https://m.example/s/t.json",
    csv="https://m.example/s/t.csv",
    png="https://m.example/s/t.png",
    live="https://m.example/snapshot?id=s",
)
HOSTILE = (
    "\"'><script>alert(1)</script><img src=//evil.example/x onerror=alert(1)></style></title>"
    "\u202e\u0000 =cmd|' /C calc'!A0 javascript:alert(1) ]]> url(//evil.example) &amp; {{7*7}}"
)
TAGS = frozenset(
    """html head meta title style body div header main footer aside section article p h1 h2 h3 dl
    dt dd ul li span small strong b em i u q a code table thead tbody tr th td figure figcaption
    details summary svg defs pattern line rect text polygon polyline circle path g use""".split()  # noqa: SIM905 - forty names read best as words
)
KEPT = {
    *("schema", "kind", "timezone", "created_at", "expires_at", "computed_at", "state"),
    *("newest_evidence_at", "days", "date", "published_at", "first_seen_at", "event_date"),
    *("due", "since"),
}


def render(document: Document, **changes: Any) -> str:
    return page(seal(document), COASTLINE, **changes)


def hostile(value: Any, key: str = "") -> Any:
    """The document with the hostile text wherever any text may stand."""
    if isinstance(value, dict):
        return {name: hostile(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [hostile(one, key) for one in value]
    return HOSTILE if isinstance(value, str) and key not in KEPT else value


def test_hostile_text_in_every_field_stays_text():
    text = render(
        hostile(make_document()),
        links=LINKS,
        newer=Newer(sentence=HOSTILE, url="/snapshots"),
        snapshot_id=HOSTILE,
    )
    tree = LexborHTMLParser(text)
    assert {node.tag for node in tree.css("*")} <= TAGS
    names = {name for node in tree.css("*") for name in node.attributes}
    assert not [name for name in names if name.startswith("on") or name in ("src", "srcset")]
    assert "\u202e" not in text
    assert "\0" not in text
    assert tree.css_first("head title").text().startswith("\"'><script>alert(1)")


def test_the_page_refers_to_nothing_outside_but_by_links_that_a_reader_follows():
    tree = LexborHTMLParser(render(make_document(), links=LINKS))
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            if name == "href" and node.tag == "a":
                assert re.match(r"https?://|#story-\d+$", value or "")
            elif name == "href":
                assert node.tag == "use"
                assert (value or "").startswith("#land-")
            elif name in ("fill", "style"):
                assert "//" not in (value or "")
    style = tree.css_first("style").text()
    assert "url(" not in style
    assert "@import" not in style
    assert tree.css("script, link, img, iframe, object, embed, form, base") == []


def test_links_to_sources_do_not_tell_where_the_reader_came_from():
    tree = LexborHTMLParser(render(make_document()))
    outside = [a for a in tree.css("a") if a.attributes["href"].startswith("http")]
    assert outside
    for link in outside:
        assert set(link.attributes["rel"].split()) == {"noopener", "noreferrer", "nofollow"}
    policy = tree.css_first('meta[http-equiv="Content-Security-Policy"]').attributes["content"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", ""])
def test_a_story_without_a_web_address_is_text(url: str):
    tree = LexborHTMLParser(render(make_document(stories=[make_story(url=url)], deadlines=[])))
    heading = tree.css_first("article h3")
    assert heading.text() == "Story number 1"
    assert heading.css("a") == []


def test_the_page_says_what_when_by_whom_and_its_hash():
    sealed = seal(make_document())
    text = LexborHTMLParser(page(sealed, COASTLINE, snapshot_id="abc")).body.text(separator=" ")
    for words in (
        "Situation (made-up test data)",
        "3 Dec 2025, 12:10",
        "3 Dec 2025, 12:06",
        "3 Dec 2025, 10:10 (2 hours before)",
        "Analyst",
        "For the morning meeting.",
        "Elevated since 1 December: airspace notices and an ultimatum.",
        "index 214, 80 % range 160–278",
        "Airspace closure / NOTAM",
        "airspace closed",
        "FAA notice for the Maiquetía region",
        "valid until 8 December",
        "in 5 days",
        "Quiet Wire",
        "since 29 Nov 2025, 20:00",
        sealed.sha256,
        "America/Curacao",
        "2025.12-abc123",
    ):
        assert words in " ".join(text.split())


def test_a_page_saved_to_a_file_names_no_address_of_ours():
    text = render(make_document())
    assert "m.example" not in text
    assert "og:image" not in text
    assert "Link ends" not in text


def test_a_shared_page_previews_with_the_picture():
    tree = LexborHTMLParser(render(make_document(), links=LINKS))
    found = {
        meta.attributes["property"]: meta.attributes["content"]
        for meta in tree.css("meta[property]")
    }
    assert found["og:image"] == LINKS.png
    assert found["og:title"] == "Situation (made-up test data)"
    assert found["og:description"] == summary(make_document())
    assert "Elevated (level 2 of 0 to 4), index 214" in found["og:description"]


@pytest.mark.parametrize(
    ("kind", "first", "absent"),
    [
        ("situation", "Level", None),
        ("indicators", "Level", "Flagged stories, and why"),
        ("stories", "Flagged stories, and why", "Level"),
        ("brief", "Level", None),
    ],
)
def test_each_kind_answers_its_own_question_first(kind: str, first: str, absent: str | None):
    tree = LexborHTMLParser(render(make_document(kind=kind)))
    headings = [heading.text() for heading in tree.css("h2")]
    assert headings[0] == first
    assert absent not in headings


def test_a_first_day_without_anything_is_still_a_page():
    empty = make_document(
        newest_evidence_at=None,
        author="",
        note="",
        view={},
        headlines=[],
        series=[],
        board=[],
        contributions=[],
        events=[],
        stories=[],
        markers=[],
        deadlines=[],
        silent_feeds=[],
        settings={},
    )
    empty["level"].update(index=None, low80=None, high80=None, coverage=0.0, state="forming")
    text = LexborHTMLParser(render(empty)).body.text(separator=" ")
    for words in ("none yet", "No flagged story", "No feed was silent", "forming", "not named"):
        assert words in text


def test_a_series_that_is_still_forming_says_so():
    days = 5
    forming = make_series(
        n=days,
        index=[None] * days,
        low80=[None] * days,
        high80=[None] * days,
        level=[None] * days,
        state=["forming"] * days,
        coverage=[0.9] * days,
    )
    text = render(make_document(series=[forming, forming]))
    assert "No values yet" in text


@pytest.mark.parametrize(("language", "said"), [("pap", "pap"), ("nl", "nl"), ("und", None)])
def test_a_title_says_its_language_to_a_screen_reader(language: str, said: str | None):
    tree = LexborHTMLParser(render(make_document(stories=[make_story(language=language)])))
    for part in tree.css("article h3, article .excerpt"):
        assert part.attributes.get("lang") == said


def test_a_story_lists_few_publishers_and_counts_the_rest():
    story = make_story(publishers=[f"P{n}" for n in range(7)], groups=7, event_date=None)
    text = render(make_document(stories=[story]))
    assert "P0, P1, P2, P3 and 3 more" in text
    assert "7 independent publishers" in text


def test_a_deadline_leads_to_its_story_or_stands_alone():
    due = {
        "due": "2025-12-19T05:00:00Z",
        "phrase": "until 19 December",
        "indicator": "airspace",
        "story": "gone",
        "title": "A story not shown",
        "outcome": "extended",
    }
    tree = LexborHTMLParser(render(make_document(deadlines=[due])))
    row = tree.css_first(".deadlines tbody tr")
    assert "19 Dec 2025, 01:00" in row.text()
    assert "A story not shown · extended" in row.text()
    assert row.css("a") == []
    linked = LexborHTMLParser(render(make_document())).css_first(".deadlines tbody a")
    assert linked.attributes["href"] == "#story-1"


def test_an_event_without_a_source_stands_alone():
    event = make_document()["events"][0] | {"source": "", "url": ""}
    text = LexborHTMLParser(render(make_document(events=[event]))).css_first(".events").text()
    assert text.strip().endswith("Maiquetía region")


def test_a_tripwire_and_a_silent_feed_that_never_answered_are_said():
    document = make_document(
        silent_feeds=[{"title": "New Feed", "since": None, "because": "refused"}],
        board=[],
    )
    document["level"]["tripwire"] = "strike within 150 km"
    text = LexborHTMLParser(render(document)).body.text(separator=" ")
    assert "strike within 150 km" in text
    assert "never answered" in text


@pytest.mark.parametrize(("index", "left"), [(0.0, 0.0), (100.0, 15.38), (400.0, 80.0), (9e9, 100)])
def test_the_marker_stands_in_the_level_that_the_index_falls_in(index: float, left: float):
    document = make_document()
    document["level"].update(index=index)
    style = LexborHTMLParser(render(document)).css_first(".scale b").attributes["style"]
    assert float(re.findall(r"[\d.]+", style)[0]) == pytest.approx(left, abs=0.01)


def test_a_notice_shows_one_sentence_and_nothing_else():
    text = notice("This link has expired", "It could be opened <until> 3 Dec.")
    assert "&lt;until&gt;" in text
    assert LexborHTMLParser(text).css_first("title").text() == "This link has expired"


@settings(max_examples=25)
@given(
    text=st.text(max_size=80),
    created=st.datetimes(CREATED.replace(tzinfo=None), timezones=st.just(CREATED.tzinfo)),
)
def test_any_text_and_any_time_make_a_page(text: str, created: Any):
    document = make_document(
        title=text,
        note=text,
        created_at=stamp(created),
        expires_at=stamp(CREATED + timedelta(days=1)),
        stories=[make_story(title=text, language=text, direction=text, publishers=[text])],
    )
    tree = LexborHTMLParser(render(document))
    assert len(tree.css("article")) == 1
    assert tree.css("script") == []


def drawn(document: Document, **changes: Any) -> LexborHTMLParser:
    return LexborHTMLParser(page(seal(document), COASTLINE, **changes))


def test_a_selection_is_named_on_its_page_with_its_timeline():
    tree = drawn(make_selection())
    text = tree.body.text(separator=" ")
    assert "Shown: flagged stories of the last 7 days, in Spanish" in text
    assert tree.css_first(".lead").text() == "3 flagged stories in the last 7 days"
    assert "The 3 last seen of 9 flagged stories" in text
    charts = tree.css("section.chart svg[role=img]")
    assert [len(one.css("g")) for one in charts] == [5, 5]
    assert charts[0].attributes["aria-label"] == (
        "Timeline of 5 stories: 1 critical, 2 serious, 1 background, 1 not relevant."
    )
    assert "Dot 4 (30 Aug 2025, 4 reports)" in charts[0].html
    assert charts[0].css("g title")[0].text() == "Dot 3 (2 Dec 2025, 3 reports)"


def test_marks_of_one_day_stand_apart_and_earlier_ones_on_the_edge():
    tree = drawn(make_selection())
    chart = tree.css("section.chart svg[role=img]")[0]
    spots = {
        one.css_first("title").text().split(" (")[0]: one.css_first("polygon, circle").attributes
        for one in chart.css("g")
    }
    assert spots["Dot 1"] != spots["Dot 2"]
    corners = [float(x) for x in re.findall(r"([\d.]+),", spots["Dot 4"]["points"] or "")]
    assert sum(corners) / len(corners) == pytest.approx(110, abs=0.1)  # the left edge


def test_a_list_that_is_not_only_of_flagged_stories_does_not_say_so():
    asked = {"days": 7, "flagged": False}
    assert "Flagged stories, and why" not in drawn(make_selection(choice=asked)).body.text()
    empty = drawn(make_selection(choice=asked, stories=[], timeline=[])).body.text()
    assert "No story in this view." in empty
    assert "Timeline" not in empty


@pytest.mark.parametrize("compared", [True, False])
def test_one_series_is_shown_in_full(compared: bool):
    focus = make_focus() if compared else make_focus(compared=None)
    tree = drawn(make_document(kind="indicators", focus=focus))
    text = tree.body.text(separator=" ")
    assert "Mean index 150, the period before 100: 1.5 times." in text
    assert "Acts and its 80 % range" in text
    assert len(tree.css("svg .before")) == (2 if compared else 0)
    assert ("Dashed: the period it is compared with." in text) is compared
    assert "How each has moved" not in text
    gone = drawn(make_document(kind="indicators", series=[], focus=focus))
    assert gone.css("section.chart svg[role=img]") == []


def test_an_indicator_without_a_baseline_is_not_among_the_quiet():
    tree = drawn(make_document())  # as the first edition wrote it: quiet, without a value
    assert tree.css("ul.quiet:not(.unknown)") == []
    assert [one.text() for one in tree.css("ul.unknown li")] == ["Talks and mediation"]
    assert "1 warning, 0 watch, 0 quiet, 1 no baseline" in tree.body.text(separator=" ")


@pytest.mark.parametrize("number", [0, None])
def test_while_there_is_no_value_no_level_is_claimed(number: int | None):
    level = make_document()["level"] | {
        "number": number, "name": "Baseline forming", "index": None, "low80": None, "high80": None,
    }  # fmt: skip
    document = make_document(level=level)
    tree = drawn(document)
    assert tree.css_first(".word").text() == "Baseline formingno level yet"
    assert tree.css(".scale .on, .names .on") == []
    assert summary(document) == "Baseline forming, no level yet, 3 Dec 2025, 12:10"


def test_the_figures_of_the_page_stand_on_the_snapshot():
    figure = {"label": "Flagged stories", "value": "7", "note": "seen in the last 24 h"}
    text = drawn(make_document(figures=[figure])).body.text(separator=" ")
    assert "In figures 7 Flagged stories seen in the last 24 h" in " ".join(text.split())


def test_of_a_selection_the_banner_says_that_newer_data_may_lie_outside():
    newer = Newer(sentence="Newer items have come in.", url="https://m.example/now")
    words = "Whether any belongs to this selection, the comparison tells."
    assert words in drawn(make_selection(), newer=newer).css_first(".newer").text()
    assert words not in drawn(make_document(), newer=newer).css_first(".newer").text()


def test_a_deadline_of_three_reports_is_one_row_in_old_snapshots_too():
    one = make_document()["deadlines"][0]
    old = drawn(make_document(deadlines=[one, one | {"phrase": "by Monday"}, one]))
    new = drawn(make_document(deadlines=[one | {"reports": 3}]))
    for tree in (old, new):
        (row,) = tree.css("tbody tr:has(td.when)")
        assert "3 reports" in row.text()


def test_the_map_counts_the_stories_that_the_list_has_no_room_for():
    markers = [make_document()["markers"][0] | {"number": 12}]
    assert "12 stories" in drawn(make_document(markers=markers)).css_first(".map").html
