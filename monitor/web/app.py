"""Everything around the pages, put together for Streamlit's application object.

app = st.App("pages/navigation.py", **surround(...).as_arguments())
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import Route

from monitor.web import api, atom, health, snapshots
from monitor.web.compress import Compressed, CompressedFiles
from monitor.web.headers import SecurityHeaders, dashboard_policy, script_hashes
from monitor.web.limits import Buckets, RateLimit
from monitor.web.snapshots import Sharing
from monitor.web.sources import Sources

Stop = Callable[[], None]
Lifespan = Callable[[Any], contextlib.AbstractAsyncContextManager[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Routes, middleware and lifespan for `st.App`."""

    routes: Sequence[Route]
    middleware: Sequence[Middleware]
    lifespan: Lifespan

    def as_arguments(self) -> dict[str, Any]:
        """Keyword arguments of `st.App`."""
        return {
            "routes": self.routes,
            "middleware": self.middleware,
            "lifespan": self.lifespan,
        }


def routes_over(sources: Sources, sharing: Sharing, *, site: str) -> list[Route]:
    """Every route.

    Args:
        sources: What the API, the Atom feed and the metrics read.
        sharing: What the snapshot routes need; its `base` and `access` hold for all routes.
        site: Title of the installation.
    """
    base, access = sharing.base, sharing.access
    public_url = sharing.public_url
    return [
        *snapshots.routes(sharing),
        *api.routes(sources, access, base=base),
        *atom.routes(sources, access, title=site, public_url=public_url, base=base),
        *health.routes(sources, base=base),
    ]


def surround(
    routes: Sequence[Route],
    *,
    base: str,
    streamlit_static: Path,
    start_polling: Callable[[], Stop],
    preload: Sequence[str] = (),
    buckets: Buckets | None = None,
) -> Surroundings:
    """Put routes, headers, limits, compression and polling together.

    Args:
        routes: All below `base`.
        streamlit_static: Folder of Streamlit's own files, with its index.html.
        start_polling: Starts in the background and gives what stops it.
        preload: Modules to import before the first reader comes.
        buckets: Limits of the clients; None: the usual ones.

    Raises:
        ConfigError: Streamlit's own files cannot be read.
    """
    files = CompressedFiles(streamlit_static)
    policy = dashboard_policy(script_hashes(streamlit_static / "index.html"))
    return Surroundings(
        routes=routes,
        middleware=[
            Middleware(SecurityHeaders, policy=policy, base=base),
            Middleware(RateLimit, buckets=Buckets() if buckets is None else buckets, base=base),
            Middleware(Compressed, files=files, base=base),
        ],
        lifespan=lifespan(start_polling, preload=preload, files=files),
    )


def lifespan(
    start_polling: Callable[[], Stop],
    *,
    preload: Sequence[str],
    files: CompressedFiles,
) -> Lifespan:
    """What happens before the first request and after the last one.

    Streamlit collects garbage after every run; freezing what was imported makes that cheap.
    """

    @contextlib.asynccontextmanager
    async def living(_app: Any) -> AsyncIterator[dict[str, Any]]:
        await asyncio.to_thread(_prepare, preload)
        threading.Thread(target=files.warm, name="compress", daemon=True).start()
        stop = await asyncio.to_thread(start_polling)
        try:
            yield {}
        finally:
            await asyncio.to_thread(stop)

    return living


def _prepare(preload: Sequence[str]) -> None:
    for name in preload:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def base_path(configured: str) -> str:
    """Streamlit's `server.baseUrlPath` as a prefix: "" or "/monitor"."""
    tidy = configured.strip("/")
    return f"/{tidy}" if tidy else ""
