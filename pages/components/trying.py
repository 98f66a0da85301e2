"""How good the rules are, and trying them on a text."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from monitor.assess.explain import explain
from monitor.views import method
from monitor.views.lens import LANGUAGES
from monitor.views.method import Method
from pages import session
from pages.components import frame, parts


def accuracy(view: Method) -> None:
    """The accuracy table, and what people said of flags."""
    st.header("Accuracy on labelled headlines", anchor=False)
    if view.accuracy.empty:
        st.caption(
            "No figures came with this program. `curacao-monitor evaluate FILE.jsonl` prints them "
            "for any labelled file."
        )
    else:
        st.table(view.accuracy, hide_index=True, border="horizontal")
        st.caption(frame.escape(view.accuracy_about))
    st.header("What your analysts said", anchor=False)
    st.markdown(view.agreement)


def text() -> None:
    """Judge a text as an item would be."""
    with st.form("try-form", border=True):
        title = st.text_input(
            "Headline", key="try-title", max_chars=500, placeholder="FAA warns airlines over …"
        )
        summary = st.text_area("Summary (may stay empty)", key="try-summary", max_chars=5000)
        language = st.selectbox(
            "Language",
            ["", *LANGUAGES],
            key="try-language",
            format_func=lambda code: LANGUAGES.get(code, "find out"),
        )
        pressed = st.form_submit_button("Judge", type="primary", icon=":material/gavel:")
    if not (pressed and title):
        st.caption("Nothing that you type here is stored.")
        return
    moment, assessor = session.now(), session.assessor()
    found = explain(
        assessor, title=title, summary=summary or "", language=language or None, published=moment
    )
    view = method.tried(found, title, summary or "", session.lens(), now=moment)
    st.header(frame.escape(view.verdict), anchor=False)
    parts.item_list([view.card], key="tried", linked=False)
    _lines("What would change the verdict", [*view.changes, view.steady], "changes")
    _lines("Rules that hold", view.rules, "rules")
    _lines("Taken back or lessened by a rule", view.taken_back, "taken-back")


def _lines(name: str, lines: Iterable[str | tuple[str, str]], key: str) -> None:
    told = [line for line in lines if line]
    if told:
        st.header(name, anchor=False)
        parts.plain_list(told, key=f"tried-{key}")
