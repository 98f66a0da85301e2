"""Connections: SQLite or PostgreSQL, migrations, and errors in words a person can act on."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from monitor.errors import RefusedError, StorageError
from monitor.storage import tables
from monitor.storage.migrations import MIGRATIONS

BUSY_SECONDS = 10.0
_DRIVERLESS = re.compile(r"^postgres(ql)?://")
_USER = re.compile(r"(?<=://).*@")
_SECRET = re.compile(r"(?<=[?&])(\w*(?:pass|key|secret|token)\w*)=[^&]*", re.IGNORECASE)
BATCH = 500  # rows per statement; SQLite allows 32,766 variables


def without_secrets(url: str) -> str:
    """A database address as people may see it, whether or not it is a good one.

    Everything before the last `@` goes, because a password may hold one that is not written %40.
    """
    return _USER.sub("***@", _SECRET.sub(r"\1=***", url))


class Database:
    """One database: hands out short transactions and translates errors.

    Args:
        url: SQLAlchemy URL; `sqlite:///path` or `postgresql+psycopg://…` (`postgresql://` and
            `postgres://` work).
        busy_seconds: How long a writer waits for another before it gives up.
    """

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url = _DRIVERLESS.sub("postgresql+psycopg://", url, count=1)
        self._busy_seconds = busy_seconds
        self._takes_changes = True
        self.name = without_secrets(self.url)
        try:
            parsed = sa.make_url(self.url)
            self.is_sqlite = parsed.get_backend_name() == "sqlite"
            self._engine = self._open(parsed)
        except (sa.exc.SQLAlchemyError, ImportError, ValueError, TypeError) as error:
            raise StorageError(
                f"database {self.name}: not a database address; write sqlite:///path or "
                "postgresql://user:password@host/name, with :, / and @ of a password as "
                "%3A, %2F and %40"
            ) from error

    def _open(self, url: sa.URL) -> sa.Engine:
        if not self.is_sqlite:
            return sa.create_engine(
                url,
                pool_pre_ping=True,
                json_serializer=_json,
                json_deserializer=orjson.loads,
                hide_parameters=True,
            )
        if url.database and not url.database.startswith((":memory:", "file:")):
            folder = Path(url.database).parent
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StorageError(
                    f"database {self.name}: folder {folder} cannot be made ({error.strerror}); "
                    "choose another [storage] url"
                ) from error
        engine = sa.create_engine(
            url,
            connect_args={"timeout": self._busy_seconds},
            json_serializer=_json,
            json_deserializer=orjson.loads,
            hide_parameters=True,
        )
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextlib.contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection for queries.

        Raises:
            StorageError: The database is locked, gone or damaged.
        """
        with self._translated(), self._engine.connect() as connection:
            yield connection

    def read_only(self) -> Database:
        """The same database, which refuses every change; it shares its connections."""
        same = copy(self)
        same._takes_changes = False
        return same

    @contextlib.contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction: all of it is stored, or nothing.

        Raises:
            StorageError: The database is locked, full, read-only or gone; nothing was stored.
        """
        if not self._takes_changes:
            raise StorageError(f"database {self.name}: it was opened here for reading only")
        with self._translated(), self._engine.connect() as plain:
            connection = plain.execution_options(monitor_write=True)
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sa.exc.DataError, sa.exc.IntegrityError) as error:
            raise RefusedError(self._explain(error)) from error
        except sa.exc.SQLAlchemyError as error:
            raise StorageError(self._explain(error)) from error

    def _explain(self, error: Exception) -> str:
        text = str(getattr(error, "orig", None) or error).splitlines()[0]
        lowered = text.lower()
        for sign, advice in _ADVICE:
            if sign in lowered:
                return f"database {self.name}: {advice} ({text})"
        return f"database {self.name}: {text}; run `curacao-monitor doctor`"

    def insert(self, table: sa.Table) -> Any:
        """An INSERT of the dialect, which knows `on_conflict_do_nothing` and `…_do_update`."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def execute_many(
        self,
        connection: sa.Connection,
        statement: Any,
        rows: Sequence[Any],
        names: Sequence[str] = (),
    ) -> None:
        """Execute a statement once for each row; in SQLite with less work for each.

        Args:
            statement: Its values are named parameters, or defaults of the table.
            rows: Dictionaries with the same keys; or tuples, whose values have these `names`.
        """
        if not rows:
            return
        keys = tuple(names or rows[0])
        plan = _plan(statement, connection.dialect, keys) if self.is_sqlite else None
        if plan is None:
            named = [dict(zip(names, row, strict=True)) for row in rows] if names else list(rows)
            connection.execute(statement, named)
        else:
            text, wanted, processors = plan
            pick = itemgetter(*(map(keys.index, wanted) if names else wanted))
            connection.exec_driver_sql(text, _tuples(rows, pick, processors))

    def upsert(
        self, connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]
    ) -> None:
        """Insert rows; where the primary key is known, replace the named columns."""
        if rows:
            self.execute_many(connection, _upsert(table, self.is_sqlite, tuple(rows[0])), rows)

    def version(self) -> int | None:
        """Schema version of the store; None: it is empty."""
        with self.read() as connection:
            if not sa.inspect(connection).has_table("meta"):
                return None
            found = connection.execute(
                sa.select(tables.meta.c.value).where(tables.meta.c.key == "schema")
            ).scalar()
            return None if found is None else int(found)

    def migrate(self) -> tuple[int, int]:
        """Bring the schema up to date.

        Returns:
            The version before (0: empty) and after.

        Raises:
            StorageError: The store was written by a newer program, or cannot be changed.
        """
        before = self.version()
        if before is not None and before > len(MIGRATIONS):
            raise StorageError(
                f"database {self.name}: schema {before} is newer than this program's "
                f"{len(MIGRATIONS)}; update the program, nothing was changed"
            )
        if before == len(MIGRATIONS):
            return before, before
        with self.write() as connection:
            if not self.is_sqlite:  # two processes may start at once
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(20251202)"))
            for step in MIGRATIONS[before or 0 :]:
                step(connection)
            self.upsert(connection, tables.meta, [{"key": "schema", "value": str(len(MIGRATIONS))}])
        return before or 0, len(MIGRATIONS)

    def optimize(self) -> None:
        """Let SQLite refresh what it knows of the tables; PostgreSQL does so by itself.

        Raises:
            StorageError: The database is locked or gone; nothing is lost.
        """
        if self.is_sqlite:
            with self.write() as connection:
                connection.exec_driver_sql("PRAGMA analysis_limit=400")  # a look, not a full scan
                connection.exec_driver_sql("ANALYZE")

    def dispose(self) -> None:
        """Close all connections."""
        self._engine.dispose()


_ADVICE = (
    ("locked", "is locked by another process; try again, or stop the other process"),
    ("readonly", "is read-only; give this user the right to write the file and its folder"),
    ("read-only", "is read-only; connect to the primary server"),
    ("disk is full", "the disk is full; free some space, nothing was lost"),
    ("no space left", "the disk is full; free some space, nothing was lost"),
    ("unable to open", "cannot be opened; check the path and the rights of its folder"),
    ("not a database", "is no SQLite database; choose another file, or restore a backup"),
    ("malformed", "is damaged; run `curacao-monitor restore` with your last backup"),
    ("no such table", "has no tables yet; run `curacao-monitor migrate`"),
    ("undefined table", "has no tables yet; run `curacao-monitor migrate`"),
    ("does not exist", "is not there, or has no tables yet; run `curacao-monitor migrate`"),
    ("connection refused", "does not answer; start the server or correct [storage] url"),
    ("password authentication", "refuses the password; correct [storage] url"),
)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


_Processors = tuple[tuple[int, Callable[[Any], Any]], ...]


@lru_cache(maxsize=64)
def _plan(
    statement: Any, dialect: sa.Dialect, keys: tuple[str, ...]
) -> tuple[str, tuple[str, ...], _Processors] | None:
    """A statement as its driver takes it: the text, its parameters, and what to do with some.

    None: some of its parameters are in no row, because the table has defaults for them.
    """
    compiled = statement.compile(dialect=dialect, column_keys=list(keys))
    names = tuple(compiled.positiontup)
    if not set(names) <= set(keys):
        return None
    kinds = (compiled.binds[name].type.dialect_impl(dialect) for name in names)
    made = ((n, kind.bind_processor(dialect)) for n, kind in enumerate(kinds))
    return compiled.string, names, tuple((n, process) for n, process in made if process)


@lru_cache(maxsize=64)
def _upsert(table: sa.Table, is_sqlite: bool, columns: tuple[str, ...]) -> Any:
    keys = [column.name for column in table.primary_key]
    insert: Any = sqlite.insert(table) if is_sqlite else postgresql.insert(table)
    changed = {name: insert.excluded[name] for name in columns if name not in keys}
    if changed:
        return insert.on_conflict_do_update(index_elements=keys, set_=changed)
    return insert.on_conflict_do_nothing(index_elements=keys)


def _tuples(
    rows: Sequence[Any], pick: Callable[[Any], Any], processors: _Processors
) -> list[tuple[Any, ...]]:
    """The values of rows in the order of a statement."""
    found = []
    for row in rows:
        values = list(pick(row))
        for n, process in processors:
            values[n] = process(values[n])
        found.append(tuple(values))
    return found


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-16000",
    ):
        # A read-only file refuses WAL; reading it is still right.
        with contextlib.suppress(Exception):
            raw.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    """Writers take the lock at once: no deadlock between two readers that both want to write."""
    write = connection.get_execution_options().get("monitor_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
