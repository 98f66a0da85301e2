"""Every live chart: its files, the way from a point to items and reasons, its axes and words.

In the order of the pages, and in one worker, so that each page is opened once.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.furnished import Furnished
from tests.browser.reader import Reader, go, reading, still

pytestmark = pytest.mark.browser
AIRSPACE = quote("Airspace closure / NOTAM")
INDICATOR = f"/indicators?range=30+days&indicator={AIRSPACE}&compare=Period+before"
HEAT = "/indicators?how=Heat+map"
SERIES = "/indicators?range=90+days&how=Small+multiples"
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
POINTS = """key => [...document.querySelector(`[class*="st-key-${key}"] .js-plotly-plot`).data]
  .filter((trace) => trace.customdata).map((trace) => trace.customdata).flat()"""
# Where the last point of a chart's last clickable trace stands in the window.
LAST = """key => {
  const plot = document.querySelector(`[class*="st-key-${key}"] .js-plotly-plot`);
  const traces = plot._fullData.filter((one) => one.customdata), trace = traces[traces.length - 1];
  let last = trace.x.length - 1;
  while (last && trace.y[last] == null) last -= 1;
  const across = plot._fullLayout[trace.xaxis.replace('x', 'xaxis')];
  const up = plot._fullLayout[trace.yaxis.replace('y', 'yaxis')];
  const box = plot.querySelector('.main-svg').getBoundingClientRect();
  return [box.left + across._offset + across.d2p(trace.x[last]),
    box.top + up._offset + up.d2p(trace.y[last])];
}"""
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def reader(browser: Browser, home: Furnished) -> Iterator[Reader]:
    with reading(browser, home.house.address) as one:
        yield one


@pytest.fixture(scope="module")
def tab(reader: Reader) -> Page:
    return reader.tab()


@pytest.mark.parametrize(
    ("address", "title", "column", "key"),
    [
        ("/stories", "Stories by day and severity", "story", "timeline"),
        ("/", "Index, 100 = normal", "day", "index"),
        ("/", "Flagged stories of the last 14 days", "id", "map"),
    ],
    ids=["timeline", "index", "map"],
)
def test_a_chart_comes_as_picture_drawing_and_the_numbers_of_its_points(
    tab: Page, reader: Reader, address: str, title: str, column: str, key: str
):
    _visit(tab, reader.base + address)
    rows = _downloaded(tab, title)
    assert {row[column] for row in rows} == _points(tab, key)
    assert reader.wrong == []


def test_axes_and_hover_words_write_days_and_numbers_as_people_here_do(tab: Page, reader: Reader):
    _visit(tab, reader.base + "/")
    axis = tab.locator(".st-key-index .xtick text")
    expect(axis.first).to_be_visible()
    day = re.compile(rf"^\d\d? ({MONTHS})(\d{{4}})?$")
    assert [one for one in axis.all_text_contents() if not day.match(one)] == []
    tab.locator(".st-key-index .js-plotly-plot").scroll_into_view_if_needed()
    tab.mouse.move(0, 0)
    x, y = tab.evaluate(LAST, "index")
    tab.mouse.move(x - 2, y)
    tab.mouse.move(x, y)
    words = tab.locator(".st-key-index .hoverlayer")
    expect(words).to_contain_text(re.compile(rf"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d\d? ({MONTHS}) \d"))
    expect(words).to_contain_text(re.compile(r"\d seen, [\d,]+\.\d expected"))


def test_a_marker_of_the_map_leads_to_its_stories_and_their_reasons(tab: Page, reader: Reader):
    _visit(tab, reader.base + "/")
    _click_last(tab, "map")
    tab.wait_for_url(re.compile(r"place="))
    card = tab.locator(".st-key-place-card")
    expect(card.get_by_role("heading", name=re.compile("Stories that name"))).to_be_visible()
    _gives_reasons(card)


def test_the_small_multiples_come_as_picture_drawing_and_numbers(tab: Page, reader: Reader):
    _visit(tab, reader.base + SERIES)
    rows = _downloaded(tab, "Indicators, index (100 = normal)")
    assert {row["name"] for row in rows if row["index"]} == _panels(tab)
    assert reader.wrong == []


def test_the_heat_map_comes_as_picture_drawing_and_numbers(tab: Page, reader: Reader):
    _visit(tab, reader.base + HEAT)
    rows = _downloaded(tab, "Indicators by day, index (100 = normal)")
    assert _indexed(rows) == _squares(tab)
    assert reader.wrong == []


def test_a_square_of_the_heat_map_leads_to_items_and_their_reasons(tab: Page, reader: Reader):
    _visit(tab, reader.base + HEAT)
    square = tab.get_by_role("button", name=re.compile(r"index [\d,]+, [1-9][\d.]* seen")).last
    square.click()
    tab.wait_for_url(re.compile(r"day=\d{4}-\d\d-\d\d"))
    card = tab.locator(".st-key-day-card")
    expect(card.get_by_role("heading", name=re.compile("Flagged on"))).to_be_visible()
    _gives_reasons(card)


def test_the_chart_of_one_indicator_comes_as_picture_drawing_and_numbers(tab: Page, reader: Reader):
    _visit(tab, reader.base + INDICATOR)
    rows = _downloaded(tab, "Airspace closure / NOTAM, index (100 = normal)")
    assert {row["day"] for row in rows} == _points(tab, "indicator-")
    assert any(row["compared"] for row in rows)  # the period it is compared with is drawn too
    assert reader.wrong == []


def test_a_day_of_one_indicator_leads_to_items_and_their_reasons(tab: Page, reader: Reader):
    _visit(tab, reader.base + INDICATOR)
    _click_last(tab, "indicator-")
    tab.wait_for_url(re.compile(r"day="))
    card = tab.locator(".st-key-day-card")
    expect(card.get_by_role("heading", name=re.compile("Flagged on"))).to_be_visible()
    _gives_reasons(card)


def test_a_mark_of_the_timeline_leads_to_its_story_and_the_reasons(tab: Page, reader: Reader):
    _visit(tab, reader.base + "/stories")
    _click_last(tab, "timeline")
    tab.wait_for_url(re.compile(r"story="))
    expect(tab.get_by_role("heading", name="What was reported")).to_be_visible()
    _gives_reasons(tab)


def test_the_calendar_of_deadlines_begins_its_weeks_on_monday(tab: Page, reader: Reader):
    _visit(tab, reader.base + "/deadlines")
    table = tab.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    )
    first = table.locator("td").first.get_attribute("title") or ""
    assert re.match(rf"Mon \d\d? ({MONTHS}) \d{{4}}$", first.split("\n")[0])
    assert tab.locator("input[type=date], input[type=time]").count() == 0


def test_the_charts_of_a_snapshot_come_as_picture_drawing_and_numbers(
    tab: Page, reader: Reader, home: Furnished
):
    _visit(tab, f"{reader.base}/snapshot?id={home.snapshot}")
    titles = _titles(tab)
    assert len(titles) == 2  # index and map
    for title in titles:
        assert _downloaded(tab, title)
    assert reader.wrong == []


def test_both_charts_of_a_comparison_come_as_picture_drawing_and_numbers(
    tab: Page, reader: Reader, home: Furnished
):
    _visit(tab, f"{reader.base}/snapshots?tab=Compare&earlier={home.snapshot}")
    assert _titles(tab) == ["Earlier", "Later"]
    for title in ("Earlier", "Later"):
        days = [row["day"] for row in _downloaded(tab, title)]
        assert set(days) == _points(tab, f"index-{title}")
    assert reader.wrong == []


def _titles(page: Page) -> list[str]:
    """Of the charts that offer files, in the order of the page."""
    files = page.get_by_role("group", name=re.compile("^Download "))
    expect(files.first).to_be_visible()
    labels = files.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    return [label.removeprefix("Download ") for label in labels]


def _points(page: Page, key: str) -> set[str]:
    """What the points of a chart open."""
    return {one[0] for one in page.evaluate(POINTS, key)}


def _downloaded(page: Page, title: str) -> Rows:
    """The rows of the CSV, after the picture and the drawing were found to show something."""
    files = page.get_by_role("group", name=f"Download {title}", exact=True)
    _is_a_picture(_saved(page, files, "PNG"))
    _is_a_drawing(_saved(page, files, "SVG"), title)
    text = _saved(page, files, "CSV").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def _panels(page: Page) -> set[str]:
    """Names of the small multiples that show an index."""
    return {
        line.split("\n")[0]
        for line in page.locator("a.panel").all_inner_texts()
        if "–" not in line.split("\n")
    }


def _squares(page: Page) -> set[tuple[str, str]]:
    """Name and index of each square of the heat map that has a value."""
    labels = page.locator(".heat button").evaluate_all("all => all.map((one) => one.title)")
    known = (
        re.fullmatch(r"(.*)\. \w+ (\d+) (\w+) (\d+): index ([\d,]+),.*", one) for one in labels
    )
    return {
        (one[1], f"{one[4]}-{MONTHS.split('|').index(one[3]) + 1:02}-{int(one[2]):02}", one[5])
        for one in known
        if one
    }


def _indexed(rows: Rows) -> set[Any]:
    return {
        (row["name"], row["day"], f"{round(float(row['index'])):,}")
        for row in rows
        if row["index"] and row["state"] != "blind"
    }


def _visit(page: Page, address: str) -> None:
    """Open it unless it is open: charts of one page share one visit."""
    if page.url != address:
        go(page, address)


def _saved(page: Page, files: Locator, kind: str) -> Path:
    with page.expect_download() as waiting:
        files.get_by_role("button", name=re.compile(f"^{kind} of ")).click()
    assert waiting.value.suggested_filename.endswith(f".{kind.lower()}")
    return waiting.value.path()


def _is_a_picture(file: Path) -> None:
    assert file.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    with Image.open(file) as picture:
        assert min(picture.size) > 300
        colours = picture.convert("RGB").getcolors(picture.width * picture.height) or []
    assert len(colours) > 20
    assert max(number for number, _colour in colours) < 0.99 * sum(number for number, _ in colours)


def _is_a_drawing(file: Path, title: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.startswith("<svg")
    drawing = ElementTree.fromstring(text)
    tags = [one.tag.rpartition("}")[2] for one in drawing.iter()]
    assert sum(tag in ("path", "rect", "line") for tag in tags) > 10
    assert title in "".join(drawing.itertext())
    assert "var(--" not in text  # a colour that only the page knows


def _click_last(page: Page, key: str) -> None:
    """Click the newest or topmost point of a chart."""
    page.locator(f'[class*="st-key-{key}"] .js-plotly-plot').first.scroll_into_view_if_needed()
    still(page)
    x, y = page.evaluate(LAST, key)
    page.mouse.move(x - 3, y)
    page.mouse.click(x, y)


def _gives_reasons(shown: Page | Locator) -> None:
    """The second click: why the first item or story was flagged, by its words and rules."""
    card = shown.get_by_role("article").first
    card.get_by_text(re.compile("^Why flagged")).click()
    expect(card.get_by_role("definition").first).to_contain_text(re.compile(r"severity \d: "))
