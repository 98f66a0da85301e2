"""Every page, at desktop and phone width, light and dark: nothing wrong, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import axe_core_python
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.furnished import BAIT, STORY, Furnished, furnished
from tests.browser.reader import DESKTOP, PHONE, Reader, go, reading, still

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-pages")]

AXE = Path(axe_core_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
EVERY_TEXT = """() => {
  const shadows = (root) => [...root.querySelectorAll('*')].map((one) => one.shadowRoot);
  const under = (root) => root.textContent + shadows(root).filter(Boolean).map(under).join(' ');
  return under(document.body);
}"""
# Also shows what is folded away; this axe-core counts folded text as if it covered other text.
UNFOLD = """() => {
  const unfold = (root) => {
    root.querySelectorAll('details').forEach((one) => { one.open = true; });
    root.querySelectorAll('*').forEach((one) => { if (one.shadowRoot) unfold(one.shadowRoot); });
  };
  unfold(document);
}"""
RULES = ["wcag2a", "wcag2aa", "best-practice"]
PAGES = {
    "situation": "/",
    "indicators": "/indicators",
    "stories": "/stories",
    "triage": "/triage",
    "deadlines": "/deadlines",
    "brief": "/brief",
    "feeds": "/feeds",
    "snapshots": "/snapshots",
    "method": "/method",
}
DEEPER = {
    "one indicator": "/indicators?indicator=" + quote("Airspace closure / NOTAM"),
    "one story": f"/stories?story={STORY}",
    "one feed": "/feeds?feed={feed}",
    "one snapshot": "/snapshot?id={snapshot}",
    "heat map": "/indicators?how=Heat+map",
    "a rule's preview": "/method?part=Preview+a+rule&phrase=tracker",
}
CHARTS = ("situation", "stories", "one indicator", "one snapshot")
SHOWN_ON = (
    "situation",
    "stories",
    "triage",
    "deadlines",
    "brief",
    "feeds",
    "snapshots",
    "one indicator",
    "one story",
    "one feed",
    "one snapshot",
    "a rule's preview",
)
# Streamlit's own markup, which a page cannot change: rule of axe, part of the element's HTML.
KNOWN = {
    "scrollable-region-focusable": "katex-display",  # wide formulas scroll on a phone
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with furnished(tmp_path_factory.mktemp("pages")) as one:
        yield one


@pytest.fixture(scope="module", params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def reader(request: pytest.FixtureRequest, browser: Browser, home: Furnished) -> Iterator[Reader]:
    with reading(browser, home.house.address, **request.param) as one:
        yield one


@pytest.fixture(scope="module")
def tab(reader: Reader) -> Page:
    return reader.open("/")


@pytest.mark.parametrize("name", [*PAGES, *DEEPER])
def test_a_page_is_whole_readable_and_accessible(
    name: str, reader: Reader, tab: Page, home: Furnished
):
    tab.emulate_media(color_scheme="light")
    _go(tab, reader, home, name)
    expect(tab.get_by_role("heading", level=1)).to_be_visible()
    assert _cut_off(tab) == []
    tab.evaluate(UNFOLD)
    still(tab)
    assert _faults(tab, RULES) == []
    tab.emulate_media(color_scheme="dark")
    tab.wait_for_timeout(300)
    assert _is_dark(tab)
    tab.evaluate(UNFOLD)
    still(tab)
    assert _faults(tab, "color-contrast") == []
    assert reader.wrong == []


@pytest.mark.parametrize("name", [*PAGES, *DEEPER])
def test_hostile_feed_text_stays_text(name: str, reader: Reader, tab: Page, home: Furnished):
    _go(tab, reader, home, name)
    if name in SHOWN_ON:
        expect(tab.get_by_text(BAIT).first).to_be_visible()
        expect(tab.get_by_text("<script>window.hacked=1</script>").first).to_be_visible()
    tab.evaluate(UNFOLD)
    still(tab)
    assert tab.evaluate("window.hacked") is None
    assert tab.locator("img[src*=tracker]").count() == 0
    assert tab.locator("a[href^=javascript i], a[href*=tracker]").count() == 0
    assert "\u202e" not in tab.evaluate(EVERY_TEXT)
    assert reader.wrong == []


def test_a_shared_link_is_accessible_and_shows_a_hostile_note_as_text(
    reader: Reader, home: Furnished
):
    page = reader.context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(home.link)
    expect(page.get_by_text(BAIT).first).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert _faults(page, RULES) == []
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]
    assert [url for url in asked if not url.startswith((home.link, "data:"))] == []
    page.close()


def _go(tab: Page, reader: Reader, home: Furnished, name: str) -> None:
    address = (PAGES | DEEPER)[name].format(feed=home.feed, snapshot=home.snapshot)
    go(tab, reader.base + address)
    if name in CHARTS:
        expect(tab.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    still(tab)


def _is_dark(page: Page) -> bool:
    found: str = page.evaluate(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    return max(int(part) for part in found.strip("rgba()").split(",")[:3]) < 60


def _cut_off(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = page.evaluate(
        """() => {
          const main = document.querySelector('[data-testid=stMain]');
          if (main.scrollWidth <= innerWidth && document.documentElement.scrollWidth <= innerWidth)
            return [];
          return [...document.querySelectorAll('*')]
            .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
            .map((one) => one.outerHTML.slice(0, 120)).slice(0, 5);
        }"""
    )
    return found


def _faults(page: Page, rules: list[str] | str) -> list[str]:
    """What axe-core finds by these tags, or by one rule, without what is Streamlit's own."""
    page.evaluate(AXE)
    only = {"type": "rule", "values": [rules]} if isinstance(rules, str) else rules
    found = page.evaluate(
        "only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only
    )
    return [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
        if KNOWN.get(fault["id"], "\0") not in node["html"]
    ]
