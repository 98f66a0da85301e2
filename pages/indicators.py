"""Indicators: how has each indicator moved?"""

import streamlit as st

from monitor.views import indicators
from pages import keeping, session
from pages.components import frame, indicator, overview, parts, share

days, tools = frame.header(
    "Indicators",
    "How has each indicator moved?",
    ranges=overview.RANGES,
    range_key="range",
)
lens, watched = session.lens(), session.assessor().indicators
names = indicators.names(lens, list(watched))
with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = st.selectbox(
        "Series", list(names), index=None, format_func=names.__getitem__, key="indicator",
        bind="query-params", placeholder="All indicators", width=320,
    )  # fmt: skip
    compare = indicator.compare() if chosen else "none"
with tools:
    share.button("indicators", indicator.choice(days, chosen, compare))
if chosen:
    indicator.show(chosen, days, compare)
    st.stop()
view = keeping.kept(indicators.load, lens, session.store().measures, watched=watched, days=days)
st.header(view.sentence, anchor=False)
parts.multiples(view.composites, key="composites", large=True)
every, heat = st.tabs(
    ["Small multiples", "Heat map"], key="how", on_change="rerun", bind="query-params"
)
if every.open:
    with every:
        parts.multiples(view.panels, key="multiples")
        parts.panel_downloads(
            [*view.composites, *view.panels], title="Indicators, index (100 = normal)",
            name="curacao-monitor-indicators", csv=indicator.csv(view),
        )  # fmt: skip
if heat.open:
    with heat:
        indicator.heat(view)
        parts.panel_downloads(
            view.panels, view.days, title="Indicators by day, index (100 = normal)",
            name="curacao-monitor-heat-map", csv=indicator.squares(view),
        )  # fmt: skip
