"""Adding a feed: paste an address, see what is there and how it would be judged, save."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from monitor.cycle import adding
from monitor.cycle.adding import Looked, Offer
from monitor.cycle.polling import Poller
from monitor.errors import MonitorError
from monitor.feeds.model import FeedKind
from monitor.storage.feeds import WatchedFeed
from monitor.views import feeds
from monitor.views.lens import count
from pages import pens, session
from pages.components import feed, frame, parts
from pages.roles import Role


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
    """Fetch the address once, unless it is watched already; nothing is stored."""
    _forget()
    watched = adding.watched_at(url, session.store())
    if watched is not None:
        st.session_state["looked"] = Looked(url=url, is_feed=True, offers=(), watched=watched)
        return
    with st.spinner("Looking what is there …", show_time=True):
        st.session_state["looked"] = _tried(url, lambda asked: adding.look(url, **asked))


def _tried(url: str, look: Callable[[dict[str, Any]], Looked]) -> Looked:
    """Ask the address; only for those who may watch it, for we ask in the name of the site."""
    try:
        pen = pens.take(Role.ADMIN)
        politeness = session.settings().politeness
        return look({"intake": pen.intake, "politeness": politeness, "now": pen.now})
    except MonitorError as error:
        return Looked(url=url, is_feed=False, offers=(), problem=str(error), reason="error")


def _forget() -> None:
    for name in ("looked", "listed", "link-pattern", "offer"):
        st.session_state.pop(name, None)


def _found(looked: Looked) -> None:
    if looked.watched is not None:
        _known(looked.watched)
        return
    if looked.problem:
        tell = st.info if looked.page else st.warning  # a page can be watched itself
        tell(frame.escape(looked.problem), icon=":material/search_off:")
    choices: list[Offer | None] = [*looked.offers, *([None] if looked.page else [])]
    if not choices:
        return
    number = 0
    if len(choices) > 1:
        number = st.radio(
            f"Found {count(len(looked.offers), 'feed')} there; what shall be watched?",
            range(len(choices)),
            format_func=lambda one: _named(choices[one]),
            key="offer",
        )
    chosen = choices[number]
    if chosen is None:
        _page_itself(looked)
    else:
        _offered(chosen)


def _named(offer: Offer | None) -> str:
    if offer is None:
        return "This page itself, by its article links"
    return f"{offer.title}, {offer.found.url} ({offer.items} items)"


def _known(watched: WatchedFeed) -> None:
    """The address is on the watch list: say so, and open that feed."""
    title = frame.escape(watched.feed.title)
    st.info(f"This address is watched already, as {title}.", icon=":material/rss_feed:")
    if st.button(f"Open {title}", key="open-watched", icon=":material/arrow_forward:"):
        _forget()
        st.switch_page("feeds.py", query_params={"feed": watched.feed.id})


def _page_itself(looked: Looked) -> None:
    """A site without a feed: its article links, by a pattern that can be corrected."""
    st.subheader("Watch this page", anchor=False)
    st.caption(
        "The page is read at each poll, and every new article that it links to becomes an item. "
        "The link pattern says which links are articles: it must match the path of an article "
        "from its start. robots.txt is respected."
    )
    if not looked.pattern:
        st.caption("No pattern could be guessed from the links of this page; please write one.")
    if "link-pattern" not in st.session_state:
        st.session_state["link-pattern"] = looked.pattern
    with (
        st.form("look-page", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        pattern = st.text_input(
            "Link pattern, guessed from the links of the page"
            if looked.pattern
            else "Link pattern",
            key="link-pattern",
            placeholder="/news/[a-z0-9-]+",
            max_chars=500,
            width=520,
        )
        pressed = st.form_submit_button("Show sample articles", icon=":material/article:")
    if pressed:
        with st.spinner("Fetching up to three articles, politely …", show_time=True):
            st.session_state["listed"] = _tried(
                looked.url,
                lambda asked: adding.look_at_page(
                    looked.url, pattern=pattern or "", page=looked.page, **asked
                ),
            )
    listed: Looked | None = st.session_state.get("listed")
    if listed is None:
        return
    if listed.problem:
        st.warning(frame.escape(listed.problem), icon=":material/search_off:")
    for offer in listed.offers:
        _offered(offer)


def _offered(offer: Offer) -> None:
    """What would be watched, with samples, and the form that saves it."""
    if offer.watched is not None:
        _known(offer.watched)
        return
    _preview(offer)
    with st.form("save-feed", border=False):
        given = feed.fields(_as_row(offer))
        save = st.container(horizontal=True)
        with save:
            what = "page" if offer.found.kind == FeedKind.LISTING else "feed"
            saved = st.form_submit_button(
                f"Watch this {what}", type="primary", icon=":material/add:"
            )
            cancel = st.form_submit_button("Cancel")
    if cancel:
        _forget()
        st.rerun()
    if saved:
        _watch(offer, given)


def _preview(offer: Offer) -> None:
    """Sample items with their assessment, before anything is stored."""
    kind = feeds.KINDS[offer.found.kind.value]
    is_page = offer.found.kind == FeedKind.LISTING
    number = count(offer.items, "article link") if is_page else f"{offer.items} items"
    st.markdown(f"**{frame.escape(offer.title)}**: {kind}, {number} now")
    samples = [(sample.entry, sample.assessment) for sample in offer.samples]
    cards = feeds.preview(samples, session.lens(), title=offer.title, now=session.now())
    flagged = sum(card.flagged for card in cards)
    which = "first" if is_page else "newest"
    st.caption(f"The {which} {len(cards)}, judged as they would be: {flagged} flagged.")
    for pattern in offer.found.selectors.values():
        st.caption(f"Link pattern: {frame.escape(pattern)}")
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
    settings = session.settings()
    wanted = replace(offer.feed(), **given)
    with st.spinner("Judging and filing what it holds …"):
        feed.act(
            f"{wanted.title} is watched now.",
            wanted.id,
            lambda pen: adding.watch(
                wanted,
                poller=Poller(settings, pen.intake),
                intake=pen.intake,
                found=offer.found,
                by=pen.by,
                now=pen.now,
            ),
            undo_how="remove",
        )
    _forget()
    st.rerun()
