"""What is behind a point: its items; the address says which point, so that it can be linked."""

from __future__ import annotations

from datetime import date

import streamlit as st

from monitor.views import drill
from pages import keeping, session
from pages.components import parts

DAY, PLACE, SERIES = "day", "place", "of"


def open_at(what: str, value: str, series: str = "") -> None:
    """Show what is behind this day (of this series) or place, and nothing else."""
    close()
    st.query_params[what] = value
    if series:
        st.query_params[SERIES] = series


def close() -> None:
    """Show nothing more of it."""
    for what in (DAY, PLACE, SERIES):
        st.query_params.pop(what, None)


def day(series: str, value: str) -> None:
    """The items behind one day of one series."""
    try:
        date.fromisoformat(value)
    except ValueError:
        return
    lens = session.lens()
    items = keeping.kept(drill.of_series, session.store().reading, lens, name=series, day=value)
    with st.container(border=True, key="day-card"):
        st.header(f"Flagged on {lens.day(value)}", anchor=False)
        if items:
            parts.item_list(items, key=f"day-{series}-{value}")
        else:
            st.caption("Nothing was flagged on this day; the index remembers earlier days.")
        st.button("Close", key="day-close", on_click=close)
