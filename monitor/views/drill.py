"""Drill: the items behind a point, a cell or a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from monitor.storage.reading import Reading
from monitor.views.cards import ItemCard, item_card
from monitor.views.lens import Lens

AT_MOST = 40
_COMPOSED: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {
        "risk": (("escalatory",), ("act", "threat")),
        "act": (("escalatory",), ("act",)),
        "threat": (("escalatory",), ("threat",)),
        "deesc": (("deescalatory",), ()),
    }
)


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


def of_series(reading: Reading, lens: Lens, *, name: str, day: str) -> tuple[ItemCard, ...]:
    """Items behind one day of one series: a composite's directions and kinds, or an indicator."""
    if name in _COMPOSED:
        directions, kinds = _COMPOSED[name]
        return load(reading, lens, day=day, directions=directions, kinds=kinds)
    return load(reading, lens, day=day, indicators=(name,))
