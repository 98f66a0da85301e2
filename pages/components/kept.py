"""Kept snapshots: listing, opening, comparing, revoking and verifying."""

from __future__ import annotations

import streamlit as st

from monitor.charts.index import index_chart
from monitor.charts.map import map_chart, on_map
from monitor.charts.timeline import timeline
from monitor.errors import MonitorError
from monitor.snapshots.canonical import Sealed, verify
from monitor.snapshots.document import Document, SnapshotError
from monitor.storage.snapshots import Revocation, Status
from monitor.views import freeze, snapshots
from monitor.views.snapshots import Compared, Opened
from pages import access, pens, session, shipped
from pages.components import charts, frame, parts

_REVOKED = {
    Revocation.DONE: "The link opens nothing any more.",
    Revocation.ALREADY: "The link was revoked before.",
    Revocation.WRONG_KEY: "This is not the owner key of that snapshot; nothing was changed.",
    Revocation.UNKNOWN: "There is no snapshot of this id.",
}


def listing() -> None:
    """What was shared, newest first, and revoking it."""
    heads = session.store().snapshots.list(limit=100)
    lines = snapshots.lines(heads, session.lens())
    if not lines:
        frame.empty(
            "Nothing shared yet",
            "Press Share on Situation, Indicators, Stories or Brief.",
            "photo_camera",
        )
        return
    clicked = parts.shared_list(lines, key="shared-list")
    if clicked:
        st.switch_page("snapshot.py", query_params={"id": clicked})
    if access.can_edit():
        with st.expander("Revoke a link", icon=":material/link_off:"):
            _revoking()


def _revoking() -> None:
    with st.form("revoke", border=False):
        left, right = st.columns(2)
        name = left.text_input("Id", key="revoke-id")
        owner_key = right.text_input("Owner key", type="password", key="revoke-key")
        if not st.form_submit_button("Revoke", icon=":material/link_off:"):
            return
    try:
        pen = pens.take()
        done = pen.store.snapshots.revoke(
            (name or "").strip(), (owner_key or "").strip(), by=pen.by, now=pen.now
        )
    except MonitorError as error:
        st.error(frame.escape(str(error)), icon=":material/error:")
        return
    if done is Revocation.DONE:
        st.success(_REVOKED[done], icon=":material/check:")
    else:
        st.warning(_REVOKED[done], icon=":material/error:")


def comparison() -> None:
    """Two snapshots, or one and the present, in words and charts."""
    heads = session.store().snapshots.list(limit=100)
    heads = [one for one in heads if access.may_open(one.audience)]
    lens = session.lens()
    lines = [one for one in snapshots.lines(heads, lens) if one.is_open]
    if not lines:
        frame.empty("Nothing to compare", "Share a view first.", "difference")
        return
    names = {one.id: f"{one.name} ({one.id})" for one in lines}
    left, right = st.columns(2)
    asked = st.query_params.get("earlier", "")
    first = left.selectbox(
        "Earlier",
        list(names),
        index=list(names).index(asked) if asked in names else 0,
        format_func=names.__getitem__,
        key="first",
    )
    options = ["now", *names]
    second = right.selectbox(
        "Later", options, format_func=lambda one: names.get(one, "Now"), key="second"
    )
    try:
        with st.spinner("Reading both …"):
            one = _document(first)
            other = present(one) if second == "now" else _document(second)
    except MonitorError as error:
        st.error(frame.escape(str(error)), icon=":material/error:")
        return
    _compared(snapshots.compare(one, other, lens))


def _document(name: str) -> Document:
    return session.store().snapshots.content(name).document


def present(document: Document) -> Document:
    """The same view, under the same choice, as it stands now."""
    return freeze.present(
        session.store(),
        session.settings(),
        document,
        author=access.who(),
        now=session.now(),
        assessor=session.assessor(),
    )


def _compared(found: Compared) -> None:
    parts.plain_list(found.sentences, key="differences")
    left, right = st.columns(2, gap="medium")
    thresholds = session.settings().index.thresholds
    for column, name, data in ((left, "Earlier", found.before), (right, "Later", found.after)):
        with column.container(border=True, key=f"compared-{name}"):
            st.header(name, anchor=False)
            chart = index_chart(data, thresholds, dark=session.is_dark(), height=260)
            charts.show(chart, key=f"index-{name}", title=name, alt=f"Index, {name}", frame=data)
    for title, cards in (("New stories", found.new), ("No longer among them", found.gone)):
        if cards:
            st.header(title, anchor=False)
            parts.story_list(cards, key=title, linked=False)


def verification() -> None:
    """Whether a downloaded file is exactly what was frozen."""
    file = st.file_uploader("A snapshot's JSON file", type=["json"], max_upload_size=20)
    if file is None:
        st.caption("The file is checked here and stored nowhere.")
        return
    with st.spinner("Checking every byte …"):
        verdict = verify(file.getvalue())
    say, icon = (st.success, "verified") if verdict.valid else (st.error, "gpp_bad")
    say(frame.escape(verdict.sentence), icon=f":material/{icon}:")


def show(name: str) -> None:
    """One snapshot by its public id; expired and revoked ones show nothing."""
    store, lens = session.store(), session.lens()
    head = store.snapshots.by_id(name) if name else None
    if head is None or head.status(lens.now) is not Status.OPEN:
        st.title("This snapshot shows nothing", anchor=False)
        reason = (
            "There is no snapshot of this id." if head is None else "It was revoked or expired."
        )
        st.info(reason, icon=":material/link_off:")
        return
    if not access.may_open(head.audience):
        st.title("Only for people who sign in", anchor=False)
        st.info("This was shared with signed-in colleagues only.", icon=":material/lock:")
        return
    try:
        sealed = store.snapshots.content(name)
    except SnapshotError as error:
        st.title("This snapshot is refused", anchor=False)
        st.error(frame.escape(str(error)), icon=":material/gpp_bad:")
        return
    _opened(name, sealed, snapshots.opened(sealed, lens))


def _opened(name: str, sealed: Sealed, view: Opened) -> None:
    st.title(frame.escape(view.title), anchor=False)
    st.caption(f"{frame.escape(view.about)}")
    newer = session.store().reading.totals(now=session.now()).newest_seen_at
    st.info(snapshots.newer(sealed.document, newer, session.lens()), icon=":material/ac_unit:")
    st.page_link(
        "snapshots.py",
        label="Compare with now",
        icon=":material/difference:",
        query_params={"tab": "Compare", "earlier": name},
    )
    if view.note:
        st.markdown(f"**Note** {frame.escape(view.note)}")
    if view.shown:
        st.caption(f"Shown: {frame.escape(view.shown)}")
    if view.lead:
        st.header(frame.escape(view.lead), anchor=False)
    with st.container(border=True, key="frozen-level"):
        parts.level_band(view.standing, linked=False)
    _charts(view)
    left, right = st.columns([1.1, 1], gap="medium")
    with left:
        for title, lines in (
            ("In figures", view.figures),
            ("What it said", view.headlines),
            ("What the index is made of", view.made_of),
            ("Deadlines", view.due),
            ("Silent sources", view.silent),
        ):
            if lines:
                st.header(title, anchor=False)
                parts.plain_list(lines, key=f"frozen-{title}")
    with right:
        _beside(view)
    if view.stories:
        st.header("Stories", anchor=False)
        if view.listed != view.lead:
            st.caption(frame.escape(view.listed))
        parts.story_list(view.stories, key="frozen-stories", linked=False)
    st.caption(f"SHA-256 {view.sha256} over {len(sealed.body):,} bytes of canonical JSON")


def _charts(view: Opened) -> None:
    if not view.chart.empty:
        with st.container(border=True, key="frozen-chart"):
            st.header("Index", anchor=False)
            for words in view.focus:
                st.markdown(frame.escape(words))
            chart = index_chart(
                view.chart, view.thresholds, dark=session.is_dark(), compared=view.compared
            )
            alt = view.standing.sentence
            charts.show(chart, key="frozen-index", title=view.title, alt=alt, frame=view.chart)
    if not view.timeline.empty:
        with st.container(border=True, key="frozen-timeline"):
            st.header("Timeline", anchor=False)
            chart = timeline(view.timeline, dark=session.is_dark(), oldest=view.oldest)
            charts.show(chart, key="frozen-when", title="Stories by day and severity",
                        alt=view.listed, frame=view.timeline)  # fmt: skip


def _beside(view: Opened) -> None:
    if view.board:
        with st.container(border=True, key="frozen-board"):
            st.header("Indicators", anchor=False)
            parts.plain_list(view.board, key="frozen-cells")
    if not view.markers.empty:
        with st.container(border=True, key="frozen-map"):
            st.header("Where", anchor=False)
            shown = on_map(shipped.coast(), view.markers)
            chart = map_chart(shipped.coast(), shown, dark=session.is_dark())
            alt = "; ".join(f"{row.name}: {row.words}" for row in shown.itertuples())
            charts.show(chart, key="frozen-where", title="Where", alt=f"Map. {alt}", frame=shown)
