"""Databases of their own for tests: made on a PostgreSQL server, or copied from one filled once."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.storage.engine import Database


def driver(url: str) -> str:
    """The address for the driver that we use."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _told(server: str, statement: str) -> None:
    admin = sa.create_engine(driver(server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(statement)
    admin.dispose()


def _create(server: str, template: str = "template1") -> sa.URL:
    """A new database on the server, a copy of `template`."""
    name = f"t{uuid.uuid4().hex[:12]}"
    _told(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return sa.make_url(server).set(database=name)


@contextmanager
def created(server: str, template: str = "template1") -> Iterator[str]:
    """The same, gone after the block."""
    url = _create(server, template)
    yield url.render_as_string(hide_password=False)
    _told(server, f"DROP DATABASE {url.database} WITH (FORCE)")


class Molds:
    """Databases that were filled once, and of which each test gets a copy of its own."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path) -> None:
        self._request = request
        self._folder = folder
        self._cast: dict[tuple[str, str], str] = {}

    @contextmanager
    def copy(
        self, kind: str, name: str, fill: Callable[[Database], object], folder: Path
    ) -> Iterator[Database]:
        """A copy of the migrated database of this kind that `fill` has filled under this name."""
        if (kind, name) not in self._cast:
            self._cast[kind, name] = self._made(kind, name, fill)
        mold = self._cast[kind, name]
        with ExitStack() as held:
            if kind == "sqlite":
                url = f"sqlite:///{shutil.copyfile(mold, folder / 'monitor.db')}"
            else:
                server = self._request.getfixturevalue("postgres_server")
                url = held.enter_context(created(server, sa.make_url(mold).database or ""))
            one = Database(url)
            yield one
            one.dispose()

    def _made(self, kind: str, name: str, fill: Callable[[Database], object]) -> str:
        if kind == "sqlite":
            place = str(self._folder / f"{name}.db")
            url = f"sqlite:///{place}"
        else:
            server = self._request.getfixturevalue("postgres_server")
            place = url = _create(server).render_as_string(hide_password=False)
        one = Database(url)
        one.migrate()
        fill(one)
        one.dispose()
        return place
