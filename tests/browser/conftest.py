from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser import chromium
from tests.browser.furnished import Furnished, furnished
from tests.browser.reader import TIMEOUT_MS

expect.set_options(timeout=TIMEOUT_MS)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """One furnished house for all who only look, or who leave enough for the next."""
    with furnished(tmp_path_factory.mktemp("furnished")) as one:
        yield one


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; closed with its module, so that no event loop stays behind."""
    with sync_playwright() as playwright:
        try:
            path = chromium.find(playwright.chromium.executable_path)
        except chromium.NoBrowserError as missing:
            if chromium.may_skip():
                pytest.skip(str(missing))
            pytest.fail(str(missing))
        launched = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield launched
        launched.close()
