"""Append-only list of schema steps; a step that has landed is never edited."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from monitor.storage.tables import metadata

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


MIGRATIONS: tuple[Callable[[sa.Connection], None], ...] = (_first_schema,)
