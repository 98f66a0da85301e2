"""The frame of every page: title and question, two clocks, one message when nothing works."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from monitor.views import clocks, feeds
from pages import access, keeping, session
from pages.components import dialog, manners, parts
from pages.roles import Role

LIVE_SECONDS = 20  # how often an open page asks whether there is something new
_STYLE = """
<style>
[data-testid="stButtonGroup"] [data-selected="true"] p { color: light-dark(#17506B, #7CC0DE); }
[data-testid="stMain"]:focus-visible {
  outline: 2px solid light-dark(#17506B, #7CC0DE); outline-offset: -2px; }
[data-testid="stLayoutWrapper"]:has(> .st-key-manners, > .st-key-way, > [class*="st-key-said-"]) {
  position: absolute; }
.sign { font: 1.6rem/1 "Material Symbols Rounded"; color: light-dark(#56646B, #9FAEB6); }
@media (max-width: 640px) { .st-key-tools { align-items: flex-start !important; } }
</style>
"""  # in the dark one primary colour cannot carry white text and be read on its own tint
_ADDRESS = re.compile(r":(?=//)|www(?=\.)|@", re.IGNORECASE)
_SIGNS = frozenset("\\`*_{}[]()<>#+-.!|$~:@/&^=\"'")


class Head(NamedTuple):
    """What a page goes on with below its header."""

    days: int  # the chosen range
    tools: DeltaGenerator  # beside the title: where Share stands


def style() -> None:
    """What the theme cannot say, on every page."""
    st.html(_STYLE)
    manners.keep()


def header(
    title: str,
    question: str,
    *,
    ranges: Mapping[int, str] | None = None,
    range_key: str = "days",
    needs: Role = Role.EDITOR,
) -> Head:
    """Title, the question that the page answers, and the two clocks.

    Args:
        title: Of the page; may hold text from outside.
        question: One line below it; may hold text from outside.
        ranges: Days and their names, where the page has a range; it stands in the address.
        range_key: Its name there. Pages must not share one: going back would then lose it.
        needs: Who may change what the page shows; whoever may not is told why.
    """
    dialog.begin()
    seen = keeping.kept(clocks.load, session.store().reading, session.lens())
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
    ):
        with st.container(gap="xxsmall", width="content"):
            st.title(escape(title), anchor=False)
            st.caption(escape(question))
        with st.container(gap="xsmall", width="content", horizontal_alignment="right", key="tools"):
            tools = st.container(horizontal=True, width="content")
            with tools:
                days = _range(ranges, range_key) if ranges else 30
            parts.clocks(seen.sentence, seen.help)
    if refused := access.read_only_reason(needs):
        st.info(refused, icon=":material/lock:")
    if seen.stumbled:
        st.warning(seen.stumbled, icon=":material/sync_problem:")
    if seen.stale:
        st.warning(seen.stale, icon=":material/hourglass_disabled:")
    st.session_state["shown_version"] = _version()
    _live()
    return Head(days, tools)


def _range(ranges: Mapping[int, str], key: str) -> int:
    chosen = st.segmented_control(
        "Range",
        list(ranges),
        default=90,
        required=True,
        key=key,
        bind="query-params",
        format_func=ranges.__getitem__,
        label_visibility="collapsed",
    )
    return chosen or 90


def _version() -> tuple[object, bool, Role]:
    """What a page is drawn from: the store, the theme of its charts, what its reader may do."""
    return session.store().reading.version(), session.is_dark(), access.role()


@st.fragment(run_every=LIVE_SECONDS)
def _live() -> None:
    """Draw the page again when the store has something new, or when the theme has changed.

    No reload, nothing typed is lost. A run that a click began is never broken off for it, or the
    click would be lost; an open dialog is left alone.
    """
    if _version() != st.session_state["shown_version"] and not dialog.is_open():
        st.rerun()


def silent(names: Sequence[str]) -> None:
    """Feeds that should speak and do not: once, plainly, with since when."""
    if names:
        st.warning(escape(feeds.told(names)), icon=":material/sensors_off:")


def escape(text: str) -> str:
    """Text from outside as markdown that shows exactly it: no link, picture, colour or maths.

    Addresses get an invisible joiner: markdown makes links of them however they are escaped.
    """
    apart = _ADDRESS.sub("\\g<0>\u2060", text.replace("\n", " "))
    return "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in apart)


def empty(title: str, advice: str, icon: str = "inbox") -> None:
    """An empty state: what is missing and what to do."""
    with st.container(border=True, horizontal_alignment="center", gap="xsmall"):
        st.space("small")
        st.html(f'<span class="sign" aria-hidden="true">{icon}</span>', width="content")
        st.markdown(f"**{title}**", text_alignment="center", width="content")
        st.caption(advice, text_alignment="center", width="content")
        st.space("small")


def broken(message: str) -> None:
    """The one message of a dashboard that cannot show anything, in place of a traceback."""
    st.title("The dashboard cannot be shown", anchor=False)
    if access.is_unknown():  # addresses of files and servers are no stranger's business
        message = "Whoever runs it learns the reason from `curacao-monitor doctor`."
    st.error(escape(message), icon=":material/build:")
    st.caption("Nothing was lost. Mend this, then reload the page.")
    st.button("Try again", icon=":material/refresh:", key="try-again")
