"""Sharing: freeze what this page shows and hand out the link, once."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import streamlit as st

from monitor.errors import MonitorError
from monitor.snapshots.document import Audience, Choice, Kind
from monitor.views import freeze, snapshots
from pages import access, pens, session
from pages.components.dialog import dialog

_AUDIENCE = {"open": "Anyone with the link", "signed_in": "Only people who sign in"}


def button(kind: Kind, choice: Choice) -> None:
    """The way to a link of this page as it stands now, under what was chosen on it."""
    if not access.can_edit():
        return
    if st.button("Share", icon=":material/share:", key=f"share-{kind}"):
        st.session_state.pop("shared", None)
        _dialog(kind, choice)


@dialog("Share this view", icon=":material/share:")
def _dialog(kind: Kind, choice: Choice) -> None:
    made = st.session_state.get("shared")
    if made is not None:
        _made(*made)
        return
    st.caption(
        "The link opens this view, frozen now. It stays the same when new items arrive, and opens "
        "without this dashboard's data."
    )
    with st.form("share-form", border=False):
        note = st.text_area("Note for the readers", max_chars=2000, height=90, key="share-note")
        left, right = st.columns(2)
        usual = session.settings().snapshots.expire_after
        choices = snapshots.expiries(usual)
        expiry = left.selectbox(
            "Opens for",
            list(choices),
            index=list(choices).index(usual),
            format_func=choices.__getitem__,
        )
        audience = right.selectbox(
            "Who may open it",
            list(get_args(Audience)),
            format_func=_AUDIENCE.__getitem__,
            disabled=session.settings().access.mode == "open",
        )
        if not st.form_submit_button("Create link", type="primary", icon=":material/link:"):
            return
    with st.spinner("Freezing the view …"):
        _create(kind, choice, note=note, expiry=expiry or usual, audience=audience or "open")
    st.rerun(scope="fragment")


def _create(
    kind: Kind, choice: Choice, *, note: str, expiry: timedelta, audience: Audience
) -> None:
    try:
        pen = pens.take()
        document = freeze.document(
            pen.store,
            session.settings(),
            kind=kind,
            choice=choice,
            note=note.strip(),
            author=pen.by,
            expire_after=expiry,
            now=pen.now,
            assessor=session.assessor(),
        )
        made = pen.store.snapshots.create(document, audience=audience)
    except MonitorError as error:
        st.session_state["shared"] = ("", "", "", str(error))
        return
    link = f"{access.address()}/s/{made.token}"
    until = session.lens().exact(made.expires_at)
    st.session_state["shared"] = (link, made.owner_key, until, "")


def _made(link: str, owner_key: str, until: str, problem: str) -> None:
    if problem:
        st.error(problem, icon=":material/error:")
        return
    st.markdown(f"**The link**, opens until {until}:")
    st.code(link, language=None, wrap_lines=True)
    st.markdown("**Owner key**: it revokes the link. It is shown only now; keep it.")
    st.code(owner_key, language=None, wrap_lines=True)
    st.link_button("Open", link, icon=":material/open_in_new:")
