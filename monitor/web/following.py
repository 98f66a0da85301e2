"""Routes that follow config.toml: made anew for what has been opened since the last request.

Sign-in that an operator turns on holds for the very next request, as it does for the pages.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from monitor.errors import MonitorError

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")


class Following(Generic[_T]):
    """Routes over what is open now.

    Args:
        opened: Gives it; another object when it has changed.
        make: Gives the routes over it: always of the same paths, in the same order.
    """

    def __init__(self, opened: Callable[[], _T], make: Callable[[_T], Sequence[Route]]) -> None:
        self._opened = opened
        self._make = make
        self._lock = threading.Lock()
        self._made: tuple[object, Sequence[Route]] = (None, ())

    def now(self) -> Sequence[Route]:
        """The routes as things stand.

        Raises:
            MonitorError: Nothing can be opened now.
        """
        opened = self._opened()
        with self._lock:
            if self._made[0] is not opened:
                self._made = (opened, self._make(opened))
            return self._made[1]

    def routes(self) -> list[Route]:
        """The same paths for good, each answered as things stand when it is asked.

        Raises:
            MonitorError: Nothing can be opened now.
        """
        return [
            Route(one.path, _Turn(self.now, n), methods=one.methods)
            for n, one in enumerate(self.now())
        ]


class _Turn:
    """One path."""

    def __init__(self, now: Callable[[], Sequence[Route]], number: int) -> None:
        self._now = now
        self._number = number

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as things stand, or say that nothing can be answered."""
        try:
            routes = await run_in_threadpool(self._now)
        except MonitorError as error:
            _LOG.warning("%s", error)
            await _nothing(scope["path"], error)(scope, receive, send)
            return
        await routes[self._number].app(scope, receive, send)


def _nothing(path: str, error: MonitorError) -> Response:
    """Only whoever watches over the service is told why."""
    because = str(error) if path.endswith("/healthz") else "run `curacao-monitor doctor`"
    return Response(
        orjson.dumps({"status": "not ready", "because": [because]}) + b"\n",
        503,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
