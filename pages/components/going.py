"""Going to another page with its controls set.

Controls read the address when their page is drawn, so the address is where the values go. Only
where a control of the present page is bound to the same parameter does Streamlit refuse to write
it; then the values wait in the session until the page is drawn again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qsl

import streamlit as st
from streamlit.errors import StreamlitAPIException

from monitor.views import indicators
from pages import session

_WAITING = "going"


def to(page: str, address: Mapping[str, str], **values: Any) -> NoReturn:
    """Open a page with its controls set.

    Args:
        page: Name of its file.
        address: Parameters as the address has them.
        **values: The same as the controls hold them, by their keys.
    """
    try:
        st.switch_page(f"{page}.py", query_params=dict(address))
    except StreamlitAPIException:
        st.session_state[_WAITING] = values
        st.switch_page(f"{page}.py", query_params={})  # without it, a bound parameter is an error


def arrive() -> None:
    """Set what waits for the page that is about to be drawn."""
    for key, value in st.session_state.pop(_WAITING, {}).items():
        st.session_state[key] = value


def to_figure(page: str, query: str) -> NoReturn:
    """Open what is behind a figure; the query is written as the address has it."""
    to(page, dict(parse_qsl(query)))


def to_indicator(name: str) -> None:
    """Open one series by the name that readers see; an unknown one opens nothing."""
    names = indicators.names(session.lens(), list(session.assessor().indicators))
    found = next((key for key, shown in names.items() if shown == name), None)
    if found is not None:
        to("indicators", {"indicator": name}, indicator=found)
