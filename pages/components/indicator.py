"""One indicator in full, and the heat map of all."""

from __future__ import annotations

from typing import cast

import streamlit as st

from monitor.charts.index import index_chart
from monitor.snapshots.document import Choice, Compare
from monitor.views import indicators
from monitor.views.export import csv_text
from monitor.views.indicators import Indicators
from pages import keeping, session
from pages.components import charts, drilling, frame, parts


def compare() -> str:
    """What the present period is compared with."""
    chosen = st.segmented_control(
        "Compare with",
        list(indicators.COMPARE),
        default="none",
        required=True,
        format_func=indicators.COMPARE.__getitem__,
        key="compare",
        bind="query-params",
    )
    return str(chosen or "none")


def choice(days: int, chosen: str | None, compared: str) -> Choice:
    """What is shown: all series of the range, or one of them, compared or not."""
    if not chosen:
        return {"days": days}
    return {"days": days, "indicator": chosen, "compare": cast("Compare", compared)}


def csv(view: Indicators) -> str:
    """All series of the range as CSV."""
    return keeping.kept(csv_text, view.table)


def squares(view: Indicators) -> str:
    """The heat map as CSV, one row a square that has a value or lacks one."""
    return keeping.kept(csv_text, view.squares)


def show(name: str, days: int, compared: str) -> None:
    """One series: where it stands, its chart, the items of a day, its stories."""
    settings = session.settings().index
    reading, lens = session.store().reading, session.lens()
    view = keeping.kept(
        indicators.load_one,
        reading,
        lens,
        session.store().measures,
        name=name,
        watched=session.assessor().indicators,
        settings=settings,
        days=days,
        compare=compared,
    )
    if view is None:
        frame.empty("No such indicator", "Choose one from the list above.", "search_off")
        return
    with st.container(border=True, key="indicator-card"):
        st.header(frame.escape(view.name), anchor=False)
        st.caption(frame.escape(" · ".join((view.about, *view.facts))))
        st.markdown(f"{view.standing.sentence} {view.comparison}")
        if view.chart.empty:
            frame.empty("No value yet", "It is drawn from the first measured day on.", "show_chart")
            return
        clicked = charts.show(
            keeping.figure(
                index_chart,
                view.chart,
                settings.thresholds,
                dark=session.is_dark(),
                compared=view.compared,
                days=days,
            ),
            key=f"indicator-{name}",
            title=f"{view.name}, index (100 = normal)",
            frame=view.numbers,
            alt=f"{view.name}: {view.standing.sentence}",
        )
        st.caption("Click a day to see its items.")
    if clicked:
        drilling.open_at(drilling.DAY, clicked[0])
    if drilling.DAY in st.query_params:
        drilling.day(name, st.query_params[drilling.DAY])
    st.header("Its most severe stories", anchor=False)
    if view.stories:
        parts.story_list(view.stories, key=f"stories-{name}")
    else:
        frame.empty("No story", "Nothing was flagged with it in this range.", "check_circle")


def heat(view: Indicators) -> None:
    """All indicators by day; a click on a square shows its items."""
    clicked = parts.heat(view.days, view.panels, key="heat")
    st.caption("Colour is the index: 100 is usual. Grey: no value. Click a square for its items.")
    if clicked:
        drilling.open_at(drilling.DAY, clicked[1], clicked[0])
    if drilling.DAY in st.query_params and drilling.SERIES in st.query_params:
        drilling.day(st.query_params[drilling.SERIES], st.query_params[drilling.DAY])
