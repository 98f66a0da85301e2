"""Cutting what is not used changes nothing that comes out; any bytes are survived."""

from __future__ import annotations

import os
import time
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.bench.feedserver import document
from monitor.feeds import parse, scrub
from monitor.feeds.entries import Document
from monitor.feeds.thin import thin

WORDS = st.text(alphabet="ab é&<>\"']-[!/\n", max_size=30)


def element(name: str, text: str, as_cdata: bool) -> str:
    inside = f"<![CDATA[{text.replace(']]>', '')}]]>" if as_cdata else escape(text)
    return f"<{name}>{inside}</{name}>"


NAMES = (
    "title",
    "description",
    "content:encoded",
    "category",
    "comments",
    "wfw:commentRss",
    "slash:comments",
    "link",
    "guid",
    "author",
    "dc:creator",
    "dc:subject",
    "pubDate",
)
PARTS = st.builds(element, st.sampled_from(NAMES), WORDS, st.booleans()) | st.builds(
    lambda text: f"<!--{text.replace('-', '')}-->", WORDS
)
ITEMS = st.lists(st.lists(PARTS, max_size=8).map("".join), max_size=5)
PADDING = f"<!--{'x' * 3000}--><!--{'x' * 2000}-->"


def whole(items: list[str]) -> str:
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:slash="http://purl.org/rss/1.0/modules/slash/">'
        f"<channel><title>T</title>{PADDING}"
        + "".join(f"<item>{item}</item>" for item in items)
        + "</channel></rss>"
    )


def read(text: str, *, cut: bool, monkeypatch: pytest.MonkeyPatch) -> object:
    with monkeypatch.context() as patch:
        if not cut:
            patch.setattr(parse, "thin", lambda uncut: uncut)
        return parse.read_xml(text.encode(), base_url="https://paper.example/feed")


@settings(max_examples=int(os.environ.get("MONITOR_FUZZ_EXAMPLES", "150")))
@given(items=ITEMS)
def test_the_same_entries_come_out_with_and_without_cutting(items: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        text = whole(items)
        assert read(text, cut=True, monkeypatch=patch) == read(text, cut=False, monkeypatch=patch)


@pytest.mark.parametrize("number", range(6))
def test_a_feed_like_real_ones_is_more_than_halved_and_reads_the_same(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = document(number, 20).decode()
    assert len(thin(text)) < len(text) / 2
    cut = read(text, cut=True, monkeypatch=monkeypatch)
    assert isinstance(cut, Document)
    assert len(cut.entries) == 20
    assert all(entry.summary and entry.published for entry in cut.entries)
    assert cut == read(text, cut=False, monkeypatch=monkeypatch)


def test_content_stays_where_there_is_no_summary() -> None:
    item = "<item><title>x</title><description> </description>{}</item>"
    full = "<content:encoded><![CDATA[<p>All of it</p>]]></content:encoded>"
    assert "All of it" in thin(whole([item.format(full)]))
    assert "All of it" not in thin(whole([item.format(full).replace("> <", ">Lead<")]))


def test_content_stays_beside_two_summaries(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = "<description>&lt;</description><content:encoded/><description></description>"
    text = whole([twice])
    assert thin(text).count("content:encoded") == 1
    assert read(text, cut=True, monkeypatch=monkeypatch) == read(
        text, cut=False, monkeypatch=monkeypatch
    )


def test_elements_with_children_and_unclosed_sections_are_left_alone() -> None:
    nested = whole(["<category><b>x</b></category><title>t</title>"])
    assert thin(nested) == nested
    unclosed = whole(["<category>x</category><title><![CDATA[t</title>"])
    assert thin(unclosed) == unclosed
    open_tag = whole([]) + "<category"
    assert thin(open_tag) == open_tag
    assert thin("<category>x</category>") == "<category>x</category>"  # too short to bother


@pytest.mark.parametrize(
    "token", ["<item>", "<![CDATA[", "<!--", "<category>", "<content ", "<summary>x", "<category/>"]
)
def test_cutting_takes_linear_time(token: str) -> None:
    begin = time.process_time()
    thin(token * 200_000)
    assert time.process_time() - begin < 3


@given(
    text=st.text(
        st.characters() | st.sampled_from("\x00\x09\x0a\x0b\x1f\ufffe\uffff\ud800"), max_size=8
    )
)
def test_control_characters_are_found_in_bytes_as_in_text(text: str) -> None:
    assert scrub._has_control(text) == bool(scrub._CONTROL.search(text))
