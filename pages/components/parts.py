"""Parts drawn in the browser by our own small scripts; every text goes through textContent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import streamlit as st

from monitor.views.board import COMPOSITES, HEADLINE, Cell, Move, Standing
from monitor.views.cards import ItemCard, StoryCard
from monitor.views.chronology import Pin
from monitor.views.deadlines import Day, DueCard
from monitor.views.feeds import HISTORY_DAYS, FeedLine, OneFeed
from monitor.views.indicators import Panel
from monitor.views.situation import Part, Tile
from monitor.views.snapshots import Line
from monitor.views.stories import Voice
from monitor.views.triage import Decision
from pages import keeping
from pages.components import going

_WEB = Path(__file__).resolve().parent / "web"


def _part(name: str, *shared: str) -> Any:
    def text(file: str) -> str:
        return (_WEB / file).read_text(encoding="utf-8")

    return st.components.v2.component(
        f"monitor_{name}",
        html='<div class="part"></div>',
        css=text("base.css") + text(f"{name}.css"),
        js="".join(text(f"{one}.js") for one in ("base", *shared, name)),
    )


_cards, _feeds = _part("cards"), _part("feeds")
_downloads, _voices, _facts = _part("downloads", "plot"), _part("voices"), _part("facts")
_decisions, _lines = _part("decisions"), _part("lines")
_due, _soon, _calendar = _part("due"), _part("soon"), _part("calendar")
_band, _moves, _pins = _part("band"), _part("moves"), _part("pins")
_made = _part("made")
_tiles, _board = _part("tiles", "spark"), _part("board", "spark")
_multiples, _heat, _shared = _part("multiples", "plot"), _part("heat"), _part("shared")
_clocks, _said = _part("clocks"), _part("said")


def clocks(sentence: str, more: str) -> None:
    """Both clocks in one line, which unfolds to what else is known of them."""
    _clocks(data={"sentence": sentence, "help": more}, key="clocks-line")


def said(*, text: str, more: str, number: int, seen: bool, key: str) -> None:
    """The live region; a new number makes it speak."""
    data = {"text": text, "more": more, "number": number, "seen": seen}
    with st.container(key=f"said-{key}"):
        _said(data=data, key=f"said-{key}-region", height=0)


def _plain(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows as the browser takes them, made once for rows that are kept; they are only read."""
    return keeping.figure(_dicts, rows)


def _dicts(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


def _nothing() -> None:
    """Triggers are read from the result; Streamlit wants a callback to offer them."""


def story_list(cards: Sequence[StoryCard], *, key: str, linked: bool = True) -> None:
    """Stories with reasons; a click opens the story, unless they are frozen ones."""
    data = {"kind": "story", "linked": linked, "cards": _plain(cards)}
    _follow(_cards(data=data, key=key, on_open_change=_nothing).open)


def item_list(cards: Sequence[ItemCard], *, key: str, linked: bool = True) -> None:
    """Items with reasons; `linked` offers the way to the story of each."""
    data = {"kind": "item", "linked": linked, "cards": _plain(cards)}
    _follow(_cards(data=data, key=key, on_open_change=_nothing).open)


def feed_list(lines: Sequence[FeedLine], *, key: str) -> str | None:
    """The watch list; gives the id of the feed that was clicked."""
    data = {"days": HISTORY_DAYS, "lines": [asdict(row) for row in lines]}
    opened: str | None = _feeds(data=data, key=key, on_open_change=_nothing).open
    return opened


def _follow(story: str | None) -> None:
    if story:
        st.switch_page("stories.py", query_params={"story": story})


def downloads(*, chart: str, title: str, name: str, csv: str) -> None:
    """Offer the chart drawn in the container of this key as PNG, SVG and CSV."""
    data = {"chart": chart, "title": title, "name": name, "csv": csv}
    _downloads(data=data, key=f"{chart}-files")


def panel_downloads(
    panels: Sequence[Panel], days: Sequence[str] = (), *, title: str, name: str, csv: str
) -> None:
    """Offer small multiples, or with days the heat map, as PNG, SVG and CSV."""
    rows = _squares(panels) if days else _plots(panels)
    data = {"panels": rows, "days": list(days) or None, "title": title, "name": name, "csv": csv}
    _downloads(data=data, key=f"{name}-files")


def voices(groups: Sequence[Voice], *, key: str) -> None:
    """The independent publisher groups of a story, the first to report first."""
    _voices(data={"voices": [asdict(row) for row in groups]}, key=key)


def feed_facts(found: OneFeed, *, key: str) -> None:
    """Health, settings, polls and changes of one feed."""
    data = {
        "line": asdict(found.line),
        "polls": [asdict(poll) for poll in found.polls],
        "changes": list(found.changes),
    }
    _facts(data=data, key=key)


def decisions(entries: Sequence[Decision], *, key: str, can_edit: bool) -> str | None:
    """The triage log; gives the item whose decision is to be taken back."""
    data = {"can_edit": can_edit, "decisions": [asdict(row) for row in entries]}
    undone: str | None = _decisions(data=data, key=key, on_undo_change=_nothing).undo
    return undone


def plain_list(lines: Sequence[str | tuple[str, str]], *, key: str) -> None:
    """Lines of text from outside, one below the other; a pair ends with an id in small print."""
    told = [[line, ""] if isinstance(line, str) else list(line) for line in lines]
    _lines(data={"lines": told}, key=key)


def due_list(cards: Sequence[DueCard], *, key: str, can_edit: bool) -> tuple[str, str] | None:
    """Deadlines; a click opens the story, or gives the one whose outcome is to be noted."""
    data = {"can_edit": can_edit, "cards": [asdict(card) for card in cards]}
    result = _due(data=data, key=key, on_open_change=_nothing, on_note_change=_nothing)
    _follow(result.open)
    noted: tuple[str, str] | None = result.note
    return noted


def due_lines(cards: Sequence[DueCard], *, key: str) -> None:
    """Deadlines in few words; a click opens the story."""
    data = {"cards": [asdict(card) for card in cards]}
    _follow(_soon(data=data, key=key, on_open_change=_nothing).open)


def calendar(weekdays: Sequence[str], days: Sequence[Day], *, key: str) -> None:
    """Weeks as a table, with a mark for each deadline."""
    _calendar(data={"weekdays": list(weekdays), "days": [asdict(day) for day in days]}, key=key)


def level_band(standing: Standing, *, linked: bool = True) -> None:
    """The level, its place on the scale with the likely range, why; `linked` opens its series."""
    edges = [*(start for _name, start in standing.steps), 2 * standing.steps[-1][1]]
    known = standing.index is not None
    data = {
        "level": standing.level,
        "name": standing.name,
        "sub": standing.sub,
        "sentence": standing.sentence,
        "because": standing.because,
        "steps": [list(step) for step in standing.steps],
        "value": f"{standing.index:,.0f}" if standing.index is not None else "",
        "at": _along(standing.index, edges) if known else None,
        "from": _along(standing.low, edges),
        "to": _along(standing.high, edges),
        "alt": f"{standing.name}. {standing.sentence}",
    }
    data["series"] = COMPOSITES[HEADLINE] if linked and known else None
    _indicator(_band(data=data, key="level-band", on_open_change=_nothing).open)


def _along(value: float | None, edges: Sequence[float]) -> float:
    """Per cent of the way along segments of equal width that begin at these values."""
    if value is None:
        return 0.0
    share = 100 / (len(edges) - 1)
    for number, (low, high) in enumerate(pairwise(edges)):
        if value < high:
            return share * (number + max(0.0, value - low) / (high - low))
    return 100.0


def moves(lines: Sequence[Move], *, key: str) -> None:
    """What moved the headline; a click opens the indicator."""
    data = {"moves": _plain(lines)}
    _indicator(_moves(data=data, key=key, on_open_change=_nothing).open)


def made(lines: Sequence[Part], *, key: str) -> None:
    """What the index is made of, in points; a click opens the story."""
    data = {"parts": _plain(lines)}
    _follow(_made(data=data, key=key, on_open_change=_nothing).open)


def tiles(figures: Sequence[Tile], *, key: str) -> None:
    """Figures, each a link to what is behind it."""
    data = {"tiles": _plain(figures)}
    opened = _tiles(data=data, key=key, on_open_change=_nothing).open
    if opened:
        going.to_figure(*opened)


def board(cells: Sequence[Cell], *, key: str) -> None:
    """The indicator board; a click opens the indicator."""
    data = {"cells": _plain(cells)}
    _indicator(_board(data=data, key=key, on_open_change=_nothing).open)


def _indicator(name: str | None) -> None:
    if name:
        going.to_indicator(name)


def pins(events: Sequence[Pin], *, key: str) -> None:
    """The numbered reference events of a chart, with their sources."""
    rows = [asdict(event) | {"date": event.date.isoformat()} for event in events]
    _pins(data={"pins": rows}, key=key)


def multiples(panels: Sequence[Panel], *, key: str, large: bool = False) -> None:
    """Small charts on one scale; a click opens the series."""
    data = {"large": large, "panels": _plots(panels)}
    _indicator(_multiples(data=data, key=key, on_open_change=_nothing).open)


def _plots(panels: Sequence[Panel]) -> list[dict[str, Any]]:
    return [{k: v for k, v in asdict(panel).items() if k != "squares"} for panel in panels]


def _squares(panels: Sequence[Panel]) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "name": one.name, "squares": [asdict(square) for square in one.squares]}
        for one in panels
    ]


def heat(days: Sequence[str], panels: Sequence[Panel], *, key: str) -> tuple[str, str] | None:
    """Indicators by day; gives the indicator and the day of the square that was clicked."""
    result = _heat(
        data={"days": list(days), "panels": _squares(panels)},
        key=key,
        on_open_change=_nothing,
        on_square_change=_nothing,
    )
    _indicator(result.open)
    square: tuple[str, str] | None = result.square
    return square


def shared_list(lines: Sequence[Line], *, key: str) -> str | None:
    """The snapshots; gives the one that was clicked."""
    opened: str | None = _shared(
        data={"lines": [asdict(row) for row in lines]}, key=key, on_open_change=_nothing
    ).open
    return opened
