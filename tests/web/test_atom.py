from pathlib import Path
from xml.etree import ElementTree

import feedparser

from monitor.web.atom import atom
from tests.web.parts import FakeSources, make_client, make_flagged

ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_feed_reader_understands_the_feed(tmp_path: Path):
    answer = make_client(None, tmp_path).get("/flagged.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert feed.feed.title == "Curaçao Security Monitor: flagged stories"
    entry = feed.entries[0]
    assert (entry.title, entry.link) == ("Story 1", "https://publisher.example/1")
    assert entry.summary.startswith("Severity 3, serious, ↑ escalating. Airspace:")
    assert entry.tags[0].term == "Airspace"


def test_hostile_text_stays_text():
    story = make_flagged(
        title="<script>alert(1)</script> ]]> &amp; \x00\x0b\u202e",
        url="javascript:alert(1)",
        excerpt="<img src=x onerror=alert(1)>",
        publishers=['"><x>'],
        indicators=['"><y>'],
    )
    root = ElementTree.fromstring(atom([story], title="T<", root="https://m.example"))
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == "<script>alert(1)</script> ]]> &amp; "
    assert entry.find(f"{ATOM}link").get("href") == "https://m.example/stories?story=story1"
    assert {one.tag for one in entry.iter()} == {
        f"{ATOM}{name}"
        for name in (
            *("entry", "id", "title", "link", "published", "updated"),
            *("author", "name", "category", "summary"),
        )
    }


def test_an_empty_feed_is_still_a_feed():
    assert not feedparser.parse(atom([], title="T", root="https://m.example")).bozo


def test_an_unchanged_feed_is_not_sent_twice(tmp_path: Path):
    client = make_client(None, tmp_path)
    first = client.get("/flagged.atom")
    again = client.get("/flagged.atom", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_feed_names_the_public_address(tmp_path: Path):
    client = make_client(None, tmp_path, public_url="https://monitor.example/")
    assert 'href="https://monitor.example/flagged.atom"' in client.get("/flagged.atom").text


def test_a_store_that_does_not_answer_is_503(tmp_path: Path):
    client = make_client(None, tmp_path, sources=FakeSources(broken=True))
    assert client.get("/flagged.atom").status_code == 503
