"""Snapshot: one frozen view with its interactive charts; not listed in the navigation."""

import streamlit as st

from pages.components import kept

kept.show(st.query_params.get("id", ""))
