"""Feeds: what do we watch, and does it work?"""

import streamlit as st

from monitor.views import feeds
from pages import access, keeping, session
from pages.components import adding, exchange, feed, frame, parts
from pages.roles import Role

opened = st.query_params.get("feed")
if opened:
    feed.show(opened)
    st.stop()

frame.header("Feeds", "What do we watch, and does it work?", needs=Role.ADMIN)
view = keeping.kept(feeds.load, session.store().reading, session.lens())
feed.undo_bar()
feed.polling()
if access.may(Role.ADMIN):
    adding.form()
st.header("Watch list", anchor=False)
st.caption(view.sentence)
frame.silent(view.silent)
words: str | None = ""
state: str | None = ""
with st.container(horizontal=True, vertical_alignment="bottom"):
    if view.lines:
        words = st.text_input(
            "Find a feed", key="find", bind="query-params", type="search", width=280,
            icon=":material/search:", placeholder="name, host or language",
        )  # fmt: skip
        state = feed.states(view)
    exchange.controls()
lines = feeds.matching(view.lines, words=words or "", state=state or "")
if lines:
    clicked = parts.feed_list(feed.page(lines), key="watch-list")
    if clicked:
        st.switch_page("feeds.py", query_params={"feed": clicked})
elif view.lines:
    frame.empty("No feed matches", "Clear the search, or add a feed above.", "rss_feed")
feed.removed(view.removed)
