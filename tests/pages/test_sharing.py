"""Sharing: what is frozen is what the reader has before them."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.config import SEEDS, Config
from monitor.snapshots.coastline import Coastline
from monitor.snapshots.render_html import page as shared_page
from monitor.views.freeze import present
from tests.pages.conftest import NOW, ago, drawn, words
from tests.shelf import due, judgement, place, polled, put, reading, watch
from tests.web.parts import make_client


@pytest.fixture
def busy(store):
    """Stories of several languages, severities and ages; readings; a deadline told three times."""
    watch(store.database, 1, 2)
    soon = (NOW + timedelta(days=2)).date().isoformat()
    for n, (age, language, severity) in enumerate(
        [(1, "es", 3), (2, "es", 4), (3, "en", 4), (5, "es", 1), (12, "es", 4), (13, "en", 2)], 1
    ):
        title = f"Airspace closed {n}"
        judged = judgement(title, severity=severity, language=language,
                           places=(place("Willemstad"),), deadlines=(due(soon),))  # fmt: skip
        put(store.database, n, title=title, judged=judged, seen_at=ago(days=age, hours=-2))
    for n in (11, 12):
        judged = judgement("Airspace again", severity=3, language="es", deadlines=(due(soon),))
        put(store.database, n, story="s1", title="Airspace again", judged=judged,
            seen_at=ago(hours=22, minutes=n), group_name=f"group {n}")  # fmt: skip
    polled(store.database, 1, last_polled_at=ago(minutes=5), last_success_at=ago(minutes=5))
    today = (NOW - timedelta(hours=4)).date()
    rows = [
        reading(today - timedelta(days=n), name, index=100.0 + n, level=int(n > 3))
        for name in ("risk", "airspace")
        for n in range(40)
    ]
    store.measures.save_readings(rows, now=NOW)
    return store


def share(page, store, kind):
    """Press Share and Create link as a reader does; the frozen document and the shared page.

    The test frame runs whole pages only, so both are pressed for one run, and the dialog's wish to
    draw itself alone is refused there.
    """
    page.button(key=f"share-{kind}").click().run()
    page.button(key=f"share-{kind}").click()
    next(one for one in page.button if one.label == "Create link").click().run()
    refused = "streamlit.errors.StreamlitInvalidLayoutContextError"
    assert {one.proto.type for one in page.exception} <= {refused}
    (head,) = store.snapshots.list()
    sealed = store.snapshots.content(head.id)
    html = shared_page(sealed, Coastline.load(SEEDS / "coastline.geojson"))
    return sealed.document, LexborHTMLParser(html), head


def told(card):
    return "".join(piece["text"] for piece in card["title"])


def test_a_filtered_list_of_stories_is_shared_as_it_stands(busy, show):
    page = show("stories")
    page.text_input(key="q").set_value("airspace").run()
    page.segmented_control(key="within").set_value(7).run()
    page.segmented_control(key="by").set_value("seen").run()
    page.segmented_control(key="language").set_value("es").run()
    page.select_slider(key="severity").set_value(3).run()
    cards, sentence = drawn(page, "cards")[0]["cards"], page.header[0].value
    assert len(cards) == 2
    document, html, head = share(page, busy, "stories")
    assert [one["title"] for one in document["stories"]] == [told(card) for card in cards]
    assert [node.text() for node in html.css("article h3")] == [told(card) for card in cards]
    assert document["lead"] == document["listed"] == sentence
    assert html.css_first(".lead").text() == sentence
    assert {one["story"] for one in document["timeline"]} == {"s1", "s2"}
    assert all("T" in one["at"] for one in document["timeline"])  # by first seen
    assert document["view"]["shown"] == (
        "flagged stories of the last 7 days, severity 3 serious or more, in Spanish, "
        "with the words “airspace”; timeline by first seen"
    )
    assert document["view"]["shown"] in html.text()
    opened = show("snapshot", id=head.id)
    assert [told(card) for card in drawn(opened, "cards")[0]["cards"]] == [told(c) for c in cards]
    assert document["view"]["shown"] in words(opened).replace("\\", "")


def test_the_list_that_was_turned_over_is_shared_as_far_as_it_was_read(busy, show):
    for n in range(100, 150):
        put(busy.database, n, seen_at=ago(hours=2, minutes=n))
    page = show("stories")
    for _ in range(3):
        page.button(key="stories-older").click().run()
    last = told(drawn(page, "cards")[0]["cards"][-1])
    document, _html, _head = share(page, busy, "stories")
    assert last in [one["title"] for one in document["stories"]]
    assert document["listed"].startswith("The 48 last seen of 56 flagged stories")


def test_a_brief_of_seven_days_is_shared_as_it_stands(busy, show):
    page = show("brief")
    page.segmented_control(key="since").set_value("week").run()
    cards = drawn(page, "cards")[0]["cards"]
    changed = [line for line, _id in drawn(page, "lines")[0]["lines"]]
    headings, due_there = [one.value for one in page.header], drawn(page, "soon")[0]["cards"]
    document, html, _head = share(page, busy, "brief")
    assert [one["title"] for one in document["stories"]] == [told(card) for card in cards]
    assert document["headlines"] == changed
    assert document["lead"] in headings
    assert document["lead"] == document["view"]["shown"].replace(
        "what changed", "Changed"
    ).removesuffix(" (7 days)")
    assert document["listed"].startswith("4 flagged stories seen since ")
    assert [node.text() for node in html.css(".headlines li")] == changed
    assert [(one["title"], one["phrase"]) for one in document["deadlines"]] == [
        (card["title"], card["phrase"]) for card in due_there
    ]


def test_the_situation_is_shared_with_its_range_and_its_figures(busy, show):
    page = show()
    page.segmented_control(key="days").set_value(30).run()
    tiles, board = drawn(page, "tiles")[0]["tiles"], drawn(page, "board")[0]["cells"]
    band = drawn(page, "band")[0]
    document, html, _head = share(page, busy, "situation")
    assert len(document["series"][0]["days"]) == 30
    assert [(one["label"], one["value"], one["note"]) for one in document["figures"]] == [
        (tile["label"], tile["value"], tile["note"]) for tile in tiles
    ]
    assert band["sub"] in html.css_first(".word").text()
    unknown = {cell["name"] for cell in board if cell["state"] == "unknown"}
    assert len(unknown) > 20
    assert {node.text() for node in html.css(".unknown li")} == unknown
    assert [one["reports"] for one in document["deadlines"] if one["story"] == "s1"] == [3]


def test_one_indicator_is_shared_with_the_period_it_is_compared_with(busy, show):
    page = show("indicators")
    page.selectbox(key="indicator").set_value("airspace").run()
    page.segmented_control(key="range").set_value(30).run()
    page.segmented_control(key="compare").set_value("before").run()
    told_there = next(one.value for one in page.markdown if "Mean index" in one.value)
    document, html, _head = share(page, busy, "indicators")
    focus = document["focus"]
    assert f"{focus['sentence']} {focus['comparison']}" == told_there
    assert len(focus["compared"]["days"]) == 10
    shown = next(one for one in document["series"] if one["series"] == "airspace")
    assert len(shown["days"]) == 30
    assert told_there in html.text()
    assert len(html.css("svg .before")) == 2
    assert {one["id"] for one in document["stories"]} == {"s1", "s2", "s3", "s5", "s6"}


def test_the_present_of_a_filtered_snapshot_is_asked_under_the_same_filter(busy, show):
    page = show("stories")
    page.segmented_control(key="language").set_value("es").run()
    document, _html, _head = share(page, busy, "stories")
    now = datetime.now(UTC) + timedelta(minutes=5)
    for n, language in ((50, "es"), (51, "en")):
        judged = judgement("Airspace new", language=language)
        put(busy.database, n, title="Airspace new", judged=judged, seen_at=ago(minutes=-1))
    later = present(busy, Config(), document, author="", now=now)
    assert {one["id"] for one in later["stories"]} - {one["id"] for one in document["stories"]} == {
        "s50"
    }
    compared = show("snapshots", tab="Compare")
    lines = [line for line, _id in drawn(compared, "lines")[0]["lines"]]
    assert any(line.startswith("Stories are compared under: flagged stories") for line in lines)


def test_a_lifetime_of_hours_is_offered_as_it_is(busy, show, tmp_path):
    config = tmp_path / "config.toml"
    config.write_text(
        config.read_text(encoding="utf-8") + '\n[snapshots]\nexpire_after = "12h"\n',
        encoding="utf-8",
    )
    _document, _html, head = share(show(), busy, "situation")
    assert head.expires_at - head.created_at == timedelta(hours=12)


def test_the_shared_page_leads_to_the_interactive_one(busy, show, tmp_path):
    _document, _html, head = share(show(), busy, "situation")
    client = make_client(busy.snapshots, tmp_path, now=lambda: NOW)
    shared = LexborHTMLParser(client.get(f"/s/{head.token}").text)
    ways = {node.text(): node.attributes["href"] for node in shared.css(".files a")}
    address = urlsplit(ways["Interactive view"])
    assert head.token not in ways["Interactive view"]
    opened = show(address.path.strip("/"), **dict(parse_qsl(address.query)))
    assert "Shown: index of the last 90 days" in words(opened)


def test_the_list_stays_turned_over_while_the_clock_goes_on(busy, show, monkeypatch):
    for n in range(100, 150):
        put(busy.database, n, seen_at=ago(hours=2, minutes=n))
    page = show("stories")
    page.button(key="stories-older").click().run()
    second = [told(card) for card in drawn(page, "cards")[0]["cards"]]
    later = datetime.now(UTC) + timedelta(minutes=3)
    monkeypatch.setattr("pages.session.now", lambda: later)
    page.run()
    assert [told(card) for card in drawn(page, "cards")[0]["cards"]] == second
    assert any(one.value == "Page 2" for one in page.caption)
    page.segmented_control(key="within").set_value(7).run()
    assert [told(card) for card in drawn(page, "cards")[0]["cards"]] != second
