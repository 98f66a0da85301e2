from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.config import Config, load
from monitor.cycle.intake import Intake
from monitor.cycle.start import open_intake, open_store
from tests.factories import NOW
from tests.site import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    """A small web site, gone after the test."""
    with serving() as one:
        yield one


@pytest.fixture
def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Config]:
    """Write a config.toml that may reach loopback, with these feeds."""
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)

    def made(*urls: str) -> Config:
        path = tmp_path / "config.toml"
        path.write_text(
            '[polling]\nallow_private_hosts = ["127.0.0.1"]\nhost_interval = "0.01s"\n'
            '[storage]\nurl = "sqlite:///m.db"\n'
            + "".join(f'[[feeds]]\nurl = "{url}"\n' for url in urls)
        )
        return load(path)

    return made


@pytest.fixture
def open_at(configure: Callable[..., Config]) -> Iterator[Callable[..., tuple[Config, Intake]]]:
    """Open an installation that watches these feeds; closed after the test."""
    stores = []

    def opened(*urls: str) -> tuple[Config, Intake]:
        settings = configure(*urls)
        store = open_store(settings, now=NOW)
        stores.append(store)
        return settings, open_intake(settings, store, now=NOW)

    yield opened
    for store in stores:
        store.close()
