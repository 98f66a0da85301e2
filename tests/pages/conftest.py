"""Pages through Streamlit's own test frame: a database, a config file, and one page shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from monitor.storage.store import Store
from tests.molds import Molds
from tests.site import Site, serving

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime.now(UTC)  # pages read the real clock
Show = Callable[..., AppTest]


@pytest.fixture(autouse=True, scope="package")
def _searched_once() -> Iterator[None]:
    """Each page under test searches what is installed for parts of pages, as a server does once."""
    search = manifest_scanner.scan_component_manifests
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(search))
        yield


@pytest.fixture
def store(tmp_path: Path, molds: Molds, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the pages open: migrated, empty, with no declared feed."""
    file = tmp_path / "config.toml"
    file.write_text('[storage]\nurl = "sqlite:///monitor.db"\n', encoding="utf-8")
    monkeypatch.setenv("MONITOR_CONFIG", str(file))
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)
    st.cache_resource.clear()
    with molds.copy("sqlite", "empty", lambda _: None, tmp_path) as database:
        yield Store(database, ZoneInfo("America/Curacao"))
    st.cache_resource.clear()


@pytest.fixture
def site() -> Iterator[Site]:
    """A site on loopback."""
    with serving() as one:
        yield one


@pytest.fixture
def reachable(store: Store, tmp_path: Path) -> Store:
    """A store that watches nothing, where loopback may be fetched."""
    (tmp_path / "config.toml").write_text(
        '[polling]\nallow_private_hosts = ["127.0.0.1"]\nhost_interval = "0.01s"\n'
        '[storage]\nurl = "sqlite:///monitor.db"\n'
    )
    return store


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The headers that came with the reader's connection; a browser on this machine sends these."""
    headers = {"Host": "localhost:8501"}
    monkeypatch.setattr(type(st.context), "headers", headers)
    return headers


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Show:
    """Shows a page by the name of its file, with query parameters, to a person."""
    monkeypatch.chdir(ROOT)

    def open_page(
        name: str = "situation", person: dict[str, Any] | None = None, **query: str
    ) -> AppTest:
        page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60)
        page.user = person or {}
        for key, value in query.items():
            page.query_params[key] = value
        if name != "situation":
            page.switch_page(f"{name}.py")
        return page.run()

    return open_page


def drawn(page: AppTest, name: str) -> list[Any]:
    """The data of every part of this name on the page."""
    found = [one.proto for one in page.get("bidi_component")]
    return [json.loads(one.json) for one in found if one.component_name == f"monitor_{name}"]


def words(page: AppTest) -> str:
    """Everything that Streamlit itself shows as text."""
    kinds = (page.title, page.header, page.caption, page.markdown, page.warning, page.info)
    return "\n".join(str(one.value) for kind in (*kinds, page.error, page.success) for one in kind)


def ago(**span: float) -> datetime:
    """A moment before now."""
    return NOW - timedelta(**span)
