"""Past moments of the index for the API: one computed at a time, the last few kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from monitor.cycle.intake import Intake
from monitor.cycle.measuring import Measured
from monitor.web.sources import BusyError

_KEPT = 4  # up to three years of all series each


class Past:
    """What was known at a moment.

    Computing it reads up to three years. Whoever asks while another moment is being computed is
    asked to come again, so that no number of questions takes the threads that answer the rest.

    Args:
        intake: The judgement in use, with its store.
        now: The clock, in UTC.
    """

    def __init__(self, intake: Intake, now: Callable[[], datetime]) -> None:
        self._intake = intake
        self._now = now
        self._computing = threading.Lock()
        self._kept: OrderedDict[object, tuple[Measured | None]] = OrderedDict()

    def measured(self, as_of: datetime) -> Measured | None:
        """The index as it was known then; a minute long the same answer is given again.

        Raises:
            BusyError: Another moment is being computed.
            StorageError: The store cannot be read.
        """
        key = self._key(as_of)
        if kept := self._kept.get(key):
            return kept[0]
        if not self._computing.acquire(blocking=False):
            raise BusyError("another past moment is being computed; ask again in 2 s")
        try:
            found = self._intake.measured(as_of)
            self._kept[key] = (found,)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        finally:
            self._computing.release()
        return found

    def _key(self, as_of: datetime) -> object:
        """Changes with the store, with the lexicon, and each minute."""
        minute = int(self._now().timestamp() // 60)
        return (as_of, minute, self._intake.assessor.version, self._intake.store.reading.version())
