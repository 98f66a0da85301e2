"""One story in full, and the filters of the list."""

from __future__ import annotations

import streamlit as st

from monitor.storage.rows import StoryFilter
from monitor.views import stories
from monitor.views.lens import DIRECTIONS, LANGUAGES, SEVERITIES, Lens
from pages import keeping, session
from pages.components import frame, parts, regroup

CLOCKS = {"event": "Event date", "seen": "First seen"}


def filters(lens: Lens, *, words: str, days: int) -> StoryFilter:
    """The filter controls, each kept in the address."""
    shown = st.toggle("Flagged only", value=True, key="flagged", bind="query-params")
    indicators = st.multiselect(
        "Indicators",
        sorted(lens.names, key=lens.name),
        key="about",
        format_func=lens.name,
        placeholder="Any indicator",
        bind="query-params",
    )
    severity = st.select_slider(
        "At least",
        options=[1, 2, 3, 4],
        key="severity",
        format_func=lambda n: f"{n} {SEVERITIES[n]}",
        bind="query-params",
    )
    direction = st.segmented_control(
        "Direction",
        list(DIRECTIONS),
        key="direction",
        format_func=DIRECTIONS.__getitem__,
        bind="query-params",
    )
    language = st.segmented_control(
        "Language",
        list(LANGUAGES),
        key="language",
        format_func=LANGUAGES.__getitem__,
        bind="query-params",
    )
    return StoryFilter(
        flagged=shown,
        since=stories.period(lens.now, days),
        indicators=tuple(indicators),
        severity=severity if severity > 1 else 0,
        direction=direction or "",
        language=language or "",
        words=words,
    )


def show(story_id: str) -> None:
    """One story with every report, who made it, and where they disagree."""
    st.page_link("stories.py", label="All stories", icon=":material/arrow_back:")
    found = keeping.kept(
        stories.load_story, session.store().reading, session.lens(), story_id=story_id
    )
    if found is None:
        st.title("Story not found", anchor=False)
        st.info("It may have been merged into another story. Search for it in the list.")
        return
    frame.header("".join(piece.text for piece in found.card.title), found.sentence)
    for words in found.contradictions:
        st.warning(frame.escape(words), icon=":material/balance:")
    left, right = st.columns([1.7, 1], gap="medium")
    with left:
        st.header("What was reported", anchor=False)
        parts.item_list(found.items, key=f"items-{story_id}", linked=False)
        if found.more:
            st.caption(found.more)
    with right:
        st.header("Who says so", anchor=False)
        parts.voices(found.voices, key=f"voices-{story_id}")
        if found.corrects:
            st.header("Corrects or withdraws", anchor=False)
            parts.story_list(found.corrects, key=f"corrects-{story_id}")
        regroup.show(found)
