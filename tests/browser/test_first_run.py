"""A newcomer's first quarter of an hour, from an empty folder to a link that a colleague opens."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Locator, Page, expect

from monitor.storage import tables as t
from monitor.storage.engine import Database
from tests.browser import house
from tests.browser.house import House
from tests.browser.reader import Reader, go, reading, still
from tests.site import Site, serving

pytestmark = pytest.mark.browser

FIRST_ARTICLE = "Maduro Running Out of Options as Trump Rejects Demands in Secret Call"
NEW = "FAA closes the airspace around Curaçao to US airlines"
ORDINARY = "Carnival queen opens the flower market"


@pytest.fixture(scope="module")
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("first run")  # with a space, as on many desktops
    house.configured(folder)
    with house.serving(folder) as running:
        yield running


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as one:
        yield one


def test_from_an_empty_folder_to_a_link_that_outlives_the_data(
    browser: Browser, empty_house: House, site: Site
):
    with reading(browser, empty_house.address) as newcomer:
        situation = newcomer.open("/")
        _sees_the_first_article_flagged(situation)
        stories = newcomer.open("/stories")
        stories.evaluate("window.neverReloaded = true")
        _adds_the_feed(newcomer, site.rss("/feed", NEW, ORDINARY))
        for open_page in (stories, situation):  # an open page asks every 20 seconds for news
            expect(_card(open_page, NEW)).to_be_visible()
            still(open_page)
        assert stories.evaluate("window.neverReloaded")
        link = _shares(situation)
    _empties(empty_house)
    with reading(browser, empty_house.address) as colleague:
        _still_sees_what_was_frozen(colleague, link)


def _card(page: Page, title: str) -> Locator:
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=title))


def _sees_the_first_article_flagged(page: Page) -> None:
    card = _card(page, FIRST_ARTICLE)
    expect(card).to_contain_text("Curaçao Chronicle")
    expect(card).to_contain_text("escalating")
    expect(card.locator(".chip", has_text="Ultimatum")).to_be_visible()
    evidence = card.locator("h3 mark")
    expect(evidence.filter(has_text="Running Out")).to_be_visible()
    card.get_by_text("Why flagged").click()
    expect(card.locator("dt", has_text="Ultimatum")).to_be_visible()
    expect(card.locator("dd", has_text="severity").first).to_be_visible()
    card.get_by_role("heading").get_by_role("link").click()
    page.wait_for_url(re.compile(r"/stories\?story="))
    card = _card(page, FIRST_ARTICLE)
    card.locator("summary").click()
    expect(card.locator('dt:text-is("Published") + dd')).to_contain_text("2 Dec 2025")
    expect(card.get_by_role("link", name="Read at curacaochronicle.com")).to_be_visible()
    go(page, page.url.split("/stories")[0] + "/")


def _adds_the_feed(newcomer: Reader, url: str) -> None:
    page = newcomer.open("/feeds")
    page.get_by_label("Address of a feed or of a site").fill(url)
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("Loopback News: RSS or Atom, 2 items now")).to_be_visible()
    expect(page.get_by_text("judged as they would be: 1 flagged")).to_be_visible()
    expect(_card(page, NEW).locator("h3 mark", has_text="airspace")).to_be_visible()
    expect(_card(page, ORDINARY)).to_contain_text("not flagged")
    page.get_by_role("button", name="Watch this feed").click()
    expect(page.get_by_text("Loopback News is watched now.").first).to_be_visible()
    row = page.get_by_role("listitem").filter(has_text="Loopback News")
    expect(row).to_contain_text("working")
    expect(row).to_contain_text("2 / 2")


def _shares(page: Page) -> str:
    page.get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Note for the readers").fill("For the morning meeting")
    dialog.get_by_role("button", name="Create link").click()
    link = dialog.get_by_role("link", name="Open")
    expect(link).to_be_visible()
    expect(dialog.get_by_text("Owner key")).to_be_visible()
    return link.get_attribute("href") or ""


def _empties(home: House) -> None:
    """Delete every row that the snapshot was made from."""
    database = Database(home.database_url)
    with database.write() as connection:
        for table in reversed(t.metadata.sorted_tables):
            if table not in (t.snapshots, t.meta):
                connection.execute(sa.delete(table))
        left = connection.execute(sa.select(sa.func.count()).select_from(t.items)).scalar_one()
    database.dispose()
    assert left == 0


def _still_sees_what_was_frozen(colleague: Reader, link: str) -> None:
    page = colleague.context.new_page()
    answer = page.goto(link)
    assert answer is not None
    assert answer.status == 200
    expect(page.get_by_text(FIRST_ARTICLE).first).to_be_visible()
    expect(page.get_by_text(NEW).first).to_be_visible()
    expect(page.get_by_text("For the morning meeting")).to_be_visible()
    assert page.locator("script").count() == 0
    live = colleague.open("/stories")
    expect(_card(live, NEW)).to_have_count(0)
