"""Paging by keyset: older and newer, with the place in the list kept for the session."""

from __future__ import annotations

import streamlit as st


def place(key: str, filters: object) -> str | None:
    """Where this page of the list begins; a changed filter starts again from its first page."""
    trail = st.session_state.setdefault(f"trail-{key}", {"filters": repr(filters), "before": []})
    if trail["filters"] != repr(filters):
        trail.update(filters=repr(filters), before=[])
    before: list[str] = trail["before"]
    return before[-1] if before else None


def number(key: str) -> int:
    """Which page of the list it is, from 1."""
    return len(st.session_state[f"trail-{key}"]["before"]) + 1


def _back(before: list[str]) -> None:
    before.pop()


def controls(key: str, after: str | None) -> None:
    """Buttons to the newer and the older page, where there is one."""
    before: list[str] = st.session_state[f"trail-{key}"]["before"]
    if not before and after is None:
        return
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
        st.button(
            "Newer",
            icon=":material/chevron_left:",
            key=f"{key}-newer",
            disabled=not before,
            on_click=_back,
            args=(before,),
        )
        st.caption(f"Page {number(key)}", width="content")
        st.button(
            "Older",
            icon=":material/chevron_right:",
            icon_position="right",
            key=f"{key}-older",
            disabled=after is None,
            on_click=before.append,
            args=(after,),
        )
