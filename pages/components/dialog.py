"""Dialogs that stay open: while one is, the page behind it does not draw itself again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

_OPEN = "a-dialog-is-open"
P = ParamSpec("P")


def dialog(title: str, *, icon: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """`st.dialog`, known to be open until it is closed or answered."""

    def made(body: Callable[P, None]) -> Callable[P, None]:
        @st.dialog(title, icon=icon, on_dismiss="rerun")
        @wraps(body)
        def shown(*args: P.args, **kwargs: P.kwargs) -> None:
            st.session_state[_OPEN] = True
            body(*args, **kwargs)

        return shown

    return made


def begin() -> None:
    """A whole run begins: no dialog is open until one is called."""
    st.session_state[_OPEN] = False


def is_open() -> bool:
    """Whether the reader is in a dialog."""
    return bool(st.session_state.get(_OPEN))
