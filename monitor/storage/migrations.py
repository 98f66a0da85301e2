"""Append-only list of schema steps; a step that has landed is never edited."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from monitor.storage import marks
from monitor.storage.tables import flag_days, items, metadata, stories, story_marks

_FTS_SQLITE = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS item_text USING fts5(
        title, summary, content='items', content_rowid='n',
        tokenize="unicode61 remove_diacritics 2")""",
    """CREATE TRIGGER IF NOT EXISTS items_text_insert AFTER INSERT ON items BEGIN
        INSERT INTO item_text(rowid, title, summary)
        VALUES (new.n, new.title, new.summary); END""",
    """CREATE TRIGGER IF NOT EXISTS items_text_delete AFTER DELETE ON items BEGIN
        INSERT INTO item_text(item_text, rowid, title, summary)
        VALUES ('delete', old.n, old.title, old.summary); END""",
    """CREATE TRIGGER IF NOT EXISTS items_text_update AFTER UPDATE OF title, summary ON items BEGIN
        INSERT INTO item_text(item_text, rowid, title, summary)
        VALUES ('delete', old.n, old.title, old.summary);
        INSERT INTO item_text(rowid, title, summary)
        VALUES (new.n, new.title, new.summary); END""",
)
_FTS_POSTGRES = (
    """ALTER TABLE items ADD COLUMN IF NOT EXISTS words tsvector GENERATED ALWAYS AS
        (to_tsvector('simple', translate(lower(title || ' ' || summary),
        'áàâäãéèêëíìîïóòôöõúùûüñç', 'aaaaaeeeeiiiiooooouuuunc'))) STORED""",
    "CREATE INDEX IF NOT EXISTS items_words ON items USING gin (words)",
)


def _first_schema(connection: sa.Connection) -> None:
    metadata.create_all(connection)
    full_text = _FTS_SQLITE if connection.dialect.name == "sqlite" else _FTS_POSTGRES
    for statement in full_text:
        connection.exec_driver_sql(statement)


def _story_marks(connection: sa.Connection) -> None:
    """Lists of stories walk one index, whatever filter is set."""
    story_marks.create(connection, checkfirst=True)
    _index(connection, stories, "stories_severest", instead_of="stories_severity")
    _index(connection, stories, "stories_all_severest", instead_of="stories_all_severity")
    marks.rebuild(connection)


def _flag_days(connection: sa.Connection) -> None:
    """The index reads two years in one look; the poller fills the table when it next measures."""
    flag_days.create(connection, checkfirst=True)


def _items_of_a_feed(connection: sa.Connection) -> None:
    """Items of one poll stand in the order in which they were published."""
    _index(connection, items, "items_feed_newest", instead_of="items_feed_seen")


def _index(connection: sa.Connection, table: sa.Table, name: str, *, instead_of: str = "") -> None:
    """Make an index of the schema where it is missing; an index that it replaces goes."""
    next(one for one in table.indexes if one.name == name).create(connection, checkfirst=True)
    if instead_of:
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {instead_of}")


MIGRATIONS: tuple[Callable[[sa.Connection], None], ...] = (
    _first_schema,
    _story_marks,
    _flag_days,
    _items_of_a_feed,
)
