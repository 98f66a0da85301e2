"""A loopback server with a thousand feeds that look like real ones, and ten that mean harm.

`python -m monitor.bench.feedserver FEEDS ITEMS` prints its port and serves until stdin closes.
"""

from __future__ import annotations

import asyncio
import gzip
import html
import json
import random
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import ClassVar

SIZE = 36 * 1024
HOSTILE = (
    "drip", "bomb", "endless", "loop", "redos",
    "ampersand", "truncated", "control", "warning", "unclosed",
)  # fmt: skip
_START = datetime(2025, 12, 3, 12, tzinfo=UTC)
_MODIFIED = format_datetime(_START, usegmt=True)
_NOUNS = [
    "government",
    "minister",
    "airport",
    "harbour",
    "refinery",
    "parliament",
    "court",
    "police",
    "navy",
    "coastguard",
    "island",
    "tourism",
    "budget",
    "hospital",
    "school",
    "storm",
    "flight",
    "airline",
    "sanctions",
    "oil",
    "tanker",
    "border",
    "election",
    "union",
    "strike",
    "water",
    "power",
    "company",
    "bank",
    "court",
    "tax",
    "report",
    "inquiry",
    "agreement",
    "regering",
    "vliegveld",
    "haven",
    "rechter",
    "politie",
    "kustwacht",
    "begroting",
    "eiland",
    "gobierno",
    "puerto",
    "aeropuerto",
    "petrolero",
]
_VERBS = [
    "announces",
    "rejects",
    "discusses",
    "postpones",
    "opens",
    "closes",
    "reports",
    "expects",
    "confirms",
    "denies",
    "reviews",
    "signs",
    "wins",
    "loses",
    "demands",
    "offers",
    "plans",
    "warns",
    "says",
    "asks",
    "seeks",
    "finds",
]
_JOINS = [
    "after",
    "before",
    "while",
    "because",
    "despite",
    "during",
    "against",
    "over",
    "under",
    "near",
    "about",
    "with",
    "for",
]


def _sentence(rng: random.Random, words: int) -> str:
    parts = [rng.choice(_NOUNS) if n % 3 else rng.choice(_VERBS) for n in range(words)]
    for n in range(4, words, 5):
        parts[n] = rng.choice(_JOINS)
    return " ".join(parts).capitalize()


def _content(rng: random.Random, size: int, link: str) -> str:
    """HTML as news software writes it."""
    figure = (
        f'<figure class="wp-block-image"><img src="{link}/photo.jpg" width="1024" height="683" '
        f'alt="{_sentence(rng, 5)}" srcset="{link}/photo-300x200.jpg 300w"/></figure>'
    )
    out = [figure]
    while sum(map(len, out)) < size:
        text = ". ".join(_sentence(rng, rng.randint(8, 16)) for _ in range(3))
        link_to = f'<a href="{link}?ref={rng.randint(1, 99)}">{_sentence(rng, 3)}</a>'
        out.append(f"<p>{text}, <strong>{_sentence(rng, 2)}</strong> &#8220;{link_to}&#8221;.</p>")
    return "\n".join(out)


@lru_cache(maxsize=20_000)
def document(number: int, items: int, version: int = 0) -> bytes:
    """One feed of about 36 KB; two thirds are RSS, one third Atom; `version` adds newer items."""
    rng = random.Random(number)  # noqa: S311 - the same feeds in every run
    entries = [_entry(number, n, items, rng) for n in range(items)]
    newer = random.Random(f"{number}-{version}")  # noqa: S311 - and the same changes
    entries = [_entry(number, items + n, items, newer) for n in range(version)][::-1] + entries
    build = _atom if number % 3 == 2 else _rss
    return build(number, entries[:items])


def _entry(number: int, n: int, items: int, rng: random.Random) -> dict[str, str]:
    link = (
        f"https://paper{number}.example/2025/12/{n}-{_sentence(rng, 5).lower().replace(' ', '-')}"
    )
    moment = _START - timedelta(hours=2 * (items - n) if n >= items else 2 * n)
    return {
        "link": link,
        "guid": f"https://paper{number}.example/?p={1000 + n}",
        "title": f"{_sentence(rng, 9)} {number}-{n}",
        "lead": f"<p>{_sentence(rng, 28)} [&#8230;]</p>",
        "content": _content(rng, max(SIZE // items - 1300, 200), link),
        "rss_date": format_datetime(moment, usegmt=True),
        "atom_date": moment.isoformat(),
    }


def _rss(number: int, entries: list[dict[str, str]]) -> bytes:
    items = "".join(
        f"\t<item>\n\t\t<title>{one['title']}</title>\n\t\t<link>{one['link']}</link>\n"
        f"\t\t<comments>{one['link']}#respond</comments>\n"
        f"\t\t<dc:creator><![CDATA[Staff {number % 7}]]></dc:creator>\n"
        f"\t\t<pubDate>{one['rss_date']}</pubDate>\n"
        "\t\t<category><![CDATA[News]]></category>\n\t\t<category><![CDATA[Local]]></category>\n"
        f'\t\t<guid isPermaLink="false">{one["guid"]}</guid>\n'
        f"\t\t<description><![CDATA[{one['lead']}]]></description>\n"
        f"\t\t<content:encoded><![CDATA[{one['content']}]]></content:encoded>\n"
        f"\t\t<wfw:commentRss>{one['link']}/feed/</wfw:commentRss>\n"
        "\t\t<slash:comments>0</slash:comments>\n\t</item>\n"
        for one in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"\n'
        '\txmlns:content="http://purl.org/rss/1.0/modules/content/"\n'
        '\txmlns:wfw="http://wellformedweb.org/CommentAPI/"\n'
        '\txmlns:dc="http://purl.org/dc/elements/1.1/"\n'
        '\txmlns:atom="http://www.w3.org/2005/Atom"\n'
        '\txmlns:sy="http://purl.org/rss/1.0/modules/syndication/"\n'
        '\txmlns:slash="http://purl.org/rss/1.0/modules/slash/">\n<channel>\n'
        f"\t<title>Paper {number}</title>\n\t<link>https://paper{number}.example</link>\n"
        f"\t<description>News {number}</description>\n\t<language>en-US</language>\n"
        "\t<sy:updatePeriod>hourly</sy:updatePeriod>\n"
        "\t<sy:updateFrequency>1</sy:updateFrequency>\n"
        f"\t<generator>https://wordpress.org/?v=6.8.3</generator>\n{items}</channel>\n</rss>\n"
    ).encode()


def _atom(number: int, entries: list[dict[str, str]]) -> bytes:
    items = "".join(
        f'<entry><title type="html">{one["title"]}</title>'
        f'<link href="{one["link"]}" rel="alternate" type="text/html"/>'
        f"<id>{one['guid']}</id><published>{one['atom_date']}</published>"
        f"<updated>{one['atom_date']}</updated><author><name>Staff</name></author>"
        f'<category term="news"/><summary type="html">{html.escape(one["lead"])}</summary>'
        f'<content type="html" xml:base="{one["link"]}">{html.escape(one["content"])}</content>'
        "</entry>\n"
        for one in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xml:lang="en"><title>Paper {number}</title><link href="https://paper{number}.example/"/>'
        f"<id>https://paper{number}.example/</id><updated>2025-12-03T12:00:00Z</updated>\n{items}"
        "</feed>\n"
    ).encode()


def _harm(name: str, items: int) -> bytes:
    body = document(0, items)
    if name == "ampersand":
        return body.replace(b"<title>", b"<title>Fish & chips&nbsp;")
    if name == "truncated":
        return body[: len(body) // 2]
    if name == "control":
        return body.replace(b"<title>", b"<title>\x07\x00")
    if name == "warning":
        return b"<br />\n<b>Warning</b>: x in /var/www on line 3<br />\n" + body
    if name == "unclosed":
        return body.replace(b"</item>", b"", 1)
    author = b"<author>" + b"a@" * 32_000 + b"</author>"
    return body.replace(b"<dc:creator>", author + b"<dc:creator>", 1)


class _Server(asyncio.Protocol):
    """Just enough HTTP to be faster than those it is asked by."""

    stats: ClassVar[dict[str, int]] = {
        "connections": 0,
        "open": 0,
        "most_open": 0,
        "requests": 0,
        "not_modified": 0,
    }
    items = 20
    version = 0
    bomb = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._data = b""
        self._writable = asyncio.Event()
        self._writable.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.stats["connections"] += 1
        self.stats["open"] += 1
        self.stats["most_open"] = max(self.stats["most_open"], self.stats["open"])

    def connection_lost(self, _error: Exception | None) -> None:
        self.stats["open"] -= 1
        for task in self._tasks:
            task.cancel()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        self._data += data
        while b"\r\n\r\n" in self._data:
            head, _, self._data = self._data.partition(b"\r\n\r\n")
            self._request(head)

    def _request(self, head: bytes) -> None:
        path = head.split(b" ", 2)[1].decode()
        self.stats["requests"] += 1
        if path.startswith("/f/"):
            self._feed(int(path[3:]), head)
        elif path == "/stats":
            self._send(b"200 OK", json.dumps(self.stats).encode())
        elif path.startswith("/reset"):
            kept = self.stats["open"]
            self.stats.update(connections=0, most_open=kept, requests=0, not_modified=0)
            _Server.version = int(path.partition("?")[2] or 0)
            self._send(b"200 OK", b"{}")
        else:
            self._hostile(path.strip("/").partition("-")[0])

    def _feed(self, number: int, head: bytes) -> None:
        version = self.version if number % 100 == 0 else 0
        tag = f'"{number}-{version}"'.encode()
        extra = b"ETag: " + tag + b"\r\nLast-Modified: " + _MODIFIED.encode()
        if b": " + tag in head:
            self.stats["not_modified"] += 1
            self._transport.write(b"HTTP/1.1 304 Not Modified\r\n" + extra + b"\r\n\r\n")
        else:
            self._send(b"200 OK", document(number, self.items, version), extra)

    def _send(self, status: bytes, body: bytes, extra: bytes = b"X-Nothing: 1") -> None:
        self._transport.write(
            b"HTTP/1.1 %b\r\nContent-Type: application/xml; charset=utf-8\r\n"
            b"Content-Length: %d\r\n%b\r\n\r\n%b" % (status, len(body), extra, body)
        )

    def _hostile(self, name: str) -> None:
        if name in ("drip", "endless"):
            task = asyncio.get_running_loop().create_task(self._slowly(name))
            self._tasks.add(task)
        elif name == "bomb":
            self._send(b"200 OK", self.bomb, b"Content-Encoding: gzip")
        elif name == "loop":
            self._send(b"302 Found", b"", b"Location: /loop")
        elif name in HOSTILE:
            self._send(b"200 OK", _harm(name, self.items))
        else:
            self._send(b"404 Not Found", b"")

    async def _slowly(self, name: str) -> None:
        self._transport.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            self._transport.write(b"<" if name == "drip" else b"<item>" * 20_000)
            await asyncio.sleep(0.5 if name == "drip" else 0)
            await self._writable.wait()


async def _main(feeds: int, items: int) -> None:
    _Server.items = items
    _Server.bomb = gzip.compress(b" " * (150 << 20), 6)
    for number in range(feeds):
        document(number, items)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Server, "127.0.0.1", 0, backlog=2000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2])))
