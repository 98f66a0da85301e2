"""Lists of stories under any filter: each is a short walk of the index that fits the filter.

A filter by indicator or language walks the marks of flagged stories (marks.py), words look at the
few stories that hold them, any other filter walks the stories themselves. Several indicators, or
several severities, are several walks: each gives no more rows than the page shows, and the newest
of all of them are the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from monitor.storage import tables as t
from monitor.storage.engine import Database
from monitor.storage.marks import ANY
from monitor.storage.rows import StoryFilter
from monitor.storage.search import matching, unindexed

SEVEREST = 4
_Condition = sa.ColumnElement[bool]
Below = Callable[[tuple[Any, Any]], _Condition]
"""Rows after a place in the list, given the columns of moment and id."""


def newest(
    database: Database, connection: sa.Connection, chosen: StoryFilter, *, below: Below, limit: int
) -> list[Any]:
    """Rows of `stories`, last seen first."""
    levels = range(chosen.severity, SEVEREST + 1) if chosen.severity else ()
    return _rows(connection, _found(database, chosen, levels, below, limit))


def severest(
    database: Database, connection: sa.Connection, chosen: StoryFilter, *, limit: int
) -> list[Any]:
    """Rows of `stories`, the most severe first, last seen first among equals."""
    if chosen.words.strip():  # few, and found but once
        return _severest_told(database, connection, chosen, limit)
    rows: list[Any] = []
    for level in range(SEVEREST, chosen.severity - 1, -1):
        missing = limit - len(rows)
        if missing:
            found = _found(database, chosen, (level,), _everything, missing)
            rows += _rows(connection, found)
    return rows


def count(
    database: Database, connection: sa.Connection, chosen: StoryFilter, *, at_most: int
) -> int:
    """How many there are, counted no further than `at_most`."""
    levels = range(chosen.severity, SEVEREST + 1) if chosen.severity else ()
    walks = [  # in no order, so that each can stop at the first `at_most`
        sa.select(columns["id"].label("id")).where(*conditions).limit(at_most).subquery()
        for columns, conditions in _walks(database, chosen, levels)
    ]
    every = sa.union(*(sa.select(one) for one in walks)).limit(at_most).subquery()
    counted = sa.select(sa.func.count()).select_from(every)
    return int(connection.execute(counted).scalar_one())


def _severest_told(
    database: Database, connection: sa.Connection, chosen: StoryFilter, limit: int
) -> list[Any]:
    stories = t.stories.c
    ((_columns_of, conditions),) = _walks(database, chosen, ())
    order = (sa.desc(stories.severity + 0), stories.last_seen_at.desc(), stories.id.desc())
    query = sa.select(t.stories).where(*conditions, stories.severity >= chosen.severity)
    return list(connection.execute(query.order_by(*order).limit(limit)).mappings())


def _everything(_columns: tuple[Any, Any]) -> _Condition:
    return sa.true()


def _rows(connection: sa.Connection, found: sa.Select[Any]) -> list[Any]:
    """The stories that were found; titles are read of these only."""
    stories, ids = t.stories.c, found.subquery()
    query = sa.select(t.stories).where(stories.id.in_(sa.select(ids.c.id)))
    ordered = query.order_by(stories.last_seen_at.desc(), stories.id.desc())
    return list(connection.execute(ordered).mappings())


def _found(
    database: Database, chosen: StoryFilter, levels: Sequence[int], below: Below, limit: int
) -> sa.Select[Any]:
    """Ids and moments of the newest stories that the filter lets through.

    Args:
        levels: Severities to look at; empty: all.
    """
    walks = [
        _walk(columns, [*conditions, below((columns["seen"], columns["id"]))], limit)
        for columns, conditions in _walks(database, chosen, levels)
    ]
    if len(walks) == 1:
        return walks[0]
    every = sa.union(*(sa.select(one.subquery()) for one in walks)).subquery()
    return _newest(sa.select(every.c.id, every.c.seen), every.c.seen, every.c.id, limit)


def _walk(columns: dict[str, Any], conditions: Sequence[_Condition], limit: int) -> sa.Select[Any]:
    seen, key = columns["seen"], columns["id"]
    query = sa.select(key.label("id"), seen.label("seen")).where(*conditions)
    return _newest(query, seen, key, limit)


def _newest(query: sa.Select[Any], seen: Any, key: Any, limit: int) -> sa.Select[Any]:
    return query.order_by(seen.desc(), key.desc()).limit(limit)


def _walks(
    database: Database, chosen: StoryFilter, levels: Sequence[int]
) -> Iterator[tuple[dict[str, Any], list[_Condition]]]:
    """Columns to read and conditions of each walk."""
    for columns, conditions in _sources(database, chosen):
        wanted = [*conditions, *_narrowed(columns, chosen)]
        if not levels:
            yield columns, wanted
        for level in levels:
            yield columns, [*wanted, columns["severity"] == level]


def _sources(
    database: Database, chosen: StoryFilter
) -> Iterator[tuple[dict[str, Any], list[_Condition]]]:
    words = chosen.words.strip()
    is_marked = chosen.indicators or (chosen.language and chosen.flagged)
    if words:
        yield _TOLD, [*_plain(chosen), _told(database, words)]
        return
    if not is_marked:
        yield _STORIES, [*_plain(chosen)]
        return
    marks = t.story_marks.c
    for indicator in chosen.indicators or (ANY,):
        yield _MARKS, [marks.indicator == indicator, marks.language == (chosen.language or ANY)]


def _narrowed(columns: dict[str, Any], chosen: StoryFilter) -> Iterator[_Condition]:
    """What stories and their marks are both asked."""
    if chosen.since is not None:
        yield columns["seen"] >= chosen.since
    if chosen.until is not None:
        yield columns["seen"] < chosen.until
    if chosen.direction:
        yield columns["direction"] == chosen.direction


def _plain(chosen: StoryFilter) -> Iterator[_Condition]:
    """What only the stories themselves are asked."""
    stories = t.stories.c
    if chosen.flagged and chosen.words.strip():
        yield sa.case((stories.flagged, 1), else_=0) == 1
    elif chosen.flagged:
        yield stories.flagged == sa.true()
    if chosen.language:
        yield _has(stories.languages, chosen.language)
    if chosen.indicators:
        yield sa.or_(*(_has(stories.indicators, one) for one in chosen.indicators))


def _has(listed: sa.ColumnElement[str], word: str) -> _Condition:
    return sa.literal(" ").concat(listed).concat(" ").contains(f" {word} ")


def _told(database: Database, words: str) -> _Condition:
    return t.stories.c.id.in_(matching(database, words, t.items.c.story_id))


def _columns(table: Any, key: str) -> dict[str, Any]:
    return {
        "id": table.c[key],
        "seen": table.c.last_seen_at,
        "severity": table.c.severity,
        "direction": table.c.direction,
    }


_STORIES, _MARKS = _columns(t.stories, "id"), _columns(t.story_marks, "story_id")
_TOLD = _STORIES | {"seen": unindexed(t.stories.c.last_seen_at)}
