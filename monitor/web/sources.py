"""What the routes ask for: plain callables over the same view-models that the pages use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from starlette.requests import Request

from monitor.errors import MonitorError

Row = Mapping[str, Any]


class BusyError(MonitorError):
    """Something costly is being computed for another request; ask again soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows, and where the next ones start; None: these are the last."""

    rows: Sequence[Row]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlaggedStory:
    """A story as the Atom feed tells it."""

    id: str
    title: str
    url: str
    publishers: Sequence[str]
    severity: int
    direction: str
    indicators: Sequence[str]  # names, strongest first
    reasons: Sequence[str]  # sentences
    excerpt: str
    language: str
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One number for Prometheus."""

    name: str  # e.g. "monitor_feeds_failing"
    help: str
    value: float
    labels: Mapping[str, str] | None = None


class Sources(Protocol):
    """Everything that is read from the store for HTTP; each call is its own short read.

    Every method may raise StorageError; the routes answer 503 with its words.
    """

    def status(self) -> Row:
        """Level, index, coverage, computed_at, newest_evidence_at, feeds: plain values."""
        ...

    def index(
        self,
        *,
        indicator: str | None,
        since: date | None,
        until: date | None,
        as_of: datetime | None,
    ) -> Sequence[Row]:
        """Days of one series, or of all, as `index --json` prints them.

        Raises:
            BusyError: Another past moment is being computed; one at a time is.
        """
        ...

    def series(self) -> Sequence[str]:
        """Every series that `index` knows."""
        ...

    def items(
        self,
        *,
        feed: str | None,
        since: date | None,
        flagged: bool | None,
        limit: int,
        after: str | None,
    ) -> Page:
        """Items, newest first, as `items list --json` prints them.

        Args:
            flagged: Only those that are, only those that are not, or None: all.
        """
        ...

    def stories(
        self, *, since: date | None, language: str | None, limit: int, after: str | None
    ) -> Page:
        """Stories, newest first."""
        ...

    def feeds(self) -> Sequence[Row]:
        """The watch list with its health."""
        ...

    def snapshots(self, *, limit: int, after: str | None) -> Page:
        """Snapshots without their tokens, newest first."""
        ...

    def flagged(self, *, limit: int) -> Sequence[FlaggedStory]:
        """Flagged stories, newest first."""
        ...

    def troubles(self) -> Sequence[str]:
        """Why the service is not ready, in words; empty: it is."""
        ...

    def measures(self) -> Sequence[Measure]:
        """Numbers for Prometheus."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may read through routes; Streamlit's own sign-in does not reach them.

    `signed_in` says whether a request carries the sign-in of this installation.
    """

    signed_in: Callable[[Request], bool]
    required: bool = False  # True: API and Atom feed need a sign-in as well
