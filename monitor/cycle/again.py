"""Judging stored items again in the background, so that nobody has to keep a page open."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.cycle.intake import Intake, Reassessed
from monitor.errors import MonitorError


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the work is, or how it ended."""

    running: bool = False
    done: int = 0
    total: int = 0
    result: Reassessed | None = None  # None: it never ran, still runs, or was stopped
    stopped: bool = False
    error: str = ""


class _StoppedError(Exception):
    """A person has asked to stop."""


class Again:
    """One run at a time for the whole process; whoever looks sees the same progress."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._standing = Standing()
        self._thread: threading.Thread | None = None

    def standing(self) -> Standing:
        """How far the work is."""
        with self._lock:
            return self._standing

    def start(self, intake: Intake, now: Callable[[], datetime], since: datetime | None) -> bool:
        """Judge what the lexicon in use has not judged.

        Args:
            since: Only items published since then.

        Returns:
            Whether it began; False: it runs already.
        """
        with self._lock:
            if self._standing.running:
                return False
            self._stop.clear()
            self._standing = Standing(running=True)
            work = (intake, now(), since)
            self._thread = threading.Thread(target=self._run, args=work, name="again", daemon=True)
            self._thread.start()
            return True

    def stop(self) -> None:
        """End it after the items under way; those judged before stay so."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """Until it has ended, or the time is over."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self, intake: Intake, now: datetime, since: datetime | None) -> None:
        result, stopped, error = None, False, ""
        try:
            intake.follow_lexicon()
            result = intake.reassess(now, since=since, progress=self._tell)
        except _StoppedError:
            stopped = True
        except MonitorError as problem:
            error = str(problem)
        finally:  # also after a fault of our own: nobody must wait for ever
            with self._lock:
                self._standing = replace(
                    self._standing, running=False, result=result, stopped=stopped, error=error
                )

    def _tell(self, done: int, total: int) -> None:
        with self._lock:
            self._standing = replace(self._standing, done=done, total=total)
        if self._stop.is_set():
            raise _StoppedError


AGAIN = Again()
"""The one of this process: every page shows the same run."""
