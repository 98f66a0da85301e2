"""What the web tests put together: a fake of everything that is read, and an application."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from monitor.errors import FeedError, StorageError
from monitor.snapshots.coastline import Coastline
from monitor.storage.snapshots import Snapshots
from monitor.web.app import Surroundings, routes_over, surround
from monitor.web.limits import Buckets
from monitor.web.snapshots import Sharing
from monitor.web.sources import Access, FlaggedStory, Measure, Page
from tests.snapshots.documents import CREATED

ROOT = Path(__file__).parents[2]
COASTLINE = Coastline.load(ROOT / "seeds" / "coastline.geojson")
FONTS = ROOT / "seeds" / "fonts"


def make_flagged(n: int = 1, **changes: Any) -> FlaggedStory:
    """Flagged story number `n`."""
    values: dict[str, Any] = {
        "id": f"story{n}",
        "title": f"Story {n}",
        "url": f"https://publisher.example/{n}",
        "publishers": ["Publisher"],
        "severity": 3,
        "direction": "escalatory",
        "indicators": ["Airspace"],
        "reasons": ["Airspace: “airspace closed”."],
        "excerpt": "What was written.",
        "language": "en",
        "first_seen_at": datetime(2025, 12, 2, 14, tzinfo=UTC),
        "last_seen_at": datetime(2025, 12, 2, 15, tzinfo=UTC),
    }
    return FlaggedStory(**values | changes)


@dataclass
class FakeSources:
    """Remembers what it was asked; answers what the test put in."""

    broken: bool = False
    trouble: Sequence[str] = ()
    stories_flagged: Sequence[FlaggedStory] = (make_flagged(),)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def _note(self, **asked: Any) -> None:
        if self.broken:
            raise StorageError("database sqlite:///secret/path.db: is locked")
        self.asked.append(asked)

    def status(self) -> Mapping[str, Any]:
        self._note()
        steps = (MappingProxyType({"number": 0}), MappingProxyType({"number": 1}))
        return MappingProxyType({"level": 2, "computed_at": CREATED, "steps": steps})

    def index(self, **asked: Any) -> list[dict[str, Any]]:
        self._note(**asked)
        return [{"day": "2025-12-02", "series": "risk", "index": 214.2}]

    def series(self) -> tuple[str, ...]:
        return ("risk", "airspace")

    def items(self, **asked: Any) -> Page:
        self._note(**asked)
        if asked["feed"] == "nobody":
            raise FeedError("", "unknown", "no feed 'nobody'")
        if asked["after"] == "nowhere":
            raise ValueError("'nowhere' is no place in the list")
        return Page(rows=[{"id": "a"}], next="cursor/1")

    def stories(self, **asked: Any) -> Page:
        self._note(**asked)
        return Page(rows=({"id": "s"},))

    def feeds(self) -> list[dict[str, Any]]:
        self._note()
        return [{"title": "Feed"}]

    def snapshots(self, **asked: Any) -> Page:
        self._note(**asked)
        return Page(rows=[])

    def flagged(self, **asked: Any) -> Sequence[FlaggedStory]:
        self._note(**asked)
        return self.stories_flagged

    def troubles(self) -> Sequence[str]:
        self._note()
        return self.trouble

    def measures(self) -> Sequence[Measure]:
        self._note()
        return [
            Measure(name="monitor_feeds", help="Feeds", value=3, labels={"state": "healthy"}),
            Measure(name="monitor_feeds", help="Feeds", value=1, labels={"state": "failing"}),
            Measure(name="monitor_level", help="Level", value=2),
        ]


def make_streamlit(folder: Path) -> Path:
    """A folder like Streamlit's own static files."""
    (folder / "static" / "js").mkdir(parents=True)
    (folder / "static" / "js" / "index.abc.js").write_text("console.log('hello');" * 500)
    (folder / "static" / "js" / "other.js").write_text("console.log('other');" * 500)
    (folder / "static" / "js" / "tiny.js").write_text("1")
    (folder / "static" / "js" / "PlotlyChart.xyz.js").write_text("console.log('chart');" * 500)
    (folder / "static" / "media").mkdir()
    (folder / "static" / "media" / "font.woff2").write_bytes(b"\0" * 2000)
    (folder / "index.html").write_text(
        "<html><script>\n  window.ready = false\n</script>"
        '<script type="module" src="./static/js/index.abc.js"></script></html>'
    )
    return folder


def make_surroundings(
    snapshots: Snapshots | None,
    folder: Path,
    *,
    sources: FakeSources | None = None,
    signed_in: Callable[[Request], bool] = lambda request: "signed" in request.cookies,
    **changes: Any,
) -> Surroundings:
    """Everything assembled around fakes."""
    required = changes.pop("required", False)
    sharing: dict[str, Any] = {
        "snapshots": snapshots,
        "coastline": COASTLINE,
        "fonts": FONTS,
        "access": Access(signed_in=signed_in, required=required),
        "newer": changes.pop("newer", lambda head: None),
        "now": changes.pop("now", lambda: CREATED),
        "timezone": "America/Curacao",
        "present": changes.pop("present", None),
        "public_url": changes.pop("public_url", None),
        "base": changes.pop("base", ""),
    }
    shared = Sharing(**sharing)
    return surround(
        routes_over(sources or FakeSources(), shared, site="Curaçao Security Monitor"),
        base=shared.base,
        streamlit_static=make_streamlit(folder) if not folder.exists() else folder,
        start_polling=changes.pop("start_polling", lambda: lambda: None),
        **changes,
    )


def make_client(snapshots: Snapshots | None, folder: Path, **changes: Any) -> TestClient:
    """A client of an application that stands in for Streamlit behind our surroundings."""

    async def page(request: Request) -> PlainTextResponse:
        return PlainTextResponse("the page itself")

    parts = make_surroundings(snapshots, folder / "streamlit", **changes)
    application = Starlette(
        routes=[*parts.routes, Route("/{rest:path}", page)],
        middleware=list(parts.middleware),
        lifespan=parts.lifespan,
    )
    return TestClient(application, base_url="http://testserver")


def few(burst: int, clock: Callable[[], float]) -> Buckets:
    """Buckets that run dry soon."""
    return Buckets(burst=burst, per_second=0.5, clock=clock)
