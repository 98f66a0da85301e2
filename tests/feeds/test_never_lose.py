"""Musts 1 to 22 of the poller: never lose an item, never count one twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.feeds.model import FeedKind
from monitor.storage.tables import feed_states, item_keys, revisions
from tests.feeds.conftest import START, World
from tests.feeds.hostile import Hostile, Reply, feed_of, http_date, rss, rss_item

THREE = [rss_item(n) for n in (1, 2, 3)]
BROKEN = {
    "bare ampersand and nbsp": rss(
        rss_item(1, title="Fish & chips&nbsp;now"), rss_item(2), rss_item(3)
    ),
    "truncated": rss(*THREE)[: rss(*THREE).rfind(b"</item>") + len("</item>")],
    "control characters": rss(rss_item(1, title="Bell\x07 and nul\x00"), rss_item(2), rss_item(3)),
    "PHP warning first": b"<br />\n<b>Warning</b>: foo() in /var/x.php on line 3<br />\n"
    + rss(*THREE),
    "unclosed item": rss(THREE[0].removesuffix("</item>"), THREE[1], THREE[2]),
}


@pytest.mark.parametrize("name", list(BROKEN))
def test_01_ill_formed_xml_is_salvaged_and_flagged(
    world: World, server: Hostile, name: str
) -> None:
    server.says("/feed", BROKEN[name])
    feed = world.watch()
    outcome = world.only()
    assert outcome.status == "ok"
    assert len(world.rows()) >= (2 if name == "unclosed item" else 3)
    state = world.state(feed)
    assert state.error_class is None
    assert state.error_message.startswith("repaired: ")


@pytest.mark.parametrize(
    "poison",
    [
        pytest.param(rss_item(1, title="a &#1114112; b"), id="reference beyond Unicode"),
        pytest.param(rss_item(1, title="a &#x110000; b"), id="the same in hexadecimal"),
        pytest.param(rss_item(1, title="a &#55296; b"), id="surrogate"),
        pytest.param(
            rss_item(1).replace(
                "<guid>",
                '<where xmlns="http://www.georss.org/georss"><Point '
                'xmlns="http://www.opengis.net/gml" srsName="EPSG:abc"><pos>1 2</pos></Point>'
                "</where><guid>",
            ),
            id="GML with a bad srsName",
        ),
    ],
)
def test_02_what_makes_feedparser_raise_does_not_lose_the_feed(
    world: World, server: Hostile, poison: str
) -> None:
    server.says("/feed", rss(poison, rss_item(2), rss_item(3)))
    world.watch()
    assert world.only().status == "ok"
    assert len(world.rows()) == 3


def test_02_a_doctype_with_a_backslash_does_not_lose_the_feed(
    world: World, server: Hostile
) -> None:
    doctype = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY path "C:\\data">]>'
    server.says("/feed", rss(*THREE, prolog=doctype))
    world.watch()
    assert world.only().status == "ok"
    assert len(world.rows()) == 3


def polls_of(world: World, server: Hostile, *bodies: bytes) -> list[Any]:
    server.says("/feed", *bodies)
    world.watch()
    return [world.only() for _ in bodies]


def test_03_a_rotating_guid_is_the_same_item(world: World, server: Hostile) -> None:
    bodies = [
        rss(*(rss_item(n, guid=f"{turn}-{n}") for n in (1, 2, 3))) for turn in ("a", "b", "c")
    ]
    outcomes = polls_of(world, server, *bodies)
    assert [len(one.new) for one in outcomes] == [3, 0, 0]
    assert len(world.rows()) == 3


def test_03_an_old_guid_that_still_stands_there_is_another_item(
    world: World, server: Hostile
) -> None:
    link = "https://paper.example/live"
    first = rss(rss_item(1, guid="a", link=link, title="Live blog from the airport"))
    both = rss(
        rss_item(1, guid="a", link=link, title="Live blog from the airport"),
        rss_item(2, guid="b", link=link, title="Live blog from the airport"),
    )
    outcomes = polls_of(world, server, first, both)
    assert [len(one.new) for one in outcomes] == [1, 1]


@pytest.mark.parametrize("start", ["http", "https"])
def test_04_a_flip_of_http_and_https_is_the_same_item(
    world: World, server: Hostile, start: str
) -> None:
    other = "https" if start == "http" else "http"
    bodies = [
        rss(
            *(
                rss_item(
                    n, guid=f"{scheme}://paper.example/{n}", link=f"{scheme}://paper.example/{n}"
                )
                for n in (1, 2, 3)
            )
        )
        for scheme in (start, other)
    ]
    outcomes = polls_of(world, server, *bodies)
    assert [len(one.new) for one in outcomes] == [3, 0]
    assert {row.url.partition(":")[0] for row in world.rows()} == {other}


def test_05_tracking_parameters_rotate_and_the_link_stays_as_published(
    world: World, server: Hostile
) -> None:
    def body(turn: int) -> bytes:
        tails = (
            f"?id=1&amp;utm_source=s{turn}&amp;utm_medium=rss",
            f"?fbclid=x{turn}&amp;gclid=y{turn}&amp;mc_cid=z{turn}",
            f"?at_medium=RSS{turn}&amp;at_campaign=K{turn}&amp;ref=paper.example",
        )
        return rss(
            *(
                rss_item(n, guid=None, link=f"https://paper.example/{n}{tail}")
                for n, tail in enumerate(tails, 1)
            )
        )

    outcomes = polls_of(world, server, body(1), body(2), body(3))
    assert [len(one.new) for one in outcomes] == [3, 0, 0]
    assert "https://paper.example/1?id=1&utm_source=s1&utm_medium=rss" in {
        row.url for row in world.rows()
    }


def test_06_a_repeated_guid_keeps_all_items_and_changes_nothing_later(
    world: World, server: Hostile
) -> None:
    body = rss(*(rss_item(n, guid="same") for n in (1, 2, 3)))
    outcomes = polls_of(world, server, body, body + b"\n", body + b"\n\n")
    assert [len(one.new) for one in outcomes] == [3, 0, 0]
    assert [len(one.revisions) for one in outcomes] == [0, 0, 0]
    assert world.titles() == ["Title 1", "Title 2", "Title 3"]


def test_06_a_guid_that_is_repeated_later_keeps_the_first_item(
    world: World, server: Hostile
) -> None:
    one = rss_item(1, guid="same")
    both = rss(one, rss_item(2, guid="same", title="Another thing altogether"))
    outcomes = polls_of(world, server, rss(one), both, rss(one))
    assert [len(outcome.new) for outcome in outcomes] == [1, 1, 0]
    assert not any(outcome.revisions for outcome in outcomes)


def test_07_the_same_guid_in_two_feeds_is_two_items(world: World, server: Hostile) -> None:
    server.says("/a", rss(rss_item(1, title="From A")))
    server.says("/b", rss(rss_item(1, title="From B")))
    world.watch("/a")
    world.watch("/b")
    world.poll()
    assert world.titles() == ["From A", "From B"]


def test_08_without_guid_and_link_the_text_identifies(world: World, server: Hostile) -> None:
    body = rss(
        rss_item(1, guid=None),
        rss_item(2, guid=None, link=None),
        "<item><title>Only a title</title></item>",
    )
    outcomes = polls_of(world, server, body, body + b"\n")
    assert [len(one.new) for one in outcomes] == [3, 0]
    assert "Only a title" in world.titles()


def test_09_an_edited_item_is_revised_and_its_old_text_is_kept(
    world: World, server: Hostile
) -> None:
    after = rss(rss_item(1, title="Title 1, corrected", description="New text"))
    outcomes = polls_of(world, server, rss(rss_item(1)), after, after + b"\n")
    assert [len(one.new) for one in outcomes] == [1, 0, 0]
    assert [len(one.revisions) for one in outcomes] == [0, 1, 0]
    (row,) = world.rows()
    assert (row.title, row.summary, row.revisions) == ("Title 1, corrected", "New text", 1)
    assert row.revised_at == START + timedelta(minutes=4)
    (old,) = world.rows(revisions)
    assert (old.title, old.summary) == ("Title 1", "Text 1")


def test_10_text_that_changes_with_each_answer_falls_silent(world: World, server: Hostile) -> None:
    bodies = [rss(rss_item(1, description=f"Read {n} times")) for n in range(40)]
    outcomes = polls_of(world, server, *bodies)
    assert sum(len(one.revisions) for one in outcomes) == 24
    assert not any(one.revisions for one in outcomes[-5:])
    assert len(world.rows(revisions)) == 24
    assert sum(len(one.new) for one in outcomes) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"", "empty", id="nothing at all"),
        pytest.param(b"  \n ", "empty", id="blanks"),
        pytest.param(
            b"<!DOCTYPE html><html><body><h1>Sorry</h1></body></html>", "not_a_feed", id="web page"
        ),
        pytest.param(b'{"error": "no"}', "not_a_feed", id="JSON"),
    ],
)
def test_11_nothing_is_deleted_by_an_empty_or_wrong_answer(
    world: World, server: Hostile, body: bytes, reason: str
) -> None:
    outcomes = polls_of(world, server, feed_of(1, 2, 3), body)
    assert outcomes[1].status == "error"
    assert outcomes[1].error is not None
    assert outcomes[1].error.reason == reason
    assert len(world.rows()) == 3


def test_11_items_that_leave_the_document_stay(world: World, server: Hostile) -> None:
    outcomes = polls_of(world, server, feed_of(1, 2, 3), feed_of(3), feed_of(1, 2, 3))
    assert len(world.rows()) == 3
    assert not outcomes[2].new


def test_12_validators_of_a_body_that_is_no_feed_are_not_kept(
    world: World, server: Hostile
) -> None:
    server.says(
        "/feed",
        Reply(body=feed_of(1), headers=[("ETag", '"good"')]),
        Reply(body=b"<html><body>Just a moment</body></html>", headers=[("ETag", '"bad"')]),
        Reply(body=feed_of(1, 2)),
    )
    feed = world.watch()
    world.only()
    world.only()
    assert world.state(feed).etag == b'"good"'
    assert len(world.only().new) == 1
    assert server.log[2].headers["if-none-match"] == b'"good"'


def test_12_an_empty_feed_leaves_no_validators(world: World, server: Hostile) -> None:
    server.says("/feed", Reply(body=rss(), headers=[("ETag", '"empty"')]))
    world.watch()
    world.only()
    world.only()
    assert "if-none-match" not in server.log[1].headers


def test_14_a_new_body_under_the_old_etag_is_read(world: World, server: Hostile) -> None:
    server.says(
        "/feed",
        Reply(body=feed_of(1, 2, 3), headers=[("ETag", '"same"')]),
        Reply(body=feed_of(1, 2, 3, 4, 5), headers=[("ETag", '"same"')]),
    )
    world.watch()
    world.only()
    assert {one.item.title for one in world.only().new} == {"Title 4", "Title 5"}


def test_15_a_guid_that_names_another_article_later_gives_a_new_item(
    world: World, server: Hostile
) -> None:
    before = rss(rss_item(1, guid="column", title="Sail boats win the regatta"))
    after = rss(
        rss_item(
            2,
            guid="column",
            title="Airport closes its northern runway",
            pubDate="Fri, 12 Dec 2025 08:00:00 GMT",
        )
    )
    outcomes = polls_of(world, server, before, after, after + b"\n")
    assert [len(one.new) for one in outcomes] == [1, 1, 0]
    assert not outcomes[1].revisions
    assert len(world.rows()) == 2


def test_15_a_corrected_date_alone_is_no_new_item(world: World, server: Hostile) -> None:
    after = rss(rss_item(1, pubDate="Fri, 12 Dec 2025 08:00:00 GMT"))
    outcomes = polls_of(world, server, rss(rss_item(1)), after)
    assert [len(one.new) for one in outcomes] == [1, 0]


@pytest.mark.parametrize("version", ["1", "1.1"])
def test_16_json_feed(world: World, server: Hostile, version: str) -> None:
    document = {
        "version": f"https://jsonfeed.org/version/{version}",
        "title": "Paper",
        "language": "nl",
        "next_url": "/older",
        "items": [
            {
                "id": 7,
                "url": "https://paper.example/7",
                "title": "Seven",
                "content_html": "<p>Lucky <b>number</b></p>",
                "date_published": "2025-11-05T10:20:30-04:00",
                "authors": [{"name": "Ann"}, {"name": "Bob"}],
            },
            {"url": "https://paper.example/8", "title": "No id"},
            "not even an object",
            {"id": "9", "content_text": "1 < 2", "attachments": [{"url": "/9.mp3"}]},
        ],
    }
    server.says("/feed", json.dumps(document).encode())
    world.watch(kind=FeedKind.JSON)
    assert world.only().status == "ok"
    seven, nine = sorted(world.rows(), key=lambda row: row.guid)
    assert (seven.guid, seven.title, seven.summary) == ("7", "Seven", "Lucky number")
    assert seven.published_at == datetime(2025, 11, 5, 14, 20, 30, tzinfo=UTC)
    assert seven.author == "Ann, Bob"
    assert nine.title == "1 < 2"
    assert nine.url == server.url("/9.mp3")


TRUTH = "Curaçao — “vrij”"
DECLARED = '<?xml version="1.0" encoding="{}"?>'


@pytest.mark.parametrize(
    ("declared", "coding", "content_type"),
    [
        pytest.param("iso-8859-1", "utf-8", "text/xml", id="utf-8 declared as latin-1"),
        pytest.param("utf-8", "cp1252", "text/xml", id="cp1252 declared as utf-8"),
        pytest.param("utf-8", "utf-8", "text/xml; charset=us-ascii", id="header says us-ascii"),
        pytest.param("utf-16", "utf-16", "application/rss+xml", id="utf-16 with a mark"),
        pytest.param("utf-16", "utf-16-le", "application/rss+xml", id="utf-16 without a mark"),
        pytest.param("iso-8859-1", "cp1252", "text/xml", id="cp1252 declared as latin-1"),
        pytest.param("windows-1252", "cp1252", "", id="cp1252 declared as it is"),
    ],
)
def test_17_the_charset_is_found_whatever_is_declared(
    world: World, server: Hostile, declared: str, coding: str, content_type: str
) -> None:
    text = rss(rss_item(1, title=TRUTH), prolog=DECLARED.format(declared)).decode()
    server.says("/feed", Reply(body=text.encode(coding), headers=[("Content-Type", content_type)]))
    world.watch()
    world.only()
    assert world.titles() == [TRUTH]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("mié, 05 nov 2025 10:20:30 +0000", "2025-11-05T10:20:30"),
        ("5 de noviembre de 2025 10:20", "2025-11-05T10:20:00"),
        ("wo 5 nov 2025 10:20", "2025-11-05T10:20:00"),
        ("05 mei 2025", "2025-05-05T00:00:00"),
        ("djárason 5 novèmber 2025 10:20", "2025-11-05T10:20:00"),
        ("5 di ougùstùs 2025", "2025-08-05T00:00:00"),
        ("5/11/2025", "2025-11-05T00:00:00"),
        ("Wed, 05 Nov 2025 10:20:30", "2025-11-05T10:20:30"),
        ("2025-11-05T24:00:00Z", "2025-11-06T00:00:00"),
        ("Wed, 05 Nov 2025 10:20:30 GMT-4", "2025-11-05T14:20:30"),
        ("1762338030", "2025-11-05T10:20:30"),
        ("Wed, 5 Nov 25 10:20:30 AST", "2025-11-05T14:20:30"),
    ],
)
def test_18_local_and_broken_dates_are_understood(
    world: World, server: Hostile, written: str, meant: str
) -> None:
    server.says("/feed", rss(rss_item(1, pubDate=written)))
    world.watch(language="nl")
    world.only()
    (row,) = world.rows()
    assert row.published_at == datetime.fromisoformat(meant).replace(tzinfo=UTC)
    assert row.published_raw == written


def test_18_a_date_without_a_zone_is_in_the_zone_of_the_feed(world: World, server: Hostile) -> None:
    head = "<pubDate>Wed, 05 Nov 2025 11:00:00 -0400</pubDate>"
    server.says("/feed", rss(rss_item(1, pubDate="5 nov 2025 10:20"), head=head))
    world.watch()
    world.only()
    assert world.rows()[0].published_at == datetime(2025, 11, 5, 14, 20, tzinfo=UTC)


def test_19_a_future_date_is_kept_but_sorts_as_just_seen(world: World, server: Hostile) -> None:
    server.says("/feed", rss(rss_item(1, pubDate="Fri, 01 Jan 2100 00:00:00 GMT")))
    world.watch()
    world.only()
    (row,) = world.rows()
    assert row.published_at == datetime(2100, 1, 1, tzinfo=UTC)
    assert row.sort_at == row.seen_at + timedelta(hours=1)


@pytest.mark.parametrize(
    "absurd", ["Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 GMT"]
)
def test_19_a_date_before_the_web_is_missing(world: World, server: Hostile, absurd: str) -> None:
    server.says("/feed", rss(rss_item(1, pubDate=absurd)))
    world.watch()
    world.only()
    (row,) = world.rows()
    assert row.published_at is None
    assert row.published_raw == absurd


def test_20_items_without_a_date_are_as_old_as_first_seen_in_document_order(
    world: World, server: Hostile
) -> None:
    server.says("/feed", rss(*(rss_item(n, pubDate=None) for n in (3, 1, 2))))
    world.watch()
    outcome = world.only()
    assert [one.item.title for one in outcome.new] == ["Title 3", "Title 1", "Title 2"]
    assert {(row.published_at, row.sort_at) for row in world.rows()} == {(None, world.now)}


def test_21_a_back_dated_item_is_stored(world: World, server: Hostile) -> None:
    late = rss_item(2, pubDate="Sat, 05 Nov 2011 10:20:30 GMT")
    outcomes = polls_of(world, server, feed_of(1), rss(rss_item(1), late))
    assert len(outcomes[1].new) == 1


def test_22_five_thousand_items_are_stored_once_and_not_read_again(
    world: World, server: Hostile
) -> None:
    server.says("/feed", feed_of(*range(5000)))
    world.watch()
    assert len(world.only().new) == 5000
    read = world.parser.read
    world.parser.read = None  # any attempt to parse would fail now
    assert world.only().status == "unchanged"
    world.parser.read = read
    assert len(world.rows()) == 5000
    assert len(world.rows(item_keys)) == 10_000
    assert len(world.rows(feed_states)) == 1


def test_22_validators_of_a_future_date_go_back_as_they_came(world: World, server: Hostile) -> None:
    stamp = http_date(datetime(2041, 1, 1, tzinfo=UTC))
    server.says("/feed", Reply(body=feed_of(1), headers=[("Last-Modified", stamp)]))
    world.watch()
    world.only()
    world.only()
    assert server.log[1].headers["if-modified-since"] == stamp.encode()
