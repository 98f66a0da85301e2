"""One installation in one process: settings, store and judgement, opened when first needed."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from monitor import config
from monitor.config import Config
from monitor.cycle.going_on import go_on
from monitor.cycle.intake import Intake
from monitor.cycle.polling import Poller
from monitor.cycle.start import open_intake, open_store
from monitor.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What pages, routes and the poller of one process share."""

    key: tuple[str, float, str]  # configuration file, when it changed, database
    config: Config
    store: Store
    readable: Store  # the same, but it takes no changes: what pages read by
    intake: Intake


class Installation:
    """Opens what config.toml names, and opens it anew when the file changes.

    Safe to use from several threads. Errors are not kept: the next call tries again, so that a
    mended file or a server that has come back needs no restart.

    Args:
        path: Gives the configuration file; asked at each call.
        clock: In UTC.
    """

    def __init__(
        self,
        path: Callable[[], Path] = config.config_path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self._trouble = ""  # what keeps the poller of this process from polling
        self._poller: threading.Thread | None = None

    def opened(self) -> Opened:
        """Settings, store and judgement as they stand now.

        Raises:
            ConfigError: The settings or a shipped file cannot be used.
            StorageError: The store cannot be opened.
        """
        key = self._key()
        with self._lock:
            if self._opened is None or self._opened.key != key:
                self._opened = self._open(key)
            return self._opened

    def _key(self) -> tuple[str, float, str]:
        path = self._path()
        changed_at = path.stat().st_mtime if path.exists() else 0.0
        return str(path), changed_at, os.environ.get("MONITOR_DATABASE_URL", "")

    def _is_current(self, opened: Opened) -> bool:
        return opened.key == self._key()

    def _open(self, key: tuple[str, float, str]) -> Opened:
        settings = config.load(Path(key[0]))
        now = self._clock()
        store = open_store(settings, now=now)
        try:
            intake = open_intake(settings, store, now=now)
        except BaseException:
            store.close()
            raise
        readable = store.read_only()
        return Opened(key=key, config=settings, store=store, readable=readable, intake=intake)

    def poll_in_background(self) -> Callable[[], None]:
        """Poll in a thread of this process.

        Returns:
            What stops it.
        """
        stop = threading.Event()
        thread = threading.Thread(target=self._poll, args=(stop,), name="poller", daemon=True)
        self._poller = thread
        thread.start()

        def stopped() -> None:
            stop.set()
            thread.join(10)
            self._poller = None

        return stopped

    def _poll(self, stop: threading.Event) -> None:
        def begin() -> tuple[Poller, Callable[[], bool]]:
            opened = self.opened()
            poller = Poller(opened.config, opened.intake, clock=self._clock, stop=stop)
            return poller, partial(self._is_current, opened)

        go_on(stop, begin, clock=self._clock, troubled=self._note)

    def _note(self, trouble: str) -> None:
        self._trouble = trouble

    def troubles(self) -> tuple[str, ...]:
        """Why the poller of this process does not poll; empty: it does, or another process does."""
        if self._poller is not None and not self._poller.is_alive():
            return ("the poller of this process has ended; restart the dashboard",)
        return (f"polling waits: {self._trouble}",) if self._trouble else ()


INSTALLATION = Installation()
"""The one of this process: pages, routes and the poller see the same store."""
