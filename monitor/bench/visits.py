"""Visits by a real browser with nothing cached: when the first chart stands, and at what cost."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

CHART = ".js-plotly-plot .main-svg .scatterlayer path"
_WAIT_MS = 120_000
_VIEW = {"width": 1280, "height": 900}


@dataclass  # no slots: Playwright marks the handlers' owner
class Wire:
    """Bytes that a browser took from the network, as they came: compressed files stay so."""

    bodies: float = 0
    messages: float = 0  # over the websocket
    requests: int = 0
    _seen: list[Any] = field(default_factory=list)

    @property
    def megabytes(self) -> float:
        """All of it, in 10^6 bytes."""
        return (self.bodies + self.messages) / 1e6

    def watch(self, context: BrowserContext, page: Page) -> None:
        """Count from now on what this page takes."""
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._loaded)
        session.on("Network.webSocketFrameReceived", self._message)
        self._seen.append(session)

    def _loaded(self, event: dict[str, Any]) -> None:
        self.bodies += event["encodedDataLength"]
        self.requests += 1

    def _message(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        text = answer["payloadData"]
        self.messages += len(text) if answer["opcode"] == 1 else len(base64.b64decode(text))


@contextmanager
def cold(browser: Browser) -> Iterator[tuple[Page, Wire]]:
    """A page of a browser context that has visited nothing yet."""
    context = browser.new_context(viewport=_VIEW, service_workers="block")  # type: ignore[arg-type]  # a plain dict
    try:
        page = context.new_page()
        page.set_default_timeout(_WAIT_MS)
        wire = Wire()
        wire.watch(context, page)
        yield page, wire
    finally:
        context.close()


def until_shown(page: Page, address: str, shown: str) -> float:
    """Seconds from entering the address until this part is visible."""
    begin = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(shown, state="visible")
    return time.perf_counter() - begin


def until_filtered(page: Page) -> float:
    """Seconds from choosing another range on the Situation page until its chart shows it."""
    days = "document.querySelector('.js-plotly-plot').data.find((one) => one.customdata).x.length"
    before = page.evaluate(days)
    button = page.get_by_role("radio", name="30 days")
    begin = time.perf_counter()
    button.click()
    page.wait_for_function(f"before => {days} !== before", arg=before, polling="raf")
    return time.perf_counter() - begin


def launch(playwright: Playwright, path: str) -> Browser:
    """A headless browser."""
    return playwright.chromium.launch(
        executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
    )
