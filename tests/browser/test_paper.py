"""What is left without a screen, a mouse or colours: paper and greyscale."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.furnished import Furnished
from tests.browser.reader import Reader, go, reading, still

pytestmark = pytest.mark.browser

A4_HEIGHT = 1123  # pixels at 96 to the inch
# Text that white paper would not show: less than 4.5 to 1 against white, nothing behind it.
PALE = """() => {
  const every = (root) => [...root.querySelectorAll('*')]
    .flatMap((one) => one.shadowRoot ? [one, ...every(one.shadowRoot)] : [one]);
  const light = (part) => (part /= 255) <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const behind = (one) => getComputedStyle(one).backgroundColor.match(/^rgba.*, 0\\)$/) === null;
  return every(document.body).filter((one) => {
    if (![...one.childNodes].some((part) => part.nodeType === 3 && part.data.trim())) return false;
    if (!one.checkVisibility() || !one.getClientRects().length || behind(one)) return false;
    const [red, green, blue] = getComputedStyle(one).color.match(/[\\d.]+/g).map(Number);
    const seen = 0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue);
    return 1.05 / (seen + 0.05) < 4.5;
  }).map((one) => getComputedStyle(one).color + ' ' + one.outerHTML.slice(0, 120)).slice(0, 5);
}"""
SHAPES = """() => {
  const every = (root) => [...root.querySelectorAll('*')]
    .flatMap((one) => one.shadowRoot ? [one, ...every(one.shadowRoot)] : [one]);
  return every(document.body).filter((one) => one.matches('.badge')).map((one) => {
    const path = one.querySelector('path');
    return [one.textContent, path.getAttribute('d') + (path.getAttribute('fill') === 'none')];
  });
}"""


@pytest.fixture(params=["light", "dark"])
def reader(request: pytest.FixtureRequest, browser: Browser, home: Furnished) -> Iterator[Reader]:
    with reading(browser, home.house.address, color_scheme=request.param) as one:
        yield one


def _sheets(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


def test_the_brief_on_paper_is_whole_dark_on_white_and_has_nothing_to_press(reader: Reader):
    tab = reader.open("/brief?since=week")
    tall = tab.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    tab.emulate_media(media="print")
    still(tab)
    expect(tab.get_by_role("heading", name="Brief", level=1)).to_be_visible()
    expect(tab.get_by_role("heading", name="Silent sources")).to_be_visible()
    expect(tab.get_by_test_id("stHeader")).not_to_be_visible()
    for button in tab.get_by_role("button").all():
        expect(button).not_to_be_visible()
    assert tab.evaluate(PALE) == []
    assert _sheets(tab) >= max(2, tall // (2 * A4_HEIGHT))  # not only what the window showed


def test_a_shared_link_on_paper_is_dark_on_white(reader: Reader, home: Furnished):
    page = reader.tab()
    page.goto(home.link)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate(PALE) == []
    tall = page.evaluate("document.documentElement.scrollHeight")
    assert _sheets(page) >= tall // (2 * A4_HEIGHT)


def test_severity_and_level_can_be_told_without_colour(reader: Reader):
    tab = reader.open("/stories")
    shapes: dict[str, set[str]] = {}
    for word, shape in tab.evaluate(SHAPES):
        shapes.setdefault(word, set()).add(shape)
    assert {"Severity 4 critical", "Severity 2 notable"} <= shapes.keys()
    assert all(len(own) == 1 for own in shapes.values())
    assert len(set.union(*shapes.values())) == len(shapes)
    lanes = tab.evaluate(
        """() => document.querySelector('.js-plotly-plot').data
          .map((lane) => lane.marker.symbol)"""
    )
    assert len(set(lanes)) == len(lanes) > 1
    go(tab, reader.base + "/")
    for zone in ("0 Normal", "1 Guarded", "2 Elevated", "3 High", "4 Severe"):
        expect(tab.locator(".js-plotly-plot .annotation", has_text=zone).first).to_be_visible()
