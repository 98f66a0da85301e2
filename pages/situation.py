"""Situation: is anything escalating, and can today's data be trusted?"""

import streamlit as st

from pages.components import frame, overview, parts

days = overview.header()
view = overview.load(days)
frame.silent(view.silent)
if view.is_empty:
    frame.empty("No item yet", "The first poll brings items within minutes.")
left, right = st.columns([1.6, 1], gap="medium")
with left.container(border=True, height="stretch", key="level-card"):
    parts.level_band(view.standing)
with right.container(border=True, height="stretch", key="moves-card"):
    st.header("What moved it", anchor=False)
    if view.moves:
        parts.moves(view.moves, key="moves")
    else:
        st.caption("Nothing differs from what is expected, or the baseline is still forming.")
parts.tiles(view.tiles, key="tiles")
with st.container(border=True, key="index-card"):
    st.header("Index, with the likely range and reference events", anchor=False)
    overview.chart(view, days)
    overview.made_of(view)
left, right = st.columns([1.1, 1], gap="medium")
with left.container(border=True, height="stretch", key="board-card"):
    st.header("Indicators", anchor=False)
    parts.board(view.cells, key="board")
with right:
    with st.container(border=True, key="map-card"):
        st.header("Where", anchor=False)
        overview.places(view)
    if view.due:
        with st.container(border=True, height="stretch", key="due-card"):
            st.header("Deadlines ahead", anchor=False)
            parts.due_lines(view.due, key="due")
overview.drill(view)
st.header("Flagged, and why", anchor=False)
if view.stories:
    parts.story_list(view.stories, key="flagged")
else:
    frame.empty("Nothing is flagged", "No flagged story in the last 14 days.", "check_circle")
