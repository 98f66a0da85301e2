"""The frame of every page: title and question, two clocks, one message when nothing works."""

from __future__ import annotations

import streamlit as st

from monitor.views import clocks
from pages import session

LIVE_SECONDS = 20  # how often an open page asks whether there is something new


def header(title: str, question: str) -> None:
    """Title, the question that the page answers, and the two clocks."""
    seen = session.kept(clocks.load, session.store().reading, session.lens())
    with st.container(gap="xxsmall", key="page-header"):
        st.title(title, anchor=False)
        st.caption(question)
        st.markdown(f":small[:gray[:material/schedule: {seen.sentence}]]", help=seen.help)
    if session.read_only_reason():
        st.info(session.read_only_reason(), icon=":material/lock:")
    _live()


@st.fragment(run_every=LIVE_SECONDS)
def _live() -> None:
    """Draw the page again when the store has something new; no reload, nothing typed is lost."""
    version = session.store().reading.version()
    shown = st.session_state.setdefault("shown_version", version)
    if version != shown:
        st.session_state["shown_version"] = version
        st.rerun()


def escape(text: str) -> str:
    """Text from outside as markdown that shows exactly it: no link, picture, colour or maths."""
    return "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in text.replace("\n", " "))


_SIGNS = frozenset("\\`*_{}[]()<>#+-.!|$~:@/&^=\"'")


def empty(title: str, advice: str, icon: str = "inbox") -> None:
    """An empty state: what is missing and what to do."""
    with st.container(border=True, horizontal_alignment="center", gap="xsmall"):
        st.space("small")
        st.markdown(f"#### :material/{icon}: {title}", text_alignment="center", width="content")
        st.caption(advice, text_alignment="center", width="content")
        st.space("small")


def broken(message: str) -> None:
    """The one message of a dashboard that cannot show anything, in place of a traceback."""
    st.title("The dashboard cannot be shown", anchor=False)
    st.error(escape(message), icon=":material/build:")
    st.caption("Nothing was lost. Mend this, then reload the page.")
    st.button("Try again", icon=":material/refresh:", key="try-again")
