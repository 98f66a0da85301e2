"""Brief: what does my colleague need at 07:00?"""

import streamlit as st

from monitor.views import brief
from pages import keeping, session
from pages.components import frame, parts, printing, share

head = frame.header("Brief", "What does my colleague need at 07:00?")
printing.style()
choice = st.segmented_control(
    "What changed since", list(brief.SINCE), default="day", required=True, key="since",
    bind="query-params", format_func=brief.SINCE.__getitem__,
)  # fmt: skip
with head.tools:
    share.button("brief", {"since": choice or "day"})
view = keeping.kept(
    brief.load, session.store().reading, session.lens(), session.store().measures,
    watched=session.assessor().indicators, settings=session.settings().index,
    choice=choice or "day",
)  # fmt: skip
left, right = st.columns([1.7, 1], gap="medium")
with left:
    with st.container(border=True, key="brief-level"):
        parts.level_band(view.standing)
    st.header(f"Changed since {view.since}", anchor=False)
    parts.plain_list(view.changed, key="changed")
    st.header("Flagged stories", anchor=False)
    if view.stories:
        parts.story_list(view.stories, key="brief-stories")
        st.caption(f"And {view.more}, on the Stories page." if view.more else "That is all.")
    else:
        frame.empty("No flagged story", "Nothing was flagged since then.", "check_circle")
with right:
    with st.container(border=True, key="brief-due"):
        st.header("Deadlines ahead", anchor=False)
        if view.due:
            parts.due_lines(view.due, key="brief-due-lines")
        else:
            st.caption("Nothing is due in the next 120 days.")
    with st.container(border=True, key="brief-silent"):
        st.header("Silent sources", anchor=False)
        if view.silent:
            parts.plain_list(view.silent, key="brief-silent-lines")
            if view.more_silent:
                st.caption(f"And {view.more_silent}, on the Feeds page.")
        else:
            st.caption("Every feed speaks.")
    with st.container(border=True, key="brief-text"):
        st.header("As a message", anchor=False)
        st.caption("Copy with the button in the corner.")
        st.code(view.text, language=None, wrap_lines=True)
