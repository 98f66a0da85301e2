"""What reading gives back: frozen rows, so that no database row leaves this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from monitor.assess.model import Assessment, PlaceMention

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a long list, newest first; `after` asks for the next one."""

    rows: tuple[T, ...]
    after: str | None  # None: this was the last page


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFilter:
    """Which stories; every part left at its default lets all through."""

    flagged: bool = True
    since: datetime | None = None  # last seen at or after, UTC
    until: datetime | None = None  # last seen before, UTC
    indicators: tuple[str, ...] = ()  # any of these
    severity: int = 0  # at least
    direction: str = ""
    language: str = ""
    words: str = ""  # full text; several words: all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """One story with its totals."""

    id: str
    title: str
    first_seen_at: datetime
    last_seen_at: datetime
    items: int
    groups: int  # independent publisher groups
    severity: int
    direction: str
    flagged: bool
    relevance: float
    corroboration: float
    languages: tuple[str, ...]
    indicators: tuple[str, ...]  # strongest first
    event_date: str | None
    correction_of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One item with its feed, its present assessment and why it is in its story."""

    id: str
    feed_id: str
    feed_title: str
    reliability: str  # Admiralty A to F of the feed
    official: bool
    url: str
    title: str
    summary: str
    language: str | None
    publisher: str
    group: str
    published_at: datetime | None
    seen_at: datetime
    sort_at: datetime
    revised_at: datetime | None
    revisions: int
    story_id: str | None
    flagged: bool
    assessment: Assessment | None  # None: not assessed yet
    joined_because: str  # "" when it opened its story, or is in none


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedItem:
    """What the map shows of one flagged item."""

    story_id: str | None
    severity: int
    places: tuple[PlaceMention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRow:
    """A deadline with the item that gave it."""

    item_id: str
    due: str
    due_at: datetime
    phrase: str
    indicator: str
    story_id: str | None
    outcome: str | None  # None: open
    outcome_by: str | None
    outcome_at: datetime | None
    title: str
    url: str
    publisher: str
    seen_at: datetime
    severity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A watched feed with its health."""

    id: str
    url: str
    title: str
    kind: str
    language: str | None
    country: str | None
    group: str
    pool: str
    reliability: str
    official: bool
    interval_seconds: int | None
    selectors: dict[str, str]
    origin: str
    in_file: bool
    edited: tuple[str, ...]  # keys that a person changed on the page
    paused: bool
    removed_at: datetime | None
    removed_by: str | None
    added_at: datetime
    last_polled_at: datetime | None
    last_success_at: datetime | None
    last_new_at: datetime | None
    last_status: int | None
    error_class: str | None
    error_message: str | None
    error_since: datetime | None
    consecutive_errors: int
    next_poll_at: datetime | None
    p95_gap_seconds: float | None
    median_gap_seconds: float | None
    polls: int
    unchanged_polls: int
    redirect_url: str | None
    items_24h: int
    items_30d: int
    newest_seen_at: datetime | None  # of its items, by poll, import or back-fill; None: it has none


@dataclass(frozen=True, slots=True, kw_only=True)
class PollDay:
    """How polling one feed went on one day (UTC)."""

    feed_id: str
    day: str
    polls: int
    failed: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRow:
    """One attempt on one feed."""

    started_at: datetime
    finished_at: datetime
    status: str
    http_status: int | None
    new: int
    revised: int
    items: int
    bytes: int
    error_class: str | None
    error_message: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageRow:
    """One entry of the triage log, newest first."""

    n: int
    item_id: str
    title: str
    verdict: str
    indicators: tuple[str, ...] | None
    severity: int | None
    direction: str | None
    note: str
    by: str
    at: datetime
    standing: bool  # it is the last word on its item


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How much is stored, and how fresh it is."""

    items: int  # exact up to 1,000,000, then the row count that the database keeps
    items_24h: int
    flagged_items_24h: int
    flagged_stories_24h: int
    newest_seen_at: datetime | None  # None: no item at all
    oldest_seen_at: datetime | None
    last_poll_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """Who changed what, and when."""

    at: datetime
    by: str
    what: str
    subject: str
