"""Which browser the tests drive, and how it is started."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "no Chromium or Chrome: install one (Debian: apt install chromium), name one in CHROMIUM, "
    "or run .venv/bin/playwright install chromium"
)


class NoBrowserError(Exception):
    """There is none; the message says how to get one."""


def find(
    own: str,
    environment: Mapping[str, str] = os.environ,
    which: Callable[[str], str | None] = shutil.which,
) -> str:
    """Path of a browser: CHROMIUM, one on the PATH, or Playwright's own download.

    Raises:
        NoBrowserError: None is there.
    """
    for path in (environment.get("CHROMIUM"), *map(which, NAMES), own):
        if path and Path(path).exists():
            return path
    raise NoBrowserError(ADVICE)


def may_skip(environment: Mapping[str, str] = os.environ) -> bool:
    """A person without a browser may leave these tests out; CI may not."""
    return environment.get("CI", "").lower() not in ("true", "1")


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless browser until the block ends; without one the test is left out, or fails in CI."""
    with sync_playwright() as playwright:
        try:
            path = find(playwright.chromium.executable_path)
        except NoBrowserError as missing:
            if may_skip():
                pytest.skip(str(missing))
            pytest.fail(str(missing))
        one = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield one
        one.close()
