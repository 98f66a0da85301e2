"""A measurement carried on: only the newest days are computed, the rest is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

import numpy as np

from monitor.indicators.composite import Units, units
from monitor.indicators.exposure import Grid, cleaned, enrolled, panel
from monitor.indicators.measure import Measures, health, inputs_of, states
from monitor.indicators.rows import Exposure, Mention, Mentions, joined, microseconds
from monitor.indicators.settings import Watched
from monitor.indicators.walk import Carry, Inputs, Track, begin, is_kept, walk


def first_open_day(before: Measures) -> date:
    """The first day that items not yet known at `before` may still be booked to."""
    return max(before.first, before.last - timedelta(before.settings.catch_up_days))


def first_day_from(before: Measures, day: date) -> date:
    """The last day, not after `day`, from which a measurement can be carried on."""
    cut = (min(day, first_open_day(before)) - before.first).days
    kept = [one + 1 for one in before.track.carries if one < cut]
    return before.first + timedelta(max(kept, default=0))


def update(
    before: Measures,
    mentions: Mentions | Sequence[Mention],
    exposures: Sequence[Exposure],
    watched: Mapping[str, Watched],
    *,
    as_of: datetime,
    zone: tzinfo = UTC,
    since: date | None = None,
) -> Measures:
    """What `measure` would give, from what it gave before and the rows of the newest days.

    Its cost does not grow with the past. It holds as long as nothing older changed: no day looks
    ahead, so what a person split, merged or refused, what was corrected and what was judged again
    changes its own day and those after it.

    Args:
        mentions: All flags booked to `since` and later.
        exposures: All rows of these days.
        watched: The same as before.
        since: First day that is computed, from `first_day_from`; None: the first open one.

    Raises:
        ValueError: `as_of` lies before that of `before`, or other indicators are watched.
    """
    if as_of < before.as_of or (*watched,) != before.names[: len(watched)]:
        raise ValueError("a measurement can only be carried on, with the same indicators")
    since, today = since or first_open_day(before), as_of.astimezone(zone).date()
    cut = (since - before.first).days
    table = mentions if isinstance(mentions, Mentions) else Mentions.of(mentions)
    rows = [one for one in exposures if since <= one.day <= today]
    seen = cleaned(panel(rows, since, today, before.settings, before.grid.panel), before.settings)
    chosen = (table.seen <= microseconds(as_of)) & ~table.withdrawn
    fresh = table.where(chosen & (table.day >= since.toordinal()))
    fresh = fresh.at(np.argsort(fresh.day, kind="stable"))
    old = before.mentions.head(int(np.searchsorted(before.mentions.day, since.toordinal())))
    found = _units(old, fresh, seen, before.names, watched)
    inputs = _inputs(before, found, seen, watched, cut)
    track = _track(before.track, seen.days, cut)
    walk(inputs, track, _carry(before, inputs, cut), before.settings, first=cut)
    return replace(
        before,
        as_of=as_of,
        grid=seen,
        track=track,
        state=states(track, seen, today.toordinal(), before.settings),
        inputs=inputs,
        units=_with_old(before.units, found, cut),
        mentions=joined(old, fresh),
        notes=health(seen, table, as_of),
    )


def _units(
    old: Mentions,
    fresh: Mentions,
    seen: Grid,
    names: tuple[str, ...],
    watched: Mapping[str, Watched],
) -> Units:
    """Units of the open days; a story's older reports say which groups had it before."""
    touched = set(fresh.story_id)
    context = np.array(
        [row for row, story in enumerate(old.story_id) if story in touched], np.int64
    )
    found = units(joined(old.at(context), fresh), seen, names, watched)
    is_new = found.row >= len(context)
    return Units(
        series=found.series[is_new],
        day=found.day[is_new],
        group=found.group[is_new],
        weight=found.weight[is_new],
        row=found.row[is_new] - len(context) + len(old),
    )


def _with_old(old: Units, new: Units, cut: int) -> Units:
    kept = old.day < cut
    return Units(
        **{
            one.name: np.concatenate([getattr(old, one.name)[kept], getattr(new, one.name)])
            for one in fields(Units)
        }
    )


def _inputs(
    before: Measures, found: Units, seen: Grid, watched: Mapping[str, Watched], cut: int
) -> Inputs:
    made = inputs_of(found, seen, before.names, watched, before.settings)
    made.hits[:cut, : before.inputs.hits.shape[1]] = before.inputs.hits[:cut]
    made.squares[:cut] = before.inputs.squares[:cut]
    counts = made.hits[:, :, before.names.index("risk_count")]
    return replace(made, enrolled=enrolled(seen, counts, before.settings))


def _track(before: Track, days: int, cut: int) -> Track:
    track = Track.empty(days, before.a.shape[1])
    for one in fields(Track):
        known = getattr(before, one.name)
        if isinstance(known, np.ndarray):
            getattr(track, one.name)[:cut] = known[:cut]
        else:
            getattr(track, one.name).update({day: v for day, v in known.items() if day < cut})
    for day in [one for one in track.carries if not is_kept(one, days)]:
        del track.carries[day]
    return track


def _carry(before: Measures, inputs: Inputs, cut: int) -> Carry:
    """The state on the eve of the open days, with room for new groups."""
    if not cut:
        return begin(inputs, before.settings)
    carry = before.track.carries[cut - 1]
    missing = inputs.hits.shape[1] - len(carry.part_a)
    room = ((0, missing), (0, 0))
    return carry._replace(part_a=np.pad(carry.part_a, room), part_b=np.pad(carry.part_b, room))
