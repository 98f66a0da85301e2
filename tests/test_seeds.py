"""What we ship as data: it can be read, it names its source, and its parts fit together."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor.config import Config, load
from monitor.feeds.model import FeedKind, Pool

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = ROOT / "seeds" / "articles" / "curacao-chronicle-2025-12-02"
CONFIG = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
META = tomllib.loads(ARTICLE.with_suffix(".toml").read_text(encoding="utf-8"))
LANGUAGES = {"en", "nl", "es", "pap"}


def feed_named(title: str) -> dict[str, object]:
    return next(feed for feed in CONFIG["feeds"] if feed["title"] == title)


def test_the_seed_article_opens_with_its_own_title_and_holds_nothing_of_the_page_around_it():
    text = ARTICLE.with_suffix(".txt").read_text(encoding="utf-8")
    paragraphs = text.rstrip("\n").split("\n\n")
    assert paragraphs[0] == META["title"]
    assert paragraphs[1].startswith("WILLEMSTAD – ")
    assert len(paragraphs) == 7
    assert not re.search(r"\d{3}-\d{4}|^\+|^•", text, re.MULTILINE)


def test_the_seed_article_says_when_by_whom_and_why():
    assert META["published"] == date(2025, 12, 2)
    assert META["published_precision"] == "day"
    assert META["timezone"] == CONFIG["site"]["timezone"]
    assert META["publisher"] == "Curaçao Chronicle"
    assert "user named it" in META["reason"]
    assert "MIT" in META["rights"]


def test_the_watched_chronicle_would_recognise_the_seed_article_and_its_mirror():
    chronicle = feed_named(META["publisher"])
    selectors = chronicle["selectors"]
    assert chronicle["url"] == META["feed_url"]
    assert urlsplit(META["url"]).hostname == selectors["canonical_host"]
    for address in (META["url"], *META["mirrors"]):
        assert re.fullmatch(selectors["link_pattern"], urlsplit(address).path)


def test_section_pages_of_the_chronicle_are_not_taken_for_articles():
    pattern = feed_named("Curaçao Chronicle")["selectors"]["link_pattern"]
    for path in ("/", "/category/local", "/post/local", "/about", "/post/local/"):
        assert not re.fullmatch(pattern, path)


def test_every_setting_in_the_shipped_file_is_the_default():
    shipped, default = load(ROOT / "config.toml"), Config()
    for table in ("site", "storage", "polling", "snapshots", "access"):
        assert getattr(shipped, table) == getattr(default, table)
    assert len(shipped.feeds) == len(CONFIG["feeds"])


def test_no_feed_is_declared_twice():
    urls = [feed["url"].casefold().rstrip("/") for feed in CONFIG["feeds"]]
    assert len(urls) == len(set(urls))
    titles = [feed["title"] for feed in CONFIG["feeds"]]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("feed", CONFIG["feeds"], ids=lambda feed: feed["title"])
def test_every_declared_feed_is_complete_and_uses_known_words(feed):
    assert urlsplit(feed["url"]).scheme in {"http", "https"}
    assert feed["kind"] in set(FeedKind)
    assert feed["pool"] in set(Pool)
    assert feed["reliability"] in "ABCDEF"
    assert feed["language"] in LANGUAGES
    assert re.fullmatch(r"[a-z0-9-]+", feed["group"])
    assert re.fullmatch(r"[A-Z]{2}", feed.get("country", "XX"))
    assert re.fullmatch(r"\d+[smhd]", feed.get("interval", "1h"))
    assert (feed["kind"] == "listing") == ("selectors" in feed)
    assert set(feed) <= {
        *("url", "title", "kind", "language", "country", "group", "pool"),
        *("reliability", "official", "interval", "selectors"),
    }


def test_the_watch_list_hears_every_language_and_every_kind_of_source():
    feeds = CONFIG["feeds"]
    assert {feed["language"] for feed in feeds} == LANGUAGES
    assert {feed["pool"] for feed in feeds} == {pool.value for pool in Pool}
    assert sum(feed.get("country") == "CW" for feed in feeds) >= 5
    assert len({feed["group"] for feed in feeds}) >= 35


def test_every_feed_tells_in_a_comment_how_well_founded_it_is():
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    declared = re.findall(r"\n# (.+)\n\[\[feeds\]\]\n", text)
    assert len(declared) == len(CONFIG["feeds"])
    known = re.compile(r"verified|listed|form:|Publishes no feed")
    assert [comment for comment in declared if not known.search(comment)] == []


CHRONOLOGY = [
    json.loads(line)
    for line in (ROOT / "seeds" / "chronology.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("event", CHRONOLOGY, ids=lambda event: f"{event['date']} {event['fact']}")
def test_every_reference_event_is_dated_sourced_and_checked(event):
    date.fromisoformat(event["date"])
    assert event["fact"].endswith(".")
    assert len(event["fact"]) <= 180
    assert urlsplit(event["url"]).hostname
    assert event["source"]
    assert event["direction"] in {"escalatory", "deescalatory", "neutral"}
    assert event["kind"] in {"A", "T", "D", "C"}
    assert event["date_basis"] in {"event", "published", "scheduled"}
    assert isinstance(event["affects_curacao_directly"], bool)
    assert re.match(r"\d{4}-\d{2}-\d{2}: \w", event["checked"])


def test_the_chronology_is_in_order_and_says_nothing_twice():
    dates = [event["date"] for event in CHRONOLOGY]
    assert dates == sorted(dates)
    assert len({event["fact"] for event in CHRONOLOGY}) == len(CHRONOLOGY)


def test_de_escalation_and_controls_are_never_called_escalatory():
    for event in CHRONOLOGY:
        if event["kind"] == "D":
            assert event["direction"] == "deescalatory"
        if event["kind"] == "C":
            assert event["direction"] == "neutral"


def test_the_chronology_agrees_with_the_seed_article_about_its_four_dates():
    told = {event["date"] for event in CHRONOLOGY if META["url"] == event["url"]}
    assert told == {"2025-11-21", "2025-11-28"}
    assert "2025-11-29" in {event["date"] for event in CHRONOLOGY}


def test_every_seed_names_its_terms_in_the_readme_or_in_itself():
    readme = (ROOT / "seeds" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "seeds").iterdir():
        named = rf"`{re.escape(path.name)}[/`]|`{re.escape(path.stem)}\*"
        if path.is_file() and not re.search(named, readme):
            opening = path.read_text(encoding="utf-8")[:1000].casefold()
            assert path.name == "README.md" or "licence" in opening, path.name
        elif path.is_dir():
            assert re.search(named, readme), path.name
    assert f"{len(CHRONOLOGY)} dated facts" in readme


ORDINARY = [
    json.loads(line)
    for line in (ROOT / "tests" / "assess" / "data" / "ordinary.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


def test_the_ordinary_items_are_a_thousand_different_ones_in_four_languages():
    assert len(ORDINARY) == 1000
    assert len({item["id"] for item in ORDINARY}) == 1000
    assert len({(item["language"], item["title"].casefold()) for item in ORDINARY}) == 1000
    share = {code: sum(item["language"] == code for item in ORDINARY) for code in LANGUAGES}
    assert share == {"en": 300, "nl": 250, "es": 242, "pap": 208}
    assert not any(item["relevant"] for item in ORDINARY)


def test_no_more_than_a_few_ordinary_items_begin_alike():
    starts: dict[tuple[str, ...], int] = {}
    for item in ORDINARY:
        start = (item["language"], *item["title"].casefold().split()[:3])
        starts[start] = starts.get(start, 0) + 1
    assert [start for start, times in starts.items() if times > 3] == []


def test_traps_are_a_good_part_of_the_ordinary_items():
    traps = {"metaphor", "history", "screen_books", "war_elsewhere", "crime_elsewhere"}
    for code in LANGUAGES:
        kinds = [item["kind"] for item in ORDINARY if item["language"] == code]
        assert sum(kind in traps for kind in kinds) >= len(kinds) / 6
        assert len(set(kinds)) >= 18
