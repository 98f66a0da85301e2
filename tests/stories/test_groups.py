"""Publisher groups: who owns what, and which wire agency wrote it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.stories.groups import Group, Groups

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="module")
def shipped() -> Groups:
    return Groups.load(SEEDS)


def test_the_first_article_is_a_reuters_story_in_the_chronicle(shipped):
    text = (SEEDS / "articles" / "curacao-chronicle-2025-12-02.txt").read_text(encoding="utf-8")
    found = shipped.resolve(
        publisher="Curaçao Chronicle",
        url="https://www.curacaochronicle.com/post/main/maduro",
        feed_group="curacao-chronicle",
        author="By Correspondent",
        text=text,
    )
    assert (found.name, found.because) == ("reuters", "text: told Reuters")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("WASHINGTON (AFP) - Warships leave Norfolk", "afp"),
        ("Caracas, 2 dic (EFE).- El gobierno rechazó la orden", "efe"),
        ("(AFP/EFE) El buque zarpó", "afp"),
        ("(Redactie/ANP) Het schip is vertrokken", "anp"),
        ("Het schip is vertrokken. Bron: ANP", "anp"),
        ("Dat meldt persbureau AP.", "ap"),
        ("Fuentes dijeron a Reuters que el buque zarpó", "reuters"),
        ("Un funcionario, según EFE, lo negó", "efe"),
        ("A senior official told The Associated Press", "ap"),
        ("The ship has left, Bloomberg reported on Monday", "bloomberg"),
        ("Four sources, according to Reuters, agree", "reuters"),
        ("Ship leaves port - Reuters", "reuters"),
        ("Reuters - The ship has left port", "reuters"),
        ("E barku a bai, segun EFE", "efe"),
    ],
)
def test_a_credit_in_the_text_names_the_agency(shipped, text, name):
    assert shipped.resolve(url="https://small.example/1", text=text).name == name


@pytest.mark.parametrize(
    "text",
    [
        "The AP exam begins at nine",
        "He spoke with a group of efe students",
        "Thomson wrote to the reuters club",
        "",
    ],
)
def test_words_that_only_look_like_a_credit_change_nothing(shipped, text):
    assert shipped.resolve(url="https://small.example/1", text=text).name == "small.example"


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Reuters Staff", "reuters"),
        ("Por EFE", "efe"),
        ("Redactie/ANP", "anp"),
        ("Jan de Vries", "nu-cw"),
    ],
)
def test_a_byline_names_the_agency(shipped, author, name):
    assert shipped.resolve(url="https://nu.cw/nieuws/1", author=author).name == name


def test_an_official_source_stays_itself_when_it_quotes_an_agency(shipped):
    found = shipped.resolve(url="https://www.rijksoverheid.nl/1", text="said, Reuters reported")
    assert (found.name, found.official, found.reliability) == ("rijksoverheid", True, "A")


def test_an_agency_that_quotes_itself_is_known_by_its_own_host(shipped):
    found = shipped.resolve(url="https://www.reuters.com/1", text="told Reuters")
    assert (found.name, found.because) == ("reuters", "host www.reuters.com")


def test_mirrors_and_sub_domains_belong_to_their_owner(shipped):
    assert shipped.resolve(url="https://test.curacaochronicle.com/1").name == "curacao-chronicle"
    assert shipped.resolve(url="https://caribischnetwerk.ntr.nl/1").name == "npo"


def test_what_an_aggregator_links_to_belongs_to_the_named_publisher(shipped):
    link = "https://news.google.com/rss/articles/x"
    assert shipped.resolve("Paradise FM", link, "google").name == "paradise-fm"
    assert shipped.resolve("Ñapa Post", link, "google").name == "napa-post"
    assert shipped.resolve("", link, "google").name == "google"


def test_the_feeds_group_stands_where_nothing_else_is_known(shipped):
    assert shipped.resolve(url="https://blog.example/1", feed_group="usni").title == "USNI News"
    own = shipped.resolve(url="https://blog.example/1", feed_group="our-own")
    assert (own.name, own.pool, own.reliability) == ("our-own", "regional", "F")


@pytest.mark.parametrize(
    ("publisher", "url", "name"),
    [
        ("El Faro", "https://elfaro.example/1", "el-faro"),
        ("", "https://www.elfaro.example/1", "elfaro.example"),
        ("", "http://[broken", "unknown"),
        ("", "", "unknown"),
    ],
)
def test_an_unknown_publisher_stands_alone(shipped, publisher, url, name):
    assert shipped.resolve(publisher, url).name == name


def test_without_any_group_there_is_no_credit_to_find():
    assert Groups().resolve("El Faro", text="told Reuters").name == "el-faro"
    assert Groups().resolve("El Faro", author="Reuters").name == "el-faro"


def test_a_group_can_be_asked_for_by_name(shipped):
    assert shipped.named("npo") is shipped.known["npo"]
    assert shipped.named("nobody") is None


def test_every_group_of_the_shipped_feeds_is_a_shipped_group(shipped):
    config = tomllib.loads((SEEDS.parent / "config.toml").read_text(encoding="utf-8"))
    used = {feed["group"]: feed for feed in config["feeds"] if feed.get("group")}
    assert used.keys() <= shipped.known.keys()
    different = {
        name
        for name, feed in used.items()
        if (feed["pool"], feed["reliability"], feed.get("official", False))
        != (
            (known := shipped.known[name]).pool,
            known.reliability,
            known.official,
        )
    }
    assert different == set()


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([{"title": "No name"}], "has no name"),
        ([{"name": "a", "colour": "red"}], r"a\.colour: is no known key"),
        ([{"name": "a", "pool": "martian"}], r"a\.pool: 'martian'"),
        ([{"name": "a", "reliability": "Z"}], r"a\.reliability: 'Z'"),
        ([{"name": "a"}, {"name": "a"}], "stands there twice"),
        (
            [{"name": "a", "domains": ["x.com"]}, {"name": "b", "domains": ["x.com"]}],
            "x.com: already belongs to a",
        ),
    ],
)
def test_a_group_that_cannot_be_used_is_named(rows, problem):
    with pytest.raises(ConfigError, match=problem):
        Groups.of(rows)


def test_a_missing_or_broken_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"groups\.toml: cannot be read"):
        Groups.load(tmp_path)
    (tmp_path / "mine.toml").write_text("[[groups", encoding="utf-8")
    with pytest.raises(ConfigError, match="is no TOML"):
        Groups.load(tmp_path / "mine.toml")


def test_two_sites_of_one_owner_are_one_voice():
    groups = Groups.of([{"name": "owner", "domains": ["a.example", "b.example"]}])
    assert groups.resolve(url="https://a.example/1") == Group(
        name="owner", title="owner", because="host a.example"
    )
    assert groups.resolve(url="https://www.b.example/1").name == "owner"
