"""Exports: watch lists that come back the same, tables that no spreadsheet runs."""

import tomllib
from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from monitor.config import DeclaredFeed
from monitor.feeds import opml
from monitor.feeds.model import FeedKind, Pool
from monitor.feeds.opml import Outline, Problem
from monitor.views import exchange
from monitor.views.export import csv_text
from tests.factories import NOW, make_feed


def test_an_exported_watch_list_is_what_config_toml_declares():
    feed = make_feed(
        1, kind=FeedKind.LISTING, language="nl", pool=Pool.LOCAL, reliability="B", official=True,
        interval=timedelta(minutes=30), selectors={"link_pattern": "^/post"},
    )  # fmt: skip
    entry = tomllib.loads(exchange.toml([feed]))["feeds"][0]
    assert DeclaredFeed(**entry).feed() == feed


def test_what_stands_at_its_default_is_left_out():
    assert tomllib.loads(exchange.toml([make_feed(1)]))["feeds"] == [
        {"url": "https://feed1.example/rss", "title": "Feed 1"}
    ]


def test_a_watch_list_survives_the_way_through_opml():
    feeds = [make_feed(1, language="es"), make_feed(2)]
    data = opml.write(exchange.outlines(feeds), title="Mine", now=NOW)
    back = exchange.feeds(opml.read(data).outlines)
    assert [(one.id, one.title, one.language) for one in back] == [
        (feeds[0].id, "Feed 1", "es"),
        (feeds[1].id, "Feed 2", None),
    ]


def test_a_listing_comes_back_from_opml_as_the_same_feed():
    feed = make_feed(
        1, kind=FeedKind.LISTING, language="nl", country="CW", pool=Pool.LOCAL, group="owner",
        reliability="B", official=True, interval=timedelta(minutes=30), origin="page",
        selectors={"link_pattern": "/post/[a-z]+", "canonical_host": "www.x.example"},
    )  # fmt: skip
    data = opml.write(exchange.outlines([feed]), title="Mine", now=NOW)
    assert b'linkPattern="/post/[a-z]+"' in data
    (back,) = exchange.feeds(opml.read(data).outlines)
    assert replace(back, id=feed.id) == feed


def test_a_foreign_language_and_a_missing_title_are_taken_as_they_are():
    one = exchange.feeds([Outline(url="https://x.example/f", title="", language="de")])[0]
    assert (one.title, one.language) == ("https://x.example/f", None)


def test_an_import_says_what_was_left_out():
    assert exchange.told(2, 1, ()) == "2 feeds added, 1 watched before."
    told = exchange.told(0, 0, (Problem(line=3, message="no address"),))
    assert told == "0 feeds added, 0 watched before. Left out: line 3: no address."


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", "\n=1", " =1", "|c", "%0", "＝1"]
)
def test_text_that_looks_like_a_formula_is_made_harmless(text):
    lines = csv_text(pd.DataFrame({"title": [text], "n": [-1]}))
    assert lines.splitlines()[1].startswith("'")
    assert lines.rstrip().endswith(",-1")


def test_plain_text_is_left_alone():
    assert csv_text(pd.DataFrame({"title": ["a"]})) == "title\r\na\r\n"
