"""What was just done, told once: a line for the eye, a live region for a screen reader."""

from __future__ import annotations

import streamlit as st

from pages.components import parts

_WAITING, _LAST = "to-be-said", "was-said"


def say(text: str) -> None:
    """Tell this when the page is drawn next."""
    st.session_state[_WAITING] = text


def region(page: str, *, more: str = "", seen: bool = True) -> None:
    """Where a page tells what was done; it must be there before there is something to tell.

    Args:
        page: Names the page; what was said on another one is not told again.
        more: What is only read aloud after it, such as what comes next.
        seen: Also show it; where the page shows it in its own way, it is only read aloud.
    """
    last = st.session_state.get(_LAST, {"page": "", "number": 0, "text": "", "more": ""})
    text = st.session_state.pop(_WAITING, None)
    if text is not None:
        last = {"page": page, "number": last["number"] + 1, "text": text, "more": more}
    elif last["page"] != page:
        last = {"page": page, "number": last["number"], "text": "", "more": ""}
    st.session_state[_LAST] = last
    parts.said(text=last["text"], more=last["more"], number=last["number"], seen=seen, key=page)
