"""Marks: flagged stories by indicator and language, so that filtered lists are short walks.

A story is marked once for each of its indicators, each of its languages, and each pair of the two;
`ANY` stands for the part that is not asked. Marks are written in the transaction that writes the
story, and hold nothing that the stories do not: backups leave them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import sqlalchemy as sa

from monitor.storage.tables import stories, story_marks

ANY = ""
_AT_ONCE = 500
_COLUMNS = ("severity", "direction", "last_seen_at")


def write(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Mark these rows of `stories` anew."""
    forget(connection, [row["id"] for row in rows])
    _insert(connection, rows)


def forget(connection: sa.Connection, ids: Sequence[str]) -> None:
    """Take the marks of stories away."""
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        connection.execute(sa.delete(story_marks).where(story_marks.c.story_id.in_(part)))


def of(row: Mapping[Any, Any]) -> Iterator[dict[str, Any]]:
    """The marks of one row of `stories`; one that is not flagged has none."""
    if not row["flagged"]:
        return
    same = {name: row[name] for name in _COLUMNS} | {"story_id": row["id"]}
    for indicator, language in product(_named(row["indicators"]), _named(row["languages"])):
        if indicator or language:
            yield same | {"indicator": indicator, "language": language}


def _named(words: str) -> Iterable[str]:
    return dict.fromkeys((ANY, *words.split()))


def rebuild(connection: sa.Connection) -> None:
    """Mark every flagged story anew."""
    connection.execute(sa.delete(story_marks))
    s = stories.c
    query = sa.select(s.id, s.flagged, s.indicators, s.languages, *(s[one] for one in _COLUMNS))
    after = ""
    while True:
        step = query.where(s.flagged == sa.true(), s.id > after).order_by(s.id).limit(_AT_ONCE)
        rows = connection.execute(step).mappings().all()
        if not rows:
            return
        _insert(connection, rows)
        after = rows[-1]["id"]


def _insert(connection: sa.Connection, rows: Iterable[Mapping[Any, Any]]) -> None:
    marks = [mark for row in rows for mark in of(row)]
    if marks:
        connection.execute(sa.insert(story_marks), marks)
