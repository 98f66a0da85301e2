"""The index as known at one moment: rows of the store -> every series, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from monitor.indicators.measure import Measures, measure
from monitor.indicators.settings import Settings, Watched
from monitor.storage.store import Store

HISTORY = timedelta(days=3 * 366)
"""Longest past that is measured: two years on a chart, and the base before them."""


def measured(
    store: Store,
    watched: Mapping[str, Watched],
    settings: Settings,
    *,
    as_of: datetime,
) -> Measures | None:
    """Every series from the first known day to the local day of `as_of`.

    Nothing first seen after `as_of` is used, so that the value of any past moment can be
    computed again.

    Returns:
        None when nothing was watched by then.
    """
    today = as_of.astimezone(store.zone).date()
    known = store.items.days()
    since = max(known[0] if known else today, today - HISTORY)
    return measure(
        store.measures.mentions(since, today, as_of),
        store.measures.exposures(since - timedelta(days=1), today, as_of),
        watched,
        settings,
        as_of=as_of,
        zone=store.zone,
    )


def last_moment(day: date, store: Store) -> datetime:
    """The end of a local day, as a moment for `as_of`."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=store.zone) + timedelta(days=1)
    return midnight - timedelta(microseconds=1)
