"""What goes wrong outside our code is one line that names the thing and the remedy."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from monitor.bench import servers
from monitor.config import ROOT
from tests.browser import house
from tests.browser.reader import Reader, go, reading

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program whose shipped files may be taken away."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("monitor", "pages", "seeds", ".streamlit"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "dashboard.py", copy)
    return copy


@pytest.fixture(scope="module")
def home(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[house.House]:
    """Started by Streamlit itself on a broken config.toml, so that it must explain in the page."""
    folder = tmp_path_factory.mktemp("trouble")
    house.configured(folder, '[polling]\nmin_intervall = "15m"\n')
    with house.streamlit(folder, root=checkout) as running:
        yield running


@pytest.fixture(scope="module")
def reader(browser: Browser, home: house.House) -> Iterator[Reader]:
    with reading(browser, home.address) as one:
        yield one


@pytest.fixture
def tab(reader: Reader) -> Iterator[Page]:
    page = reader.open("/")
    yield page
    page.close()
    assert reader.wrong == []


def _says(page: Page, *words: str) -> None:
    """One message with all these words, no traceback, and a way to go on."""
    message = page.get_by_test_id("stAlert")
    expect(message).to_have_count(1)
    for word in words:
        expect(message).to_contain_text(word)
    expect(page.get_by_text("Traceback")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_broken_config_is_one_message_that_ends_when_it_is_mended(tab: Page, home: house.House):
    _says(tab, "config.toml", "min_intervall")
    house.configured(home.folder, "[polling\n")
    tab.get_by_role("button", name="Try again").click()
    _says(tab, "config.toml", "line 1")
    house.configured(home.folder)
    tab.get_by_role("button", name="Try again").click()
    expect(tab.get_by_role("heading", name="Situation", level=1)).to_be_visible()


def test_a_missing_seed_file_is_named(tab: Page, home: house.House, checkout: Path, reader: Reader):
    rules = checkout / "seeds" / "rules.toml"
    kept = rules.read_bytes()
    rules.unlink()
    try:
        house.configured(home.folder, house.LOOPBACK_ONLY.replace("m.db", "other.db"))
        go(tab, reader.base + "/stories")
        _says(tab, "rules.toml")
    finally:
        rules.write_bytes(kept)


def test_a_read_only_database_can_be_read_and_refuses_changes_in_words(
    tab: Page, home: house.House, reader: Reader
):
    house.configured(home.folder)
    go(tab, reader.base + "/triage")  # makes the store
    only = f"sqlite:///file:{home.folder / 'm.db'}?mode=ro&uri=true"
    house.configured(home.folder, house.LOOPBACK_ONLY.replace("sqlite:///m.db", only))
    go(tab, reader.base + "/triage")
    tab.get_by_role("button", name="Confirm").click()
    expect(tab.get_by_test_id("stAlert").filter(has_text="is read-only")).to_be_visible()
    expect(tab.get_by_role("listitem").filter(has_text="onfirmed by")).to_have_count(0)


def test_a_file_that_is_no_database_is_named(tab: Page, home: house.House, reader: Reader):
    (home.folder / "text.db").write_text("This is no database. " * 100)
    house.configured(home.folder, house.LOOPBACK_ONLY.replace("m.db", "text.db"))
    go(tab, reader.base + "/")
    _says(tab, "text.db")


def test_a_locked_database_is_named_and_nothing_is_lost(
    tab: Page, home: house.House, reader: Reader
):
    house.configured(home.folder, house.LOOPBACK_ONLY)
    go(tab, reader.base + "/triage")
    expect(tab.get_by_role("button", name="Confirm")).to_be_visible()
    with sqlite3.connect(home.folder / "m.db", isolation_level=None) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        tab.get_by_role("button", name="Confirm").click()
        expect(tab.get_by_test_id("stAlert").filter(has_text="locked")).to_be_visible()
        blocker.execute("ROLLBACK")
    blocker.close()
    tab.get_by_role("button", name="Confirm").click()
    expect(tab.get_by_role("listitem").filter(has_text="Confirmed by").first).to_be_visible()


def test_a_port_in_use_is_one_line_in_the_terminal(tmp_path: Path):
    config = house.configured(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            servers.serve_command(config, port),
            cwd=ROOT, env=servers.environment(), capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"port {port}" in done.stderr
    assert f"--port {port + 1}" in done.stderr
