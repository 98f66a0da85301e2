"""Must 56 of the poller: a thousand outlines out and in, and damage named by line."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds import opml
from monitor.feeds.model import FeedKind, Pool
from monitor.feeds.text import visible
from tests.factories import NOW


def outlines(count: int) -> list[opml.Outline]:
    return [
        opml.Outline(
            url=f"https://paper{n}.example/feed?a=1&b={n}",
            title=f'Paper "{n}" <Curaçao> & more',
            site_url=f"https://paper{n}.example/",
            category=("", "News", "News/Local")[n % 3],
            language=("nl", None)[n % 2],
        )
        for n in range(count)
    ]


def test_56_a_thousand_outlines_go_out_and_come_back_the_same() -> None:
    made = outlines(1000)
    written = opml.write(made, title="Ours", now=NOW)
    read = opml.read(written)
    assert read.problems == ()
    assert set(read.outlines) == set(made)
    assert len(ElementTree.fromstring(written).findall(".//outline[@xmlUrl]")) == 1000


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=30)
NAMES = st.lists(WORDS.filter(bool), max_size=3).map(" ".join)
SELECTORS = st.dictionaries(
    st.sampled_from(["link_pattern", "link", "title", "date", "lead", "canonical_host"]),
    st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=60),
)
OUTLINE = st.builds(
    dict,
    title=NAMES.map(lambda text: visible(text)),
    language=st.sampled_from(["nl", "es", "pap", None]),
    category=st.sampled_from(["", "News", "News/Local"]),
    kind=st.sampled_from(FeedKind),
    country=st.sampled_from(["CW", None]),
    group=NAMES,
    pool=st.sampled_from(Pool),
    reliability=st.sampled_from("ABCDEF"),
    official=st.booleans(),
    interval_seconds=st.sampled_from([900, None]),
    selectors=SELECTORS.map(lambda found: tuple(sorted(found.items()))),
)


@given(rows=st.lists(OUTLINE, min_size=20, max_size=20))
@settings(max_examples=15)
def test_56_a_thousand_outlines_of_all_kinds_come_back_as_an_equal_set(
    rows: list[dict[str, Any]],
) -> None:
    made = [
        opml.Outline(**{**rows[n % 20], "url": f"https://p{n}.example/", "title": title})
        for n in range(1000)
        if (title := rows[n % 20]["title"] or f"Paper {n}")
    ]
    written = opml.write(made, title="Ours", now=NOW)
    read = opml.read(written)
    assert read.problems == ()
    assert set(read.outlines) == set(made)
    tree = ElementTree.fromstring(written)
    feeds = tree.findall(".//outline[@type='rss']")
    links = tree.findall(".//outline[@type='link']")
    assert len(feeds) + len(links) == 1000
    assert all(one.get("xmlUrl") and one.get("kind") in (None, "json") for one in feeds)
    assert all(one.get("url") and not one.get("xmlUrl") for one in links)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ("kind='telepathy'", "kind 'telepathy' is not known; there are rss, json"),
        ("pool='x'", "pool 'x' is not known"),
        ("reliability='Z'", "reliability 'Z' is not known; there are A, B"),
        ("intervalSeconds='soon'", "intervalSeconds 'soon' is no number of seconds"),
        ("selectors='{'", "selectors is no JSON"),
        ("selectors='[1]'", "selectors is no JSON object of texts"),
        ("selectors='{&quot;a&quot;: 1}'", "selectors is no JSON object of texts"),
    ],
)
def test_56_what_we_write_ourselves_is_checked_when_it_comes_back(
    attributes: str, message: str
) -> None:
    text = f"<opml><body><outline text='A' xmlUrl='https://a.example/' {attributes}/></body></opml>"
    read = opml.read(text.encode())
    assert read.outlines == ()
    assert message in read.problems[0].message


def test_56_links_of_other_programs_are_no_feeds() -> None:
    text = b"<opml><body><outline type='link' text='A' url='https://a.example/'/></body></opml>"
    assert opml.read(text) == opml.Imported(outlines=(), problems=())


def test_56_a_damaged_file_is_reported_by_line_and_the_rest_is_read() -> None:
    text = "\n".join(
        [
            "<opml version='1.0'><body>",
            "<outline text='Folder'>",
            "<outline text='Fish & chips' xmlUrl='https://a.example/feed?x=1&y=2'/>",
            '<outline text="Broken xmlUrl="https://b.example/feed"/>',
            "<outline title='&eacute;&nbsp;x' xmlUrl='feed://c.example/rss'></outline>",
            "<outline text='Old' xmlUrl='feed:https://d.example/rss'/>",
            "</outline>",
            "<outline text='Bad' xmlUrl='ftp://e.example/rss'/>",
            "<outline text='Again' xmlUrl='https://a.example/feed?x=1&y=2'/>",
            "<outline text='Cut",
        ]
    )
    read = opml.read(text.encode("cp1252"))
    assert {one.url: one.title for one in read.outlines if "b.example" not in one.url} == {
        "https://a.example/feed?x=1&y=2": "Fish & chips",
        "http://c.example/rss": "é x",
        "https://d.example/rss": "Old",
    }
    assert {one.category for one in read.outlines} == {"Folder"}
    lines = {one.line: one.message for one in read.problems}
    assert {4, 8, 9, 10} <= set(lines)
    assert "no http or https address" in lines[8]
    assert "twice" in lines[9]


def test_56_files_that_are_no_opml_or_far_too_large() -> None:
    assert opml.read(b"hello").problems[0].message == "the file does not say that it is OPML"
    huge = opml.read(b"x" * (6 << 20))
    assert huge.outlines == ()
    assert "at most" in huge.problems[0].message


def test_56_five_megabytes_of_damage_are_read_in_good_time() -> None:
    begin = datetime.now(UTC)
    data = b"<opml>" + b'<outline text="x xmlUrl=\n' * 190_000
    assert len(opml.read(data[: 5 << 20]).problems) > 1000
    assert datetime.now(UTC) - begin < timedelta(seconds=10)
