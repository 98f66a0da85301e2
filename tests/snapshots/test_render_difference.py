from datetime import timedelta
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.items import stamp
from monitor.snapshots.canonical import seal
from monitor.snapshots.difference import difference
from monitor.snapshots.render_difference import comparison
from monitor.snapshots.render_svg import comparison_chart
from tests.snapshots.documents import CREATED, STEPS, make_document, make_series, make_story
from tests.snapshots.test_render_html import TAGS, hostile

LATER = stamp(CREATED + timedelta(days=1))
ROW = make_document()["board"][0]


def show(before: dict[str, Any], after: dict[str, Any], **changes: Any) -> LexborHTMLParser:
    one = seal(make_document(**before)).document
    other = seal(make_document(**{"created_at": LATER} | after)).document
    return LexborHTMLParser(comparison(difference(one, other), **changes))


def test_the_page_says_what_changed_in_words_lines_and_lists():
    tree = show(
        {"stories": [make_story(1), make_story(2)]},
        {"stories": [make_story(2), make_story(3, title="A new one", severity=4)], "deadlines": []},
        back="https://m.example/s/t",
    )
    text = " ".join(tree.body.text(separator=" ").split())
    for words in (
        "Before 3 Dec 2025, 12:10",
        "After 4 Dec 2025, 12:10",
        "The level is unchanged: Elevated.",
        "New stories A new one · critical",
        "No longer shown Story number 1 · notable",
        "No longer listed: 8 Dec 2025 valid until 8 December",
        "No indicator has changed.",
    ):
        assert words in text
    assert tree.css_first("header a").attributes["href"] == "https://m.example/s/t"
    assert len(tree.css("svg[role=img]")) == 2


@pytest.mark.parametrize(
    ("before", "after", "cells"),
    [
        ({"index": 100.0}, {"index": 160.0}, ["100 warning", "160 warning", "↑ 60"]),
        ({"index": 160.0}, {"index": 100.0}, ["160 warning", "100 warning", "↓ 60"]),
        (None, {"index": 100.0}, ["not listed", "100 warning", "↑"]),
        ({"index": 100.0}, None, ["100 warning", "not listed", "↓"]),
        ({"index": 100.0}, {"index": None}, ["100 warning", "– no baseline", "–"]),
        ({"index": None}, {"index": 100.0}, ["– no baseline", "100 warning", "↑"]),
    ],
)
def test_an_indicator_is_told_before_and_after(before, after, cells):
    boards = [[] if one is None else [ROW | one] for one in (before, after)]
    tree = show({"board": boards[0]}, {"board": boards[1]})
    assert [cell.text() for cell in tree.css("tbody td.change")] == cells


@pytest.mark.parametrize(
    "series", [pytest.param([], id="none"), pytest.param([make_series(n=0)], id="no days")]
)
def test_without_days_there_is_no_chart(series):
    assert show({"series": series}, {}).css("svg[role=img]") == []
    assert show({}, {"series": series}).css("svg[role=img]") == []


def test_both_lines_stand_on_one_calendar():
    early = make_series(n=10)
    late = make_series(n=10, days=[f"2025-12-{day:02d}" for day in range(1, 11)])
    svg = LexborHTMLParser(comparison_chart(early, late, STEPS)).css_first("svg")
    before = svg.css_first(".before").attributes["points"].split()
    after = svg.css(".line:not(.before)")[0].attributes["points"].split()
    assert len(before) == 10
    assert float(before[0].split(",")[0]) == 40.0  # left edge: 24 November
    assert before[7].split(",")[0] == after[0].split(",")[0]  # 1 December


def test_hostile_text_stays_text():
    one = hostile(make_document())
    two = hostile(
        make_document(created_at=LATER, stories=[make_story(9)], board=[ROW | {"id": "z"}])
    )
    text = comparison(difference(seal(one).document, seal(two).document))
    tree = LexborHTMLParser(text)
    assert {node.tag for node in tree.css("*")} <= TAGS
    assert not [n for node in tree.css("*") for n in node.attributes if n.startswith("on")]
    assert "\u202e" not in text
