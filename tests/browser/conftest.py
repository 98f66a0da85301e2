from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

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
    with chromium.launched() as one:
        yield one
