"""Deciding on an item with the keyboard: Y confirms, N is not relevant, E corrects, U undoes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from monitor.errors import MonitorError
from monitor.storage.triage import Label, Verdict
from monitor.views.cards import ItemCard
from monitor.views.lens import DIRECTIONS, SEVERITIES
from monitor.views.triage import Decision, Triage
from pages import access, pens, session
from pages.components import frame, parts, said
from pages.components.dialog import dialog

_DONE = {
    Verdict.CONFIRMED: "Confirmed",
    Verdict.NOT_RELEVANT: "Marked as not relevant",
    Verdict.CORRECTED: "Corrected",
    Verdict.UNDONE: "Taken back",
}


def report(view: Triage) -> None:
    """What was just decided and what comes next, or why it could not be kept."""
    error = st.session_state.pop("triage-error", None)
    if error:
        st.error(frame.escape(error), icon=":material/error:")
    said.region("triage", more=view.spoken)


def keep(
    item_id: str,
    verdict: Verdict,
    *,
    title: str = "",
    indicators: tuple[str, ...] | None = None,
    severity: int | None = None,
    direction: str | None = None,
    note: str = "",
) -> None:
    """Write down an answer; a database that cannot be written is reported on the page."""
    try:
        pen = pens.take()
        label = Label(
            item_id=item_id,
            verdict=verdict,
            indicators=indicators,
            severity=severity,
            direction=direction,
            note=note,
            by=pen.by,
            at=pen.now,
        )
        pen.store.triage.add(label)
    except (MonitorError, ValueError) as error:
        st.session_state["triage-error"] = str(error)
        return
    said.say(f"{_DONE[verdict]}: {title}")
    st.session_state["triage-mine"] = None if verdict == Verdict.UNDONE else (item_id, title)


def _undo(newest: Decision) -> None:
    """Take back what was decided here last, else the newest that anyone decided.

    Whoever presses U before the page has drawn the last answer means that answer, and no
    colleague's.
    """
    item, title = st.session_state.get("triage-mine") or (newest.item, newest.title)
    keep(item, Verdict.UNDONE, title=title)


def _skip(after: str | None) -> None:
    if after is None:
        st.session_state.pop("triage-after", None)
    else:
        st.session_state["triage-after"] = after


def buttons(card: ItemCard, after: str | None) -> None:
    """The answers that a person can give, each with its key."""
    title = "".join(piece.text for piece in card.title)
    with st.container(horizontal=True):
        st.button(
            "Confirm",
            type="primary",
            icon=":material/check:",
            shortcut="Y",
            key="confirm",
            on_click=keep,
            args=(card.id, Verdict.CONFIRMED),
            kwargs={"title": title},
        )
        st.button(
            "Not relevant",
            icon=":material/block:",
            shortcut="N",
            key="not-relevant",
            on_click=keep,
            args=(card.id, Verdict.NOT_RELEVANT),
            kwargs={"title": title},
        )
        if st.button("Correct", icon=":material/edit:", shortcut="E", key="correct"):
            _correct(card, title)
        st.button(
            "Later",
            icon=":material/skip_next:",
            shortcut="L",
            key="later",
            disabled=after is None and "triage-after" not in st.session_state,
            on_click=_skip,
            args=(after,),
        )


@dialog("Correct the assessment", icon=":material/edit:")
def _correct(card: ItemCard, title: str) -> None:
    """Change indicators, severity and direction, and say why."""
    names = session.lens().names
    given = [reason.indicator for reason in card.reasons]
    st.text(title)
    with st.form("correct-form", border=False):
        indicators = st.multiselect(
            "Indicators",
            sorted({*names, *given}),
            default=list(dict.fromkeys(given)),
            format_func=lambda one: names.get(one, one),
        )
        severity = st.select_slider(
            "Severity",
            [1, 2, 3, 4],
            value=max(1, card.severity),
            format_func=lambda number: f"{number} {SEVERITIES[number]}",
        )
        direction = st.segmented_control(
            "Direction",
            list(DIRECTIONS),
            default=card.direction,
            required=True,
            format_func=DIRECTIONS.__getitem__,
        )
        note = st.text_input("Note", max_chars=500, placeholder="Why?")
        if st.form_submit_button("Save", type="primary", icon=":material/save:"):
            keep(
                card.id,
                Verdict.CORRECTED,
                title=title,
                indicators=tuple(indicators),
                severity=severity,
                direction=direction,
                note=note,
            )
            st.rerun()


def log(decisions: Sequence[Decision]) -> None:
    """The latest decisions; the newest that stands can be taken back with U."""
    newest = next((one for one in decisions if one.can_undo), None)
    if newest is not None and access.can_edit():
        st.button(
            "Undo the last decision",
            icon=":material/undo:",
            shortcut="U",
            key="undo",
            on_click=_undo,
            args=(newest,),
        )
    undone = parts.decisions(decisions, key="decisions", can_edit=access.can_edit())
    if undone:
        title = next((one.title for one in decisions if one.item == undone), "one decision")
        keep(undone, Verdict.UNDONE, title=title)
        st.rerun()
