"""A back-test: an archive replayed by first seen, held against dated events."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from monitor.assess.assessor import Assessor
from monitor.assess.model import Assessment
from monitor.cycle.importing import readable
from monitor.feeds.outcomes import fault_words
from monitor.indicators.backtest import Report, backtest, read_events
from monitor.indicators.replay import ArchiveItem, replay
from monitor.indicators.settings import Settings
from monitor.indicators.tripwires import Rules
from monitor.items import counts_at
from monitor.stories.groups import Groups

LOG = logging.getLogger("monitor.backtest")


def replayed(
    lines: Iterable[bytes],
    chronology: Sequence[Mapping[str, Any]],
    *,
    assessor: Assessor,
    groups: Groups,
    rules: Rules,
    index: Settings,
    zone: ZoneInfo,
    now: datetime,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> tuple[Report, list[tuple[int, str]]]:
    """Judge, group and measure an archive as if it came in now, and score the levels.

    Args:
        progress: Told how many items are judged, of how many.

    Returns:
        The report, and the lines that were left out with the reason.

    Raises:
        ValueError: The archive is too short for an index, or a line of the chronology is broken.
    """
    bad: list[tuple[int, str]] = []
    items = list(readable(lines, zone=zone, now=now, bad=bad))
    judged = count(1)

    def assess(item: ArchiveItem) -> Assessment | None:
        progress(next(judged), len(items))
        try:
            return assessor.assess(
                title=item.title,
                summary=item.summary,
                language=item.language,
                published=counts_at(item.published_at, item.seen_at),
                publisher=item.publisher,
                url=item.url,
            )
        except Exception as error:
            LOG.exception("line %d could not be judged; the others go on", item.line)
            bad.append((item.line, fault_words(error)))
            return None

    mentions, exposures = replay(
        items, assess, groups, zone=zone, catch_up_days=index.catch_up_days
    )
    report = backtest(
        mentions,
        exposures,
        read_events(chronology),
        assessor.indicators,
        index,
        rules=rules,
        zone=zone,
    )
    return report, bad
