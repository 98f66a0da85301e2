"""`/api/v1/…`: what the pages show, as JSON. Read-only.

Lists answer `{"data": [...], "next": URL or null}`; a wrong parameter is 400 with the reason, a
store that does not answer is 503.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.assess.wordlists import LANGUAGES
from monitor.errors import FeedError, StorageError
from monitor.web.sources import Access, BusyError, Page, Sources

LIMIT = 50  # rows when nothing else is asked
MOST = 500  # rows at most
_EDGES = (date.min.year, date.max.year)  # there a day more, or an hour of a time zone, is no date
_LOG = logging.getLogger(__name__)


class _RefusedError(Exception):
    """The request cannot be answered as it stands; the text says why."""


@dataclass(frozen=True, slots=True)
class _Query:
    """Parameters of one request, each read once and checked."""

    given: Mapping[str, str]

    def only(self, *names: str) -> None:
        unknown = sorted(set(self.given) - set(names))
        if unknown:
            known = ", ".join(names) or "none"
            raise _RefusedError(f"unknown parameter {unknown[0]!r}; known here: {known}")

    def text(self, name: str) -> str | None:
        return self.given.get(name) or None

    def day(self, name: str) -> date | None:
        text = self.text(name)
        try:
            one = date.fromisoformat(text) if text else None
        except ValueError as error:
            raise _RefusedError(f"{name}={text!r} is no date like 2025-12-02") from error
        if one is not None and one.year in _EDGES:
            raise _RefusedError(f"{name}={text!r} lies outside of the calendar")
        return one

    def moment(self, name: str) -> datetime | None:
        text = self.text(name)
        try:
            one = datetime.fromisoformat(text) if text else None
        except ValueError as error:
            raise _RefusedError(f"{name}={text!r} is no time like 2025-12-02T12:00:00Z") from error
        if one is None:
            return None
        if one.year in _EDGES:
            raise _RefusedError(f"{name}={text!r} lies outside of the calendar")
        return one.replace(tzinfo=UTC) if one.tzinfo is None else one.astimezone(UTC)

    def limit(self) -> int:
        text = self.given.get("limit", str(LIMIT))
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST:
            raise _RefusedError(f"limit={text!r} is no number from 1 to {MOST}")
        return int(text)

    def one_of(self, name: str, known: Collection[str]) -> str | None:
        text = self.text(name)
        if text is not None and text not in known:
            raise _RefusedError(f"{name}={text!r} is not known; there are {', '.join(known)}")
        return text

    def yes(self, name: str) -> bool | None:
        text = (self.text(name) or "").lower()
        if not text:
            return None
        if text not in ("true", "false", "1", "0"):
            raise _RefusedError(f"{name}={text!r} is neither true nor false")
        return text in ("true", "1")


def routes(sources: Sources, access: Access, *, base: str = "") -> list[Route]:
    """The six addresses of the API, and one that says which there are."""
    answers: dict[str, Callable[[_Query], Any]] = {
        "status": lambda query: _status(sources, query),
        "index": lambda query: _index(sources, query),
        "items": lambda query: _items(sources, query),
        "stories": lambda query: _stories(sources, query),
        "feeds": lambda query: _feeds(sources, query),
        "snapshots": lambda query: _snapshots(sources, query),
    }
    made = [
        Route(f"{base}/api/v1/{name}", _endpoint(answer, access))
        for name, answer in answers.items()
    ]
    listing = {"data": [f"{base}/api/v1/{name}" for name in answers], "next": None}
    made.append(Route(f"{base}/api/v1", _endpoint(lambda _query: listing, access)))
    made.append(Route(f"{base}/api/v1/{{rest:path}}", _unknown(listing["data"])))
    return made


def _unknown(addresses: Any) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        known = ", ".join(addresses)
        return _json({"error": f"there is no {request.url.path!r}; there are {known}"}, 404)

    return endpoint


def _endpoint(answer: Callable[[_Query], Any], access: Access) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        if access.required and not access.signed_in(request):
            return _json({"error": "sign in to the dashboard in this browser first"}, 401)
        try:
            found = answer(_Query(dict(request.query_params)))
        except _RefusedError as refusal:
            return _json({"error": str(refusal)}, 400)
        except BusyError as busy:
            return _json({"error": str(busy)}, 503, {"Retry-After": "2"})
        except StorageError as error:
            _LOG.warning("the API could not read: %s", error)
            return _json({"error": "the store does not answer; try again soon"}, 503)
        return _json(_paged(found, request) if isinstance(found, Page) else found)

    return endpoint


def _status(sources: Sources, query: _Query) -> Any:
    query.only()
    return sources.status()


def _index(sources: Sources, query: _Query) -> Any:
    query.only("indicator", "since", "until", "as_of")
    since, until = query.day("since"), query.day("until")
    if since and until and since > until:
        raise _RefusedError(f"since {since} is after until {until}")
    rows = sources.index(
        indicator=query.one_of("indicator", sources.series()),
        since=since,
        until=until,
        as_of=query.moment("as_of"),
    )
    return {"data": rows, "next": None}


def _items(sources: Sources, query: _Query) -> Page:
    query.only("feed", "since", "flagged", "limit", "after")
    with _placed(query):
        return sources.items(
            feed=query.text("feed"),
            since=query.day("since"),
            flagged=query.yes("flagged"),
            limit=query.limit(),
            after=query.text("after"),
        )


def _stories(sources: Sources, query: _Query) -> Page:
    query.only("since", "language", "limit", "after")
    with _placed(query):
        return sources.stories(
            since=query.day("since"),
            language=query.one_of("language", LANGUAGES),
            limit=query.limit(),
            after=query.text("after"),
        )


def _feeds(sources: Sources, query: _Query) -> Any:
    query.only()
    return {"data": sources.feeds(), "next": None}


def _snapshots(sources: Sources, query: _Query) -> Page:
    query.only("limit", "after")
    with _placed(query):
        return sources.snapshots(limit=query.limit(), after=query.text("after"))


@contextmanager
def _placed(query: _Query) -> Iterator[None]:
    """A feed that nobody watches, and a place in a list that no list gave, are refused."""
    try:
        yield
    except FeedError as error:
        raise _RefusedError(f"feed={query.text('feed')!r}: {error}") from error
    except ValueError as error:
        if query.text("after") is None:
            raise
        raise _RefusedError(f"after={query.text('after')!r}: follow `next` of a list") from error


def _paged(page: Page, request: Request) -> dict[str, Any]:
    following = None
    if page.next is not None:
        following = str(request.url.include_query_params(after=page.next))
    return {"data": page.rows, "next": following}


def _json(value: Any, status: int = 200, more: Mapping[str, str] | None = None) -> Response:
    body = orjson.dumps(value, default=_plain, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z)
    headers = {"Cache-Control": "no-store", **(more or {})}
    return Response(body, status, media_type="application/json", headers=headers)


def _plain(value: Any) -> Any:
    """Mappings of other kinds than dict; nothing else is left to write."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
