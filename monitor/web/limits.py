"""A token bucket per client: some requests at once, then so many a second."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

BURST = 240  # requests at once; a page of snapshots with its pictures stays far below
PER_SECOND = 20.0
_CLIENTS = 10_000  # remembered at most; the longest quiet is forgotten first
_PATHS = ("/s/", "/api/", "/flagged.atom", "/metrics")


class Buckets:
    """How many requests each client has left; refills with time."""

    def __init__(
        self,
        *,
        burst: int = BURST,
        per_second: float = PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Use one request of a client.

        Returns:
            0 when it may go on, otherwise the seconds after which it may try again.
        """
        now = self._clock()
        left, since = self._left.pop(client, (float(self._burst), now))
        left = min(float(self._burst), left + (now - since) * self._per_second)
        wait = 0.0 if left >= 1 else (1 - left) / self._per_second
        self._left[client] = (left if wait else left - 1, now)
        if len(self._left) > _CLIENTS:
            self._left.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._left)


class RateLimit:
    """Answers 429 for our own routes when a client asks too often; pages are left alone."""

    def __init__(self, app: ASGIApp, *, buckets: Buckets, base: str = "") -> None:
        """Wrap the application.

        Args:
            app: What answers otherwise.
            buckets: Shared by all requests of the process.
            base: Path under which everything stands, "" or "/monitor".
        """
        self._app = app
        self._buckets = buckets
        self._base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] != "http" or not self._limited(scope["path"]):
            await self._app(scope, receive, send)
            return
        wait = self._buckets.take(client_of(scope))
        if not wait:
            await self._app(scope, receive, send)
            return
        seconds = math.ceil(wait)
        answer = PlainTextResponse(
            f"Too many requests from this address; try again in {seconds} s.\n",
            429,
            {"Retry-After": str(seconds), "Cache-Control": "no-store"},
        )
        await answer(scope, receive, send)

    def _limited(self, path: str) -> bool:
        return path.removeprefix(self._base).startswith(_PATHS)


def client_of(scope: Scope) -> str:
    """Who asks: the IPv4 address, or the /64 network of an IPv6 one."""
    host = (scope.get("client") or ("unknown", 0))[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return str(host)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)
