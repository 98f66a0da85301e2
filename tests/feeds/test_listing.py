"""Sites without a feed, WordPress posts, news sitemaps, and what article pages say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.feeds.articles import read_article
from monitor.feeds.entries import Document, Entry, Unreadable
from monitor.feeds.jsonfeed import read_json
from monitor.feeds.listing import canonical_url, read_listing
from monitor.feeds.model import FeedKind
from monitor.feeds.sitemap import read_sitemap
from monitor.feeds.wordpress import posts_url, read_posts
from tests.feeds.conftest import World
from tests.feeds.hostile import Hostile, Reply

RULES = {"link_pattern": "/post/[a-z0-9_-]+/[a-z0-9-]+"}


def front(*paths: str) -> bytes:
    links = "".join(f'<a href="{path}">Read {path[-6:]} now</a>' for path in paths)
    return f"<html lang='en'><body>{links}<a href='/about'>About us</a></body></html>".encode()


def article(n: int | str, **changes: str) -> bytes:
    values = {
        "title": f"Headline {n}",
        "date": "2025-12-02T08:30:00-04:00",
        "lead": f"The lead of article {n}.",
    } | changes
    return (
        f"<html lang='en'><head><title>{values['title']} | Paper</title>"
        f"<meta property='article:published_time' content='{values['date']}'>"
        f"<meta name='description' content='{values['lead']}'></head>"
        f"<body><h1>{values['title']}</h1><article><p>Body of the text.</p></article></body></html>"
    ).encode()


def watch(world: World, server: Hostile, *names: str, **changes: Any) -> Any:
    server.says("/", front(*(f"/post/local/{name}" for name in names)))
    for name in names:
        server.says(f"/post/local/{name}", article(name))
    return world.watch("/", kind=FeedKind.LISTING, **({"selectors": RULES} | changes))


def test_new_articles_are_fetched_and_become_items(world: World, server: Hostile) -> None:
    watch(world, server, "one", "two")
    outcome = world.only()
    assert (outcome.status, outcome.items) == ("ok", 2)
    row = next(row for row in world.rows() if row.title == "Headline one")
    assert row.url == server.url("/post/local/one")
    assert row.summary == "The lead of article one."
    assert row.published_at == datetime(2025, 12, 2, 12, 30, tzinfo=UTC)
    assert row.language == "en"
    assert server.asked("/about") == []


def test_known_articles_are_not_fetched_again_nor_revised(world: World, server: Hostile) -> None:
    watch(world, server, "one", "two")
    world.only()
    server.says("/", front("/post/local/one", "/post/local/two", "/post/local/three"))
    server.says("/post/local/three", article("three"))
    outcome = world.only()
    assert [one.item.title for one in outcome.new] == ["Headline three"]
    assert outcome.revisions == ()
    assert len(server.asked("/post/local/one")) == 1
    assert world.only().status == "unchanged"


def test_a_poll_fetches_few_articles_and_the_next_goes_on(world: World, server: Hostile) -> None:
    world.politeness = replace(world.politeness, listing_articles=2)
    names = ["one", "two", "three", "four", "five"]
    watch(world, server, *names)
    assert [len(world.only().new) for _ in range(4)] == [2, 2, 1, 0]
    assert len(world.rows()) == 5


def test_the_same_article_under_other_hosts_counts_once() -> None:
    rules = RULES | {"canonical_host": "www.paper.com"}
    body = front(
        "https://test.paper.com/post/local/one",
        "https://www.paper.com/post/local/one",
        "https://paper.com/post/local/one/",
        "https://elsewhere.com/post/local/one",
    )
    found = read_listing(body, base_url="https://paper.com/", selectors=rules)
    assert isinstance(found, Document)
    assert [entry.url for entry in found.entries] == ["https://www.paper.com/post/local/one"]


def test_links_are_found_by_css_or_by_reading_like_headlines() -> None:
    body = (
        b"<div class='top'><a href='/a'><img></a><a href='/a'>First</a></div><a href='/b'>2nd</a>"
        b"<a href='/2025/ship-seen-off-coast'>Ship seen off the coast today</a>"
        b"<a href='javascript:x'>Not a link at all really</a><a href='mailto:x@y.example'>Mail</a>"
    )
    base = "https://paper.com/"
    chosen = read_listing(body, base_url=base, selectors={"link": ".top a"})
    guessed = read_listing(body, base_url=base)
    assert isinstance(chosen, Document)
    assert [(one.url, one.title) for one in chosen.entries] == [("https://paper.com/a", "First")]
    assert isinstance(guessed, Document)
    assert [one.title for one in guessed.entries] == ["Ship seen off the coast today"]


@pytest.mark.parametrize("rules", [{"link_pattern": "("}, {"link": "a[["}])
def test_selectors_that_cannot_be_used_are_named(rules: dict[str, str]) -> None:
    found = read_listing(b"<a href='/x'>x</a>", base_url="https://a.com/", selectors=rules)
    assert isinstance(found, Unreadable)
    assert found.reason == "bad_selector"


@pytest.mark.parametrize(
    ("url", "host", "expected"),
    [
        ("https://test.a.com/x?y#z", "www.a.com", "https://www.a.com/x?y"),
        ("https://b.com/x", "www.a.com", "https://b.com/x"),
        ("http://127.0.0.1/x", "127.0.0.1", "http://127.0.0.1/x"),
        ("https://a.com/x", "", "https://a.com/x"),
    ],
)
def test_canonical_url(url: str, host: str, expected: str) -> None:
    assert canonical_url(url, host) == expected


def test_robots_may_forbid_the_listing(world: World, server: Hostile) -> None:
    watch(world, server, "one")
    server.says("/robots.txt", b"User-agent: curacao-monitor\nDisallow: /\n")
    outcome = world.only()
    assert outcome.error is not None
    assert outcome.error.reason == "robots"
    assert server.asked("/") == []


def test_robots_may_forbid_articles_whose_items_then_have_the_links_text(
    world: World, server: Hostile
) -> None:
    watch(world, server, "one", "two")
    server.says("/robots.txt", b"User-agent: *\nDisallow: /post/local/two\nCrawl-delay: 0.01\n")
    world.only()
    assert server.asked("/post/local/two") == []
    assert world.titles() == ["Headline one", "Read al/two now"]
    assert len(server.asked("/robots.txt")) == 1


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        pytest.param(Reply(status=404), True, id="none"),
        pytest.param(Reply(status=500), False, id="out of order"),
        pytest.param(Reply(status=429), False, id="told to wait"),
        pytest.param(Reply(body=b"<html>not robots</html>"), True, id="a page"),
        pytest.param(
            Reply(body=b"User-agent: *\nDisallow: /*" + b"*x" * 100 + b"\n"), True, id="wildcards"
        ),
    ],
)
def test_robots_that_cannot_be_read(
    world: World, server: Hostile, robots: Reply, allowed: bool
) -> None:
    watch(world, server, "one")
    server.says("/robots.txt", robots)
    assert (world.only().status == "ok") == allowed


@pytest.mark.parametrize(
    ("reply", "titles"),
    [
        pytest.param(Reply(status=404), ["Headline one", "Read al/two now"], id="gone for good"),
        pytest.param(Reply(status=500), ["Headline one"], id="for the moment"),
        pytest.param(Reply(body=b"x", length=99), ["Headline one"], id="broken off"),
        pytest.param(Reply(body=b"<p>no title</p>"), ["Headline one", "Read al/two now"], id="odd"),
        pytest.param(
            Reply(status=302, headers=[("Location", "ftp://x.example/")]),
            ["Headline one", "Read al/two now"],
            id="sent nowhere",
        ),
    ],
)
def test_articles_that_cannot_be_read(
    world: World, server: Hostile, reply: Reply, titles: list[str]
) -> None:
    watch(world, server, "one", "two")
    server.says("/post/local/two", reply)
    world.only()
    assert world.titles() == titles
    server.says("/post/local/two", article("two"))
    world.only()
    assert len(world.rows()) == 2


def test_an_empty_listing_is_no_error_but_no_news_either(world: World, server: Hostile) -> None:
    server.says("/", front())
    world.watch("/", kind=FeedKind.LISTING, selectors=RULES)
    outcome = world.only()
    assert (outcome.status, outcome.items, outcome.state.empty_polls) == ("ok", 0, 1)


# --- article pages ----------------------------------------------------------------------------
def read(html: str, **changes: Any) -> Entry:
    found = read_article(html.encode(), base_url="https://paper.com/x", **changes)
    assert isinstance(found, Entry)
    return found


@pytest.mark.parametrize(
    "head",
    [
        "<meta property='article:published_time' content='2025-12-02T10:00:00Z'>",
        "<meta itemprop='datePublished' content='2025-12-02T10:00:00Z'>",
        '<script type="application/ld+json">{"datePublished": "2025-12-02T10:00:00Z"}</script>',
        "</head><body><article><time datetime='2025-12-02T10:00:00Z'>then</time></article>",
        "</head><body><time datetime='2025-12-02T10:00:00Z'>then</time>",
    ],
)
def test_the_date_of_an_article_is_found_where_pages_state_it(head: str) -> None:
    found = read(
        f"<html><head><title>A headline</title>{head}<h1>A headline</h1><p>Text</p></html>"
    )
    assert found.published_at == datetime(2025, 12, 2, 10, tzinfo=UTC)


def test_a_date_that_is_only_written_for_people_is_found_too() -> None:
    html = (
        "<html lang='nl'><head><title>Kop</title></head><body><h1>Schepen bij Venezuela</h1>"
        "<div class='date'>December 2, 2025</div><article><p>Eerste zin van het bericht, die lang "
        "genoeg is om gevonden te worden.</p></article></body></html>"
    )
    found = read(html)
    assert found.published_at == datetime(2025, 12, 2, tzinfo=UTC)
    assert found.title == "Schepen bij Venezuela"
    assert found.summary.startswith("Eerste zin")
    assert found.language == "nl"


def test_selectors_win_over_what_is_found_otherwise() -> None:
    html = (
        "<html><head><meta property='og:title' content='Wrong - Paper'></head><body>"
        "<h2 class='t'>Right</h2><span class='d'>5 di novèmber 2025</span><p class='l'>Lead.</p>"
        "</body></html>"
    )
    rules = {"title": ".t", "date": ".d", "lead": ".l", "link": "a"}
    found = read(html, selectors=rules, language="pap")
    assert (found.title, found.summary, found.language) == ("Right", "Lead.", "pap")
    assert found.published_at == datetime(2025, 11, 5, tzinfo=UTC)
    assert read(html, selectors={"title": ".none"}).title == "Wrong"


def test_pages_that_cannot_be_read_say_why() -> None:
    bad = read_article(b"<title>x</title>", selectors={"title": "a[["})
    none = read_article(b"<p>nothing</p>")
    assert isinstance(bad, Unreadable)
    assert isinstance(none, Unreadable)
    assert (bad.reason, none.reason) == ("bad_selector", "not_a_feed")


# --- WordPress --------------------------------------------------------------------------------
def test_wordpress_posts(world: World, server: Hostile) -> None:
    posts = [
        {
            "id": 7,
            "guid": {"rendered": "https://paper.example/?p=7"},
            "link": "https://paper.example/seven",
            "date_gmt": "2025-12-02T10:00:00",
            "title": {"rendered": "Seven &#8211; up"},
            "excerpt": {"rendered": "<p>Short &hellip;</p>"},
        },
        {"id": 8, "link": "/eight", "title": "Eight", "content": {"rendered": "<p>Long</p>"}},
        {"no": "id"},
        3,
    ]
    server.says("/wp-json/wp/v2/posts", json.dumps(posts).encode())
    world.watch("/", kind=FeedKind.WORDPRESS)
    assert world.only().status == "ok"
    seven, eight = sorted(world.rows(), key=lambda row: row.title, reverse=True)
    assert (seven.title, seven.summary) == ("Seven – up", "Short …")
    assert seven.published_at == datetime(2025, 12, 2, 10, tzinfo=UTC)
    assert (eight.guid, eight.summary) == ("8", "Long")
    assert "_fields=id,date" in server.log[0].path


@pytest.mark.parametrize("body", [b'{"code": "rest_no_route"}', b'[{"a": 1}]', b"<html>", b""])
def test_what_is_no_list_of_posts(body: bytes) -> None:
    assert isinstance(read_posts(body), Unreadable)


def test_the_address_of_posts_keeps_what_the_operator_gave() -> None:
    given = "https://a.com/wp-json/wp/v2/posts?categories=5&per_page=10"
    assert posts_url(given, page=3).startswith(given + "&_fields=")
    assert posts_url(given, page=3).endswith("&page=3")
    assert posts_url("https://a.com/pap/").startswith("https://a.com/pap/wp-json/wp/v2/posts?")


# --- sitemaps and JSON ------------------------------------------------------------------------
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://paper.example/1</loc><news:news><news:publication><news:name>Paper</news:name>
<news:language>nl</news:language></news:publication>
<news:publication_date>2025-12-02T10:00:00+01:00</news:publication_date>
<news:title>Eerste &amp; enige</news:title></news:news></url>
<url><loc>https://paper.example/about</loc></url>
"""


@pytest.mark.parametrize("tail", ["</urlset>", ""], ids=["whole", "cut off"])
def test_news_sitemap(world: World, server: Hostile, tail: str) -> None:
    server.says("/feed", (SITEMAP + tail).encode())
    world.watch(kind=FeedKind.SITEMAP)
    assert world.only().status == "ok"
    (row,) = world.rows()
    assert (row.title, row.language, row.publisher) == ("Eerste & enige", "nl", "Paper")
    assert row.published_at == datetime(2025, 12, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"", b"<html><body/></html>", b"nothing"])
def test_what_is_no_sitemap(body: bytes) -> None:
    assert isinstance(read_sitemap(body), Unreadable)


def test_json_that_is_not_utf_8_or_no_json_at_all() -> None:
    head = '{"version": "https://jsonfeed.org/version/1", "items": [{"id": true}, {"id": 1.5}]'
    latin = (head + ', "title": "Curaçao"}').encode("cp1252")
    found = read_json(latin)
    assert isinstance(found, Document)
    assert found.title == "Curaçao"
    assert [entry.guid for entry in found.entries] == ["1.5"]
    assert isinstance(read_json(b"{"), Unreadable)
    assert isinstance(read_json(b" "), Unreadable)
    assert isinstance(read_json(b'{"version": "https://jsonfeed.org/version/1"}'), Document)
