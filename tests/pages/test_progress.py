"""What takes longer than a second says so while it lasts, and how far it is."""

from contextlib import nullcontext

import pytest
import streamlit as st

from monitor.feeds import opml
from monitor.views import exchange
from tests.factories import make_feed
from tests.pages.conftest import NOW
from tests.pages.test_adding import ARTICLES, looked_at, pressed
from tests.pages.test_sharing import share


@pytest.fixture
def told(monkeypatch):
    """What progress bars and spinners said, in order."""
    said = []

    class Bar:
        def progress(self, value, text=""):
            said.append((value, text))

        def empty(self):
            said.append("gone")

    def bar(value, text=""):
        said.append((value, text))
        return Bar()

    def spinner(text, **_how):
        said.append(text)
        return nullcontext()

    monkeypatch.setattr(st, "progress", bar)
    monkeypatch.setattr(st, "spinner", spinner)
    return said


def test_importing_a_watch_list_counts_feed_by_feed(store, show, told):
    feeds = [make_feed(number) for number in range(1, 4)]
    file = opml.write(exchange.outlines(feeds), title="Mine", now=NOW)
    page = show("feeds")
    page.file_uploader(key="opml").upload("mine.opml", file, "text/x-opml").run()
    pressed(page, "Import")
    assert told == [
        (0.0, "Importing …"),
        (1 / 3, "1 of 3"),
        (2 / 3, "2 of 3"),
        (1.0, "3 of 3"),
        "gone",
    ]
    assert {one.feed.id for one in store.feeds.watched()} == {one.id for one in feeds}


def test_looking_fetching_and_filing_are_said_while_they_last(reachable, show, site, told):
    page = looked_at(show("feeds"), site.paper(*ARTICLES))
    assert told == ["Looking what is there …"]
    pressed(page, "Show sample articles")
    assert told[1:] == ["Fetching up to three articles, politely …"]
    pressed(page, "Watch this page")
    assert told[2:] == ["Judging and filing what it holds …"]


def test_freezing_a_view_is_said_while_it_lasts(store, show, told):
    _document, _html, head = share(show("brief"), store, "brief")
    assert told == ["Freezing the view …"]
    assert store.snapshots.content(head.id)
