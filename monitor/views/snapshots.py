"""Snapshots: what did I share, what does it show, and what has changed since?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from monitor.snapshots.canonical import Sealed
from monitor.snapshots.difference import Difference, difference
from monitor.snapshots.document import Document, FrozenStory, Series
from monitor.storage.snapshots import SnapshotHead, Status
from monitor.views.board import Cell, Standing
from monitor.views.cards import Piece, Reason, StoryCard, openable
from monitor.views.frames import MARKERS, SERIES
from monitor.views.lens import DIRECTIONS, SEVERITIES, Lens, count, listed

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
    sha256: str
    standing: Standing
    thresholds: tuple[float, ...]
    chart: pd.DataFrame
    markers: pd.DataFrame
    cells: tuple[Cell, ...]
    headlines: tuple[str, ...]
    stories: tuple[StoryCard, ...]
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
    level = document["level"]
    created = datetime.fromisoformat(document["created_at"])
    return Opened(
        title=document["title"],
        note=document["note"],
        about=f"Frozen {lens.exact(created)} by {document['author'] or 'an unnamed person'}, "
        f"lexicon {document['lexicon_version']}, program {document['code_version']}",
        sha256=sealed.sha256,
        standing=Standing(
            level=None if level["index"] is None else level["number"],
            name=level["name"],
            sub=f"level {level['number']} of 4",
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
        chart=_frame(document["series"][0]) if document["series"] else _frame(None),
        markers=_markers(document),
        cells=_cells(document),
        headlines=tuple(document["headlines"]),
        stories=tuple(_card(story, lens) for story in document["stories"]),
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
    return f"Frozen: it does not change. Newer data exists, last seen {lens.when(newest)}."


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
            len(one["stories"]),
            f"worst {one['severity']} {SEVERITIES[one['severity']]}",
        ]
        for one in document["markers"]
    ]
    return pd.DataFrame(rows, columns=MARKERS)


def _cells(document: Document) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            id=row["id"],
            name=row["name"],
            state=row["state"] if row["index"] is not None else "unknown",
            word=row["state"] if row["index"] is not None else "no baseline",
            index="–" if row["index"] is None else f"{row['index']:,.0f}",
            detail=f"{row['seen']:,.0f} seen, {row['expected']:,.1f} expected",
            spark=(),
        )
        for row in document["board"]
    )


def _card(story: FrozenStory, lens: Lens) -> StoryCard:
    seen = datetime.fromisoformat(story["first_seen_at"])
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
        reasons=tuple(
            Reason(
                indicator=one["indicator"],
                name=one["name"],
                direction=DIRECTIONS.get(story["direction"], story["direction"]),
                severity=story["severity"],
                words=tuple(one["words"]),
                rules=(),
            )
            for one in story["reasons"]
        ),
        relevance=tuple(story["relevance"]),
        places=(),
        publishers=listed(story["publishers"][:3]),
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
