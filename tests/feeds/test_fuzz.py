"""Any bytes at all: reading ends with a document or a reason, never with an exception.

The number of examples is small here; `make fuzz` raises it with MONITOR_FUZZ_EXAMPLES.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.feeds import articles, documents, opml, pages
from monitor.feeds.answers import Stop
from monitor.feeds.dates import parse_date
from monitor.feeds.decoding import Chain
from monitor.feeds.entries import Document, Entry, Unreadable, pack, unpack
from monitor.feeds.model import FeedKind
from monitor.feeds.text import plain, safe_link
from tests.feeds.hostile import rss, rss_item

EXAMPLES = int(os.environ.get("MONITOR_FUZZ_EXAMPLES", "60"))
fuzz = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

SEEDS = (
    rss(rss_item(1), rss_item(2)),
    b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>x</title></entry></feed>',
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item><title>x</title></item>',
    b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1, "title": "x"}]}',
    b'[{"id": 1, "title": {"rendered": "x"}, "link": "/1"}]',
    b"<urlset><url><loc>https://a.example/1</loc><news><title>x</title></news></url></urlset>",
    b"<html><head><title>x</title></head><body><a href='/post/a/b'>x</a></body></html>",
)
PIECES = (
    b"&#0;",
    b"&#55296;",
    b"&#1114112;",
    b"<!DOCTYPE x [",
    b"]>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"<?xml encoding='utf-16'?>",
    b"<item>",
    b"</item>",
    b"<entry>",
    b"<pubDate>99999999999999</pubDate>",
    b"<link>http://[</link>",
    b"<guid>",
    b"srsName='EPSG:x'",
    b"<gml:Point>",
    b"<georss:point>1 x</georss:point>",
    b"xml:base='http://['",
    b"&lt;script&gt;",
    b"\xc3",
    b"<itunes:duration>x</itunes:duration>",
    b"<media:content/>",
    b"<source>",
    b"<enclosure length='x'/>",
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A document with pieces put in, cut out, repeated, or bytes that mean nothing."""
    body = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(body)))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=12))
        gone = draw(st.sampled_from((0, 0, 1, 10, 50)))
        body = body[:at] + piece * draw(st.sampled_from((1, 1, 3))) + body[at + gone :]
    return body


def check(found: Any) -> None:
    assert isinstance(found, (Document, Unreadable))
    assert unpack(pack(found)) == found
    if isinstance(found, Document):
        for entry in found.entries:
            assert entry.url == "" or entry.url.startswith(("http://", "https://"))
            assert "\x00" not in entry.title + entry.summary
            f"{entry.guid}{entry.title}{entry.summary}{entry.published_raw}".encode()  # storable


@fuzz
@given(body=mutated(), kind=st.sampled_from(FeedKind), charset=st.sampled_from(("", "utf-16", "x")))
def test_no_bytes_make_reading_raise(body: bytes, kind: FeedKind, charset: str) -> None:
    question = {
        "kind": kind,
        "content_type": f"text/xml; charset={charset}",
        "base_url": "https://paper.example/feed",
        "language": None,
        "selectors": {},
    }
    check(documents.read(question, body))


@fuzz
@given(body=mutated() | st.binary(max_size=300))
def test_no_bytes_make_pages_articles_or_opml_raise(body: bytes) -> None:
    pages.read_links(body, base_url="https://paper.example/")
    opml.read(body)
    found = articles.read_article(body, base_url="https://paper.example/1")
    assert isinstance(found, (Entry, Unreadable))


@fuzz
@given(text=st.text(max_size=200))
def test_no_text_makes_dates_links_or_words_raise(text: str) -> None:
    parse_date(text)
    link = safe_link(text, "https://paper.example/")
    assert link == "" or link.startswith(("http://", "https://", "HTTP", "Http"))
    assert plain(plain(text).replace("<", "").replace("&", "")) == plain(
        plain(text).replace("<", "").replace("&", "")
    )


@fuzz
@given(
    data=st.binary(max_size=300), names=st.lists(st.sampled_from(("gzip", "br", "deflate", "x")))
)
def test_no_bytes_make_unpacking_raise_anything_but_stop(data: bytes, names: list[str]) -> None:
    reason, out = "", b""
    try:
        chain = Chain(", ".join(names), 10_000)
        out = chain.feed(data)
        chain.finish()
    except Stop as stop:
        reason = stop.reason
    assert reason in ("", "bad_encoding", "too_large")
    assert len(out) <= 10_000
