"""Who may send a request now: few at a time, politely spaced per site, slow ones aside."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from functools import lru_cache
from urllib.parse import urlsplit

from monitor.feeds.addresses import registrable_domain


@lru_cache(maxsize=4096)
def site(url: str) -> str:
    """What spacing counts as one site: the registrable domain, else host and port."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return registrable_domain(host) or f"{host}:{parts.port}"


class _Places:
    """A number of places; taking a free one costs less than asking a semaphore for it."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting = 0
        self._given = asyncio.Semaphore(0)  # places handed on to those who wait, in order

    def take(self) -> bool:
        """Take a place; False: none is free, or others wait already."""
        if not self._free or self._waiting:
            return False
        self._free -= 1
        return True

    async def wait(self) -> None:
        """Return holding a place."""
        self._waiting += 1
        try:
            await self._given.acquire()
        finally:
            self._waiting -= 1

    def release(self) -> None:
        """Give a place back."""
        if self._waiting:
            self._given.release()
        else:
            self._free += 1


class _Gate:
    """The turns of one site."""

    def __init__(self, connections: int) -> None:
        self.places = _Places(connections)
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
        self._places = _Places(workers)
        self._slow_left = slow_workers
        self._slow_after = slow_after
        self._host_connections = host_connections
        self._host_interval = host_interval
        self._gates: dict[str, _Gate] = {}
        self._running: dict[Turn, None] = {}  # oldest first
        self._sweeper: asyncio.TimerHandle | None = None

    def turn(self, url: str) -> Turn:
        """Waits until a request to `url` may start; use as `async with`, leaving ends it."""
        name = site(url)
        gate = self._gates.get(name)
        if gate is None:
            gate = self._gates[name] = _Gate(self._host_connections)
        gate.users += 1
        return Turn(self, name, gate)

    async def enter(self, turn: Turn) -> None:
        """Return holding a place, at least the interval after the site's last start."""
        gate, loop = turn.gate, asyncio.get_running_loop()
        try:
            if not gate.places.take():
                await gate.places.wait()
            turn.has_gate = True
            while True:
                if not self._places.take():
                    await self._places.wait()
                turn.start = loop.time()
                wait = gate.next_start - turn.start
                if wait <= 0:
                    break
                self._places.release()
                await asyncio.sleep(wait)
        except BaseException:
            self._leave_gate(turn)
            raise
        gate.next_start = turn.start + self._host_interval
        self._running[turn] = None
        if self._sweeper is None:
            self._sweeper = loop.call_later(self._slow_after, self._sweep)

    def leave(self, turn: Turn) -> None:
        """Give the place back."""
        del self._running[turn]
        if turn.is_aside:
            self._slow_left += 1
        else:
            self._places.release()
        self._leave_gate(turn)

    def _leave_gate(self, turn: Turn) -> None:
        gate = turn.gate
        if turn.has_gate:
            gate.places.release()
        gate.users -= 1
        if not gate.users and gate.next_start <= asyncio.get_running_loop().time():
            self._gates.pop(turn.name, None)

    def _sweep(self) -> None:
        """Move requests that take long into the slow lane, as far as it has room."""
        loop = asyncio.get_running_loop()
        old = loop.time() - self._slow_after
        for turn in self._running:
            if turn.start > old or not self._slow_left:
                break
            if not turn.is_aside:
                turn.is_aside = True
                self._slow_left -= 1
                self._places.release()
        again = self._slow_after / 4
        self._sweeper = loop.call_later(again, self._sweep) if self._running else None


class Turn:
    """One request's permission to be under way."""

    __slots__ = ("_lanes", "gate", "has_gate", "is_aside", "name", "start")

    def __init__(self, lanes: Lanes, name: str, gate: _Gate) -> None:
        self._lanes = lanes
        self.name = name
        self.gate = gate
        self.has_gate = False
        self.is_aside = False  # in the slow lane
        self.start = 0.0

    def __aenter__(self) -> Awaitable[None]:
        return self._lanes.enter(self)

    async def __aexit__(self, *_error: object) -> None:
        self._lanes.leave(self)
