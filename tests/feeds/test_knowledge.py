"""Musts 51 to 56 of the poller: safe content, and knowing how feeds are doing."""

from __future__ import annotations

import asyncio
import errno
import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds import health, opml
from monitor.feeds.backfill import Backfill, backfill
from monitor.feeds.discovery import Checked, check, is_meant_as_address, pasted
from monitor.feeds.fetch import Fetcher
from monitor.feeds.fetch import _explain as explain_error
from monitor.feeds.health import Standing
from monitor.feeds.model import Feed, FeedKind, FeedState, Pool
from monitor.feeds.text import plain, safe_link, visible
from monitor.storage.tables import feed_states
from tests.factories import NOW, make_feed
from tests.feeds.conftest import World
from tests.feeds.hostile import Hostile, Reply, Request, feed_of, rss, rss_item

DAY = timedelta(days=1)

# --- 51 ---------------------------------------------------------------------------------------
PROBES = (
    "<script>alert(1)</script>",
    "<b>x</b><script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror='alert(1)' />",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<svg/onload=alert(1)>",
    '<video src="javascript:alert(1)" poster="javascript:alert(1)"></video>',
    '<form action="https://evil.example"><input name="password"><button>Log in</button></form>',
    '<iframe src="https://evil.example"></iframe>',
    '<object data="data:text/html,<script>alert(1)</script>"></object>',
    '<embed src="javascript:alert(1)">',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table>",
    "<style>@import 'https://evil.example'</style>",
    '<div style="background:url(javascript:alert(1))">x</div>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<base href="https://evil.example/">',
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<img src="https://pixel.example/1.gif" width="1" height="1">',
)


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize("field", ["title", "description"])
def test_51_nothing_but_words_comes_out_of_hostile_markup(
    world: World, server: Hostile, probe: str, field: str
) -> None:
    changes = {field: f"<![CDATA[Before {probe} after]]>"}
    server.says("/feed", rss(rss_item(1, **changes)))
    world.watch()
    world.only()
    (row,) = world.rows()
    for text in (row.title, row.summary):
        assert "<" not in text
        assert "alert(1)" not in text.replace("ipt>alert(1)", "")
        assert "evil.example" not in text
        assert "pixel.example" not in text
    assert (row.title if field == "title" else row.summary).startswith("Before")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        " javascript:alert(1)",
        "&#1;javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "mailto:x@paper.example",
        "http:",
        "http://[bad",
    ],
)
def test_51_links_are_http_or_https_or_nothing(world: World, server: Hostile, link: str) -> None:
    server.says("/feed", rss(rss_item(1, link=link)))
    world.watch()
    world.only()
    assert world.rows()[0].url == ""


def test_51_hidden_characters_are_removed() -> None:
    assert plain("a\u202eb\u200bc\u2066d\x07e\ufefff\u00adg") == "abcdefg"
    assert plain("<p>one</p><p>two</p>three<br>four &amp; five") == "one two three four & five"
    assert plain("x " * 3000).endswith("x…")
    assert len(plain("y" * 3000)) == 2000
    assert plain("5 < 6 & 7 > 2") == "5 < 6 & 7 > 2"


# --- 52 ---------------------------------------------------------------------------------------
def test_52_relative_links_follow_the_document_and_identity_does_not_follow_the_address(
    world: World, server: Hostile
) -> None:
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example/dir/">'
        b'<title>T</title><link href="https://site.example/"/>'
        b'<entry><id>rel/1</id><title>One</title><link href="a/1"/></entry>'
        b'<entry xml:base="https://other.example/"><id>rel/2</id><title>Two</title>'
        b'<link href="2"/></entry></feed>'
    )
    plain_rss = rss(rss_item(3, guid="rel/3", link="/3"), rss_item(4, guid="rel/4", link="?p=4"))
    bare = plain_rss.replace(b"<link>https://paper.example/</link>", b"")
    server.says("/atom", body)
    server.says("/rss", plain_rss)
    server.says("/bare", bare)
    for path in ("/atom", "/rss", "/bare"):
        world.watch(path)
    world.poll()
    found = {(row.guid, row.url) for row in world.rows()}
    assert found == {
        ("rel/1", "https://base.example/dir/a/1"),
        ("rel/2", "https://other.example/2"),
        ("rel/3", "https://paper.example/3"),
        ("rel/4", "https://paper.example/?p=4"),
        ("rel/3", server.url("/3")),
        ("rel/4", server.url("/bare?p=4")),
    }


def test_52_a_feed_that_moves_keeps_the_ids_of_its_items(world: World, server: Hostile) -> None:
    body = rss(rss_item(1, guid="rel/1", link="/1"))
    server.says("/feed", Reply(status=301, headers=[("Location", "/deep/down/new")]))
    server.says("/deep/down/new", body)
    world.watch()
    outcomes = []
    for _ in range(5):
        outcomes += world.poll()
        world.advance(days=1)
    assert [len(one.new) for one in outcomes] == [1, 0, 0, 0, 0]
    assert outcomes[-1].feed.url == server.url("/deep/down/new")


# --- 53 ---------------------------------------------------------------------------------------
def look(world: World, url: str) -> Checked:
    async def go() -> Checked:
        async with Fetcher(world.politeness, world.limits) as fetcher:
            return await check(url, fetcher=fetcher, parser=world.parser)

    return asyncio.run(go())


def page(*links: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>Paper</title>{''.join(links)}</head></html>".encode()


def alternate(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="alternate home" type="{kind}" href="{href}" title="{title}">'


def test_53_every_feed_that_a_page_names_is_read_before_it_is_offered(
    world: World, server: Hostile
) -> None:
    server.says(
        "/",
        Reply(
            body=page(
                alternate("/comments/feed", title="Paper » Comments Feed"),
                alternate("/good"),
                alternate("/atom", "application/atom+xml"),
                alternate("/broken"),
                alternate("/wp-json/wp/v2/pages/1", "application/json"),
                '<link rel="stylesheet" href="/style.css" type="text/css">',
            ),
            headers=[("Link", '</header>; rel="alternate"; type="application/rss+xml"')],
        ),
    )
    server.says("/good", feed_of(1))
    server.says("/atom", b'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title></feed>')
    server.says("/broken", page())
    server.says("/comments/feed", feed_of(2))
    server.says("/header", feed_of(3))
    found = look(world, server.url("/"))
    assert found.feed is None
    assert found.title == "Paper"
    paths = [one.url.rpartition(str(server.port))[2] for one in found.candidates]
    assert paths == ["/good", "/header", "/atom", "/comments/feed"]
    assert server.asked("/wp-json/wp/v2/pages/1") == []
    assert server.asked("/style.css") == []


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        pytest.param("/feed/", feed_of(1), "rss", id="WordPress"),
        pytest.param("/atom.xml", feed_of(1), "rss", id="atom.xml"),
        pytest.param(
            "/feed.json",
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "items": [{"id": "1", "title": "x"}],
                }
            ).encode(),
            "json",
            id="JSON Feed",
        ),
        pytest.param(
            "/wp-json/wp/v2/posts",
            b'[{"id": 1, "link": "/1", "title": {"rendered": "x"}}]',
            "wordpress",
            id="wp-json",
        ),
        pytest.param(
            "/news-sitemap.xml",
            b"<urlset><url><loc>https://paper.example/1</loc><news><title>x</title></news></url>"
            b"</urlset>",
            "sitemap",
            id="sitemap",
        ),
    ],
)
def test_53_the_usual_places_are_tried_when_a_page_names_nothing(
    world: World, server: Hostile, path: str, body: bytes, kind: str
) -> None:
    server.says("/about", page())
    server.says(path, body)
    found = look(world, server.url("/about"))
    assert [one.kind for one in found.candidates] == [kind]
    assert [len(one.samples) for one in found.candidates] == [1]


def test_53_a_site_without_any_feed_says_so(world: World, server: Hostile) -> None:
    server.says("/", page())
    found = look(world, server.url("/"))
    assert (found.candidates, found.reason) == ((), "no_feed_found")
    assert look(world, server.url("/missing")).reason == "not_found"
    server.says("/picture", b"\x89PNG")
    assert look(world, server.url("/picture")).reason == "not_a_feed"
    assert look(world, "http://127.0.0.1:1/").reason == "connect"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("paper.example/feed", "https://paper.example/feed"),
        ("feed:https://paper.example/feed", "https://paper.example/feed"),
        ("feed://paper.example/feed", "http://paper.example/feed"),
        (" http://paper.example ", "http://paper.example"),
    ],
)
def test_53_addresses_as_people_paste_them(typed: str, meant: str) -> None:
    assert pasted(typed) == meant


@pytest.mark.parametrize("typed", ["garbage words", "garbage", "http://x y.example/", "http://[x"])
def test_53_what_is_no_address_is_not_looked_up(world: World, typed: str) -> None:
    found = look(world, typed)
    assert (found.url, found.reason) == (typed, "no_address")
    assert "This is no address." in health.explain("no_address").meaning


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("intranet", False),
        ("http://intranet/feed", True),
        ("paper.example", True),
        ("feed:paper.example/rss", True),
        ("[::1]:80/x", True),
        ("10.0.0.1", True),
        ("http://x.example:port/", False),
        ("ftp://paper.example/", False),
        ("https://curaçao.example/", True),
        ("", False),
    ],
)
def test_53_an_address_has_a_host(typed: str, expected: bool) -> None:
    assert is_meant_as_address(typed) == expected
    assert is_meant_as_address("intranet", ["intranet"])


def page_of_articles(*paths: str) -> bytes:
    links = "".join(f'<a href="{path}">read</a>' for path in paths)
    return f"<!DOCTYPE html><html><head><title>Paper</title></head>{links}</html>".encode()


def test_53_a_site_without_a_feed_offers_its_own_article_links(
    world: World, server: Hostile
) -> None:
    server.says("/", page_of_articles(*(f"/post/local/ship-seen-{n}" for n in range(4))))
    found = look(world, server.url("/"))
    assert (found.reason, found.pattern) == ("no_feed_found", "/post/local/[a-z0-9_-]+")
    assert found.page is not None


# --- 54 ---------------------------------------------------------------------------------------
def fill(world: World, feed: Feed, pages: int = 5) -> tuple[Backfill, list[float]]:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def go() -> Backfill:
        async with Fetcher(world.politeness, world.limits) as fetcher:
            return await backfill(
                feed,
                fetcher=fetcher,
                parser=world.parser,
                known=world.polling.known,
                now=lambda: world.now,
                pages=pages,
                pause=pause,
            )

    return asyncio.run(go()), pauses


def archive(prefix: str, relation: str, last: int) -> Any:
    """Pages of two items each, linked in the way that RFC 5005 describes."""

    def script(request: Request) -> Reply:
        n = int(request.path.partition("?p=")[2] or 1)
        link = (
            f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="{relation}" '
            f'href="{prefix}?p={n + 1}"/>'
            if n < last
            else ""
        )
        return Reply(body=rss(rss_item(2 * n), rss_item(2 * n + 1), head=link))

    return script


@pytest.mark.parametrize("relation", ["next", "prev-archive"])
def test_54_older_pages_are_read_slowly_and_only_so_many(
    world: World, server: Hostile, relation: str
) -> None:
    server.routes["/feed"] = archive("/feed", relation, last=99)
    feed = world.watch()
    found, pauses = fill(world, feed)
    assert found.pages == 6
    assert len(found.new) == 12
    assert pauses == [3.0] * 5
    assert len(server.log) == 6


def test_54_backfill_stops_at_what_is_known_and_leaves_the_validators_alone(
    world: World, server: Hostile
) -> None:
    server.says("/feed", Reply(body=feed_of(2, 3), headers=[("ETag", '"main"')]))
    feed = world.watch()
    world.only()
    before = world.rows(feed_states)
    server.routes["/feed"] = archive("/feed", "next", last=99)
    server.says("/feed?p=2", rss(rss_item(2), rss_item(3)))
    found, _ = fill(world, feed)
    assert "nothing unknown" in found.ended
    assert found.new == ()
    assert world.rows(feed_states) == before


def test_54_wordpress_feeds_are_paged_until_404(world: World, server: Hostile) -> None:
    generator = "<generator>https://wordpress.org/?v=6.8</generator>"
    server.says("/feed/", rss(rss_item(1), head=generator))
    server.says("/feed/?paged=2", rss(rss_item(2), head=generator))
    server.says("/feed/?paged=3", Reply(status=404))
    found, _ = fill(world, world.watch("/feed/"))
    assert [one.item.title for one in found.new] == ["Title 1", "Title 2"]
    assert "404" in found.ended


def test_54_wordpress_posts_are_paged_up_to_their_total(world: World, server: Hostile) -> None:
    def script(request: Request) -> Reply:
        n = 2 if "page=2" in request.path else 1
        posts = [{"id": n, "link": f"https://x.example/{n}", "title": {"rendered": f"Post {n}"}}]
        return Reply(body=json.dumps(posts).encode(), headers=[("X-WP-TotalPages", "2")])

    server.routes["/wp-json/wp/v2/posts"] = script
    feed = world.watch("/", kind=FeedKind.WORDPRESS)
    found, _ = fill(world, feed)
    assert [one.item.title for one in found.new] == ["Post 1", "Post 2"]
    assert len(server.log) == 2


def test_54_json_feed_next_url_and_a_broken_page(world: World, server: Hostile) -> None:
    head = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "One"}]}
    server.says("/feed", json.dumps(head | {"next_url": "/older"}).encode())
    server.says("/older", b"<html></html>")
    found, _ = fill(world, world.watch(kind=FeedKind.JSON))
    assert [one.item.title for one in found.new] == ["One"]
    assert "no JSON Feed" in found.ended
    server.says("/feed", json.dumps(head | {"next_url": "/feed"}).encode())
    assert fill(world, make_feed(1, url=server.url(), kind=FeedKind.JSON))[0].pages == 1
    world.limits = replace(world.limits, total_seconds=0.2)
    server.says("/feed", Reply(wait=2))
    assert fill(world, make_feed(1, url=server.url()))[0].ended.startswith("stopped:")


# --- 55 ---------------------------------------------------------------------------------------
def state(**changes: Any) -> FeedState:
    usual: dict[str, Any] = {
        "feed_id": "f",
        "polls": 100,
        "unchanged_polls": 80,
        "last_success_at": NOW,
        "last_new_at": NOW,
        "median_gap": timedelta(hours=2),
        "p95_gap": timedelta(hours=10),
    }
    return FeedState(**usual | changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, Standing.FRESH, id="fresh"),
        pytest.param({"last_new_at": NOW - timedelta(hours=21)}, Standing.QUIET, id="quiet"),
        pytest.param({"last_new_at": NOW - 7.1 * DAY}, Standing.STALE, id="a week of silence"),
        pytest.param(
            {"last_new_at": NOW - 20 * DAY, "median_gap": 4 * DAY, "p95_gap": 15 * DAY},
            Standing.FRESH,
            id="a monthly is not stale so soon",
        ),
        pytest.param(
            {"last_new_at": NOW - 25 * DAY, "median_gap": 4 * DAY}, Standing.STALE, id="six gaps"
        ),
        pytest.param({"empty_polls": 3}, Standing.STALE, id="three empty answers"),
        pytest.param({"last_new_at": None, "empty_polls": 1}, Standing.FRESH, id="never any"),
        pytest.param({"error_class": "timeout", "consecutive_errors": 1}, Standing.FRESH, id="1"),
        pytest.param(
            {"error_class": "timeout", "consecutive_errors": 3}, Standing.FAILING, id="failing"
        ),
        pytest.param(
            {"error_class": "dns", "consecutive_errors": 1, "last_success_at": None},
            Standing.FAILING,
            id="never worked",
        ),
        pytest.param(
            {"error_class": "challenge", "consecutive_errors": 1}, Standing.BLOCKED, id="blocked"
        ),
        pytest.param({"error_class": "gone", "gone_count": 2}, Standing.GONE, id="gone"),
        pytest.param({"polls": 0}, Standing.NEW, id="new"),
    ],
)
def test_55_standing_of_a_feed(changes: dict[str, Any], expected: Standing) -> None:
    assert health.standing(make_feed(1), state(**changes), NOW) == expected


def test_55_paused_and_unpolled_feeds() -> None:
    assert health.standing(make_feed(1, paused=True), state(), NOW) == Standing.PAUSED
    assert health.standing(make_feed(1), None, NOW) == Standing.NEW
    assert health.items_a_week(30) == 7
    assert health.items_a_week(30, timedelta(days=15)) == 14
    assert health.items_a_week(30, timedelta(hours=1)) == 30
    assert health.silence(state(last_new_at=NOW + DAY), NOW) == timedelta()


def test_55_a_feed_that_answers_without_items_becomes_stale(world: World, server: Hostile) -> None:
    server.says("/feed", rss())
    feed = world.watch()
    standings = []
    for _ in range(3):
        outcome = world.only()
        standings.append(health.standing(feed, outcome.state, world.now))
    assert standings == [Standing.FRESH, Standing.FRESH, Standing.STALE]


def test_55_what_a_poll_teaches_about_a_feed(world: World, server: Hostile) -> None:
    items = [rss_item(n, pubDate=f"Wed, 03 Dec 2025 {n:02}:00:00 GMT") for n in (1, 3, 5, 11)]
    full = Reply(body=rss(*items), headers=[("ETag", '"1"')])
    server.says("/feed", full, Reply(status=304), Reply(status=500))
    feed = world.watch()
    first, second, third = world.only(), world.only(), world.only()
    assert first.bytes == len(full.body)
    row = world.state(feed)
    assert (row.polls, row.unchanged_polls, row.mean_bytes) == (3, 1, len(full.body))
    assert (row.median_gap, row.p95_gap) == (7200, 6 * 3600)
    assert row.last_success_at == second.finished_at
    assert (row.error_class, row.error_since) == ("server_error", third.finished_at)


REASONS = list(health._EXPLAINED)


@pytest.mark.parametrize("reason", REASONS)
def test_55_every_error_class_is_explained_in_plain_words(reason: str) -> None:
    found = health.explain(reason)
    assert found.label != reason or reason == "not_found"
    assert found.meaning.endswith((".", ")."))
    assert found.advice


def test_55_an_unknown_error_class_is_shown_as_it_is() -> None:
    assert health.explain("novel").label == "novel"
    assert health.explain("novel", is_watched=False).meaning == "The look failed."


def test_55_missing_refused_and_broken_sites_are_told_apart() -> None:
    missing, refused, broken = map(health.explain, ("not_found", "forbidden", "server_error"))
    assert "(404)" in missing.meaning
    assert "present address" in missing.advice
    assert "refuses us (403)" in refused.meaning
    assert "puzzle" in refused.meaning
    assert "let feed readers in" in refused.advice
    assert "trouble of its own" in broken.meaning
    assert "tried again" in broken.advice


@pytest.mark.parametrize("reason", REASONS)
def test_55_who_only_looked_is_not_told_that_it_is_polled_again(reason: str) -> None:
    told = health.explain(reason, is_watched=False)
    assert told.advice
    assert not re.search("tried again|asked once|of this feed|remove the feed", told.advice)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ECONNREFUSED, "Connect call failed ('127.0.0.1', 1)"), "refused"),
        (OSError("Multiple exceptions: [Errno 113] Connect call failed, [Errno 113] x"), "reached"),
        (OSError("something inside"), "does not take our call"),
    ],
)
def test_55_no_connection_is_told_without_the_insides_of_a_library(
    error: OSError, said: str
) -> None:
    reason, message = explain_error(error)
    assert reason == "connect"
    assert said in message
    assert "call failed" not in message
    assert "inside" not in message


def test_55_a_refused_connection_names_the_server(world: World) -> None:
    assert look(world, "http://127.0.0.1:1/").message == "127.0.0.1:1 refused the connection"


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        (403, [("cf-mitigated", "challenge"), ("Content-Type", "text/html")], "challenge"),
        (202, [], "challenge"),
        (204, [], "empty"),
        (401, [], "unauthorized"),
        (403, [], "forbidden"),
        (404, [], "not_found"),
        (418, [], "http_error"),
        (500, [], "server_error"),
        (521, [], "server_error"),
    ],
)
def test_55_refusals_have_stable_classes(
    world: World, server: Hostile, status: int, headers: list[tuple[str, str]], reason: str
) -> None:
    server.says("/feed", Reply(status=status, headers=headers))
    world.watch()
    outcome = world.only()
    assert outcome.error is not None
    assert outcome.error.reason == reason
    assert outcome.as_json()["error"]["class"] == reason


# --- 56 ---------------------------------------------------------------------------------------
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


def test_links_that_cannot_be_made_absolute_are_none() -> None:
    assert safe_link("/x") == ""
    assert safe_link("") == ""
    assert safe_link("/x", "", "https://a.example/y") == "https://a.example/x"
