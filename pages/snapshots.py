"""Snapshots: what did I share?"""

import streamlit as st

from pages.components import frame, kept, share

with frame.header("Snapshots", "What did I share?").tools:
    share.button("situation", {})
st.caption(
    "A snapshot freezes what a page shows. Share one from Situation, Indicators, Stories or Brief; "
    "the link opens without this dashboard's data and never changes."
)
shared, compare, verify = st.tabs(
    ["Shared", "Compare", "Verify a file"], key="tab", on_change="rerun", bind="query-params"
)
if shared.open:
    with shared:
        kept.listing()
if compare.open:
    with compare:
        kept.comparison()
if verify.open:
    with verify:
        kept.verification()
