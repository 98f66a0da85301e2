"""Story rows, written anew from their items."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Any

import sqlalchemy as sa

from monitor.storage import marks
from monitor.storage.engine import BATCH, Database
from monitor.storage.tables import assessments, flags, items, stories
from monitor.stories.signature import GroupingItem

Trust = Callable[[sa.Connection, Iterable[str]], dict[str, float]]
"""Chance that a report of a group is true, for each of the groups named."""


def refresh(
    database: Database,
    connection: sa.Connection,
    ids: Sequence[str],
    trust: Trust,
    corrects: Mapping[str, str] | None = None,
) -> None:
    """Write the rows of stories anew; a story without items goes.

    Args:
        corrects: Story to the story that it corrects or withdraws, where newly found.
    """
    for start in range(0, len(ids), BATCH):
        _refresh(database, connection, ids[start : start + BATCH], trust, corrects or {})


def _refresh(
    database: Database,
    connection: sa.Connection,
    ids: Sequence[str],
    trust: Trust,
    corrects: Mapping[str, str],
) -> None:
    members = _members(connection, ids)
    strongest = _indicators(connection, ids)
    known = sa.select(stories.c.id, stories.c.correction_of).where(stories.c.id.in_(ids))
    before = dict(connection.execute(known).all())
    quality = trust(connection, {one.group_name for rows in members.values() for one in rows})
    written = [
        _row(name, rows, strongest.get(name, []), quality)
        | {"correction_of": corrects.get(name, before.get(name))}
        for name, rows in members.items()
    ]
    database.upsert(connection, stories, written)
    marks.write(connection, written)
    empty = [name for name in ids if name not in members]
    if empty:
        connection.execute(sa.delete(stories).where(stories.c.id.in_(empty)))
        marks.forget(connection, empty)


def _members(connection: sa.Connection, ids: Sequence[str]) -> dict[str, list[Any]]:
    c, a = items.c, assessments.c
    query = (
        sa.select(
            c.story_id,
            c.title,
            c.seen_at,
            c.group_name,
            c.language.label("declared"),
            a.language,
            a.severity,
            a.direction,
            a.relevant,
            a.relevance,
            a.event_date,
        )
        .select_from(
            items.outerjoin(
                assessments,
                sa.and_(a.item_id == c.id, a.lexicon_version == c.assessed_version),
            )
        )
        .where(c.story_id.in_(ids))
        .order_by(c.seen_at, c.id)
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.story_id].append(row)
    return found


def _indicators(connection: sa.Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    """Indicators of each story, the severest and most often reported first."""
    c = flags.c
    query = (
        sa.select(c.story_id, c.indicator)
        .where(c.story_id.in_(ids))
        .group_by(c.story_id, c.indicator)
        .order_by(c.story_id, sa.func.max(c.severity).desc(), sa.func.count().desc(), c.indicator)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for story, indicator in connection.execute(query):
        found[story].append(indicator)
    return found


def _row(
    name: str, rows: Sequence[Any], indicators: Sequence[str], quality: Mapping[str, float]
) -> dict[str, Any]:
    relevant = [row for row in rows if row.relevant]
    leading = max(relevant, key=lambda row: row.severity, default=None)
    groups = {row.group_name for row in rows}
    dates = Counter(row.event_date for row in relevant if row.event_date)
    languages = sorted({row.language or row.declared or "und" for row in rows})
    return {
        "id": name,
        "title": rows[0].title,
        "first_seen_at": rows[0].seen_at,
        "last_seen_at": rows[-1].seen_at,
        "items": len(rows),
        "groups": len(groups),
        "severity": leading.severity if leading else 0,
        "direction": leading.direction if leading else "neutral",
        "flagged": bool(relevant),
        "relevance": max((row.relevance for row in relevant), default=0.0),
        "corroboration": 1.0 - prod(1.0 - quality[group] for group in groups),
        "languages": " ".join(languages),
        "indicators": " ".join(indicators),
        "event_date": min(dates, key=lambda day: (-dates[day], day)) if dates else None,
    }


def grouping_query() -> sa.Select[Any]:
    """What grouping reads of items, with their present assessment."""
    c, a = items.c, assessments.c
    return sa.select(
        c.id,
        c.title,
        c.summary,
        c.language,
        c.seen_at,
        c.published_at,
        c.group_name,
        c.story_id,
        a.language.label("judged_language"),
        a.severity,
        a.direction,
        a.relevant,
        a.body,
    ).select_from(
        items.outerjoin(
            assessments,
            sa.and_(a.item_id == c.id, a.lexicon_version == c.assessed_version),
        )
    )


def grouping_item(row: Any) -> GroupingItem:
    """A row of `grouping_query` as grouping takes it."""
    body = row.body or {}
    return GroupingItem(
        id=row.id,
        title=row.title,
        summary=row.summary,
        language=row.judged_language or row.language or "und",
        seen_at=row.seen_at,
        published_at=row.published_at,
        group=row.group_name,
        indicators=tuple(body.get("indicators", ())) if row.relevant else (),
        places=tuple(dict.fromkeys(one["id"] for one in body.get("places", ()))),
        severity=row.severity or 0,
        direction=row.direction or "neutral",
    )
