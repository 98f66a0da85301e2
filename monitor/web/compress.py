"""Streamlit's own JavaScript and CSS, compressed once and kept in memory.

Streamlit sends them as they are: 8.4 MB for one page. Only files found at the start are served
here, by their exact path; everything else goes on to Streamlit.
"""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Callable
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types
from starlette.types import ASGIApp, Receive, Scope, Send

_TYPES = {
    ".js": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".json": b"application/json",
    ".svg": b"image/svg+xml",
}
_SMALL = 1000  # bytes; below it compressing gains nothing
_CHARTS = "/static/js/PlotlyChart."  # 4.7 MB, the largest of all
_FOREVER = b"public, immutable, max-age=31536000"  # the names carry a hash of the content


def _br(data: bytes) -> bytes:
    return bytes(brotli.compress(data, quality=9))  # a sixth smaller than gzip 6


def _gz(data: bytes) -> bytes:
    return gzip.compress(data, 6, mtime=0)


_WAYS: dict[str, Callable[[bytes], bytes]] = {"br": _br, "gzip": _gz}  # best first


class CompressedFiles:
    """The files below one folder, each compressed when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._files = {
            f"/{path.relative_to(folder).as_posix()}": path
            for path in folder.glob("static/**/*")
            if path.suffix in _TYPES and path.stat().st_size >= _SMALL
        }
        self._first = _named_in(folder / "index.html")
        self._kept: dict[tuple[str, str], bytes] = {}

    def holds(self, path: str) -> bool:
        """Whether the path is one of the files."""
        return path in self._files

    def kind(self, path: str) -> bytes:
        """Content type of a file that is held."""
        return _TYPES[self._files[path].suffix]

    def body(self, path: str, way: str) -> bytes:
        """The file compressed by `br` or `gzip`; slow the first time."""
        kept = self._kept.get((path, way))
        if kept is None:
            kept = self._kept[path, way] = _WAYS[way](self._files[path].read_bytes())
        return kept

    def warm(self) -> int:
        """Compress what every page with a chart loads, before somebody waits for it.

        Returns:
            How many files were compressed.
        """
        first = [path for path in self._first if path in self._files]
        charts = [path for path in self._files if path.startswith(_CHARTS)]
        named = [*first, *charts]
        for path in named:
            self.body(path, "br")
        return len(named)


class Compressed:
    """Answers for the held files where the browser takes br or gzip; passes everything else on."""

    def __init__(self, app: ASGIApp, *, files: CompressedFiles, base: str = "") -> None:
        """Wrap the application.

        Args:
            app: What answers otherwise.
            files: Streamlit's own.
            base: Path under which everything stands, "" or "/monitor".
        """
        self._app = app
        self._files = files
        self._base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        path = scope.get("path", "").removeprefix(self._base)
        way = _way(scope) if self._files.holds(path) else None
        if way is None:
            await self._app(scope, receive, send)
            return
        body = await asyncio.to_thread(self._files.body, path, way)
        headers = [
            (b"content-type", self._files.kind(path)),
            (b"content-encoding", way.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"vary", b"Accept-Encoding"),
            (b"cache-control", _FOREVER),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        shown = b"" if scope["method"] == "HEAD" else body
        await send({"type": "http.response.body", "body": shown})


def _way(scope: Scope) -> str | None:
    """The encoding to use; None: not a plain request for a file, or none is accepted."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    headers = dict(scope["headers"])
    return None if b"range" in headers else accepted(headers.get(b"accept-encoding", b""))


def accepted(header: bytes) -> str | None:
    """The best encoding that an Accept-Encoding header takes; `q=0` refuses (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for part in header.decode("latin-1").lower().split(","):
        name, _, weight = part.partition(";")
        found = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", weight)
        weights[name.strip()] = float(found[1]) if found else 1.0
    rest = weights.get("*", 0.0)
    return next((way for way in _WAYS if weights.get(way, rest) > 0), None)


def compressed(data: bytes, way: str) -> bytes:
    """The bytes by `br` or `gzip`."""
    return _WAYS[way](data)


def _named_in(index: Path) -> list[str]:
    """Paths of the files that Streamlit's page loads first."""
    try:
        text = index.read_text(encoding="utf-8")
    except OSError:
        return []
    return [f"/{path}" for path in re.findall(r'(?:src|href)="\./(static/[^"]+)"', text)]
