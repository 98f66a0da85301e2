"""How much: the only numbers that change a judgement are weights of drugs."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.assess.matching import Hits

BULK_KG = 500
"""Above so many kilograms a find of drugs is notable (docs/judgement.md)."""
KILO = "kilo"
BULK = "bulk"
BULK_DRUG = "bulkdrug"


def weigh(tokens: Sequence[str], hits: Hits) -> None:
    """Add the concept `bulkdrug` where a text with drugs names more than `BULK_KG`.

    Args:
        tokens: Folded words.
        hits: Concepts of the text; `drug`, `kilo` and `bulk` (tonnes) are read.
    """
    if "drug" not in hits:
        return
    heavy = [
        (max(first - 1, 0), last)
        for first, last in hits.get(KILO, ())
        if _kilos(tokens, first) > BULK_KG
    ]
    heavy += [(first - 1, last) for first, last in hits.get(BULK, ()) if _before(tokens, first) > 0]
    if heavy:
        hits[BULK_DRUG] = sorted({*hits.get(BULK_DRUG, ()), *heavy})


def _kilos(tokens: Sequence[str], place: int) -> int:
    """The number in front of the word "kilo", or grown together with it ("700kg"); else 0."""
    number = tokens[place].rstrip("kilogs")
    return int(number) if number.isdigit() and len(number) <= 9 else _before(tokens, place)


def _before(tokens: Sequence[str], place: int) -> int:
    """The number in digits that ends before `place`, thousands joined ("1 400"); else 0."""
    if not place or not tokens[place - 1].isdigit() or len(tokens[place - 1]) > 9:
        return 0
    number = tokens[place - 1]
    if (
        place > 1
        and len(number) == 3
        and tokens[place - 2].isdigit()
        and len(tokens[place - 2]) < 4
    ):
        number = tokens[place - 2] + number
    return int(number)
