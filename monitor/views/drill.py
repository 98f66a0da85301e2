"""Drill: the items behind a point, a cell or a number."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.storage.reading import Reading
from monitor.views.cards import ItemCard, item_card
from monitor.views.lens import Lens

AT_MOST = 40


def load(
    reading: Reading,
    lens: Lens,
    *,
    day: str,
    until_day: str = "",
    indicators: Sequence[str] = (),
    directions: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> tuple[ItemCard, ...]:
    """Items flagged from `day` to `until_day` (local ISO dates), most severe first."""
    ids = reading.flagged_on(
        day,
        until_day=until_day or None,
        indicators=indicators,
        directions=directions,
        kinds=kinds,
        limit=AT_MOST,
    )
    return tuple(item_card(item, lens) for item in reading.items_by_id(ids))
