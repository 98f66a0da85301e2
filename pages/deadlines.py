"""Deadlines: what is due?"""

import streamlit as st

from monitor.views import deadlines
from pages import keeping, session
from pages.components import due, frame, parts

frame.header("Deadlines", "What is due?")
view = keeping.kept(deadlines.load, session.store().reading, session.lens())
due.report()
st.header(view.sentence, anchor=False)
left, right = st.columns([1.5, 1], gap="medium")
with right.container(border=True, key="calendar-card"):
    parts.calendar(view.weekdays, view.calendar, key="calendar")
with left:
    if view.ahead:
        due.cards(view.ahead, key="ahead")
    else:
        frame.empty(
            "Nothing is due",
            "Ultimatums, hearings and validity dates found in texts appear here.",
            "event_available",
        )
    if view.passed:
        st.header("Passed", anchor=False)
        due.cards(view.passed, key="passed")
