"""The launcher: `streamlit run dashboard.py` serves the pages, and whatever stands beside them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).resolve().parent / "pages" / "navigation.py")
