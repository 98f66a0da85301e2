"""The index as known at one moment, and keeping it beside the items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from monitor.indicators.explain import level_sentence
from monitor.indicators.headline import Headline, final_readings, headline
from monitor.indicators.measure import Measures, Reading, measure
from monitor.indicators.settings import Settings, Watched
from monitor.indicators.tripwires import Rules
from monitor.storage.measures import LevelChange
from monitor.storage.store import Store

HEADLINE = "risk"
COLUMNS = (
    "day",
    "series",
    "index",
    "low80",
    "high80",
    "seen",
    "expected",
    "coverage",
    "level",
    "state",
)
HISTORY = timedelta(days=3 * 366)
"""Longest past that is measured: two years on a chart, and the base before them."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """All series and the level that people see."""

    measures: Measures
    headline: Headline

    def readings(
        self, name: str, since: date | None = None, until: date | None = None
    ) -> list[Reading]:
        """Readings of one series, oldest first; the headline with the level that people see.

        Raises:
            KeyError: There is no such series; the message lists those there are.
        """
        if name != HEADLINE:
            return self.measures.readings(name, since, until)
        rows = final_readings(self.measures, self.headline)
        return [
            one
            for one in rows
            if (since is None or one.day >= since) and (until is None or one.day <= until)
        ]


def measured(
    store: Store,
    watched: Mapping[str, Watched],
    settings: Settings,
    rules: Rules,
    *,
    as_of: datetime,
) -> Measured | None:
    """Every series from the first known day to the local day of `as_of`.

    Nothing first seen after `as_of` is used, so that the value of any past moment can be
    computed again.

    Returns:
        None when nothing was watched by then.
    """
    today = as_of.astimezone(store.zone).date()
    known = store.items.days()
    since = max(known[0] if known else today, today - HISTORY)
    found = measure(
        store.measures.mentions(since, today, as_of),
        store.measures.exposures(since - timedelta(days=1), today, as_of),
        watched,
        settings,
        as_of=as_of,
        zone=store.zone,
    )
    if found is None:
        return None
    begin = datetime(since.year, since.month, since.day, tzinfo=store.zone)
    deadlines = store.measures.deadlines(begin, as_of)
    return Measured(measures=found, headline=headline(found, rules, deadlines, zone=store.zone))


def remeasure(
    store: Store,
    watched: Mapping[str, Watched],
    settings: Settings,
    rules: Rules,
    *,
    now: datetime,
    days: Iterable[date] = (),
    everything: bool = False,
) -> Measured | None:
    """Bring exposures, kept readings and the log of levels up to date.

    Args:
        days: Local days whose items changed, besides today and yesterday; readings from the
            first of them on are written anew.
        everything: Write the readings of all days anew, after a change of rules or constants.

    Raises:
        StorageError: What is kept stays as it was.
    """
    today = now.astimezone(store.zone).date()
    wanted = {today, today - timedelta(1), *days}
    store.measures.refresh_exposures(sorted(wanted), now=now)
    found = measured(store, watched, settings, rules, as_of=now)
    if found is None:
        return None
    first = min(wanted)
    if everything or store.measures.computed_at() is None:
        first = found.measures.first
    rows = [one for name in found.measures.names for one in found.readings(name, first)]
    store.measures.save_readings(rows, now=now)
    _log_level(store, found, now)
    return found


def _log_level(store: Store, found: Measured, now: datetime) -> None:
    """Write down a change of the level with its reason; the first level is no change."""
    known = store.measures.level_changes(limit=1)
    before = known[0].new if known else 0
    after = found.headline.now
    if after == before:
        return
    day = found.measures.last
    store.measures.add_level_change(
        LevelChange(
            at=now,
            day=day,
            old=before,
            new=after,
            because=level_sentence(found.measures, found.headline),
        )
    )


def readings_json(rows: Iterable[Reading]) -> list[dict[str, Any]]:
    """The contract of `index --json`."""
    return [
        {name: getattr(one, name) for name in COLUMNS}
        | {"day": one.day.isoformat(), "state": one.state.value}
        for one in rows
    ]
