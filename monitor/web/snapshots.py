"""`/s/<token>`: the shared link, as page, JSON, CSV and picture.

Only the snapshots table is read. A revoked, expired or unknown link says so and shows nothing.
"""

from __future__ import annotations

import contextlib
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.errors import MonitorError, StorageError
from monitor.snapshots import wording
from monitor.snapshots.canonical import export
from monitor.snapshots.coastline import Coastline
from monitor.snapshots.difference import Difference, difference
from monitor.snapshots.document import Document, SnapshotError
from monitor.snapshots.render_csv import csv_bytes
from monitor.snapshots.render_difference import comparison
from monitor.snapshots.render_html import Links, Newer, notice, page
from monitor.snapshots.render_png import png_bytes
from monitor.storage.snapshots import SnapshotHead, Snapshots, Status
from monitor.web.compress import accepted, compressed
from monitor.web.sources import Access

_TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "png": "image/png",
}
_FRESH = timedelta(seconds=30)  # the present is frozen at most so often
_PRESENTS = 16
_KEPT = 64  # rendered answers; about 5 MB
_PRIVATE = {
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Encoding",
}  # a link can be revoked
_NEVER = {"Cache-Control": "no-store"}

_LOG = logging.getLogger(__name__)

NewerThan = Callable[[SnapshotHead], Newer | None]
Present = Callable[[Document], Document]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """What the routes need.

    `newer` may say what has happened since a snapshot; it is asked only for pages, and a store
    that cannot answer leaves the page as it is. Where it gives no address, the banner leads to
    our own comparison, if there is one.

    `present` freezes the same view now, under what was chosen in the document it is given, without
    keeping it; None: no comparison with now.
    """

    snapshots: Snapshots
    coastline: Coastline
    fonts: Path
    access: Access
    newer: NewerThan
    now: Callable[[], datetime]
    timezone: str
    present: Present | None = None
    public_url: str | None = None  # None: the address that was asked
    base: str = ""


class _ClosedError(Exception):
    """A link that does not open; carries what to say."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass(frozen=True, slots=True)
class _Answer:
    """One form of one snapshot, as it goes out."""

    body: bytes
    etag: str


def routes(sharing: Sharing) -> list[Route]:
    """The four forms of a shared link; whatever else stands below `/s` opens nothing."""
    shared = _Shared(sharing)
    stem = f"{sharing.base}/s/{{token:str}}"
    return [
        Route(f"{stem}.json", shared.form("json")),
        Route(f"{stem}.csv", shared.form("csv")),
        Route(f"{stem}.png", shared.form("png")),
        Route(stem, shared.form("html")),
        Route(f"{stem}/now", shared.against_now),
        Route(f"{stem}/diff/{{other:str}}", shared.against_another),
        Route(f"{sharing.base}/s/{{rest:path}}", lambda _request: _unknown()),
    ]


class _Shared:
    """Answers for links; keeps the last rendered forms."""

    def __init__(self, sharing: Sharing) -> None:
        self._sharing = sharing
        self._kept: OrderedDict[tuple[str, ...], _Answer] = OrderedDict()
        self._presents: OrderedDict[str, tuple[datetime, Document]] = OrderedDict()

    def form(self, name: str) -> Callable[[Request], Response]:
        """The endpoint of one form; Starlette runs it in a thread."""

        def endpoint(request: Request) -> Response:
            return self._answer(request, name)

        return endpoint

    def against_now(self, request: Request) -> Response:
        """What has changed since; whoever may not read the API may not see the present either."""
        return _answered(lambda: self._against_now(request))

    def against_another(self, request: Request) -> Response:
        """What changed between two shared links; both must open."""
        return _answered(lambda: self._against_another(request))

    def _answer(self, request: Request, name: str) -> Response:
        return _answered(lambda: self._open(request, self._head(request, "token"), name))

    def _against_now(self, request: Request) -> Response:
        head = self._head(request, "token")
        access = self._sharing.access
        if self._sharing.present is None:
            raise _ClosedError(_unknown())
        if access.required and not access.signed_in(request):
            raise _ClosedError(self._sign_in(request))
        before = self._sharing.snapshots.content(head.id).document
        found = difference(before, self._present(before, self._sharing.present))
        return _compared(found, self._links(request, head).page)

    def _against_another(self, request: Request) -> Response:
        heads = [self._head(request, name) for name in ("token", "other")]
        one, other = (self._sharing.snapshots.content(head.id).document for head in heads)
        return _compared(difference(one, other), self._links(request, heads[0]).page)

    def _present(self, before: Document, freeze: Present) -> Document:
        """The present under the choice of a snapshot; the same choice is frozen once for all."""
        now = self._sharing.now()
        asked = repr((before["kind"], sorted(before.get("choice", before["view"]).items())))
        kept = self._presents.pop(asked, None)
        if kept is None or now - kept[0] > _FRESH:
            kept = (now, freeze(before))
        self._presents[asked] = kept
        while len(self._presents) > _PRESENTS:
            with contextlib.suppress(KeyError):  # another thread was faster
                self._presents.popitem(last=False)
        return kept[1]

    def _head(self, request: Request, name: str) -> SnapshotHead:
        """The snapshot of a link that opens.

        Raises:
            _ClosedError: It does not; what to say in its place.
        """
        head = self._sharing.snapshots.by_token(request.path_params[name])
        if head is None:
            raise _ClosedError(_unknown())
        closed = self._closed(request, head)
        if closed is not None:
            raise _ClosedError(closed)
        return head

    def _closed(self, request: Request, head: SnapshotHead) -> Response | None:
        """What to say in place of the snapshot; None: show it."""
        sharing = self._sharing
        status = head.status(sharing.now())
        if status is Status.REVOKED:
            return _says(410, "This link was revoked", "Whoever shared it has taken it back.")
        if status is Status.EXPIRED:
            when = wording.moment(head.expires_at.isoformat(), sharing.timezone)
            return _says(
                410, "This link has expired", f"It could be opened until {when}. Ask for a new one."
            )
        if head.audience == "signed_in" and not sharing.access.signed_in(request):
            return self._sign_in(request)
        return None

    def _sign_in(self, request: Request) -> Response:
        return _says(
            401,
            "Only for people who sign in",
            "This was shared with signed-in colleagues only. Sign in to the dashboard in this "
            "browser, then open the link again.",
            way_on=f"{self._root(request)}/",
        )

    def _open(self, request: Request, head: SnapshotHead, name: str) -> Response:
        links = self._links(request, head)
        newer = self._newer(head, links) if name == "html" else None
        key = (
            head.id,
            name,
            links.page,
            newer.sentence if newer else "",
            newer.url if newer else "",
        )
        way = (
            None if name == "png" else accepted(request.headers.get("accept-encoding", "").encode())
        )
        answer = self._rendered(key, way or "", lambda: self._made(head, name, links, newer))
        headers = {**_PRIVATE, "ETag": answer.etag, "Content-Type": _TYPES[name]}
        if way:
            headers["Content-Encoding"] = way
        if request.headers.get("if-none-match") == answer.etag:
            return Response(status_code=304, headers=headers)
        if name in ("json", "csv"):
            headers["Content-Disposition"] = f'attachment; filename="snapshot-{head.id}.{name}"'
        return Response(answer.body, headers=headers)

    def _rendered(self, key: tuple[str, ...], way: str, make: Callable[[], bytes]) -> _Answer:
        whole = (*key, way)
        kept = self._kept.pop(whole, None)
        if kept is None:
            body = make()
            etag = f'"{sha256(body).hexdigest()[:24]}{"-" + way if way else ""}"'
            kept = _Answer(compressed(body, way) if way else body, etag)
        self._kept[whole] = kept
        while len(self._kept) > _KEPT:
            with contextlib.suppress(KeyError):  # another thread was faster
                self._kept.popitem(last=False)
        return kept

    def _made(self, head: SnapshotHead, name: str, links: Links, newer: Newer | None) -> bytes:
        sharing = self._sharing
        sealed = sharing.snapshots.content(head.id)
        if name == "json":
            return export(sealed)
        if name == "csv":
            return csv_bytes(sealed.document)
        if name == "png":
            return png_bytes(sealed.document, sharing.fonts)
        return page(
            sealed, sharing.coastline, snapshot_id=head.id, links=links, newer=newer
        ).encode()

    def _newer(self, head: SnapshotHead, links: Links) -> Newer | None:
        newer = None
        with contextlib.suppress(MonitorError):  # the snapshot opens without the live tables
            newer = self._sharing.newer(head)
        if newer is None or newer.url or self._sharing.present is None:
            return newer
        return replace(newer, url=f"{links.page}/now")

    def _links(self, request: Request, head: SnapshotHead) -> Links:
        root = self._root(request)
        stem = f"{root}/s/{head.token}"
        return Links(
            page=stem,
            json=f"{stem}.json",
            csv=f"{stem}.csv",
            png=f"{stem}.png",
            live=f"{root}/snapshot?id={head.id}",
        )

    def _root(self, request: Request) -> str:
        sharing = self._sharing
        asked = f"{request.url.scheme}://{request.url.netloc}{sharing.base}"
        return (sharing.public_url or asked).rstrip("/")


def _answered(make: Callable[[], Response]) -> Response:
    try:
        return make()
    except _ClosedError as closed:
        return closed.response
    except StorageError as error:
        _LOG.warning("a snapshot could not be read: %s", error)
        return _says(503, "Not available now", "The store does not answer; try again soon.")
    except SnapshotError as error:
        return _says(410, "This snapshot cannot be shown", f"{error}.")


def _compared(found: Difference, back: str) -> Response:
    return Response(comparison(found, back=back), media_type="text/html", headers=_NEVER)


def _unknown() -> Response:
    return _says(
        404,
        "No snapshot here",
        "This link opens nothing. It may have been cut or mistyped; ask for it again.",
    )


def _says(status: int, title: str, sentence: str, *, way_on: str = "") -> Response:
    return Response(
        notice(title, sentence, way_on=way_on), status, media_type="text/html", headers=_NEVER
    )
