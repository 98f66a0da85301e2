"""What the articles of a site look like, guessed; a page looked at before it is watched."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from monitor.feeds.discovery import Checked
from monitor.feeds.documents import Parser
from monitor.feeds.fetch import Fetcher
from monitor.feeds.limits import ParseLimits
from monitor.feeds.listing import read_listing
from monitor.feeds.model import FeedKind
from monitor.feeds.pages import read_links
from monitor.feeds.sampling import check_listing
from tests.feeds.conftest import World
from tests.feeds.hostile import Hostile, Reply
from tests.feeds.test_listing import article, front

SITE = "https://www.paper.com/"
SLUGS = [f"{word}-seen-off-coast" for word in ("ship", "plane", "boat", "drone", "tanker")]


def linked(*paths: str, text: str = "read") -> bytes:
    links = "".join(f'<a href="{path}">{text}</a>' for path in paths)
    return f"<html><body>{links}<a href='/about'>About</a></body></html>".encode()


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        pytest.param(
            [f"/post/{part}/{slug}" for part, slug in zip(["a_b", "c"] * 3, SLUGS, strict=False)],
            "/post/[a-z0-9_-]+/[a-z0-9_-]+",
            id="section and slug below a fixed part",
        ),
        pytest.param(
            [f"/2025/1{n}/0{n}/{slug}/" for n, slug in enumerate(SLUGS[:3])],
            "/[0-9]+/[0-9]+/[0-9]+/[a-z0-9_-]+",
            id="a date is never fixed",
        ),
        pytest.param(
            [f"/2025/12/{slug}/" for slug in SLUGS],
            "/[0-9]+/[0-9]+/[a-z0-9_-]+",
            id="not even when all are of this month",
        ),
        pytest.param(
            [*(f"/{slug}" for slug in SLUGS), "/sport", "/contact-us"],
            "/[^/_-]+(?:[_-]+[^/_-]+){2,}",
            id="only slugs where sections stand beside them",
        ),
        pytest.param(
            [*(f"/News-1.0/{slug}.html" for slug in SLUGS), "/tag/a-very-long-tag", "/Old/x-y-z"],
            "/News-1\\.0/[a-z0-9_-]+",
            id="endings are left open, signs are taken as they are",
        ),
        pytest.param(
            [f"/{part}/{slug}" for part, slug in zip("ABCDE", SLUGS, strict=True)],
            "/[A-Za-z0-9_-]+/[a-z0-9_-]+",
            id="capitals",
        ),
        pytest.param(
            [f"/{part}/{slug}" for part, slug in zip("áéíóú", SLUGS, strict=True)],
            "/[^/]+/[a-z0-9_-]+",
            id="other letters",
        ),
        pytest.param([f"/p/{slug}" for slug in SLUGS[:2]], "", id="two are too few"),
        pytest.param(
            ["/a/one-two-three", "/b/one-two-three-4", "/a/x-y-z.pdf", "/tag/q-r-s", "/a/b/c"],
            "",
            id="no shape has three",
        ),
        pytest.param(
            [f"https://other.com/p/{slug}" for slug in SLUGS] + ["javascript:x", "/"],
            "",
            id="other hosts do not count",
        ),
        pytest.param([f"/p/{'x-' * 200}{n}" for n in range(4)], "", id="absurdly long"),
    ],
)
def test_the_commonest_shape_of_article_links_is_the_pattern(
    paths: list[str], expected: str
) -> None:
    assert read_links(linked(*paths), base_url=SITE).pattern == expected


def test_deep_paths_with_headlines_count_as_articles() -> None:
    paths = [f"/news/{n}" for n in (123456, 123457, 123458)]
    telling = linked(*paths, text="A headline of many words")
    assert read_links(telling, base_url=SITE).pattern == "/news/[0-9]+"
    assert read_links(linked(*paths), base_url=SITE).pattern == ""


def test_sections_beside_the_articles_are_not_taken_for_articles() -> None:
    paths = [*(f"/news/{slug}" for slug in SLUGS), "/news/sport", "/news/local"]
    body = linked(*paths)
    pattern = read_links(body, base_url=SITE).pattern
    found = read_listing(body, base_url=SITE, selectors={"link_pattern": pattern})
    assert {one.url for one in found.entries} == {f"{SITE}news/{slug}" for slug in SLUGS}


# --- a page before it is watched -------------------------------------------------------------
NAMES = ("one-is-first", "two-is-second", "three-is-third", "four-is-fourth", "five-is-fifth")


@pytest.fixture
def site(server: Hostile) -> Hostile:
    server.says("/", front(*(f"/post/local/{name}" for name in NAMES)))
    for name in NAMES:
        server.says(f"/post/local/{name}", article(name))
    return server


def look(world: World, url: str, pattern: str = "", **more: Any) -> Checked:
    async def go() -> Checked:
        async with Fetcher(world.politeness, world.limits) as fetcher:
            return await check_listing(
                url, pattern=pattern, fetcher=fetcher, parser=world.parser, **more
            )

    return asyncio.run(go())


def test_a_page_is_looked_at_with_three_of_its_articles(world: World, site: Hostile) -> None:
    found = look(world, site.url("/"))
    assert found.feed is not None
    assert found.pattern == "/post/local/[a-z0-9_-]+"
    assert found.feed.kind == FeedKind.LISTING
    assert dict(found.feed.selectors) == {"link_pattern": found.pattern}
    assert [one.title for one in found.feed.samples] == [f"Headline {n}" for n in NAMES[:3]]
    assert all(one.published_at and one.language == "en" for one in found.feed.samples)
    assert found.feed.document.count == 5
    assert [one.path for one in site.log][:2] == ["/robots.txt", "/"]
    assert len(site.log) == 5


def test_the_first_poll_of_a_page_takes_the_samples_and_the_next_one_the_rest(
    world: World, site: Hostile
) -> None:
    found = look(world, site.url("/")).feed
    assert found is not None
    world.watch("/", kind=FeedKind.LISTING, selectors=found.selectors)
    (claim,) = world.polling.claim_due(world.now, world.owner)
    world.polling.commit([found.outcome(claim, world.now, world.politeness, 0.5)])
    assert len(world.rows()) == 3
    assert len(world.only().new) == 2
    assert [len(site.asked(f"/post/local/{name}")) for name in NAMES] == [1] * 5


def test_a_page_that_was_just_fetched_is_not_fetched_again(world: World, site: Hostile) -> None:
    page = look(world, site.url("/")).page
    site.log.clear()
    assert look(world, site.url("/"), page=page).feed is not None
    assert site.asked("/") == []


def test_robots_forbids_pages_and_articles(world: World, site: Hostile) -> None:
    site.says("/robots.txt", b"User-agent: *\nDisallow: /post/\n")
    found = look(world, site.url("/")).feed
    assert found is not None
    assert [one.title for one in found.samples] == [f"Read {name[-6:]} now" for name in NAMES[:3]]
    assert not any("/post/" in one.path for one in site.log)
    site.says("/robots.txt", b"User-agent: *\nDisallow: /\n")
    site.log.clear()
    assert look(world, site.url("/")).reason == "robots"
    assert site.asked("/") == []


def test_robots_is_asked_again_where_a_page_leads_to(world: World, site: Hostile) -> None:
    site.says("/robots.txt", b"User-agent: *\nDisallow: /hidden\n")
    site.says("/moved", Reply(status=302, headers=[("Location", "/hidden")]))
    site.says("/hidden", front(*(f"/post/local/{name}" for name in NAMES)))
    assert look(world, site.url("/moved")).reason == "robots"


@pytest.mark.parametrize(
    ("path", "pattern", "reason"),
    [
        ("/", "/nothing/of/this", "no_links"),
        ("/", "(", "bad_selector"),
        ("/bare", "", "no_pattern"),
        ("/none", "", "not_found"),
        ("/broken", "", "server_error"),
    ],
)
def test_what_cannot_be_watched_says_why(
    world: World, site: Hostile, path: str, pattern: str, reason: str
) -> None:
    site.says("/bare", b"<html>Hello</html>")
    site.says("/broken", Reply(status=500))
    found = look(world, site.url(path), pattern)
    assert (found.feed, found.reason) == (None, reason)


def test_words_and_servers_that_do_not_answer_are_no_pages(world: World, server: Hostile) -> None:
    assert look(world, "garbage words").reason == "no_address"
    server.says("/slow", Reply(wait=2))
    world.limits = replace(world.limits, first_byte_seconds=0.2)
    assert look(world, server.url("/slow")).reason == "timeout"


def test_a_page_is_read_in_a_worker_of_its_own(world: World, site: Hostile) -> None:
    async def go() -> Checked:
        async with Fetcher(world.politeness) as fetcher, Parser(ParseLimits()) as parser:
            return await check_listing(site.url("/"), pattern="", fetcher=fetcher, parser=parser)

    assert asyncio.run(go()).pattern == "/post/local/[a-z0-9_-]+"
