"""The parts of the Situation page that ask for something: range, chart, map, what is behind."""

from __future__ import annotations

import streamlit as st

from monitor.charts.index import index_chart
from monitor.charts.map import map_chart, on_map
from monitor.views import situation
from monitor.views.situation import Situation
from pages import keeping, session, shipped
from pages.components import charts, drilling, frame, parts, share

RANGES = {30: "30 days", 90: "90 days", 365: "1 year", 730: "2 years"}


def header() -> int:
    """Title, clocks, the range and the way to share."""
    head = frame.header(
        "Situation", "Is anything escalating, and can today's data be trusted?", ranges=RANGES
    )
    with head.tools:
        share.button("situation", {"days": head.days})
    return head.days


def load(days: int) -> Situation:
    """The view for this range."""
    return keeping.kept(
        situation.load,
        session.store().reading,
        session.lens(),
        session.store().measures,
        watched=session.assessor().indicators,
        settings=session.settings().index,
        facts=shipped.facts(),
        days=days,
    )


def chart(view: Situation, days: int) -> None:
    """The index; a click on a day shows what was flagged on it."""
    settings = session.settings().index
    if view.chart.empty:
        frame.empty(
            "No value yet", "The index is drawn from the first measured day on.", "show_chart"
        )
        return
    clicked = charts.show(
        keeping.figure(
            index_chart,
            view.chart,
            settings.thresholds,
            view.pins,
            dark=session.is_dark(),
            hatched_below=settings.hatched_below,
            blind_below=settings.blind_below,
            days=days,
        ),
        key="index",
        title="Index, 100 = normal",
        frame=view.chart,
        alt=f"Index of the last {days} days. {view.standing.sentence}",
    )
    st.caption(
        "100 is what these sources show in normal times. Shade: range that holds the true value "
        "in 8 of 10 cases. Dotted: not final. Hatched: too little observed. Click a day to see "
        "its items."
    )
    if view.pins:
        parts.pins(view.pins, key="pins")
    if clicked:
        drilling.open_at("day", clicked[0])


def made_of(view: Situation) -> None:
    """The index of today as a sum, and what was left out of it."""
    for line in view.left_out:
        st.caption(f":material/filter_alt_off: {frame.escape(line)}")
    if view.parts and view.standing.index is not None:
        with st.expander(f"What the index of {view.standing.index:.0f} is made of"):
            parts.made(view.parts, key="made")
            st.caption(
                "Points that sum up to the index. A story weighs less every day, and the pull to "
                "what is normal takes its place."
            )


def places(view: Situation) -> None:
    """The map; a click on a marker shows its stories."""
    shown = keeping.figure(on_map, shipped.coast(), view.markers)
    clicked = charts.show(
        keeping.figure(map_chart, shipped.coast(), shown, dark=session.is_dark()),
        key="map",
        title="Flagged stories of the last 14 days",
        frame=shown,
        alt="Map of the southern Caribbean. "
        + "; ".join(f"{row.name}: {row.words}" for row in shown.itertuples()),
    )
    if clicked:
        drilling.open_at("place", clicked[0])
    if shown.empty:
        st.caption("No flagged story of the last 14 days names a place on this map.")


def drill(view: Situation) -> None:
    """What is behind the point or the marker that was clicked; the address says which."""
    reading, lens = session.store().reading, session.lens()
    if drilling.DAY in st.query_params:
        drilling.day("risk", st.query_params[drilling.DAY])
    if drilling.PLACE not in st.query_params:
        return
    value = st.query_params[drilling.PLACE]
    name = dict(zip(view.markers["id"], view.markers["name"], strict=True)).get(value, value)
    with st.container(border=True, key="place-card"):
        st.header(f"Stories that name {frame.escape(name)}", anchor=False)
        ids = view.at_place.get(value, ())
        cards = keeping.kept(situation.at, reading, lens, story_ids=ids)
        parts.story_list(cards, key=f"place-{value}")
        st.button("Close", key="place-close", on_click=drilling.close)
