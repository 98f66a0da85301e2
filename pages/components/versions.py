"""Versions of the lexicon: which one is in use, the way back, and judging stored items again."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from monitor.cycle.again import AGAIN, Standing
from monitor.cycle.vocabulary import SHIPPED, go_back
from monitor.errors import MonitorError
from monitor.storage.changes import note
from monitor.views import vocabulary as view
from monitor.views.lens import count
from monitor.views.vocabulary import Version
from pages import access, pens, session
from pages.components import frame, parts
from pages.roles import Role

_SHOWN = 8  # versions shown before the rest is folded away
_PERIODS = {30: "of the last 30 days", 365: "of the last year", 0: "of all time"}


def show() -> None:
    """What is in use, judging again, and the way back."""
    found = view.load(session.store().lexicons, session.lens(), shipped=session.vocabulary())
    st.header("The lexicon in use", anchor=False)
    st.markdown(frame.escape(found.sentence))
    left_out = session.intake().left_out
    if left_out:
        st.warning(
            frame.escape(f"Left out, because this release knows it no more: {'; '.join(left_out)}"),
            icon=":material/warning:",
        )
    _again()
    if not found.versions:
        return
    st.header("Versions", anchor=False)
    for one in found.versions[:_SHOWN]:
        _version(one)
    if not found.is_shipped and access.may(Role.ADMIN):
        st.button(
            "Go back to the lexicon as shipped", icon=":material/restart_alt:", key="back-shipped",
            on_click=_go_back, args=(SHIPPED,),
        )  # fmt: skip
    with st.expander("Who changed what, and earlier versions", icon=":material/history:"):
        parts.plain_list(found.history, key="lexicon-history")
        for one in found.versions[_SHOWN:]:
            _version(one)


def _version(one: Version) -> None:
    with st.container(border=True, gap="xsmall", key=f"version-{one.version}"):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            badge = " :green-badge[in use]" if one.current else ""
            st.markdown(f"**{one.version}**{badge}  \n{frame.escape(one.about)}", width="content")
            if not one.current and access.may(Role.ADMIN):
                st.button(
                    "Use this version", icon=":material/undo:", key=f"back-{one.version}",
                    on_click=_go_back, args=(one.version,),
                )  # fmt: skip
        if one.note:
            st.markdown(frame.escape(f"“{one.note}”"))
        lines = one.lines or ("The lexicon as shipped",)
        parts.plain_list(lines, key=f"lines-{one.version}")


def _go_back(version: str) -> None:
    try:
        pen = pens.take(Role.ADMIN)
        used = go_back(pen.intake, version, by=pen.by, now=pen.now)
    except MonitorError as error:
        st.session_state["rule-error"] = str(error)
        return
    st.session_state.pop("rehearsal", None)
    st.session_state["rule-done"] = f"Version {used} is in use now."


# --- judging stored items again ------------------------------------------------------------------
def _again() -> None:
    """Progress while it runs, else the way to start it."""
    if AGAIN.standing().running:
        _progress()
        return
    standing = AGAIN.standing()
    _ended(standing)
    if not access.may(Role.ADMIN):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        days = st.selectbox(
            "Stored items", list(_PERIODS), key="again-days", format_func=_PERIODS.__getitem__,
            width=220,
        )  # fmt: skip
        st.button(
            "Judge stored items again", icon=":material/replay:", key="again", on_click=_start,
            args=(days,),
        )  # fmt: skip
    st.caption(
        "What this version has not judged yet is judged by it; older assessments are kept beside "
        "the new ones, and the index follows."
    )


def _start(days: int) -> None:
    try:
        pen = pens.take(Role.ADMIN)
        note(
            pen.store.database,
            by=pen.by,
            now=pen.now,
            what="items judged again",
            subject=session.assessor().version,
        )
    except MonitorError as error:
        st.session_state["rule-error"] = str(error)
        return
    AGAIN.start(pen.intake, session.now, pen.now - timedelta(days=days) if days else None)


def _stop() -> None:
    try:
        pens.take(Role.ADMIN)
    except MonitorError as error:
        st.session_state["rule-error"] = str(error)
        return
    AGAIN.stop()


@st.fragment(run_every=1)
def _progress() -> None:
    standing = AGAIN.standing()
    if not standing.running:
        st.rerun()
    share = standing.done / max(standing.total, 1)
    st.progress(
        min(share, 1.0), f"Judged {standing.done:,} of {count(standing.total, 'stored item')} again"
    )
    if access.may(Role.ADMIN):
        st.button("Stop", icon=":material/stop:", key="again-stop", on_click=_stop)


def _ended(standing: Standing) -> None:
    if standing.error:
        st.error(frame.escape(standing.error), icon=":material/error:")
    elif standing.stopped:
        st.info(f"Stopped after {count(standing.done, 'item')}; judge again to go on.")
    elif standing.result is not None:
        made = standing.result
        st.success(
            f"{count(made.judged, 'stored item')} judged again: {made.now_flagged:,} newly "
            f"flagged, {made.no_longer_flagged:,} no longer flagged.",
            icon=":material/check:",
        )
