"""What came back from a request: an Answer, or a Failure with a stable class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

_CLASSES = {
    202: "challenge",
    204: "empty",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    410: "gone",
    429: "rate_limited",
}


class Validators(NamedTuple):
    """What makes a request conditional, byte for byte as the server sent it.

    They belong to one address and are never sent to another one.
    """

    url: str
    etag: bytes | None = None
    last_modified: bytes | None = None


class Answer(NamedTuple):
    """A complete answer of any status."""

    url: str  # as asked
    final_url: str  # after redirects
    status: int
    headers: Mapping[str, str]  # names in any case; of repeated names the first
    etag: bytes | None = None
    last_modified: bytes | None = None
    links: tuple[str, ...] = ()  # values of the Link headers
    body: bytes = b""  # decoded; at most the limit
    wire_bytes: int = 0  # as transferred
    permanent: bool = False  # redirected, and every hop said 301 or 308
    conditional: bool = False  # the last request carried validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """No complete answer; `reason` is one of the classes that health.py explains."""

    url: str
    reason: str
    message: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    final_url: str = ""
    partial: bytes = b""  # decoded start of a truncated body
    wire_bytes: int = 0


class Stop(Exception):  # noqa: N818 - ends a request early; becomes a Failure, never leaves fetching
    """Why a request cannot go on."""

    def __init__(self, reason: str, message: str, partial: bytes = b"") -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.partial = partial


def refusal(answer: Answer) -> tuple[str, str]:
    """Class and message of an answer whose status is not 200."""
    status = answer.status
    if answer.headers.get("cf-mitigated") == "challenge" or status == 202:
        return "challenge", f"status {status}: the site wants a browser to solve a puzzle"
    name = _CLASSES.get(status, "server_error" if status >= 500 else "http_error")
    return name, f"the server answered with status {status}"
