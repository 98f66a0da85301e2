"""A store on SQLite and a lens, for what pages show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.storage.store import Store
from monitor.views.lens import Lens
from tests.factories import NOW
from tests.molds import Molds
from tests.shelf import watch

ZONE = ZoneInfo("America/Curacao")


@pytest.fixture
def lens() -> Lens:
    """Curaçao at 08:00 on 3 December 2025."""
    return Lens(
        now=NOW, zone=ZONE, names={"airspace": "Airspace closure", "sanctions": "Sanctions"}
    )


@pytest.fixture
def store(tmp_path: Path, molds: Molds) -> Iterator[Store]:
    """An empty store that watches feeds 1 and 2."""
    with molds.copy("sqlite", "empty", lambda _: None, tmp_path) as database:
        watch(database, 1, 2)
        yield Store(database, ZONE)
