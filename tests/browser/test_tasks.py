"""The main task of each page, by mouse and keyboard at a desk and by touch on a phone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.furnished import BAIT, Furnished
from tests.browser.reader import DESKTOP, PHONE, Reader, go, reading, still
from tests.site import serving

pytestmark = pytest.mark.browser
SIZES = [
    pytest.param(DESKTOP | {"color_scheme": "light"}, id="desktop"),
    pytest.param(PHONE | {"color_scheme": "dark"}, id="phone"),
]


@pytest.fixture(scope="module", params=SIZES)
def reader(request: pytest.FixtureRequest, browser: Browser, home: Furnished) -> Iterator[Reader]:
    allowed = ["clipboard-read", "clipboard-write"]
    with reading(browser, home.house.address, permissions=allowed, **request.param) as one:
        yield one


@pytest.fixture
def tab(reader: Reader) -> Iterator[Page]:
    page = reader.tab()
    yield page
    page.close()
    assert reader.wrong == []


def test_situation_leads_from_the_range_and_a_day_to_the_items(tab: Page, reader: Reader):
    go(tab, reader.base + "/")
    tab.get_by_role("radio", name="30 days").click()
    tab.wait_for_url(re.compile(r"days=30"))
    tab.wait_for_function(
        """() => {
          const axis = document.querySelector('.js-plotly-plot')?._fullLayout?.xaxis;
          return axis && axis.r2l(axis.range[1]) - axis.r2l(axis.range[0]) < 40 * 864e5;
        }"""
    )
    still(tab)
    _click_last_point(tab)
    tab.wait_for_url(re.compile(r"day=\d{4}-\d\d-\d\d"))
    expect(tab.get_by_role("heading", name=re.compile("Flagged on"))).to_be_visible()
    tab.get_by_role("button", name="Close").click()
    expect(tab.get_by_role("heading", name=re.compile("Flagged on"))).to_have_count(0)


def test_situation_leads_from_a_figure_to_the_stories_and_one_step_back(tab: Page, reader: Reader):
    go(tab, reader.base + "/?days=30+days")
    tab.get_by_role("link", name=re.compile("Flagged stories")).click()
    tab.wait_for_url(re.compile(r"/stories\?within=7\+days$"))
    expect(tab.get_by_role("heading", name="Stories", level=1)).to_be_visible()
    expect(tab.get_by_role("radio", name="7 days", exact=True)).to_be_checked()
    still(tab)
    tab.go_back()
    expect(tab.get_by_role("heading", name="Situation", level=1)).to_be_visible()
    expect(tab.get_by_role("radio", name="30 days", exact=True)).to_be_checked()
    assert tab.url == reader.base + "/?days=30+days"


def test_situation_leads_from_the_board_to_one_indicator(tab: Page, reader: Reader):
    go(tab, reader.base + "/?days=30+days")
    fold = tab.get_by_role("button", name=re.compile("stands? out|Show the other"))
    if _is_phone(tab):  # what is quiet is folded away there
        fold.click()
        expect(fold).to_have_attribute("aria-expanded", "true")
    else:
        expect(fold).to_be_hidden()
    tab.get_by_role("link", name=re.compile("^Airspace closure")).last.click()
    expect(tab.get_by_role("heading", name=re.compile("^Airspace closure"))).to_be_visible()
    expect(tab).to_have_url(re.compile(r"/indicators\?indicator=Airspace"))


def _is_phone(tab: Page) -> bool:
    return (tab.viewport_size or {})["width"] < DESKTOP["viewport"]["width"]


def test_indicators_open_one_series_that_can_be_linked(tab: Page, reader: Reader):
    go(tab, reader.base + "/indicators")
    tab.get_by_role("link", name=re.compile("^Airspace closure")).first.click()
    expect(tab.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(tab).to_have_url(re.compile(r"indicator=Airspace"))
    linked = reader.open(tab.url.removeprefix(reader.base))
    expect(linked.get_by_role("heading", name=re.compile("^Airspace closure"))).to_be_visible()
    linked.close()


def test_stories_are_searched_opened_and_left_again(tab: Page, reader: Reader):
    go(tab, reader.base + "/stories")
    search = tab.get_by_label("Search titles and summaries")
    search.fill("airspace near Curaçao")
    search.press("Enter")
    tab.wait_for_url(re.compile(r"q=airspace"))
    first = tab.get_by_role("article").first
    expect(first.locator("h3")).to_contain_text("airspace")
    first.locator("h3 a").click()
    tab.wait_for_url(re.compile(r"story="))
    expect(tab.get_by_role("heading", name="Who says so")).to_be_visible()
    tab.go_back()
    expect(tab.get_by_role("heading", name="Stories", level=1)).to_be_visible()
    expect(tab.get_by_label("Search titles and summaries")).to_have_value("airspace near Curaçao")


def test_a_filtered_list_can_be_linked(tab: Page, reader: Reader):
    go(tab, reader.base + "/stories?within=90+days&by=First+seen")
    tab.get_by_role("button", name="Filter").click()
    tab.get_by_role("radio", name="Spanish").click()
    tab.wait_for_url(re.compile(r"language="))
    tab.keyboard.press("Escape")
    still(tab)
    told = tab.get_by_role("heading", name=re.compile("flagged stor")).inner_text()
    linked = reader.open(tab.url.removeprefix(reader.base))
    expect(linked.get_by_role("heading", name=told, exact=True)).to_be_visible()
    expect(linked.get_by_role("radio", name="90 days", exact=True)).to_be_checked()
    expect(linked.get_by_role("radio", name="First seen")).to_be_checked()
    linked.close()


def test_stories_as_csv_hold_no_formula(tab: Page, reader: Reader):
    go(tab, reader.base + "/stories")
    with tab.expect_download() as waiting:
        tab.get_by_role("button", name=re.compile("^CSV of Stories")).click()
    text = waiting.value.path().read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text)))
    cells = [cell for row in rows for cell in row]
    assert any(BAIT in cell and cell.startswith("'=HYPERLINK") for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []


def test_triage_is_done_and_undone_with_the_keyboard_alone(tab: Page, reader: Reader):
    go(tab, reader.base + "/triage")
    title = _current(tab).inner_text()
    tab.keyboard.press("y")
    expect(_current(tab)).not_to_have_text(title)
    log = tab.get_by_role("listitem").filter(has_text=re.compile("confirmed by", re.I))
    expect(log.first).to_contain_text(title[:40])
    still(tab)
    tab.keyboard.press("u")
    expect(_current(tab)).to_have_text(title)
    expect(tab.get_by_text(re.compile("undone|taken back", re.I)).first).to_be_visible()


def test_triage_is_corrected_with_the_keyboard_alone(tab: Page, reader: Reader):
    go(tab, reader.base + "/triage")
    title = _current(tab).inner_text()
    tab.keyboard.press("e")
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text(title[:40])
    _tab_to(tab, dialog.get_by_role("slider"))
    tab.keyboard.press("Home")
    _tab_to(tab, dialog.get_by_label("Note"))
    tab.keyboard.type("Old news")
    _tab_to(tab, dialog.get_by_role("button", name="Save"))
    tab.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(_current(tab)).not_to_have_text(title)
    log = tab.get_by_role("listitem").filter(has_text=re.compile("corrected by", re.I)).first
    expect(log).to_contain_text(title[:40])
    expect(log).to_contain_text("Old news")
    still(tab)
    tab.keyboard.press("u")
    expect(_current(tab)).to_have_text(title)


def test_the_outcome_of_a_deadline_is_noted(tab: Page, reader: Reader):
    go(tab, reader.base + "/deadlines")
    expect(tab.get_by_role("table")).to_be_visible()
    promised = tab.locator("blockquote mark", has_text=BAIT)
    card = tab.get_by_role("article").filter(has=promised).first
    expect(card).to_contain_text(re.compile("in [23] days"))  # 2 when midnight has passed meanwhile
    card.get_by_role("button", name=re.compile("outcome", re.I)).click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_label("Outcome").fill("Passed without action")
    dialog.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("Outcome: Passed without action")


def test_the_brief_is_copied_as_text(tab: Page, reader: Reader):
    go(tab, reader.base + "/brief")
    tab.get_by_text("7 days").click()
    tab.wait_for_url(re.compile("since="))
    still(tab)
    code = tab.get_by_test_id("stCode")
    code.hover()
    code.get_by_role("button", name=re.compile("copy", re.I)).click()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert "Brief of" in copied
    assert "Silent Herald" in copied
    assert "Deadlines" in copied


def test_a_removed_feed_comes_back_with_undo(tab: Page, reader: Reader):
    go(tab, reader.base + "/feeds")
    tab.get_by_role("link", name="Working Times").click()
    tab.wait_for_url(re.compile("feed="))
    tab.get_by_role("button", name="Remove").click()
    told = tab.get_by_test_id("stMarkdown")  # the live region says the same
    expect(told.get_by_text("Working Times is no longer watched; its items stay.")).to_be_visible()
    expect(tab.get_by_role("link", name="Working Times")).to_have_count(0)
    tab.get_by_role("button", name="Undo").click()
    expect(told.get_by_text("Watched again.")).to_be_visible()
    expect(tab.get_by_role("link", name="Working Times")).to_be_visible()


def test_an_address_without_a_feed_is_answered_in_words(tab: Page, reader: Reader):
    with serving() as site:
        site.pages["/"] = ("text/html", "<html><title>No feed here</title><p>Hello</p></html>")
        go(tab, reader.base + "/feeds")
        tab.get_by_label("Address of a feed or of a site").fill(site.address + "/")
        site.answers.clear()
        tab.get_by_role("button", name="Look").click()
        expect(tab.get_by_text("Looking what is there")).to_be_visible()  # as long as it takes
        site.answers.set()
        told = tab.get_by_test_id("stAlert").filter(has_text=re.compile("feed", re.I))
        expect(told.last).to_be_visible()
        expect(tab.get_by_role("button", name="Watch this feed")).to_have_count(0)


def test_a_view_is_shared_opened_and_revoked(tab: Page, reader: Reader):
    go(tab, reader.base + "/brief")
    tab.get_by_role("button", name="Share").click()
    dialog = tab.get_by_role("dialog")
    note = f"Handed over at {reader.context.pages.index(tab)}, {tab.viewport_size}"
    dialog.get_by_label("Note for the readers").fill(note)
    dialog.get_by_role("button", name="Create link").click()
    link = dialog.get_by_role("link", name="Open").get_attribute("href") or ""
    owner_key = dialog.get_by_test_id("stCode").nth(1).inner_text().strip()
    assert httpx.get(link).status_code == 200
    go(tab, reader.base + "/snapshots")
    line = tab.get_by_role("listitem").filter(has_text=note)
    found = re.search(r"Id (\w+)", line.inner_text())
    assert found is not None
    line.get_by_role("link").click()
    tab.wait_for_url(re.compile(r"/snapshot\?id="))
    expect(tab.get_by_text(note)).to_be_visible()
    go(tab, reader.base + "/snapshots")
    tab.get_by_text("Revoke a link").click()
    tab.get_by_label("Id", exact=True).fill(found[1])
    tab.get_by_label("Owner key", exact=True).fill(owner_key)
    tab.get_by_role("button", name="Revoke", exact=True).click()
    expect(tab.get_by_text("The link opens nothing any more.")).to_be_visible()
    gone = httpx.get(link)
    assert gone.status_code == 410
    assert note not in gone.text


def test_a_text_is_tried_and_its_verdict_explained(tab: Page, reader: Reader):
    go(tab, reader.base + "/method?part=Try+a+text")
    tab.get_by_label("Headline").fill("FAA closes the airspace around Curaçao to US airlines")
    tab.get_by_role("button", name="Judge").click()
    card = tab.get_by_role("article").first
    expect(card).to_contain_text("Airspace closure")
    expect(card.locator("h3 mark").first).to_be_visible()
    go(tab, reader.base + "/method?part=How+good+it+is")
    expect(tab.get_by_role("heading", name="Limits, in plain words")).to_be_visible()


def test_each_page_is_reached_by_the_navigation(tab: Page, reader: Reader):
    go(tab, reader.base + "/")
    if (tab.viewport_size or {})["width"] < 500:
        tab.get_by_test_id("stExpandSidebarButton").click()
    for name in ("Indicators", "Deadlines", "Method"):
        _navigation(tab).get_by_role("link", name=name).click()
        expect(tab.get_by_role("heading", name=name, level=1)).to_be_visible()


def _navigation(page: Page) -> Locator:
    return (
        page.get_by_test_id("stSidebar")
        .or_(page.get_by_test_id("stHeader"))
        .filter(has=page.get_by_role("link"))
    )


def _tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(40):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")


def _current(page: Page) -> Locator:
    return page.get_by_role("article").first.locator("h3")


def _click_last_point(page: Page) -> None:
    """Click the newest day of the first chart."""
    chart = page.locator(".js-plotly-plot").first
    expect(chart.locator(".scatterlayer path").first).to_be_attached()
    layer = chart.locator(".nsewdrag").first
    layer.scroll_into_view_if_needed()
    box = layer.bounding_box()
    assert box is not None
    x, y = page.evaluate(
        """() => {
          const chart = document.querySelector('.js-plotly-plot'), full = chart._fullLayout;
          const trace = chart.data.find((one) => one.customdata);
          const last = trace.y.length - 1;
          return [full.xaxis.d2p(trace.x[last]), full.yaxis.d2p(trace.y[last])];
        }"""
    )
    page.mouse.move(box["x"] + x - 4, box["y"] + y)
    page.mouse.click(box["x"] + x, box["y"] + y)
