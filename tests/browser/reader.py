"""A reader of the dashboard in a real browser, and what must never happen while reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebSocket,
    expect,
)

TIMEOUT_MS = 90_000  # of what does come; a busy machine must not decide about a test
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
_IDLE = (
    '[data-testid="stApp"][data-test-connection-state="CONNECTED"]'
    '[data-test-script-state="notRunning"]'
)
_SOCKETS: WeakKeyDictionary[Page, WebSocket] = WeakKeyDictionary()  # the newest of each tab
# Streamlit asks below the page's own path first where its server lives; the answer 404 is expected.
_PROBES = re.compile(r"/\w+/_stcore/(health|host-config)$")


@dataclass
class Reader:
    """One browser context of its own, hence one session."""

    context: BrowserContext
    base: str
    wrong: list[str] = field(default_factory=list)  # errors, and requests that left the machine

    def tab(self) -> Page:
        """A new tab in which nothing is open yet."""
        page = self.context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        page.on("console", self._console)
        page.on("request", self._request)
        page.on("websocket", lambda socket: _SOCKETS.update({page: socket}))
        return page

    def open(self, path: str = "/") -> Page:
        """Open a page in a new tab and wait until it stands."""
        page = self.tab()
        go(page, self.base + path)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _PROBES.search(message.location["url"]):
            self.wrong.append(f"console: {message.text} ({message.location['url']})")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.wrong.append(f"asked outside: {request.url}")


@contextmanager
def reading(browser: Browser, base: str, **context: object) -> Iterator[Reader]:
    """A reader who must meet no error and whose browser must ask nobody else."""
    settings = {**DESKTOP, "service_workers": "block", "locale": "en-GB", **context}
    opened = browser.new_context(**settings)
    one = Reader(opened, base.rstrip("/"))
    try:
        yield one
    finally:
        opened.close()
    assert not one.wrong, one.wrong


def go(page: Page, address: str) -> None:
    """Open an address and wait until the page stands, without a traceback."""
    page.goto(address, wait_until="commit")
    _stands(page)


def turn(page: Page, address: str) -> None:
    """Come to another page as by a link of the dashboard: nothing is loaded a second time.

    The first that the server sends once the present page rests belongs to the other one.
    """
    still(page)
    with _SOCKETS[page].expect_event("framereceived", timeout=TIMEOUT_MS):  # it is being run
        page.evaluate(
            """address => {
              history.pushState({}, '', address);
              dispatchEvent(new PopStateEvent('popstate'));
            }""",
            address,
        )
    _stands(page)


def _stands(page: Page) -> None:
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    still(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def still(page: Page) -> None:
    """Wait until the script rests, nothing is grey, every chart is drawn and nothing moves.

    Looked at six times in a row, each after the browser has painted: on a busy machine that
    takes longer, and no shorter.
    """
    page.evaluate(
        """idle => new Promise((done) => {
          let height = -1, same = 0;
          const rests = () => document.querySelector(idle)
            && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')
            && [...document.querySelectorAll('[data-testid=stPlotlyChart]')]
              .every((chart) => chart.querySelector('.main-svg'));
          const look = () => {
            const main = document.querySelector('[data-testid=stMain]');
            same = main && rests() && main.scrollHeight === height ? same + 1 : 0;
            height = main ? main.scrollHeight : -1;
            if (same >= 6) done();
            else setTimeout(() => requestAnimationFrame(look), 40);
          };
          look();
        })""",
        _IDLE,
    )
