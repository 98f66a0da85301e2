"""Parts drawn in the browser by our own small scripts; every text goes through textContent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import streamlit as st

from monitor.views.cards import ItemCard, StoryCard
from monitor.views.deadlines import Day, DueCard
from monitor.views.feeds import HISTORY_DAYS, FeedLine, OneFeed
from monitor.views.stories import Voice
from monitor.views.triage import Decision

_WEB = Path(__file__).resolve().parent / "web"


def _part(name: str) -> Any:
    def text(file: str) -> str:
        return (_WEB / file).read_text(encoding="utf-8")

    return st.components.v2.component(
        f"monitor_{name}",
        html='<div class="part"></div>',
        css=text("base.css") + text(f"{name}.css"),
        js=text("base.js") + text(f"{name}.js"),
    )


_cards, _feeds = _part("cards"), _part("feeds")
_downloads, _voices, _facts = _part("downloads"), _part("voices"), _part("facts")
_decisions, _lines = _part("decisions"), _part("lines")
_due, _calendar = _part("due"), _part("calendar")


def _nothing() -> None:
    """Triggers are read from the result; Streamlit wants a callback to offer them."""


def story_list(cards: Sequence[StoryCard], *, key: str) -> None:
    """Stories with reasons; a click opens the story."""
    data = {"kind": "story", "linked": True, "cards": [asdict(card) for card in cards]}
    _follow(_cards(data=data, key=key, on_open_change=_nothing).open)


def item_list(cards: Sequence[ItemCard], *, key: str, linked: bool = True) -> None:
    """Items with reasons; `linked` offers the way to the story of each."""
    data = {"kind": "item", "linked": linked, "cards": [asdict(card) for card in cards]}
    _follow(_cards(data=data, key=key, on_open_change=_nothing).open)


def feed_list(lines: Sequence[FeedLine], *, key: str) -> str | None:
    """The watch list; gives the id of the feed that was clicked."""
    data = {"days": HISTORY_DAYS, "lines": [asdict(line) for line in lines]}
    opened: str | None = _feeds(data=data, key=key, on_open_change=_nothing).open
    return opened


def _follow(story: str | None) -> None:
    if story:
        st.switch_page("stories.py", query_params={"story": story})


def downloads(*, chart: str, title: str, name: str, csv: str) -> None:
    """Offer the chart drawn in the container of this key as PNG, SVG and CSV."""
    _downloads(
        data={"chart": chart, "title": title, "name": name, "csv": csv}, key=f"{chart}-files"
    )


def voices(groups: Sequence[Voice], *, key: str) -> None:
    """The independent publisher groups of a story, the first to report first."""
    _voices(data={"voices": [asdict(group) for group in groups]}, key=key)


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
    data = {"can_edit": can_edit, "decisions": [asdict(entry) for entry in entries]}
    undone: str | None = _decisions(data=data, key=key, on_undo_change=_nothing).undo
    return undone


def plain_list(lines: Sequence[str], *, key: str) -> None:
    """Lines of text from outside, one below the other."""
    _lines(data={"lines": list(lines)}, key=key)


def due_list(cards: Sequence[DueCard], *, key: str, can_edit: bool) -> tuple[str, str] | None:
    """Deadlines; a click opens the story, or gives the one whose outcome is to be noted."""
    data = {"can_edit": can_edit, "cards": [asdict(card) for card in cards]}
    result = _due(data=data, key=key, on_open_change=_nothing, on_note_change=_nothing)
    _follow(result.open)
    noted: tuple[str, str] | None = result.note
    return noted


def calendar(weekdays: Sequence[str], days: Sequence[Day], *, key: str) -> None:
    """Weeks as a table, with a mark for each deadline."""
    _calendar(data={"weekdays": list(weekdays), "days": [asdict(day) for day in days]}, key=key)
