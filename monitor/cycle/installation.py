"""One installation in one process: settings, store and judgement, opened when first needed."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from monitor import config
from monitor.config import Config
from monitor.cycle.intake import Intake
from monitor.cycle.polling import RETRY_AFTER, Poller
from monitor.cycle.start import open_intake, open_store
from monitor.errors import MonitorError
from monitor.storage.store import Store

LOG = logging.getLogger("monitor.polling")


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
        thread.start()

        def stopped() -> None:
            stop.set()
            thread.join(10)

        return stopped

    def _poll(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                opened = self.opened()
                poller = Poller(opened.config, opened.intake, clock=self._clock, stop=stop)
                poller.run(while_=partial(self._is_current, opened))
            except MonitorError as error:
                LOG.warning("%s; polling tries again in %.0f s", error, RETRY_AFTER)
                stop.wait(RETRY_AFTER)


INSTALLATION = Installation()
"""The one of this process: pages, routes and the poller see the same store."""
