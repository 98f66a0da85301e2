"""The whole assembled around a real Streamlit, asked over HTTP and looked at in Chromium."""

import os
import socket
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from monitor.items import stamp
from monitor.storage.engine import Database
from monitor.storage.snapshots import Created, Snapshots
from tests.browser import chromium
from tests.snapshots.documents import make_document, make_series
from tests.snapshots.test_render_html import hostile

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds until the server must answer

LAUNCHER = """
import sys
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

sys.path.insert(0, {root!r})
from monitor.storage.engine import Database
from monitor.storage.snapshots import Snapshots
from monitor.web.app import routes_over, surround
from monitor.web.snapshots import Sharing
from monitor.web.sources import Access
from tests.web.parts import COASTLINE, FONTS, FakeSources

sharing = Sharing(
    snapshots=Snapshots(Database({url!r})), coastline=COASTLINE, fonts=FONTS,
    access=Access(signed_in=lambda request: False), newer=lambda head: None,
    now=lambda: datetime.now(UTC), timezone="America/Curacao", base="/monitor",
)
said = Path({said!r})

def start():
    said.write_text("polling")
    return lambda: said.write_text("stopped")

app = st.App("page.py", **surround(
    routes_over(FakeSources(), sharing, site="Test"), base=sharing.base,
    streamlit_static=Path(st.__file__).parent / "static", start_polling=start,
).as_arguments())
"""


@dataclass(frozen=True)
class Served:
    address: str
    made: Created
    hostile: Created
    log: Path
    said: Path
    process: subprocess.Popen[bytes]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    url = f"sqlite:///{folder / 'monitor.db'}"
    database = Database(url)
    database.migrate()
    now = datetime.now(UTC)
    times = {"created_at": stamp(now), "expires_at": stamp(now + timedelta(days=1))}
    made = Snapshots(database).create(make_document(series=[make_series(n=90)] * 8, **times))
    bad = Snapshots(database).create(hostile(make_document(**times)))
    database.dispose()
    said, log = folder / "said", folder / "log"
    (folder / "page.py").write_text(
        'import streamlit as st\nst.title("The dashboard")\nst.line_chart([1, 3, 2])\n'
    )
    launcher = textwrap.dedent(LAUNCHER).format(root=str(ROOT), url=url, said=str(said))
    (folder / "app.py").write_text(launcher)
    port = _free_port()
    options = {"address": "127.0.0.1", "port": port, "headless": "true", "baseUrlPath": "monitor"}
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += [f"--server.{key}={value}" for key, value in options.items()]
    command += ["--browser.gatherUsageStats=false", "--logger.level=debug"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=out, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
    address = f"http://127.0.0.1:{port}/monitor"
    try:
        _wait(address, process, log)
        yield Served(address, made, bad, log, said, process)
    finally:
        process.terminate()
        process.wait(20)


def test_polling_runs_before_any_browser_came(served: Served):
    assert served.said.read_text() == "polling"


def test_our_routes_stand_beside_the_pages(served: Served):
    for path in ("/api/v1/status", "/flagged.atom", "/metrics", f"/s/{served.made.token}.json"):
        with urllib.request.urlopen(f"{served.address}{path}", timeout=10) as answer:
            assert answer.status == 200
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_streamlits_own_scripts_come_compressed(served: Served):
    static = Path(__import__("streamlit").__file__).parent / "static"
    largest = max(static.glob("static/js/*.js"), key=lambda path: path.stat().st_size)
    path = largest.relative_to(static).as_posix()
    request = urllib.request.Request(
        f"{served.address}/{path}", headers={"Accept-Encoding": "gzip, br"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        assert len(answer.read()) < largest.stat().st_size / 3


def test_no_token_is_logged_even_when_everything_is(served: Served):
    urllib.request.urlopen(f"{served.address}/s/{served.made.token}", timeout=10).close()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{served.address}/s/{'q' * 27}", timeout=10)
    said = served.log.read_text()
    assert served.made.token not in said
    assert "q" * 27 not in said


def test_behind_a_proxy_each_client_has_its_own_limit(served: Served):
    def ask(client: str) -> int:
        headers = {"X-Forwarded-For": client}
        request = urllib.request.Request(f"{served.address}/api/v1/status", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    assert 429 in (ask("203.0.113.1") for _ in range(5000))
    assert ask("203.0.113.2") == 200


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launched() as one:
        yield one


class Watched:
    """A page that remembers every request, message and dialog."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.messages: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("dialog", lambda dialog: self.messages.append(dialog.message))

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.messages.append(text)


@pytest.fixture(params=["desktop light", "desktop dark", "phone light", "phone dark"])
def watched(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Watched]:
    size, scheme = request.param.split()
    phone = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
    wide = {"viewport": {"width": 1200, "height": 900}}
    context = browser.new_context(**(phone if size == "phone" else wide), color_scheme=scheme)
    yield Watched(context.new_page())
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("which", ["made", "hostile"])
def test_a_shared_page_asks_for_nothing_more_and_runs_nothing(
    served: Served, watched: Watched, which: str
):
    address = f"{served.address}/s/{getattr(served, which).token}"
    watched.page.goto(address)
    assert watched.requests == [address]
    assert watched.messages == []
    assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert watched.page.locator("svg[role=img]:visible").count() >= 3


@pytest.mark.browser
def test_a_shared_page_is_accessible(served: Served, watched: Watched):
    watched.page.goto(f"{served.address}/s/{served.made.token}")
    found = Axe().run(watched.page)
    assert "color-contrast" in {one["id"] for one in found["passes"]}
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


@pytest.mark.browser
def test_the_dashboard_runs_under_the_content_policy(served: Served, browser: Browser):
    context = browser.new_context()
    watched = Watched(context.new_page())
    watched.page.goto(f"{served.address}/")
    watched.page.get_by_role("heading", name="The dashboard").wait_for()
    watched.page.locator("canvas, svg.marks").first.wait_for()
    assert [text for text in watched.messages if "Content Security Policy" in text] == []
    assert all("127.0.0.1" in url or url.startswith(("blob:", "data:")) for url in watched.requests)
    context.close()


def test_polling_stops_when_the_server_is_told_to(served: Served):
    served.process.terminate()
    served.process.wait(20)
    assert served.said.read_text() == "stopped"
