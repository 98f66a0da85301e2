"""Correcting the grouping of a story: reports moved out, stories put together. It stays so."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from monitor.errors import MonitorError
from monitor.storage.rows import StoryFilter
from monitor.views.stories import OneStory
from pages import access, pens, session
from pages.components import frame
from pages.pens import Pen

CHOICES = 60  # newest stories that can be merged with


def show(found: OneStory) -> None:
    """What an editor may correct; nothing for readers."""
    _told()
    if not access.can_edit():
        return
    with st.expander("Correct the grouping", icon=":material/call_split:"):
        if len(found.items) > 1:
            _split(found)
        _merge(found)


def _told() -> None:
    done = st.session_state.pop("regrouped", "")
    if done:
        st.success(frame.escape(done), icon=":material/check:")


def _split(found: OneStory) -> None:
    titles = {one.id: "".join(piece.text for piece in one.title) for one in found.items}
    with st.form("split", border=False):
        chosen = st.multiselect(
            "Reports about something else",
            list(titles),
            format_func=titles.__getitem__,
            placeholder="Choose reports",
        )
        sent = st.form_submit_button("Make them a story of their own", icon=":material/call_split:")
    if not sent or not chosen:
        return
    if len(chosen) == len(titles):
        st.warning("At least one report must stay in this story.")
        return
    _carry_out(lambda pen: pen.store.measures.split(chosen, by=pen.by, now=pen.now), "Split off.")


def _merge(found: OneStory) -> None:
    page = session.store().reading.stories(StoryFilter(flagged=False), limit=CHOICES)
    titles = {row.id: row.title for row in page.rows if row.id != found.card.id}
    with st.form("merge", border=False):
        other = st.selectbox(
            "Another story about the same",
            list(titles),
            index=None,
            format_func=titles.__getitem__,
            placeholder="Choose a story",
        )
        sent = st.form_submit_button("Put them together", icon=":material/merge:")
    if sent and other:
        ids = [found.card.id, other]
        _carry_out(lambda pen: pen.store.measures.merge(ids, by=pen.by, now=pen.now), "Merged.")


def _carry_out(act: Callable[[Pen], str], done: str) -> None:
    """Do it, and open the story that came of it."""
    try:
        pen = pens.take()
        story_id = act(pen)
    except MonitorError as error:
        st.error(frame.escape(str(error)), icon=":material/error:")
        return
    pen.intake.renew()
    st.session_state["regrouped"] = f"{done} This is the story now; grouping will leave it so."
    st.query_params["story"] = story_id
    st.rerun()
