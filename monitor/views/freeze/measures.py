"""Readings as the frozen document holds them: level, series, board, what moved, one series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any, cast

from monitor.assess.assessor import Assessor
from monitor.config import SEEDS, Config
from monitor.indicators.measure import Reading
from monitor.snapshots.document import (
    Board,
    Contribution,
    Focus,
    IndicatorRow,
    Level,
    ReferenceEvent,
    Series,
)
from monitor.views import board, chronology
from monitor.views.indicators import OneIndicator
from monitor.views.lens import LEVELS, Lens


def level(standing: board.Standing, headline: Sequence[Reading]) -> Level:
    """The level, or that there is none yet."""
    last = headline[-1] if headline else None
    return Level(
        number=standing.level,
        name=LEVELS[standing.level] if standing.level is not None else standing.name,
        sub=standing.sub,
        sentence=standing.sentence,
        index=standing.index,
        low80=standing.low,
        high80=standing.high,
        coverage=standing.coverage,
        state=last.state.value if last else "forming",
        tripwire=standing.because or None,
        steps=[
            {"number": number, "name": name, "above": above}
            for number, (name, above) in enumerate(standing.steps)
        ],
    )


def series(name: str, readings: Sequence[Reading], lens: Lens) -> Series:
    """One line of a chart; `readings` holds at least one, oldest first."""
    known = {one.day: one for one in readings}
    first, last = readings[0].day, readings[-1].day
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    rows = [known.get(day) for day in days]
    return Series(
        series=_id(name),
        name=board.COMPOSITES.get(name) or lens.name(name),
        days=[day.isoformat() for day in days],
        index=[row.index if row else None for row in rows],
        low80=[row.low80 if row else None for row in rows],
        high80=[row.high80 if row else None for row in rows],
        seen=[row.seen if row else 0.0 for row in rows],
        expected=[row.expected if row else 0.0 for row in rows],
        coverage=[row.coverage if row else 0.0 for row in rows],
        state=[row.state.value if row else "blind" for row in rows],
        level=[row.level if row and row.index is not None else None for row in rows],
    )


def focus(view: OneIndicator, lens: Lens) -> Focus:
    """The one series that the Indicators page shows in full."""
    return Focus(
        series=_id(view.id),
        name=view.name,
        about=view.about,
        facts=list(view.facts),
        sentence=view.standing.sentence,
        comparison=view.comparison,
        compared=series(view.id, view.earlier, lens) if view.earlier else None,
    )


def _id(name: str) -> str:
    return "deescalation" if name == "deesc" else name


def board_row(name: str, readings: Sequence[Reading], lens: Lens) -> IndicatorRow:
    """One row of the board; without a baseline it is unknown, never quiet."""
    last = readings[-1] if readings else None
    recent = readings[-board.MOVE_DAYS :]
    return IndicatorRow(
        id=name,
        name=lens.name(name),
        state=cast("Board", board.board_state(last)),
        index=last.index if last else None,
        low=last.low80 if last else None,
        high=last.high80 if last else None,
        seen=sum(one.seen for one in recent),
        expected=sum(one.expected for one in recent),
    )


def contributions(
    readings: Mapping[str, Sequence[Reading]], judge: Assessor, lens: Lens
) -> list[Contribution]:
    """What moved the headline in the last week, as on the Situation page."""
    watched = {name: rows for name, rows in readings.items() if name in judge.indicators}
    moves = board.moves(watched, judge.indicators, lens)
    total = sum(abs(move.weight) for move in moves) or 1.0
    return [
        {
            "indicator": move.indicator,
            "name": move.name,
            "share": move.weight / total,
            "words": move.words,
        }
        for move in moves
    ]


def events(lens: Lens, days: int) -> list[ReferenceEvent]:
    """Dated facts of the range, for the chart."""
    facts = chronology.read(SEEDS / "chronology.jsonl")
    first = board.start_of(lens, days)
    found = chronology.pins(facts, lens, first=first, last=lens.today)
    return [
        ReferenceEvent(
            date=pin.date.isoformat(),
            text=pin.text,
            direction=pin.direction,
            source=pin.source,
            url=pin.url,
        )
        for pin in found
    ]


def constants(settings: Config) -> dict[str, Any]:
    """The constants of the index as plain JSON values."""
    index = settings.index
    return {one.name: _plain(getattr(index, one.name)) for one in fields(index)}


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value
