"""Full text: the newest items that hold all words; hits are never ranked over everything."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from monitor.storage import tables as t
from monitor.storage.engine import Database

SEARCH_DEPTH = 2000  # newest matching items that a search looks at
_ACCENTS = str.maketrans("áàâäãéèêëíìîïóòôöõúùûüñç", "aaaaaeeeeiiiiooooouuuunc")
_WORD = re.compile(r"\w+\*?")


def matching(database: Database, words: str, column: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """`column` of the newest items whose title or summary holds all words.

    Accents and case do not matter; a star at the end of a word stands for any ending. Words
    without a letter or digit match nothing.
    """
    tokens = _WORD.findall(words)
    if not tokens:
        return sa.select(column).where(sa.false())
    if database.is_sqlite:
        return _sqlite(tokens, column)
    return _postgres(tokens, column)


def unindexed(moment: Any) -> Any:
    """A moment that no index is walked for: the few rows that hold the words lead the search."""
    return sa.type_coerce(sa.type_coerce(moment, sa.BigInteger) + 0, moment.type)


def _sqlite(tokens: list[str], column: sa.ColumnElement[Any]) -> sa.Select[Any]:
    query = " ".join(f'"{one.rstrip("*")}"' + ("*" if one.endswith("*") else "") for one in tokens)
    hits = (
        sa.text(
            "SELECT rowid FROM item_text WHERE item_text MATCH :words "
            "ORDER BY rowid DESC LIMIT :depth"
        )
        .bindparams(words=query, depth=SEARCH_DEPTH)
        .columns(sa.column("rowid", sa.Integer))
        .subquery()
    )
    return sa.select(column).where(t.items.c.n.in_(sa.select(hits.c.rowid)))


def _postgres(tokens: list[str], column: sa.ColumnElement[Any]) -> sa.Select[Any]:
    query = " & ".join(
        one.rstrip("*").lower().translate(_ACCENTS) + (":*" if one.endswith("*") else "")
        for one in tokens
    )
    document: sa.ColumnElement[Any] = sa.literal_column("items.words")
    newest = (
        sa.select(column.label("found"))
        .where(document.op("@@")(sa.func.to_tsquery("simple", query)))
        .order_by(t.items.c.sort_at.desc())
        .limit(SEARCH_DEPTH)
        .subquery()
    )
    return sa.select(newest.c.found)
