"""Triage: what do I think of it? One flagged item at a time, and what was decided so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.storage.reading import Reading
from monitor.storage.rows import TriageRow
from monitor.views.cards import ItemCard, item_card
from monitor.views.lens import DIRECTIONS, SEVERITIES, Lens, count, listed

VERDICTS = {
    "confirmed": "confirmed",
    "not_relevant": "not relevant",
    "corrected": "corrected",
    "undone": "taken back",
}
AHEAD = 6  # items read ahead: the present one and those that wait behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One entry of the log in words."""

    item: str
    title: str
    verdict: str
    detail: str
    by: str
    when: str
    can_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """The item to decide, those behind it, and the log."""

    sentence: str
    spoken: str  # the item to decide in few words, for a screen reader
    current: ItemCard | None  # None: nothing waits
    after: str | None  # where the list goes on when the present item is skipped
    upcoming: tuple[str, ...]
    decisions: tuple[Decision, ...]
    agreement: str


def load(reading: Reading, lens: Lens, *, after: str | None = None) -> Triage:
    """The next item to decide after this place in the list.

    Raises:
        ValueError: `after` is not what an earlier page gave.
    """
    page = reading.untriaged(after=after, limit=1)
    behind = reading.untriaged(after=page.after, limit=AHEAD - 1).rows if page.after else ()
    current = item_card(page.rows[0], lens, whole=True) if page.rows else None
    sentence = _waiting(reading.count_untriaged())
    return Triage(
        sentence=sentence,
        spoken=f"{_spoken(current)} {sentence}".strip(),
        current=current,
        after=page.after,
        upcoming=tuple(item.title for item in behind),
        decisions=tuple(_decision(row, lens) for row in reading.triage_log(limit=12)),
        agreement=agreement(reading.verdicts()),
    )


def agreement(verdicts: Mapping[str, int]) -> str:
    """How often people agreed with the rules, in one sentence."""
    confirmed = verdicts.get("confirmed", 0)
    corrected, refused = verdicts.get("corrected", 0), verdicts.get("not_relevant", 0)
    total = confirmed + corrected + refused
    if not total:
        return "Nobody has decided anything yet; agreement with the rules appears here."
    kept = (confirmed + corrected) / total
    return (
        f"People decided on {count(total, 'item')}: {confirmed} confirmed, {corrected} corrected, "
        f"{refused} not relevant. {kept:.0%} of the flags were right to be raised, "
        f"{confirmed / total:.0%} exactly as assessed."
    )


def _spoken(card: ItemCard | None) -> str:
    """`Now: FAA closes the airspace. Severity 4 critical, escalating, Airspace closure.`"""
    if card is None:
        return ""
    title = "".join(piece.text for piece in card.title)
    names = dict.fromkeys(reason.name for reason in card.reasons)
    judged = [f"Severity {card.severity} {card.severity_word}", card.direction_word, *names]
    return f"Now: {title}. {', '.join(judged)}."


def _waiting(number: int) -> str:
    if not number:
        return "Nothing waits for a decision."
    more = " or more" if number >= 1000 else ""
    return (
        f"{number:,}{more} flagged {'item waits' if number == 1 else 'items wait'} for a decision."
    )


def _decision(row: TriageRow, lens: Lens) -> Decision:
    parts = []
    if row.severity is not None:
        parts.append(f"severity {row.severity} {SEVERITIES[row.severity]}")
    if row.direction:
        parts.append(DIRECTIONS.get(row.direction, row.direction))
    if row.indicators is not None:
        parts.append(listed([lens.name(one) for one in row.indicators]) or "no indicator")
    if row.note:
        parts.append(f"“{row.note}”")
    return Decision(
        item=row.item_id,
        title=row.title,
        verdict=VERDICTS.get(row.verdict, row.verdict),
        detail=", ".join(parts),
        by=row.by or "an unnamed person",
        when=lens.when(row.at),
        can_undo=row.standing,
    )
