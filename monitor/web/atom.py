"""`/flagged.atom`: the flagged stories as a feed (RFC 4287), for any feed reader."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from monitor.assess.words import SEVERITIES
from monitor.errors import StorageError
from monitor.items import stamp
from monitor.snapshots import wording
from monitor.snapshots.document import clean, safe_url, shorten
from monitor.snapshots.markup import Markup, element
from monitor.web.sources import Access, FlaggedStory, Sources

STORIES = 50
_START = datetime(1970, 1, 1, tzinfo=UTC)
_LOG = logging.getLogger(__name__)


def routes(
    sources: Sources, access: Access, *, title: str, public_url: str | None, base: str = ""
) -> list[Route]:
    """The feed's address."""

    def endpoint(request: Request) -> Response:
        if access.required and not access.signed_in(request):
            return PlainTextResponse("Sign in to the dashboard in this browser first.\n", 401)
        try:
            stories = sources.flagged(limit=STORIES)
        except StorageError as error:
            _LOG.warning("the Atom feed could not be read: %s", error)
            return PlainTextResponse("The store does not answer; try again soon.\n", 503)
        root = public_url or f"{request.url.scheme}://{request.url.netloc}{base}"
        body = atom(stories, title=title, root=root.rstrip("/")).encode()
        return _conditional(request, body)

    return [Route(f"{base}/flagged.atom", endpoint)]


def _conditional(request: Request, body: bytes) -> Response:
    headers = {
        "ETag": f'"{sha256(body).hexdigest()[:24]}"',
        "Cache-Control": "private, max-age=60",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/atom+xml", headers=headers)


def atom(stories: Sequence[FlaggedStory], *, title: str, root: str) -> str:
    """The feed as XML.

    Args:
        stories: Newest first.
        title: Of the site.
        root: Public address of the dashboard, without a slash at its end.
    """
    newest = max((story.last_seen_at for story in stories), default=_START)
    feed = element(
        "feed",
        element("id", f"{root}/flagged.atom"),
        element("title", f"{clean(title)}: flagged stories"),
        element("subtitle", "Stories that the monitor flagged, with the reasons."),
        element("updated", stamp(newest)),
        element("link", rel="self", type="application/atom+xml", href=f"{root}/flagged.atom"),
        element("link", rel="alternate", type="text/html", href=f"{root}/"),
        element("author", element("name", clean(title))),
        *(_entry(story, root) for story in stories),
        xmlns="http://www.w3.org/2005/Atom",
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n{feed}\n'


def _entry(story: FlaggedStory, root: str) -> Markup:
    address = safe_url(story.url) or f"{root}/stories?story={story.id}"
    return element(
        "entry",
        element("id", f"urn:curacao-monitor:story:{clean(story.id)}"),
        element("title", clean(story.title)),
        element("link", rel="alternate", href=address),
        element("published", stamp(story.first_seen_at)),
        element("updated", stamp(story.last_seen_at)),
        *(element("author", element("name", clean(name))) for name in story.publishers[:4]),
        *(element("category", term=clean(name)) for name in story.indicators),
        element("summary", _summary(story), type="text"),
    )


def _summary(story: FlaggedStory) -> str:
    grade = f"Severity {story.severity}, {SEVERITIES[story.severity]}"
    direction = wording.direction(story.direction)
    reasons = " ".join(clean(reason) for reason in story.reasons)
    parts = [f"{grade}, {direction}.", reasons, shorten(story.excerpt)]
    return " ".join(part for part in parts if part)
