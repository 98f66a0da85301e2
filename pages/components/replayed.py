"""The back-test as tables."""

from __future__ import annotations

import streamlit as st

from monitor.views import backtest
from pages import session
from pages.components import frame


def show() -> None:
    """Would the levels have warned?"""
    view = backtest.load(session.store().reports, session.lens())
    if view is None:
        frame.empty(
            "No back-test yet",
            "Replay an archive of items against dated events on the command line: "
            "curacao-monitor backtest ARCHIVE.jsonl --save",
            "history",
        )
        return
    st.caption(frame.escape(view.about))
    with st.grid(4, min_column_width=170):
        for name, value in view.figures:
            st.metric(name, value, border=True, height="stretch")
    st.header("Beside simpler methods, at one alert a week", anchor=False)
    st.dataframe(view.skills, hide_index=True)
    st.header("Every reference event", anchor=False)
    st.dataframe(view.events, hide_index=True)
