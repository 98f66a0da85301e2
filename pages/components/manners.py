"""What a browser tab owes its reader: one act, one step back; charts that follow the theme."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_JS = (Path(__file__).resolve().parent / "web" / "manners.js").read_text(encoding="utf-8")
_manners = st.components.v2.component("monitor_manners", html="<span></span>", js=_JS)


def keep() -> None:
    """Add them to the page; a change of theme runs it again."""
    with st.container(key="manners"):
        _manners(key="manners-script", height=0, on_theme_change=lambda: None)
