"""Polling goes on: what ends one cycle is logged and told, and the next one begins."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import count

from monitor.cycle.polling import Poller
from monitor.errors import MonitorError
from monitor.feeds.outcomes import fault_words
from monitor.storage.progress import CycleProgress, Stumble

LOG = logging.getLogger("monitor.polling")
RETRY_AFTER = 30.0  # seconds to wait after a cycle that did not go through


def go_on(
    stop: threading.Event,
    begin: Callable[[], tuple[Poller, Callable[[], bool]]],
    *,
    clock: Callable[[], datetime],
    troubled: Callable[[str], None] = lambda _words: None,
) -> None:
    """Poll until told to stop, whatever a cycle runs into.

    Args:
        stop: Ends it.
        begin: Gives a poller, and until when it is the right one; asked again whenever it is not,
            and after each cycle that did not go through.
        clock: In UTC.
        troubled: Told what keeps it from polling; "" once a pass has gone through.
    """
    progress: CycleProgress | None = None
    while not stop.is_set():
        try:
            poller, while_ = begin()
            progress = poller.progress
            poller.run(_passes(while_, [partial(troubled, ""), progress.recovered]))
        except MonitorError as error:
            LOG.warning("%s; polling tries again in %.0f s", error, RETRY_AFTER)
            troubled(str(error))
            stop.wait(RETRY_AFTER)
        except Exception as error:
            LOG.exception("polling stumbled; it goes on in %.0f s", RETRY_AFTER)
            troubled(fault_words(error))
            _tell(progress, Stumble(at=clock(), fault=fault_words(error)))
            stop.wait(RETRY_AFTER)


def _passes(
    while_: Callable[[], bool], recovered: Sequence[Callable[[], None]]
) -> Callable[[], bool]:
    """The same question; when it is asked again, a first pass has gone through."""
    passes = count()

    def asked() -> bool:
        if next(passes) == 1:
            for tell in recovered:
                tell()
        return while_()

    return asked


def _tell(progress: CycleProgress | None, stumble: Stumble) -> None:
    """Let other processes know; a store that cannot be written is told of in other ways."""
    if progress is not None:
        with contextlib.suppress(MonitorError):
            progress.stumbled(stumble)
