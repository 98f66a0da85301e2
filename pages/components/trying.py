"""Trying the rules out: on a text, and a phrase on what is stored."""

from __future__ import annotations

import streamlit as st

from monitor.views import method
from monitor.views.lens import LANGUAGES
from monitor.views.method import Method
from pages import keeping, session
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
    moment = session.now()
    judged = session.assessor().assess(
        title=title, summary=summary or "", language=language or None, published=moment
    )
    card = method.tried(title, summary or "", judged, session.lens(), now=moment)
    st.header(frame.escape(method.verdict(card)), anchor=False)
    parts.item_list([card], key="tried", linked=False)


def rule() -> None:
    """What a phrase would meet among the stored items."""
    phrase = st.text_input(
        "Words that a new rule would look for",
        key="phrase",
        bind="query-params",
        placeholder="gps interference",
        max_chars=200,
    )
    if not phrase:
        st.caption("See how many stored items hold the words, and how many are flagged already.")
        return
    found = keeping.kept(method.preview, session.store().reading, session.lens(), phrase=phrase)
    st.header(found.sentence, anchor=False)
    if found.items:
        parts.item_list(found.items, key="preview")
