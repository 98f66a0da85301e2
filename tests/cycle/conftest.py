from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from monitor.config import Config, load
from monitor.cycle.intake import Intake
from monitor.cycle.start import open_intake, open_store
from tests.factories import NOW


@dataclass
class Site:
    """A web site on loopback: path to answer; counts what is asked."""

    address: str = ""
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)  # path: content type, body
    asked: list[str] = field(default_factory=list)

    def rss(self, path: str, *titles: str, title: str = "Loopback News") -> str:
        """Serve a feed with these items; gives its URL."""
        items = "".join(
            f"<item><title>{one}</title><guid>{one}</guid>"
            f"<link>{self.address}/{n}</link><pubDate>Wed, 03 Dec 2025 10:00:00 GMT</pubDate></item>"
            for n, one in enumerate(titles)
        )
        body = f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'
        self.pages[path] = ("application/rss+xml", body)
        return self.address + path


@pytest.fixture
def site() -> Iterator[Site]:
    """A small web site, gone after the test."""
    one = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            one.asked.append(self.path)
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
    yield one
    server.shutdown()
    server.server_close()


@pytest.fixture
def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Config]:
    """Write a config.toml that may reach loopback, with these feeds."""
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)

    def made(*urls: str) -> Config:
        path = tmp_path / "config.toml"
        path.write_text(
            '[polling]\nallow_private_hosts = ["127.0.0.1"]\nhost_interval = "0.01s"\n'
            '[storage]\nurl = "sqlite:///m.db"\n'
            + "".join(f'[[feeds]]\nurl = "{url}"\n' for url in urls)
        )
        return load(path)

    return made


@pytest.fixture
def open_at(configure: Callable[..., Config]) -> Iterator[Callable[..., tuple[Config, Intake]]]:
    """Open an installation that watches these feeds; closed after the test."""
    stores = []

    def opened(*urls: str) -> tuple[Config, Intake]:
        settings = configure(*urls)
        store = open_store(settings, now=NOW)
        stores.append(store)
        return settings, open_intake(settings, store, now=NOW)

    yield opened
    for store in stores:
        store.close()
