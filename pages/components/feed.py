"""One feed: its health, its items, and what a person may change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import streamlit as st

from monitor.config import LONGEST
from monitor.errors import MonitorError
from monitor.feeds.model import FeedKind, Pool
from monitor.storage.rows import FeedRow
from monitor.views import feeds
from monitor.views.lens import LANGUAGES, RELIABILITY, count
from pages import access, keeping, pens, session
from pages.components import frame, parts, said
from pages.components.dialog import dialog
from pages.pens import Pen
from pages.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a form is filled in with."""

    title: str
    language: str | None
    country: str | None
    group: str
    reliability: str
    official: bool
    pool: str
    kind: str
    interval_seconds: int | None


def act(
    what: str, undo: str, change: Callable[[Pen], object], *, undo_how: str = "restore"
) -> None:
    """Carry out a change, remember how to take it back, and say so; errors in one line."""
    try:
        change(pens.take(Role.ADMIN))
    except MonitorError as error:
        st.session_state["feed-error"] = str(error)
        return
    st.session_state["feed-done"] = (what, undo, undo_how)
    said.say(what)


def undo_bar() -> None:
    """What was just done, with the way back; or why it could not be done."""
    error = st.session_state.pop("feed-error", None)
    if error:
        st.error(frame.escape(error), icon=":material/error:")
    done = st.session_state.get("feed-done")
    said.region("feeds", seen=False)
    if not done:
        return
    what, undo, how = done
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(frame.escape(what), width="content")
        if undo:
            st.button(
                "Undo",
                key="feed-undo",
                icon=":material/undo:",
                on_click=restore if how == "restore" else take_back,
                args=(undo,),
            )
        st.button("Close", key="feed-close", type="tertiary", on_click=_forget)


@st.fragment(run_every=3)
def polling() -> None:
    """How far the present poll is, whichever process polls."""
    cycle = session.store().progress.last()
    if cycle is not None and cycle.is_running(session.now()):
        share = min(1.0, cycle.done / max(cycle.total, 1))
        st.progress(share, f"Polling: {cycle.done:,} of {count(cycle.total, 'feed')}")


def _forget() -> None:
    st.session_state.pop("feed-done", None)


def restore(feed_id: str) -> None:
    """Watch a removed feed again."""
    act(
        "Watched again.",
        "",
        lambda pen: pen.store.feeds.restore(feed_id, by=pen.by, now=pen.now),
    )


def take_back(feed_id: str) -> None:
    """Stop watching a feed that was just added."""
    act(
        "Not watched after all.",
        "",
        lambda pen: pen.store.feeds.remove(feed_id, by=pen.by, now=pen.now),
    )


def _remove(row: FeedRow) -> None:
    act(
        f"{row.title} is no longer watched; its items stay.",
        row.id,
        lambda pen: pen.store.feeds.remove(row.id, by=pen.by, now=pen.now),
    )
    st.query_params.clear()


def _pause(row: FeedRow) -> None:
    word = "polled again" if row.paused else "paused"
    act(
        f"{row.title} is {word}.",
        "",
        lambda pen: pen.store.feeds.pause(row.id, paused=not row.paused, by=pen.by, now=pen.now),
    )


def _use_file(row: FeedRow) -> None:
    declared = session.settings().declared_feed(row.id)
    if declared is None:  # it has left the file meanwhile
        st.session_state["feed-error"] = f"config.toml no longer declares {row.title}."
        return
    act(
        f"{row.title} follows config.toml again.",
        "",
        lambda pen: pen.store.feeds.use_file(declared, by=pen.by, now=pen.now),
    )


def show(feed_id: str) -> None:
    """One feed in full."""
    st.page_link("feeds.py", label="All feeds", icon=":material/arrow_back:")
    found = keeping.kept(feeds.load_feed, session.store().reading, session.lens(), feed_id=feed_id)
    if found is None:
        st.title("Feed not found", anchor=False)
        st.info("No feed of this address is on the watch list.")
        return
    line = found.line
    frame.header(line.title, f"{line.kind}, {line.language}, {line.origin}", needs=Role.ADMIN)
    undo_bar()
    if access.may(Role.ADMIN) and line.state != "removed":
        _actions(found.row)
    left, right = st.columns([1, 1.7], gap="medium")
    with left:
        st.header("Health", anchor=False)
        parts.feed_facts(found, key=f"facts-{feed_id}")
    with right:
        st.header("Newest items", anchor=False)
        if found.items:
            parts.item_list(found.items, key=f"feed-items-{feed_id}")
        else:
            frame.empty("No item yet", "Items appear here after the first poll that brings any.")


def _actions(row: FeedRow) -> None:
    with st.container(horizontal=True):
        icon = "play_arrow" if row.paused else "pause"
        st.button(
            "Resume" if row.paused else "Pause",
            icon=f":material/{icon}:",
            key="pause",
            on_click=_pause,
            args=(row,),
        )
        if st.button("Edit", icon=":material/edit:", key="edit"):
            _edit(row)
        if row.edited and row.in_file:
            st.button(
                "Use file",
                icon=":material/settings_backup_restore:",
                key="use-file",
                help="Forget what was changed here and follow config.toml again",
                on_click=_use_file,
                args=(row,),
            )
        st.button("Remove", icon=":material/delete:", key="remove", on_click=_remove, args=(row,))


@dialog("Edit feed", icon=":material/edit:")
def _edit(row: FeedRow) -> None:
    """What a person may change; only what differs is kept as an edit."""
    with st.form("edit-feed", border=False):
        given = fields(row)
        selectors = dict(row.selectors)
        if row.kind == FeedKind.LISTING:
            selectors["link_pattern"] = st.text_input(
                "Link pattern: what the paths of articles look like",
                value=selectors.get("link_pattern", ""),
                key="edit-pattern",
                max_chars=500,
            ).strip()
        given["selectors"] = {name: value for name, value in selectors.items() if value}
        if not st.form_submit_button("Save", type="primary"):
            return
    before = {
        "title": row.title,
        "language": row.language,
        "country": row.country,
        "group": row.group,
        "reliability": row.reliability,
        "official": row.official,
        "pool": Pool(row.pool),
        "kind": FeedKind(row.kind),
        "interval": timedelta(seconds=row.interval_seconds) if row.interval_seconds else None,
        "selectors": dict(row.selectors),
    }
    changes = {name: value for name, value in given.items() if value != before[name]}
    act(
        f"{row.title} was changed.",
        "",
        lambda pen: pen.store.feeds.edit(row.id, changes, by=pen.by, now=pen.now),
    )
    st.rerun()


def fields(row: FeedRow | Known | None) -> dict[str, Any]:
    """Form fields of a feed, filled in where it is known already."""
    title = st.text_input("Title", value=row.title if row else "")
    left, right = st.columns(2)
    with left:
        language = st.selectbox(
            "Language",
            ["", *LANGUAGES],
            index=_at(["", *LANGUAGES], row and row.language),
            format_func=lambda one: LANGUAGES.get(one, "mixed or not known"),
        )
        reliability = st.selectbox(
            "Reliability",
            list(RELIABILITY),
            index=_at(list(RELIABILITY), row.reliability if row else "F"),
            format_func=lambda one: f"{one}: {RELIABILITY[one]}",
        )
        kind = st.selectbox(
            "Kind",
            list(FeedKind),
            index=_at(list(FeedKind), row and row.kind),
            format_func=lambda one: feeds.KINDS[one.value],
        )
    with right:
        group = st.text_input(
            "Owner or agency",
            value=row.group if row else "",
            help="Feeds of one owner count once in corroboration.",
        )
        pool = st.selectbox(
            "Sort of source",
            list(Pool),
            index=_at(list(Pool), row.pool if row else "regional"),
            format_func=lambda one: one.value.replace("_", " and "),
        )
        minutes = st.number_input(
            "Poll every … minutes (0: own rhythm)",
            min_value=0.0,
            max_value=LONGEST / timedelta(minutes=1),
            step=15.0,
            value=(row.interval_seconds or 0) / 60 if row else 0.0,
            format="%.4g",
        )
    official = st.checkbox(
        "Official source that speaks for itself", value=bool(row and row.official)
    )
    return {
        "title": title.strip(),
        "language": language or None,
        "country": row.country if row else None,
        "group": group.strip(),
        "reliability": reliability,
        "official": official,
        "pool": pool,
        "kind": kind,
        "interval": timedelta(seconds=round(minutes * 60)) or None,
    }


def _at(options: Sequence[Any], value: object) -> int:
    return list(options).index(value) if value in options else 0


def states(view: feeds.Feeds) -> str | None:
    """Pills that narrow the list to one state; none while nothing is watched."""
    present = [one for one in view.counts if view.counts[one]]
    if not present:
        return None
    return st.pills(
        "State",
        present,
        key="state",
        bind="query-params",
        format_func=lambda one: f"{feeds.STATES[one]} {view.counts[one]}",
    )


def page(lines: Sequence[feeds.FeedLine], size: int = 60) -> Sequence[feeds.FeedLine]:
    """One page of a long list."""
    if len(lines) <= size:
        return lines
    pages = -(-len(lines) // size)
    number = st.pagination(pages, key="page", bind="query-params")
    return lines[(number - 1) * size : number * size]


def removed(lines: Sequence[feeds.FeedLine]) -> None:
    """Feeds that were removed, each with the way back."""
    if not lines:
        return
    with st.expander(f"Removed feeds ({len(lines)})", icon=":material/delete:"):
        for line in lines:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(f"{line.title}, removed {line.because} {line.since}", width="stretch")
                if access.may(Role.ADMIN):
                    st.button(
                        "Watch again",
                        key=f"restore-{line.id}",
                        icon=":material/undo:",
                        on_click=restore,
                        args=(line.id,),
                    )
