"""Going to another page with its controls set.

Streamlit refuses to write an address parameter that a control of the page is bound to, so the
values wait in the session until the other page draws its controls, which then write the address.
"""

from __future__ import annotations

from typing import Any, NoReturn
from urllib.parse import parse_qsl

import streamlit as st

from monitor.views import indicators
from pages import session

_WAITING = "going"


def to(page: str, **values: Any) -> NoReturn:
    """Open a page, its controls of these keys set to these values."""
    st.session_state[_WAITING] = values
    st.switch_page(f"{page}.py")


def arrive() -> None:
    """Set what waits for the page that is about to be drawn."""
    for key, value in st.session_state.pop(_WAITING, {}).items():
        st.session_state[key] = value


def to_figure(page: str, query: str) -> NoReturn:
    """Open what is behind a figure; `days` is written as the address has it: "7 days"."""
    given = dict(parse_qsl(query))
    values = {"days": int(given["days"].split()[0])} if "days" in given else {}
    to(page, **values)


def to_indicator(name: str) -> None:
    """Open one series by the name that readers see; an unknown one opens nothing."""
    names = indicators.names(session.lens(), list(session.assessor().indicators))
    found = next((key for key, shown in names.items() if shown == name), None)
    if found is not None:
        to("indicators", indicator=found)
