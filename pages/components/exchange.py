"""Import and export of the watch list, as OPML and as TOML."""

from __future__ import annotations

import streamlit as st

from monitor.errors import MonitorError
from monitor.feeds import opml
from monitor.views import exchange
from pages import access, pens, session
from pages.components import frame
from pages.roles import Role


def controls() -> None:
    """Buttons for both ways."""
    with st.popover("Import, export", icon=":material/swap_vert:"):
        watched = [one.feed for one in session.store().feeds.watched()]
        title = session.settings().site.title
        st.download_button(
            "OPML, for other readers",
            lambda: opml.write(exchange.outlines(watched), title=title, now=session.now()),
            file_name="feeds.opml",
            mime="text/x-opml",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "TOML, for config.toml",
            lambda: exchange.toml(watched),
            file_name="feeds.toml",
            mime="application/toml",
            icon=":material/download:",
            on_click="ignore",
        )
        if access.may(Role.ADMIN):
            _import()


def _import() -> None:
    file = st.file_uploader("Import OPML", type=["opml", "xml"], max_upload_size=5, key="opml")
    if file is None or not st.button("Import", type="primary", icon=":material/upload:"):
        return
    found = opml.read(file.getvalue())
    known = {one.feed.id for one in session.store().feeds.watched()}
    fresh = [feed for feed in exchange.feeds(found.outlines) if feed.id not in known]
    bar = st.progress(0.0, text="Importing …")
    try:
        pen = pens.take(Role.ADMIN)
        for number, feed in enumerate(fresh, 1):
            pen.store.feeds.add(feed, by=pen.by, now=pen.now)
            bar.progress(number / len(fresh), text=f"{number} of {len(fresh)}")
    except MonitorError as error:
        st.error(frame.escape(str(error)), icon=":material/error:")
        return
    bar.empty()
    st.success(exchange.told(len(fresh), len(found.outlines) - len(fresh), found.problems))
