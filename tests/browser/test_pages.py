"""Every page, at desktop and phone width, light and dark: nothing wrong, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import axe_core_python
import pytest
from playwright.sync_api import Browser, Page, expect

from monitor.charts.theme import DARK
from tests.browser.furnished import BAIT, STORY, Furnished
from tests.browser.reader import DESKTOP, PHONE, Reader, reading, still, turn

pytestmark = pytest.mark.browser

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
# What stands beyond the edge of the window, or is shortened without telling its whole text.
CUT_OFF = """() => {
  const mayScroll = '.scroll, [role=tablist], [data-testid=stTable], pre, .katex-display';
  const every = (root) => [...root.querySelectorAll('*')]
    .flatMap((one) => one.shadowRoot ? [one, ...every(one.shadowRoot)] : [one]);
  const up = (one) => one.parentElement || one.getRootNode().host;
  const inside = (one, selector) => {
    for (; one; one = up(one)) if (one.matches(selector)) return true;
    return false;
  };
  const wide = document.querySelector('[data-testid=stMain]').scrollWidth > innerWidth
    || document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
  return wide.concat(every(document.querySelector('[data-testid=stMain]')).filter((one) => {
    if (![...one.childNodes].some((part) => part.nodeType === 3 && part.data.trim())) return false;
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (!box.width || inside(one, mayScroll + ', svg, .sr')) return false;
    const shortened = style.textOverflow === 'ellipsis' && one.scrollWidth > one.clientWidth + 1;
    return box.right > innerWidth + 1 || box.left < -1 || (shortened && !one.title);
  }).map((one) => one.outerHTML.slice(0, 160)).slice(0, 5));
}"""
# The focused element and whether anything of it or around it looks different without the focus.
FOCUS_SEEN = """async () => {
  const paint = () => new Promise((done) => requestAnimationFrame(done));
  const painted = () => paint().then(paint);
  await painted();
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  if (!one || one === document.body) return ['', false];
  const look = () => {
    const found = [];
    for (let at = one, up = 0; at && up < 5; at = at.parentElement, up++) {
      const own = getComputedStyle(at);
      found.push(own.outlineStyle === 'none' ? '' : own.outline, own.boxShadow, own.borderColor,
        own.backgroundColor, own.textDecorationLine);
    }
    return found.join('|');
  };
  const focused = look();
  one.blur();
  await painted();
  const plain = look();
  one.focus({ focusVisible: true, preventScroll: true });
  return [one.outerHTML.slice(0, 140), focused !== plain];
}"""
BACKGROUND = """() => getComputedStyle(document.querySelector('[data-testid=stApp]'))
  .backgroundColor.match(/\\d+/g).slice(0, 3)"""
TAB_STOPS = 24
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
    "a rule's preview": "/method?part=Preview+a+rule&change=Remove+words&list=en&meaning=outage",
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
)
# Streamlit's own markup, which a page cannot change: rule of axe, part of the element's HTML.
KNOWN = {
    "scrollable-region-focusable": "katex-display",  # wide formulas scroll on a phone
}


@pytest.fixture(scope="module")
def desk(browser: Browser, home: Furnished) -> Iterator[Reader]:
    with reading(browser, home.house.address, color_scheme="light", **DESKTOP) as one:
        one.open("/method")
        yield one


@pytest.fixture(scope="module")
def phone(browser: Browser, home: Furnished) -> Iterator[Reader]:
    with reading(browser, home.house.address, color_scheme="dark", **PHONE) as one:
        one.open("/method")
        yield one


@pytest.mark.parametrize("name", [*PAGES, *DEEPER])
def test_a_page_at_a_desk_is_whole_accessible_in_both_themes_and_shows_hostile_text_as_text(
    name: str, desk: Reader, home: Furnished
):
    tab = _in_the_light(desk)
    _is_whole_and_accessible(name, desk, home)
    tab.emulate_media(color_scheme="dark")
    _turns_dark(tab, charts=name in CHARTS)
    tab.evaluate(UNFOLD)
    still(tab)
    assert lasting_faults(tab, "color-contrast") == []
    assert desk.wrong == []


@pytest.mark.parametrize("name", [*PAGES, *DEEPER])
def test_a_page_on_a_phone_is_whole_accessible_and_shows_hostile_text_as_text(
    name: str, phone: Reader, home: Furnished
):
    """In the dark; the colours of the day are those of the desk."""
    _is_whole_and_accessible(name, phone, home)
    _turns_dark(phone.context.pages[0], charts=name in CHARTS)
    assert phone.wrong == []


def _in_the_light(reader: Reader) -> Page:
    """The open tab, once it has followed a system that is light."""
    tab = reader.context.pages[0]
    tab.emulate_media(color_scheme="light")
    tab.wait_for_function(BACKGROUND + ".every((part) => part > 200)")
    still(tab)
    return tab


def _is_whole_and_accessible(name: str, reader: Reader, home: Furnished) -> None:
    tab = reader.context.pages[0]
    turn(tab, (PAGES | DEEPER)[name].format(feed=home.feed, snapshot=home.snapshot))
    assert tab.evaluate(CUT_OFF) == []
    tab.evaluate(UNFOLD)
    still(tab)
    assert lasting_faults(tab, RULES) == []
    _hostile_text_is_text(tab, shown=name in SHOWN_ON)


def _hostile_text_is_text(page: Page, *, shown: bool) -> None:
    if shown:
        expect(page.get_by_text(BAIT).first).to_be_visible()
        expect(page.get_by_text("<script>window.hacked=1</script>").first).to_be_visible()
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src*=tracker]").count() == 0
    assert page.locator("a[href^=javascript i], a[href*=tracker]").count() == 0
    assert "\u202e" not in page.evaluate(EVERY_TEXT)


def _turns_dark(page: Page, *, charts: bool) -> None:
    """The page follows the system at once, and so do the colours inside its charts."""
    page.wait_for_function(BACKGROUND + ".every((part) => part < 60)")
    if charts:
        page.wait_for_function(
            "ink => document.querySelector('.js-plotly-plot')?._fullLayout?.font.color === ink",
            arg=DARK.ink,
        )


@pytest.mark.parametrize("place", ["desk", "phone"])
def test_a_shared_link_is_accessible_and_shows_a_hostile_note_as_text(
    place: str, request: pytest.FixtureRequest, home: Furnished
):
    reader: Reader = request.getfixturevalue(place)
    page = reader.context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(home.link)
    expect(page.get_by_text(BAIT).first).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert lasting_faults(page, RULES) == []
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]
    assert [url for url in asked if not url.startswith((home.link, "data:"))] == []
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_whatever_the_tab_key_reaches_shows_that_it_has_the_focus(name: str, desk: Reader):
    tab = _in_the_light(desk)  # a keyboard at a phone is rare, and the styles are the same
    turn(tab, PAGES[name])
    tab.evaluate("document.activeElement.blur()")
    tab.add_style_tag(content="* { transition: none !important; }")
    unseen, reached = [], set()
    for _ in range(TAB_STOPS):
        tab.keyboard.press("Tab")
        who, seen = tab.evaluate(FOCUS_SEEN)
        reached.add(who)
        if who and not seen:
            unseen.append(who)
    assert unseen == []
    assert len(reached) > len(PAGES)  # beyond the navigation


def lasting_faults(page: Page, rules: list[str] | str) -> list[str]:
    """Faults that stay: colours that are still on their way to the other theme are none."""
    found = faults(page, rules)
    for _ in range(20):
        if not found:
            break
        page.wait_for_timeout(250)
        found = faults(page, rules)
    return found


def faults(page: Page, rules: list[str] | str) -> list[str]:
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
