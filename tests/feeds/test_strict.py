"""The quicker strict reader gives exactly what feedparser gives."""

from __future__ import annotations

import io
import os
import warnings
from html import escape
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.bench.feedserver import document
from monitor.feeds import parse
from monitor.feeds.identity import _canonical, canonical_link
from monitor.feeds.strict import parse_strictly

SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:d="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:x="http://nobody.example/x" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:georss="http://www.georss.org/georss" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
NAMES = (
    "title", "link", "description", "guid", "pubDate", "author", "dc:creator", "d:date",
    "category", "content:encoded", "content", "summary", "id", "updated", "published", "name",
    "email", "source", "media:content", "media:title", "x:thing", "Title", "image", "url",
    "textInput", "atom:link", "language", "div", "svg", "b", "enclosure", "itunes:keywords",
    "georss:point", "contributor", "rights", "created", "item", "width", "dc:title", "comments",
    "modified", "license",
)  # fmt: skip
ATTRIBUTES = (
    '', ' type="html"', ' type="xhtml"', ' type="TEXT"', ' type="text/plain"', ' mode="base64"',
    ' href="/a?b=1&amp;c=2"', ' href="http:////h/x" rel="SELF"', ' isPermaLink="false"',
    ' xml:lang="nl_NL"', ' lang="es"', ' xml:base="http://b.example/d/"', ' base="/e/"',
    ' url="u.png" length="3"', ' xlink:href="q"', ' domain="z" Type="A"', ' xmlns="http://y.example/"',
    ' xmlns:dc="http://nobody.example/"', ' src="s"', ' rdf="1"', ' xml:lang=""',
)  # fmt: skip
WORDS = st.text(alphabet="ab é€\x80\x93Ã©&<>\"'/;#@.1 \n", max_size=20)
TEXTS = WORDS.map(escape) | st.sampled_from([
    "<![CDATA[<p>a &amp; b</p>]]>", "&lt;b&gt;x&lt;/b&gt; &amp;nbsp;", "http://a.example/?x=1&amp;y;=2",
    "Wed, 05 Nov 2025 10:20:30 GMT", "Ann (ann@a.example)", "<!-- c -->", "  ", "/relative/link",
    "&#150;", "YWJj",
])  # fmt: skip


def element(name: str, attributes: str, inside: str) -> str:
    return f"<{name}{attributes}>{inside}</{name}>"


def around(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inside = st.lists(children | TEXTS, max_size=3).map("".join)
    return st.builds(element, st.sampled_from(NAMES), st.sampled_from(ATTRIBUTES), inside)


LEAVES = st.builds(element, st.sampled_from(NAMES), st.sampled_from(ATTRIBUTES), TEXTS)
PARTS = st.lists(LEAVES | st.recursive(LEAVES, around, max_leaves=4), max_size=8).map("".join)


def rss(head: str, items: list[str]) -> str:
    entries = "".join(f"<item>\n{one}</item>\n" for one in items)
    return f'<rss version="2.0" {SPACES}><channel>{head}{entries}</channel></rss>'


def atom(head: str, items: list[str]) -> str:
    entries = "".join(f"<entry>\n{one}</entry>\n" for one in items)
    default = 'xmlns="http://www.w3.org/2005/Atom" xml:lang="en_US"'
    return f'<feed {default} {SPACES} xml:base="http://f.example/">{head}{entries}</feed>'


def rdf(head: str, items: list[str]) -> str:
    entries = "".join(f'<item rdf:about="urn:{n}">{one}</item>' for n, one in enumerate(items))
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns="http://purl.org/rss/1.0/" {SPACES}><channel>{head}</channel>{entries}</rdf:RDF>'
    )


def feedparsers(text: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return feedparser.parse(
            io.BytesIO(text.encode()),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )


def assert_same(text: str) -> None:
    mine = parse_strictly(text)
    if mine is None:
        return
    theirs = feedparsers(text)
    assert not theirs.bozo
    assert mine.entries == theirs.entries
    assert mine.feed == theirs.feed
    assert mine.version == theirs.version


@settings(max_examples=int(os.environ.get("MONITOR_FUZZ_EXAMPLES", "300")))
@given(build=st.sampled_from([rss, atom, rdf]), head=PARTS, items=st.lists(PARTS, max_size=3))
def test_any_document_gives_what_feedparser_gives(build: Any, head: str, items: list[str]) -> None:
    assert_same(build(head, items))


@pytest.mark.parametrize("last", ["<![CDATA[<p>a &amp; b</p>]]>", "&lt;"])
def test_titles_inside_titles_give_the_same(last: str) -> None:
    odd = "<title></title><title></title><title><title></title></title>"
    assert_same(rss("", [f'{odd}<title type="xhtml">{last}</title>']))
    assert_same(rss(f'{odd}<title type="xhtml">{last}</title>', []))


@pytest.mark.parametrize("number", range(6))
def test_feeds_like_real_ones_are_read_and_give_the_same(number: int) -> None:
    text = document(number, 20).decode().partition("?>")[2]
    assert parse_strictly(text) is not None
    assert_same(text)


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel><item><title>a & b</title></item></channel></rss>",
        "<rss><channel>",
        '<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>',
        "<rss><channel><dc:title>x</dc:title></channel></rss>",
    ],
)
def test_what_is_not_well_formed_is_left_to_feedparser(text: str) -> None:
    assert parse_strictly(text) is None
    assert parse.read_xml(text.encode()) is not None


LINKS = st.lists(
    st.sampled_from([
        "http://", "https://", "HTTP://", "www.", "WWW.", "a", "B.c", ".", "/", "//", "?p=1", "?",
        "&", "#", "!", "@", ":80", ":8080", ";x", " ", "%20", "é", "=", "[", "]", "utm_source=x",
        "-", "\\", "\t", "?p=", "\n",
    ]),
    max_size=9,
).map("".join)  # fmt: skip


@settings(max_examples=500)
@given(start=st.sampled_from(["", "https://a", "http://www.b.example"]), rest=LINKS)
def test_the_quick_look_at_a_link_gives_what_the_long_one_gives(start: str, rest: str) -> None:
    def asked(how: Any) -> str | None:
        try:
            return str(how(start + rest))
        except ValueError:
            return None

    assert asked(canonical_link) == asked(_canonical)
