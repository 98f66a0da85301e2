"""Must 53 of the poller: from any address to the feeds of its site."""

from __future__ import annotations

import json

import pytest

from monitor.feeds import health
from monitor.feeds.discovery import is_meant_as_address, pasted
from tests.feeds.conftest import World, look
from tests.feeds.hostile import Hostile, Reply, feed_of


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
