"""The application around the pages, for dashboard.py."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from starlette.routing import Route

from monitor.config import SEEDS
from monitor.cycle.installation import INSTALLATION, Installation, Opened
from monitor.errors import MonitorError
from monitor.snapshots.coastline import Coastline
from monitor.snapshots.document import Document
from monitor.snapshots.render_html import Newer
from monitor.storage.snapshots import SnapshotHead
from monitor.views import freeze
from monitor.web.app import Surroundings, base_path, routes_over, surround
from monitor.web.following import Following
from monitor.web.live import Live
from monitor.web.signin import ReadCookie, nobody, signed_in_by
from monitor.web.snapshots import Sharing
from monitor.web.sources import Access

LOG = logging.getLogger("monitor.web")
PRELOAD = ("pandas", "pyarrow", "plotly.graph_objects", "plotly.io")


def surroundings(
    streamlit_static: Path,
    *,
    read_cookie: ReadCookie,
    base_url: str = "",
    installation: Installation = INSTALLATION,
) -> Surroundings | None:
    """Routes, headers and polling; None when the installation cannot be opened.

    Then the pages say why, in one line, and the dashboard is to be started again once that is
    mended.

    Args:
        streamlit_static: Folder of Streamlit's own files.
        read_cookie: Checks the signature of Streamlit's sign-in.
        base_url: Streamlit's `server.baseUrlPath`.
    """
    base = base_path(base_url)
    try:
        coastline = Coastline.load(SEEDS / "coastline.geojson")
        following = Following(
            installation.opened,
            lambda opened: _routes(
                opened,
                coastline,
                read_cookie=read_cookie,
                base=base,
                poller_troubles=installation.troubles,
            ),
        )
        routes = following.routes()
    except MonitorError as error:
        LOG.error("%s", error)
        return None
    return surround(
        routes,
        base=base,
        streamlit_static=streamlit_static,
        start_polling=_polling(installation),
        preload=PRELOAD,
    )


def _routes(
    opened: Opened,
    coastline: Coastline,
    *,
    read_cookie: ReadCookie,
    base: str,
    poller_troubles: Callable[[], Sequence[str]],
) -> list[Route]:
    """The routes over what is open."""
    now = utc_now
    live = Live(opened.config, opened.intake, now, poller_troubles=poller_troubles)
    by_cookie = opened.config.access.mode == "oidc"
    access = Access(
        signed_in=signed_in_by(read_cookie) if by_cookie else nobody, required=by_cookie
    )
    sharing = Sharing(
        snapshots=opened.store.snapshots,
        coastline=coastline,
        fonts=SEEDS / "fonts",
        access=access,
        newer=lambda head: _newer(live, head),
        present=lambda before: _present(opened, before),
        now=now,
        timezone=opened.config.site.timezone,
        public_url=opened.config.site.public_url,
        base=base,
    )
    return routes_over(live, sharing, site=opened.config.site.title)


def _polling(installation: Installation) -> Callable[[], Callable[[], None]]:
    if os.environ.get("MONITOR_POLL", "on") == "off":
        return lambda: lambda: None
    return installation.poll_in_background


def _newer(live: Live, head: SnapshotHead) -> Newer | None:
    """What has come since a snapshot was frozen."""
    newest = live.status()["newest_evidence_at"]
    if newest is None or datetime.fromisoformat(newest) <= head.created_at:
        return None
    return Newer(sentence="Newer items have come in since this was frozen.", url="")


def _present(opened: Opened, before: Document) -> Document:
    """The same view as it would be frozen now, under what was chosen then."""
    return freeze.present(
        opened.store,
        opened.config,
        before,
        author="",
        now=utc_now(),
        assessor=opened.intake.assessor,
    )


def utc_now() -> datetime:
    """The clock of the routes."""
    return datetime.now(UTC)
