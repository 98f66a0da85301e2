"""Adding a feed: paste an address, see what is there and how it would be judged, save."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from monitor.cycle import adding
from monitor.cycle.adding import Looked, Offer
from monitor.cycle.polling import Poller
from monitor.errors import MonitorError
from monitor.views import feeds
from pages import access, session
from pages.components import feed, frame, parts


def form() -> None:
    """The way from an address to a watched feed."""
    with st.container(border=True, key="add-feed"):
        st.header("Add a feed", anchor=False)
        with (
            st.form("look", border=False),
            st.container(horizontal=True, vertical_alignment="bottom"),
        ):
            url = st.text_input(
                "Address of a feed or of a site",
                key="new-url",
                placeholder="https://example.org or its feed",
                max_chars=2000,
                width=520,
            )
            pressed = st.form_submit_button("Look", type="primary", icon=":material/search:")
        if pressed and url:
            _look(url)
        looked: Looked | None = st.session_state.get("looked")
        if looked is not None:
            _found(looked)


def _look(url: str) -> None:
    """Fetch the address once; nothing is stored."""
    with st.spinner("Looking what is there …", show_time=True):
        try:
            st.session_state["looked"] = adding.look(
                url,
                intake=session.intake(),
                politeness=session.settings().politeness,
                now=session.now(),
            )
        except MonitorError as error:
            st.session_state["looked"] = Looked(
                url=url, is_feed=False, offers=(), problem=str(error), reason="error"
            )


def _found(looked: Looked) -> None:
    if not looked.offers:
        st.warning(frame.escape(looked.problem), icon=":material/search_off:")
        return
    chosen = looked.offers[0]
    if len(looked.offers) > 1:
        chosen = st.radio(
            f"Found {len(looked.offers)} feeds there; which one?",
            looked.offers,
            format_func=lambda one: f"{one.title}, {one.found.url} ({one.items} items)",
            key="offer",
        )
    _preview(chosen)
    with st.form("save-feed", border=False):
        given = feed.fields(_as_row(chosen))
        save, cancel = st.container(horizontal=True), None
        with save:
            saved = st.form_submit_button("Watch this feed", type="primary", icon=":material/add:")
            cancel = st.form_submit_button("Cancel")
    if cancel:
        st.session_state.pop("looked")
        st.rerun()
    if saved:
        _watch(chosen, given)


def _preview(offer: Offer) -> None:
    """Sample items with their assessment, before anything is stored."""
    kind = feeds.KINDS[offer.found.kind.value]
    st.markdown(f"**{frame.escape(offer.title)}**: {kind}, {offer.items} items now")
    samples = [(sample.entry, sample.assessment) for sample in offer.samples]
    cards = feeds.preview(samples, session.lens(), title=offer.title, now=session.now())
    flagged = sum(card.flagged for card in cards)
    st.caption(f"The newest {len(cards)}, judged as they would be: {flagged} flagged.")
    parts.item_list(cards, key="samples", linked=False)


def _as_row(offer: Offer) -> feed.Known:
    plain = offer.feed()
    return feed.Known(
        title=plain.title,
        language=plain.language,
        country=plain.country,
        group=plain.group,
        reliability=plain.reliability,
        official=plain.official,
        pool=plain.pool.value,
        kind=plain.kind.value,
        interval_seconds=None,
    )


def _watch(offer: Offer, given: dict[str, Any]) -> None:
    settings, intake = session.settings(), session.intake()
    wanted = replace(offer.feed(), **given)
    feed.act(
        f"{wanted.title} is watched now.",
        wanted.id,
        lambda: adding.watch(
            wanted,
            poller=Poller(settings, intake),
            intake=intake,
            found=offer.found,
            by=access.who(),
            now=session.now(),
        ),
        undo_how="remove",
    )
    st.session_state.pop("looked", None)
    st.rerun()
