"""Snapshots: what did I share, what does it show, and what has changed since?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

from monitor.snapshots import wording
from monitor.snapshots.canonical import Sealed
from monitor.snapshots.difference import Difference, difference
from monitor.snapshots.document import (
    Choice,
    Document,
    FrozenStory,
    Series,
    is_narrowed,
    level_of,
    shown_series,
    state_of,
    stories_at,
)
from monitor.snapshots.document import (
    Reason as FrozenReason,
)
from monitor.storage.snapshots import SnapshotHead, Status
from monitor.views.board import Cell, Standing
from monitor.views.cards import Piece, Reason, StoryCard, openable
from monitor.views.frames import MARKERS, SERIES, spot_words
from monitor.views.lens import DIRECTIONS, SEVERITIES, Lens, count, listed
from monitor.views.stories import TIMELINE

STATUS = {Status.OPEN: "opens", Status.EXPIRED: "expired", Status.REVOKED: "revoked"}
KINDS = {
    "situation": "Situation",
    "indicators": "Indicators",
    "stories": "Stories",
    "brief": "Brief",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One snapshot in the list; its link is a secret and is not in it."""

    id: str
    name: str
    note: str
    author: str
    created: str
    status: str
    is_open: bool
    until: str
    audience: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a snapshot shows."""

    title: str
    note: str
    about: str
    shown: str  # what was chosen on the page; "" in old snapshots
    lead: str  # the page's own first sentence; "" where it has none
    figures: tuple[str, ...]
    made_of: tuple[str, ...]  # the index as a sum
    focus: tuple[str, ...]  # about the one series that was shown in full
    sha256: str
    standing: Standing
    thresholds: tuple[float, ...]
    chart: pd.DataFrame
    compared: pd.DataFrame | None
    timeline: pd.DataFrame  # columns as in views.stories
    oldest: str  # day at which the timeline begins
    markers: pd.DataFrame
    cells: tuple[Cell, ...]
    board: tuple[str, ...]  # the same in words, where the page had a board
    headlines: tuple[str, ...]
    stories: tuple[StoryCard, ...]
    listed: str
    due: tuple[str, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two snapshots, or a snapshot and now, side by side."""

    sentences: tuple[str, ...]
    before: pd.DataFrame
    after: pd.DataFrame
    new: tuple[StoryCard, ...]
    gone: tuple[StoryCard, ...]


def lines(heads: Sequence[SnapshotHead], lens: Lens) -> tuple[Line, ...]:
    """Snapshots as the list shows them, in the order given."""
    return tuple(
        Line(
            id=head.id,
            name=f"{KINDS.get(head.kind, head.kind)} of {lens.exact(head.created_at)}",
            note=head.note,
            author=head.author,
            created=lens.ago(head.created_at),
            status=_status(head, lens),
            is_open=head.status(lens.now) is Status.OPEN,
            until=lens.exact(head.expires_at),
            audience="anyone with the link" if head.audience == "open" else "signed-in people",
            sha256=head.sha256,
        )
        for head in heads
    )


def _status(head: SnapshotHead, lens: Lens) -> str:
    status = head.status(lens.now)
    if status is Status.OPEN:
        return f"opens until {lens.when(head.expires_at)}"
    moment = head.revoked_at if status is Status.REVOKED else head.expires_at
    return f"{STATUS[status]} {lens.when(moment)}"


def opened(sealed: Sealed, lens: Lens) -> Opened:
    """A kept document as the page shows it; the store is not asked."""
    document = sealed.document
    level, number = document["level"], level_of(document["level"])
    focus = document.get("focus")
    created = datetime.fromisoformat(document["created_at"])
    return Opened(
        title=document["title"],
        note=document["note"],
        about=f"Frozen {lens.exact(created)} by {document['author'] or 'an unnamed person'}, "
        f"lexicon {document['lexicon_version']}, program {document['code_version']}",
        shown=document["view"].get("shown", ""),
        lead=document.get("lead", ""),
        figures=tuple(
            f"{one['label']}: {one['value']} ({one['note']})" for one in document.get("figures", ())
        ),
        made_of=tuple(f"{one['value']} {one['label']}" for one in document.get("made_of", ())),
        focus=_focus(document),
        sha256=sealed.sha256,
        standing=Standing(
            level=number,
            name=level["name"],
            sub="no level yet" if number is None else level.get("sub") or f"level {number} of 4",
            sentence=level["sentence"],
            index=level["index"],
            low=level["low80"],
            high=level["high80"],
            coverage=level["coverage"],
            state=level["state"],
            because=level["tripwire"] or "",
            steps=tuple((step["name"], step["above"]) for step in level["steps"]),
        ),
        thresholds=tuple(step["above"] for step in level["steps"][1:]),
        chart=_frame(shown_series(document)),
        compared=_frame(focus["compared"]) if focus and focus["compared"] else None,
        timeline=_timeline(document, lens),
        oldest=_oldest(document, lens),
        markers=_markers(document),
        cells=_cells(document),
        board=_board(document),
        headlines=tuple(document["headlines"]),
        stories=tuple(_card(story, lens) for story in document["stories"]),
        listed=document.get("listed") or count(len(document["stories"]), "story", "stories"),
        due=tuple(
            f"{lens.day(one['due'])}: {one['title']}. “{one['phrase']}”"
            for one in document["deadlines"]
        ),
        silent=tuple(f"{one['title']}: {one['because']}" for one in document["silent_feeds"]),
    )


def newer(document: Document, newest: datetime | None, lens: Lens) -> str:
    """Whether something was seen since it was frozen, in one sentence."""
    created = datetime.fromisoformat(document["created_at"])
    if newest is None or newest <= created:
        return "Frozen: it does not change. Nothing newer has been seen since."
    may = " Whether any belongs to this selection, the comparison tells."
    return (
        f"Frozen: it does not change. Newer data exists, last seen {lens.when(newest)}."
        f"{may if is_narrowed(document) else ''}"
    )


def expiries(usual: timedelta) -> dict[timedelta, str]:
    """How long a link may open, shortest first: what config.toml names, and the common lengths."""
    lengths = sorted({usual, *(timedelta(days=days) for days in (7, 30, 90, 365))})
    return {one: _length(one) for one in lengths}


def _length(one: timedelta) -> str:
    day, hour, minute = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
    if one == 365 * day:
        return "1 year"
    for size, word in ((day, "day"), (hour, "hour"), (minute, "minute")):
        if one >= size and not one % size:
            return count(one // size, word)
    return count(max(1, round(one / minute)), "minute")


def compare(one: Document, other: Document, lens: Lens) -> Compared:
    """What changed from the earlier to the later of two documents."""
    found: Difference = difference(one, other)
    return Compared(
        sentences=found.sentences,
        before=_frame(next(iter(found.before["series"]), None)),
        after=_frame(next(iter(found.after["series"]), None)),
        new=tuple(_card(story, lens) for story in found.new_stories),
        gone=tuple(_card(story, lens) for story in found.gone_stories),
    )


def _frame(series: Series | None) -> pd.DataFrame:
    if series is None:
        return pd.DataFrame(columns=SERIES)
    columns = {name: series[name] for name in SERIES if name != "day"}  # type: ignore[literal-required]  # of SERIES
    frame = pd.DataFrame({"day": [date.fromisoformat(day) for day in series["days"]], **columns})
    numbers = ["index", "low80", "high80", "seen", "expected", "coverage"]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def _markers(document: Document) -> pd.DataFrame:
    rows = [
        [
            one["name"],
            one["name"],
            one["lat"],
            one["lon"],
            one["severity"],
            stories_at(one),
            spot_words(stories_at(one), one["severity"]),
        ]
        for one in document["markers"]
    ]
    return pd.DataFrame(rows, columns=MARKERS)


def _focus(document: Document) -> tuple[str, ...]:
    one = document.get("focus")
    if one is None:
        return ()
    facts = " · ".join((one["about"], *one["facts"]))
    return (facts, f"{one['sentence']} {one['comparison']}".strip())


def _board(document: Document) -> tuple[str, ...]:
    """Indicators with a value, one a line, and in one line those of which nothing is known."""
    if document["kind"] not in ("situation", "indicators") or "focus" in document:
        return ()
    cells = _cells(document)
    known = [one for one in cells if one.state != "unknown"]
    lines = [f"{one.name}: {one.word}, index {one.index}, {one.detail}" for one in known]
    if len(known) < len(cells):
        unknown = count(len(cells) - len(known), "indicator")
        lines.append(f"No baseline yet, so neither quiet nor loud: {unknown}")
    return tuple(lines)


def _oldest(document: Document, lens: Lens) -> str:
    days = document.get("choice", Choice()).get("days", 30)
    created = lens.local(datetime.fromisoformat(document["created_at"]))
    return f"{created - timedelta(days=days):%Y-%m-%d}"


def _timeline(document: Document, lens: Lens) -> pd.DataFrame:
    rows = [
        [
            _at(one["at"], lens),
            one["severity"],
            one["direction"],
            one["title"],
            one["story"],
            one["reports"],
        ]
        for one in document.get("timeline", ())
    ]
    return pd.DataFrame(rows, columns=TIMELINE)


def _at(text: str, lens: Lens) -> pd.Timestamp:
    if "T" not in text:
        return pd.Timestamp(text)
    return pd.Timestamp(lens.local(datetime.fromisoformat(text)).replace(tzinfo=None))


def _cells(document: Document) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            id=row["id"],
            name=row["name"],
            state=state_of(row),
            word=wording.BOARD[state_of(row)].lower(),
            index="–" if row["index"] is None else f"{row['index']:,.0f}",
            detail=wording.seen(row["seen"], row["expected"]),
            spark=(),
        )
        for row in document["board"]
    )


def _card(story: FrozenStory, lens: Lens) -> StoryCard:
    seen = datetime.fromisoformat(story.get("last_seen_at", story["first_seen_at"]))
    url, host = openable(story["url"])
    return StoryCard(
        id=story["id"],
        title=(Piece(text=story["title"]),),
        excerpt=(Piece(text=story["excerpt"]),) if story["excerpt"] else (),
        severity=story["severity"],
        severity_word=SEVERITIES[story["severity"]],
        direction=story["direction"],
        direction_word=DIRECTIONS.get(story["direction"], story["direction"]),
        indicators=tuple(story["indicators"][:4]),
        indicator_ids=(),
        reasons=tuple(_reason(one, story) for one in story["reasons"]),
        relevance=tuple(story["relevance"]),
        places=tuple(story.get("places", ())),
        publishers=_publishers(story),
        reports=f"{count(story['items'], 'report')} from "
        f"{count(story['groups'], 'independent publisher')}",
        languages=story["language"],
        when=lens.when(seen),
        exact=lens.exact(seen),
        event=lens.day(story["event_date"]) if story["event_date"] else "",
        correction=False,
        url=url,
        host=host,
    )


def _reason(one: FrozenReason, story: FrozenStory) -> Reason:
    direction = one.get("direction", story["direction"])
    return Reason(
        indicator=one["indicator"],
        name=one["name"],
        direction=DIRECTIONS.get(direction, direction),
        severity=one.get("severity", story["severity"]),
        words=tuple(one["words"]),
        rules=(),
    )


def _publishers(story: FrozenStory) -> str:
    first = story["publishers"][:3]
    others = max(0, story["groups"] - len(first))
    return listed(first) + (f" and {others} more" if others else "")
