"""Triage with a screen reader and the keyboard alone: what there is to hear, and where one stands.

Read from Chromium's accessibility tree, which is what a screen reader speaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.furnished import Furnished
from tests.browser.reader import Reader, go, reading, still

pytestmark = pytest.mark.browser
CONTROLS = {"button", "link", "textbox", "combobox", "slider", "radio", "DisclosureTriangle"}
FOCUSED = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return one.tagName;
}"""


@pytest.fixture(scope="module")
def reader(browser: Browser, home: Furnished) -> Iterator[Reader]:
    with reading(browser, home.house.address) as one:
        yield one


@pytest.fixture(scope="module")
def tab(reader: Reader) -> Page:
    page = reader.tab()
    go(page, reader.base + "/triage")
    expect(page.get_by_role("button", name="Confirm")).to_be_visible()
    return page


def test_each_control_of_triage_says_what_it_does_and_decoration_is_silent(tab: Page):
    spoken = _tree(tab)
    controls = [(role, name) for role, name in spoken if role in CONTROLS]
    assert [one for one in controls if not one[1].strip()] == []
    names = [name for _role, name in controls]
    for wanted in ("Confirm", "Not relevant", "Correct", "Later"):
        assert any(re.match(rf"{wanted}\b.* [YNEL]$", name) for name in names), wanted
    assert any(name.startswith("Why flagged") for name in names)
    assert "Help" not in names  # of what? Streamlit's own mark does not say it
    assert [one for one in spoken if one[0] in ("image", "mark")] == []


def test_the_item_to_decide_is_an_article_named_by_its_title_with_its_reasons(tab: Page):
    title = _title(tab)
    article = tab.get_by_role("article", name=title, exact=True)
    expect(article).to_match_aria_snapshot(
        f"""
        - article:
          - text: /Severity \\d/
          - heading {_quoted(title)} [level=3]
          - group: /Why flagged/
          - list "Indicators":
            - listitem
        """
    )
    why = article.locator("summary")
    why.focus()
    tab.keyboard.press("Enter")
    expect(article.get_by_role("term").first).to_be_visible()
    expect(article.get_by_role("definition").first).to_contain_text("severity")
    tab.keyboard.press("Enter")


def test_a_decision_is_said_with_what_comes_next_and_the_focus_stays(tab: Page):
    title = _title(tab)
    _press(tab, tab.get_by_role("button", name="Confirm"))
    heard = _heard(tab, f"Confirmed: {title}")
    expect(tab.get_by_role("article").first.locator("h3")).not_to_have_text(title)
    assert f"Now: {_title(tab)}. Severity" in heard
    expect(tab.get_by_role("button", name="Confirm")).to_be_focused()
    undo = tab.get_by_role("button", name="Undo the last decision")
    _press(tab, undo)
    assert f"Now: {title}. Severity" in _heard(tab, f"Taken back: {title}")
    assert tab.evaluate(FOCUSED) in ("BUTTON", "MAIN")  # MAIN: nothing is left to take back


def test_what_is_pressed_inside_the_item_keeps_its_place_in_the_next_one(tab: Page):
    title = _title(tab)
    tab.get_by_role("article").first.locator("summary").focus()
    tab.keyboard.press("y")
    _heard(tab, f"Confirmed: {title}")
    still(tab)
    expect(tab.get_by_role("article").first.locator("summary")).to_be_focused()
    _press(tab, tab.get_by_role("button", name=f"Undo: {title}", exact=True))
    _heard(tab, f"Taken back: {title}")
    still(tab)
    assert tab.evaluate(FOCUSED) != "BODY"


def test_the_dialog_names_its_fields_and_gives_the_focus_back(tab: Page):
    correct = tab.get_by_role("button", name="Correct")
    title = _title(tab)
    _press(tab, correct)
    dialog = tab.get_by_role("dialog", name="Correct the assessment")
    expect(dialog).to_contain_text(title[:40])
    for role, name in (
        ("combobox", "Indicators"),
        ("slider", "Severity"),
        ("radiogroup", "Direction"),
        ("textbox", "Note"),
        ("button", "Save"),
    ):
        expect(dialog.get_by_role(role, name=name)).to_be_visible()
    slider = dialog.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^\d [a-z]+"))  # not its place
    tab.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(correct).to_be_focused()
    _press(tab, correct)
    dialog.get_by_label("Note").fill("heard")
    tab.keyboard.press("Enter")
    assert "Now: " in _heard(tab, f"Corrected: {title}")
    expect(dialog).to_have_count(0)
    expect(correct).to_be_focused()


def test_a_dialog_opened_by_its_key_alone_leaves_nobody_at_the_top_of_the_window(tab: Page):
    tab.evaluate("document.activeElement.blur()")
    tab.keyboard.press("e")
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_be_focused()
    tab.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    tab.wait_for_function("document.activeElement !== document.body")
    _press(tab, tab.get_by_role("button", name="Undo the last decision"))
    _heard(tab, "Taken back: ")


def _title(page: Page) -> str:
    return page.get_by_role("article").first.locator("h3").inner_text()


def _press(page: Page, button: Locator) -> None:
    button.focus()
    page.keyboard.press("Space")


def _heard(page: Page, words: str) -> str:
    """What the live region says, once it begins with these words."""
    region = page.get_by_role("status")
    expect(region).to_contain_text(words)
    return region.inner_text().replace("\n", " ")


def _quoted(title: str) -> str:
    return '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _tree(page: Page) -> list[tuple[str, str]]:
    """Role and name of everything in the main part that is there for a screen reader."""
    client = page.context.new_cdp_session(page)
    nodes = client.send("Accessibility.getFullAXTree")["nodes"]
    client.detach()
    children = {node["nodeId"]: node.get("childIds", []) for node in nodes}
    known = {node["nodeId"]: node for node in nodes}
    found: list[tuple[str, str]] = []

    def walk(name: str) -> None:
        node = known.get(name)
        if node is None:
            return
        if not node["ignored"]:
            found.append((node["role"]["value"], node.get("name", {}).get("value", "")))
        for child in children[name]:
            walk(child)

    walk(next(one for one in known if known[one].get("role", {}).get("value") == "main"))
    return found
