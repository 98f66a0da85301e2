import shutil
from datetime import UTC, datetime

import pytest

from monitor.config import SEEDS
from monitor.cycle.seeding import ARTICLE, plant, read_article
from monitor.errors import ConfigError
from tests.factories import NOW


def test_the_first_item_ever_is_the_chronicle_article_with_its_own_date(open_at):
    _settings, intake = open_at()
    (only,) = intake.store.items.listed()
    assert (
        only.item.title == "Maduro Running Out of Options as Trump Rejects Demands in Secret Call"
    )
    assert only.item.published_at == datetime(2025, 12, 2, 4, tzinfo=UTC)  # local midnight
    assert only.item.seen_at == NOW
    assert only.story_id is not None


def test_everything_in_the_article_comes_out_as_flags_dates_and_reasons(open_at):
    _settings, intake = open_at()
    (only,) = intake.store.items.listed()
    made = only.assessment
    assert made.relevant
    assert {
        "ultimatum",
        "maritime_strike",
        "terrorist_designation",
        "airspace",
        "threat_of_force",
    } <= set(made.indicators)
    dates = {one.date for one in made.event_dates}
    assert {"2025-11-21", "2025-11-29"} <= dates
    assert "2025-11-28" in {one.due for one in made.deadlines} | dates
    assert not any(
        flag.indicator == "sanctions" and flag.direction == "deescalatory" for flag in made.flags
    )
    assert "curacao" in {place.id for place in made.places}
    for flag in made.flags:
        for proof in flag.evidence:
            assert getattr(only.item, proof.field)[proof.start : proof.end] == proof.text


def test_its_voice_is_reuters_which_it_relays(open_at):
    _settings, intake = open_at()
    (only,) = intake.store.items.listed()
    assert only.group == "reuters"


def test_it_is_planted_once_and_only_into_an_empty_store(open_at):
    _settings, intake = open_at()
    assert plant(intake, SEEDS, now=NOW) is False
    assert intake.store.items.count() == 1


def test_it_belongs_to_the_declared_feed_when_the_file_has_it(open_at):
    _settings, intake = open_at("https://www.curacaochronicle.com/")
    (only,) = intake.store.items.listed()
    (watched,) = intake.store.feeds.watched()
    assert only.item.feed_id == watched.feed.id


def test_without_the_declared_feed_it_is_known_but_not_watched(open_at):
    _settings, intake = open_at()
    assert intake.store.feeds.watched() == []
    assert intake.store.feeds.all()[0].feed.title == "Curaçao Chronicle"


@pytest.fixture
def seeds(tmp_path):
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS / "articles", folder / "articles")
    return folder


def test_a_missing_or_damaged_seed_file_is_named(seeds):
    (seeds / "articles" / "curacao-chronicle-2025-12-02.txt").unlink()
    with pytest.raises(ConfigError, match=r"2025-12-02\.txt: is missing"):
        read_article(seeds, now=NOW)
    (seeds / ARTICLE).write_text("published = 2025-12-02")
    with pytest.raises(ConfigError, match=r"2025-12-02\.toml: cannot be used: 'text'"):
        read_article(seeds, now=NOW)
