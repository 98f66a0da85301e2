"""Deadlines as cards, and noting what became of them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from monitor.errors import MonitorError
from monitor.storage.outcomes import Outcomes
from monitor.views.deadlines import DueCard
from pages import access, pens
from pages.components import frame, parts
from pages.components.dialog import dialog


def report() -> None:
    """Why an outcome could not be kept, if so."""
    error = st.session_state.pop("due-error", None)
    if error:
        st.error(frame.escape(error), icon=":material/error:")


def cards(due: Sequence[DueCard], *, key: str) -> None:
    """Deadlines with their phrase; an editor can note an outcome."""
    noted = parts.due_list(due, key=key, can_edit=access.can_edit())
    if noted:
        chosen = next((one for one in due if [one.item, one.due_id] == list(noted)), None)
        if chosen:
            _note(chosen)


@dialog("What became of it?", icon=":material/flag:")
def _note(card: DueCard) -> None:
    st.text(f"{card.due}: {card.title}")
    with st.form("outcome-form", border=False):
        outcome = st.text_input(
            "Outcome", max_chars=300, placeholder="Passed without action", value=""
        )
        if not st.form_submit_button("Save", type="primary", icon=":material/save:"):
            return
    try:
        pen = pens.take()
        Outcomes(pen.store.database).settle(
            card.item, card.due_id, outcome.strip(), by=pen.by, now=pen.now
        )
    except MonitorError as error:
        st.session_state["due-error"] = str(error)
    st.rerun()
