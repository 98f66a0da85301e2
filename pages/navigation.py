"""The frame: which pages there are, the door, one message when nothing can be shown."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from monitor.errors import MonitorError
from pages import access, session
from pages.components import frame, going, signin

HERE = Path(__file__).resolve().parent
PAGES = (
    ("situation", "Situation", "radar", "Is anything escalating, and can today's data be trusted?"),
    ("indicators", "Indicators", "ssid_chart", "How has each indicator moved?"),
    ("stories", "Stories", "article", "What happened?"),
    ("triage", "Triage", "rule", "What do I think of it?"),
    ("deadlines", "Deadlines", "event_upcoming", "What is due?"),
    ("brief", "Brief", "assignment", "What does my colleague need at 07:00?"),
    ("feeds", "Feeds", "rss_feed", "What do we watch, and does it work?"),
    ("snapshots", "Snapshots", "photo_camera", "What did I share?"),
    ("method", "Method", "function", "How is it computed, and how good is it?"),
)

st.set_page_config(page_icon=str(HERE / "static" / "favicon.png"), layout="wide")
st.logo(":material/radar:", size="large")
pages = [
    st.Page(
        HERE / f"{name}.py",
        title=title,
        icon=f":material/{icon}:",
        help=question,
        default=name == "situation",
    )
    for name, title, icon, question in PAGES
]
pages.append(st.Page(HERE / "snapshot.py", title="Snapshot", visibility="hidden"))
with session.GATE:
    try:
        is_closed, trouble = access.must_sign_in(), ""
        pages += signin.pages()
    except MonitorError as error:
        is_closed, trouble = False, str(error)
    page = st.navigation(pages, position="hidden" if is_closed else "top")
    frame.style()
    going.arrive()
    try:
        if is_closed:
            signin.door()
        elif trouble:
            frame.broken(trouble)
        else:
            signin.way_back()
            page.run()
            session.settle()
    except MonitorError as error:
        frame.broken(str(error))
