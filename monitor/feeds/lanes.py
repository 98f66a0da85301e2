"""Who may send a request now: few at a time, politely spaced per site, slow ones aside."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from monitor.feeds.addresses import registrable_domain


def site(url: str) -> str:
    """What spacing counts as one site: the registrable domain, else host and port."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return registrable_domain(host) or f"{host}:{parts.port}"


class _Gate:
    """The turns of one site."""

    def __init__(self, connections: int) -> None:
        self.places = asyncio.Semaphore(connections)
        self.next_start = 0.0
        self.users = 0


class Lanes:
    """Hands out turns to send requests.

    Args:
        workers: Requests under way at once, apart from slow ones.
        slow_workers: Further requests that have been under way for `slow_after` seconds; they
            give their place back, so that servers that drip delay nobody.
        host_connections: Requests under way at once per site.
        host_interval: Seconds between the starts of two requests to one site.
    """

    def __init__(
        self,
        *,
        workers: int = 32,
        slow_workers: int = 8,
        slow_after: float = 2.0,
        host_connections: int = 2,
        host_interval: float = 1.0,
    ) -> None:
        self._places = asyncio.Semaphore(workers)
        self._slow_left = slow_workers
        self._slow_after = slow_after
        self._host_connections = host_connections
        self._host_interval = host_interval
        self._gates: dict[str, _Gate] = {}

    @contextlib.asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait until a request to `url` may start; leaving ends it."""
        name = site(url)
        gate = self._gates.setdefault(name, _Gate(self._host_connections))
        gate.users += 1
        try:
            async with gate.places:
                await self._start(gate)
                async with self._place():
                    yield
        finally:
            gate.users -= 1
            if not gate.users and gate.next_start <= asyncio.get_running_loop().time():
                self._gates.pop(name, None)

    async def _start(self, gate: _Gate) -> None:
        """Return holding a place, at least the interval after the site's last start."""
        loop = asyncio.get_running_loop()
        while True:
            await self._places.acquire()
            wait = gate.next_start - loop.time()
            if wait <= 0:
                gate.next_start = loop.time() + self._host_interval
                return
            self._places.release()
            await asyncio.sleep(wait)

    @contextlib.asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """Hold a place; after a while move to the slow lane, if that has room."""
        moved = False
        loop = asyncio.get_running_loop()

        def move_aside() -> None:
            nonlocal moved
            if self._slow_left:
                self._slow_left -= 1
                moved = True
                self._places.release()
            else:
                timers.append(loop.call_later(self._slow_after, move_aside))

        timers = [loop.call_later(self._slow_after, move_aside)]
        try:
            yield
        finally:
            timers[-1].cancel()
            if moved:
                self._slow_left += 1
            else:
                self._places.release()
