"""Adding a feed on the Feeds page: what is found, previewed, known already, or no address."""

from monitor.feeds.model import FeedKind, feed_id
from tests.factories import make_feed
from tests.pages.conftest import NOW, drawn


def pressed(page, label):
    return next(one for one in page.button if one.label == label).click().run()


def looked_at(page, address):
    page.text_input(key="new-url").set_value(address)
    return pressed(page, "Look")


ARTICLES = ("US airstrike hits Caracas", "Sun will shine all week", "Baseball final is won")


def test_a_site_without_a_feed_is_watched_by_its_own_article_links(reachable, show, site):
    url = site.paper(*ARTICLES, "A fourth of them")
    page = looked_at(show("feeds"), url)
    assert "The page names no feed" in page.info[0].value
    assert page.text_input(key="link-pattern").value == "/post/local/[a-z0-9_-]+"
    page.text_input(key="link-pattern").set_value("/nothing")
    pressed(page, "Show sample articles")
    assert "No link of the page fits" in page.warning[0].value
    page.text_input(key="link-pattern").set_value("/post/local/[a-z0-9-]+")
    pressed(page, "Show sample articles")
    cards = drawn(page, "cards")[0]["cards"]
    assert ["".join(piece["text"] for piece in card["title"]) for card in cards] == list(ARTICLES)
    assert [card["language"] for card in cards] == ["English"] * 3
    assert reachable.feeds.watched() == []
    pressed(page, "Watch this page")
    assert not page.exception
    (one,) = reachable.feeds.watched()
    assert one.feed.kind == "listing"
    assert dict(one.feed.selectors) == {"link_pattern": "/post/local/[a-z0-9-]+"}
    assert reachable.items.count() == 4  # with the first article
    assert not [one for one in page.button if one.label == "Show sample articles"]


def test_the_page_itself_is_a_further_offer_beside_its_feeds(reachable, show, site):
    site.rss("/feed", *ARTICLES)
    site.paper(*ARTICLES)
    page = looked_at(show("feeds"), site.address + "/")
    offer = page.radio(key="offer")
    assert offer.options[-1] == "This page itself, by its article links"
    assert [one.label for one in page.button if one.label.startswith("Watch this")] == [
        "Watch this feed"
    ]
    offer.set_value(1).run()
    assert page.text_input(key="link-pattern").value == "/post/local/[a-z0-9_-]+"
    pressed(page, "Show sample articles")
    pressed(page, "Cancel")
    assert not [one for one in page.button if one.label.startswith(("Watch this", "Show sample"))]


def test_an_address_that_is_watched_already_leads_to_its_feed(reachable, show, site):
    url = site.rss("/feed", *ARTICLES)
    reachable.feeds.add(make_feed(1, url=url, id=feed_id(url), title="Mine"), by="a", now=NOW)
    page = looked_at(show("feeds"), url + "/")
    assert [one.value for one in page.info] == ["This address is watched already, as Mine."]
    assert site.asked == []
    page.button(key="open-watched").click().run()
    assert page.title[0].value == "Mine"
    page = show("feeds")
    site.pages["/"] = (
        "text/html",
        '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>',
    )
    page = looked_at(page, site.address + "/")
    assert "watched already" in page.info[0].value
    assert not [one for one in page.button if one.label.startswith("Watch this")]


def test_words_that_are_no_address_are_told_so(reachable, show):
    page = looked_at(show("feeds"), "garbage words")
    assert "This is no address" in page.warning[0].value


def test_the_link_pattern_of_a_watched_page_can_be_edited(reachable, show):
    listing = make_feed(1, kind=FeedKind.LISTING, selectors={"link_pattern": "/old"})
    reachable.feeds.add(listing, by="a", now=NOW)
    page = show("feeds", feed=listing.id)
    page.button(key="edit").click().run()
    assert page.text_input(key="edit-pattern").value == "/old"
