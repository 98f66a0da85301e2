"""A scripted server on loopback: does exactly what a test tells it, and logs every request."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from time import monotonic

Header = tuple[str | bytes, str | bytes]


@dataclass(frozen=True)
class Request:
    path: str
    host: str
    headers: dict[str, bytes]  # names in lower case
    at: float
    connection: int


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: Sequence[Header] = ()
    length: int | None = None  # what Content-Length claims; None: the truth
    wait: float = 0.0  # before the first byte
    drip: float = 0.0  # between bytes of the body
    endless: bytes = b""  # repeated until the other side gives up
    close: bool = False


Script = Callable[[Request], Reply]


@dataclass
class Hostile:
    routes: dict[str, Script] = field(default_factory=dict)
    log: list[Request] = field(default_factory=list)
    sent: int = 0  # bytes of endless bodies
    port: int = 0
    connections: int = 0
    open_now: int = 0
    most_open: int = 0

    def url(self, path: str = "/feed", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def says(self, path: str, *replies: Reply | bytes) -> None:
        """Answer with these in turn; the last one stays."""
        queue = [Reply(body=one) if isinstance(one, bytes) else one for one in replies]

        def script(_request: Request) -> Reply:
            return queue.pop(0) if len(queue) > 1 else queue[0]

        self.routes[path] = script

    def asked(self, path: str = "/feed") -> list[Request]:
        return [one for one in self.log if one.path == path]

    # --- the machinery -------------------------------------------------------------------------
    def start(self) -> None:
        ready = threading.Event()

        def main() -> None:
            asyncio.run(self._main(ready))

        self._thread = threading.Thread(target=main, daemon=True)
        self._thread.start()
        ready.wait(5)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(5)

    async def _main(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1000)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._end.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        number = self.connections
        try:
            while await self._turn(reader, writer, number):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.open_now -= 1
            writer.close()

    async def _turn(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head[:-4].split(b"\r\n")
        pairs = [line.split(b": ", 1) for line in lines]
        headers = {name.decode().lower(): value for name, value in pairs}
        path = first.split(b" ")[1].decode()
        host = headers["host"].decode().partition(":")[0]
        request = Request(path, host, headers, monotonic(), number)
        self.log.append(request)
        script = self.routes.get(path) or self.routes.get(path.partition("?")[0])
        reply = script(request) if script else Reply(status=404, body=b"not here")
        return await self._answer(writer, reply)

    async def _answer(self, writer: asyncio.StreamWriter, reply: Reply) -> bool:
        await asyncio.sleep(reply.wait)
        body = b"" if reply.status == 304 else reply.body
        length = len(body) if reply.length is None else reply.length
        head = [f"HTTP/1.1 {reply.status} X".encode()]
        if not reply.endless and reply.status != 304:
            head.append(f"Content-Length: {length}".encode())
        head += [_bytes(name) + b": " + _bytes(value) for name, value in reply.headers]
        if reply.close or reply.endless:
            head.append(b"Connection: close")
        writer.write(b"\r\n".join(head) + b"\r\n\r\n")
        if reply.drip:
            for n in range(len(body)):
                writer.write(body[n : n + 1])
                await writer.drain()
                await asyncio.sleep(reply.drip)
        else:
            writer.write(body)
        while reply.endless:
            writer.write(reply.endless)
            self.sent += len(reply.endless)
            await writer.drain()
        await writer.drain()
        return not reply.close and length == len(body)


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


# --- documents --------------------------------------------------------------------------------
def rss_item(n: int | str, **changes: str | None) -> str:
    values: dict[str, str | None] = {
        "guid": f"guid-{n}",
        "link": f"https://paper.example/{n}",
        "title": f"Title {n}",
        "description": f"Text {n}",
        "pubDate": "Wed, 05 Nov 2025 10:20:30 GMT",
    } | changes
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if value)
    return f"<item>{inside}</item>"


def rss(
    *items: str, head: str = "", prolog: str = '<?xml version="1.0" encoding="utf-8"?>'
) -> bytes:
    return (
        f'{prolog}<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>Paper</title><link>https://paper.example/</link>{head}"
        f"{''.join(items)}</channel></rss>"
    ).encode()


def feed_of(*numbers: int | str) -> bytes:
    return rss(*(rss_item(n) for n in numbers))


def http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)
