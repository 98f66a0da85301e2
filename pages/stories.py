"""Stories: what happened?"""

from dataclasses import replace

import streamlit as st

from monitor.charts.timeline import timeline
from monitor.views import stories
from monitor.views.freeze.chosen import of_stories
from pages import keeping, session
from pages.components import charts, frame, paging, parts, share, story

opened = st.query_params.get("story")
if opened:
    story.show(opened)
    st.stop()

reading, lens = session.store().reading, session.lens()
head = frame.header("Stories", "What happened, when, and who says so?")
with st.container(horizontal=True, vertical_alignment="bottom"):
    words = st.text_input(
        "Search titles and summaries", key="q", bind="query-params", type="search", width=300,
        placeholder="airspace Hato venezuel*", icon=":material/search:",
    )  # fmt: skip
    days = st.segmented_control(
        "Range", [7, 30, 90, 730], default=30, required=True, key="within", bind="query-params",
        format_func=lambda number: "2 years" if number == 730 else f"{number} days",
    )  # fmt: skip
    by = st.segmented_control(
        "Timeline by", ["event", "seen"], default="event", required=True, key="by",
        bind="query-params", format_func=story.CLOCKS.__getitem__,
    )  # fmt: skip
    with st.popover("Filter", icon=":material/tune:"):
        chosen = story.filters(lens, words=words or "", days=days or 30)
after = paging.place("stories", (replace(chosen, since=None), days))  # the clock turns no page back
shown = stories.PAGE * paging.number("stories")
with head.tools:
    share.button("stories", of_stories(chosen, days=days or 30, by=by or "event", shown=shown))
with st.spinner("Searching …" if words else "Reading the stories …"):
    view = keeping.kept(
        stories.load, reading, lens, chosen=chosen, by=by or "event", after=after, days=days or 30
    )
st.header(view.sentence, anchor=False)
if view.cards:
    clicked = charts.show(
        keeping.figure(
            timeline, view.timeline, dark=session.is_dark(),
            oldest=f"{stories.period(lens.now, days or 30):%Y-%m-%d}",
            newest=f"{lens.today:%Y-%m-%d}",
        ),
        key="timeline",
        title="Stories by day and severity", frame=view.timeline,
        alt=f"Timeline: {view.sentence}, one mark a story, by day and severity",
    )  # fmt: skip
    if clicked:
        st.switch_page("stories.py", query_params={"story": clicked[0]})
    parts.story_list(view.cards, key="stories")
    paging.controls("stories", view.after)
else:
    frame.empty("No story matches", "Widen the range, clear a filter, or try fewer words.")
