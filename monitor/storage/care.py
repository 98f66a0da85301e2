"""Care of the store: backup, restore, and a look at its health."""

from __future__ import annotations

import contextlib
import gzip
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson
import sqlalchemy as sa

from monitor.errors import StorageError
from monitor.storage import marks
from monitor.storage.engine import BATCH, Database
from monitor.storage.migrations import MIGRATIONS
from monitor.storage.tables import DERIVED, Moment, metadata

FORMAT = "curacao-monitor-backup"


def backup(database: Database, target: Path) -> int:
    """Write every row to one compressed file that either kind of database can restore.

    Tables that are made from the others stay out.

    The file is written beside its final name first, so that a full disk leaves no half backup.

    Returns:
        Rows written.

    Raises:
        StorageError: The file exists, or cannot be written.
    """
    if target.exists():
        raise StorageError(f"{target} exists already; give another name, nothing was overwritten")
    part = target.with_name(target.name + ".part")
    try:
        with gzip.open(part, "wb", compresslevel=5) as out, database.read() as connection:
            if not database.is_sqlite:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            rows = _dump(connection, cast(BinaryIO, out))
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StorageError(f"{target}: cannot be written ({error.strerror})") from error
    return rows


def _dump(connection: sa.Connection, out: BinaryIO) -> int:
    header = {"format": FORMAT, "schema": len(MIGRATIONS)}
    out.write(orjson.dumps(header) + b"\n")
    rows = 0
    for table in metadata.sorted_tables:
        if table in DERIVED:
            continue
        for row in connection.execute(sa.select(table)).mappings():
            values = {str(name): _out(value) for name, value in row.items()}
            out.write(orjson.dumps([str(table.name), values]) + b"\n")
            rows += 1
    return rows


def _out(value: Any) -> Any:
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def restore(database: Database, source: Path) -> int:
    """Fill an empty store from a backup.

    Returns:
        Rows restored.

    Raises:
        StorageError: The store holds items already, or the file is no backup, is damaged, or was
            written by a newer program; nothing was changed.
    """
    database.migrate()
    try:
        with gzip.open(source, "rb") as lines, database.write() as connection:
            _require_backup(source, lines.readline())
            for name in ("feeds", "items", "snapshots"):
                held = sa.select(sa.func.count()).select_from(metadata.tables[name])
                if connection.execute(held).scalar_one():
                    raise StorageError(
                        f"database {database.name} is not empty ({name}); "
                        "restore into a new one and point [storage] url at it"
                    )
            return _fill(database, connection, cast(BinaryIO, lines))
    except (OSError, EOFError, orjson.JSONDecodeError, gzip.BadGzipFile) as error:
        raise StorageError(f"{source}: cannot be read as a backup ({error})") from error


def _require_backup(source: Path, line: bytes) -> None:
    header = orjson.loads(line)
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise StorageError(f"{source}: is no backup of this program")
    if header["schema"] > len(MIGRATIONS):
        raise StorageError(f"{source}: was written by a newer program; update this one first")


def _fill(database: Database, connection: sa.Connection, lines: BinaryIO) -> int:
    rows = 0
    connection.execute(sa.delete(metadata.tables["meta"]))
    for name, part in _batches(lines):
        table = metadata.tables[name]
        connection.execute(sa.insert(table), [_typed(table, values) for values in part])
        rows += len(part)
    present = {"key": "schema", "value": str(len(MIGRATIONS))}  # the rows came from an older one
    database.upsert(connection, metadata.tables["meta"], [present])
    marks.rebuild(connection)
    if not database.is_sqlite:
        for table in metadata.sorted_tables:
            if "n" in table.c:
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'n'), "  # noqa: S608 - our own names
                    f"(SELECT COALESCE(MAX(n), 1) FROM {table.name}))"
                )
    return rows


def _batches(lines: BinaryIO) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    name = ""
    part: list[dict[str, Any]] = []
    for line in lines:
        table, values = orjson.loads(line)
        if table != name or len(part) >= BATCH:
            if part:
                yield name, part
            name, part = table, []
        part.append(values)
    if part:
        yield name, part


def _typed(table: sa.Table, values: dict[str, Any]) -> dict[str, Any]:
    """Values as the columns want them: times from text, bytes from hex."""
    return {name: _in(table.c[name].type, value) for name, value in values.items()}


def _in(kind: sa.types.TypeEngine[Any], value: Any) -> Any:
    if value is not None and isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    if value is not None and isinstance(kind, sa.LargeBinary):
        return bytes.fromhex(value["hex"])
    return value


def problems(database: Database) -> list[str]:
    """What is wrong with the store, each with what to do; empty when it is sound."""
    found: list[str] = []
    version = database.version()
    if version != len(MIGRATIONS):
        found.append(
            f"schema {version or 'missing'}, this program has {len(MIGRATIONS)}: "
            "run `curacao-monitor migrate`"
        )
    if not database.is_sqlite:
        return found
    path = Path(database.url.removeprefix("sqlite:///"))
    with database.read() as connection:
        check = connection.exec_driver_sql("PRAGMA quick_check(3)").scalars().all()
    if check != ["ok"]:
        found.append(f"{path} is damaged ({check[0]}): restore your last backup")
    with contextlib.suppress(OSError):
        free = shutil.disk_usage(path.parent).free
        size = path.stat().st_size
        if free < max(200_000_000, size // 10):
            found.append(f"only {free // 1_000_000} MB free beside {path}: free some space")
    if sqlite3.sqlite_version_info < (3, 35):
        found.append(f"SQLite {sqlite3.sqlite_version} is too old: 3.35 or newer is needed")
    return found
