"""What a poll starts from (Claim) and what it leads to (Outcome): plain values, no I/O.

What every poll makes is a tuple, here and in answers.py: a frozen dataclass takes four times as
long to make, and most polls do little else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from monitor.errors import FeedError
from monitor.feeds.model import Feed, FeedState
from monitor.items import Item

FAULT = "program_fault"
"""Error class of a feed over which this program stumbled."""


class Status(StrEnum):
    """How a poll ended."""

    OK = "ok"
    UNCHANGED = "unchanged"
    ERROR = "error"
    SKIPPED = "skipped"  # no request was made: the site asked all its feeds to wait


class Claim(NamedTuple):
    """A feed that this poller alone may request now."""

    feed: Feed
    state: FeedState
    owner: str
    lease_until: datetime
    has_items: bool = True  # False: the store holds none of it, so nothing need be looked up
    host_failures: int = 0  # refusals in a row of its registrable domain


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """An item met for the first time, with the names its feed may call it by."""

    item: Item
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """New text of a known item; the store keeps the old one."""

    item_id: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostDelay:
    """All feeds of a registrable domain wait; `failures` of 0 means that it is over."""

    host: str
    not_before: datetime
    failures: int


class Outcome(NamedTuple):
    """Everything that one poll changes; it is stored in one transaction or not at all."""

    feed: Feed
    owner: str
    before: FeedState  # as the claim brought it; what has not changed is not written again
    state: FeedState
    status: Status
    started_at: datetime
    finished_at: datetime
    http_status: int | None = None
    new: tuple[NewItem, ...] = ()
    revisions: tuple[Revision, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()  # item id, its present link
    keys: tuple[tuple[str, str], ...] = ()  # further names of known items: key, item id
    items: int = 0  # entries in the document
    bytes: int = 0
    host: HostDelay | None = None
    adopted_url: str | None = None  # the feed has moved there for good
    adopted_because: str = ""

    @property
    def error(self) -> FeedError | None:
        """What went wrong; None: nothing."""
        if self.status != Status.ERROR or self.state.error_class is None:
            return None
        return FeedError(self.feed.id, self.state.error_class, self.state.error_message or "")

    def as_json(self) -> dict[str, Any]:
        """The contract of `poll --once --json`."""
        error = self.error
        due = self.state.next_poll_at
        return {
            "feed": self.feed.id,
            "url": self.feed.url,
            "kind": self.feed.kind.value,
            "status": self.status.value,
            "http_status": self.http_status,
            "new": len(self.new),
            "revised": len(self.revisions),
            "items": self.items,
            "error": error and {"class": error.reason, "message": str(error)},
            "next_poll_at": due and due.isoformat(),
        }


def fault_words(error: Exception) -> str:
    """What is said of a fault of this program; the log has all of it."""
    return f"this program stumbled: {type(error).__name__}: {ascii(str(error))[1:-1]}"[:500]


def stumbled(outcome: Outcome, error: Exception) -> Outcome:
    """The same poll as a failure that brought nothing: what it brought cannot be stored.

    Without validators the next poll brings all of it again.
    """
    before = outcome.state
    state = replace(
        before,
        etag=None,
        last_modified=None,
        validator_url=None,
        body_sha256=None,
        error_class=FAULT,
        error_message=fault_words(error),
        error_since=before.error_since or outcome.finished_at,
        consecutive_errors=before.consecutive_errors + 1,
    )
    return replace(
        outcome, state=state, status=Status.ERROR, new=(), revisions=(), moved=(), keys=(), items=0
    )
