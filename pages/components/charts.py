"""A chart with its description, its way to the items behind a point, and its downloads."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from monitor.charts.drawn import Drawn
from monitor.views.export import csv_text
from pages import keeping
from pages.components import parts

CONFIG = {"displayModeBar": False, "responsive": True, "showSendToCloud": False}


def show(chart: Any, *, key: str, title: str, alt: str, frame: pd.DataFrame) -> list[Any] | None:
    """Draw a chart; a click on a point gives its `customdata`.

    Args:
        chart: What to draw: a figure of `monitor.charts`.
        key: Names the chart on its page; also the file name of downloads.
        title: Heads the downloaded picture.
        alt: What the chart says, for readers who do not see it.
        frame: The numbers behind it, for the CSV.
    """
    clicks = st.session_state.setdefault(f"{key}-clicks", 0)
    with st.container(key=key, gap="xxsmall"):
        chosen: Any = st.plotly_chart(
            keeping.figure(Drawn, chart),
            config=CONFIG,
            key=f"{key}-chart-{clicks}",
            alt=alt,
            on_select="rerun",
            selection_mode="points",
        )
        csv = keeping.figure(csv_text, frame)
        parts.downloads(chart=key, title=title, name=f"curacao-monitor-{key}", csv=csv)
    points = chosen["selection"]["points"]
    given = points[0].get("customdata") if points else None
    if given is None:
        return None
    st.session_state[f"{key}-clicks"] = clicks + 1  # a new key forgets the click: it counts once
    return list(given)
