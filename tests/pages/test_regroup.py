"""Splitting and merging stories on their page."""

from monitor.storage.rows import StoryFilter
from tests.pages.conftest import NOW
from tests.pages.test_pages import full

__all__ = ["full"]

REPORTS = "Reports about something else"


def stories(store):
    return store.reading.stories(StoryFilter(flagged=False), limit=50).rows


def choose(page, kind, label, value):
    next(one for one in page.get(kind) if one.label == label).set_value(value)


def press(page, label):
    next(one for one in page.button if one.label == label).click()
    page.run()


def test_two_stories_are_put_together_and_opened(full, show):
    (first, _second) = full.reading.items_of(["s1"])
    other = full.measures.split([first.id], by="ana", now=NOW)
    assert len(stories(full)) == 2
    page = show("stories", story="s1")
    choose(page, "selectbox", "Another story about the same", other)
    press(page, "Put them together")
    assert len(stories(full)) == 1
    assert not page.exception
    assert any("grouping will leave it so" in one.value for one in page.success)


def test_one_report_is_split_off_but_never_all(full, show):
    items = [one.id for one in full.reading.items_of(["s1"])]
    page = show("stories", story="s1")
    choose(page, "multiselect", REPORTS, items)
    press(page, "Make them a story of their own")
    assert any("At least one report must stay" in one.value for one in page.warning)
    choose(page, "multiselect", REPORTS, items[:1])
    press(page, "Make them a story of their own")
    assert full.reading.item(items[0]).story_id != "s1"
    assert full.reading.item(items[1]).story_id == "s1"
