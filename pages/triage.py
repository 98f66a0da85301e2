"""Triage: what do I think of it?"""

import streamlit as st

from monitor.views import triage
from pages import access, keeping, session
from pages.components import decide, frame, parts

frame.header("Triage", "What do I think of it?")
skipped = st.session_state.get("triage-after")
view = keeping.kept(triage.load, session.store().reading, session.lens(), after=skipped)
if view.current is None and skipped:
    st.session_state.pop("triage-after")
    st.rerun()
decide.report(view)
left, right = st.columns([1.9, 1], gap="medium")
with left:
    st.header(view.sentence, anchor=False)
    if view.current is None:
        frame.empty("All decided", "New flagged items appear here by themselves.", "task_alt")
    else:
        parts.item_list([view.current], key="current")  # one key: the focus stays in it
        if access.can_edit():
            decide.buttons(view.current, view.after)
        if view.upcoming:
            st.header("Next", anchor=False)
            parts.plain_list(view.upcoming, key="upcoming")
with right:
    st.header("Agreement with the rules", anchor=False)
    st.caption(view.agreement)
    st.header("Decided", anchor=False)
    if view.decisions:
        decide.log(view.decisions)
    else:
        st.caption("Decisions appear here, each with who, when and the way back.")
