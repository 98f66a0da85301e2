"""A small web site on loopback, for tests that poll or add feeds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """Path to answer; counts what is asked."""

    address: str = ""
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)  # path: content type, body
    asked: list[str] = field(default_factory=list)
    answers: threading.Event = field(default_factory=threading.Event)  # cleared: it keeps silent

    def rss(self, path: str, *titles: str, title: str = "Loopback News") -> str:
        """Serve a feed with these items; gives its URL."""
        items = "".join(
            f"<item><title>{one}</title><guid>{one}</guid>"
            f"<link>{self.address}/{n}</link>"
            "<pubDate>Wed, 03 Dec 2025 10:00:00 GMT</pubDate></item>"
            for n, one in enumerate(titles)
        )
        body = f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'
        self.pages[path] = ("application/rss+xml", body)
        return self.address + path

    def paper(self, *titles: str) -> str:
        """Serve a site without a feed: a page of article links; gives its URL."""
        links = ""
        for title in titles:
            path = "/post/local/" + title.lower().replace(",", "").replace(" ", "-")
            links += f'<a href="{path}">{title}</a>'
            article = (
                f"<html lang='en'><head><title>{title}</title>"
                "<meta property='article:published_time' content='2025-12-03T10:00:00Z'></head>"
                f"<body><h1>{title}</h1></body></html>"
            )
            self.pages[path] = ("text/html", article)
        body = f"<!DOCTYPE html><html lang='en'><head><title>Paper</title></head>{links}</html>"
        self.pages["/"] = ("text/html", body)
        return self.address + "/"


@contextmanager
def serving() -> Iterator[Site]:
    """A site that answers until the block ends."""
    one = Site()
    one.answers.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            one.asked.append(self.path)
            one.answers.wait(60)
            kind, body = one.pages.get(self.path, ("text/plain", ""))
            data = body.encode()
            self.send_response(200 if self.path in one.pages else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    one.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
