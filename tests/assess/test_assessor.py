"""The judgement as a whole."""

import json
import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.assess.model import Assessment
from monitor.assess.text import SUMMARY_CAP
from tests.assess import ordinary
from tests.assess.conftest import SEEDS
from tests.assess.own import OWN, Own

DATA = Path(__file__).parent / "data"
ARTICLE = SEEDS / "articles" / "curacao-chronicle-2025-12-02.txt"
PUBLISHED = datetime(2025, 12, 2, 14, tzinfo=UTC)


@pytest.fixture(scope="module")
def article(assessor) -> Assessment:
    text = ARTICLE.read_text("utf-8")
    title = "Maduro Running Out of Options as Trump Rejects Demands in Secret Call"
    assert title in text
    body = text[text.index("WILLEMSTAD") :]
    return assessor.assess(title=title, summary=body, published=PUBLISHED)


def test_the_article_gives_its_dates_and_its_deadline(article):
    assert [one.date for one in article.event_dates] == ["2025-11-21", "2025-11-28", "2025-11-29"]
    assert [one.due for one in article.deadlines] == ["2025-11-28"]
    assert article.deadlines[0].evidence.text == "gave Maduro one week"
    assert not article.historical


@pytest.mark.parametrize(
    "indicator",
    [
        "ultimatum",
        "maritime_strike",
        "terrorist_designation",
        "airspace",
        "threat_of_force",
        "leadership_change",
        "diplomatic_rupture",
    ],
)
def test_the_article_raises_its_flags(article, indicator):
    flags = {flag.indicator: flag for flag in article.flags}
    assert flags[indicator].direction.value == "escalatory"


def test_a_threat_to_reach_land_is_no_strike_on_land(article):
    assert "kinetic_strike" not in article.indicators


def test_sanctions_that_are_asked_for_are_not_lifted(article):
    flags = {flag.indicator: flag for flag in article.flags}
    assert flags["sanctions"].direction.value == "neutral"
    assert "polarity.reject" in {one.rule for one in article.suppressed}
    assert not any(flag.direction.value == "deescalatory" for flag in article.flags)


def test_the_article_concerns_the_island(article):
    assert article.relevant
    assert article.severity == 3
    assert article.direction.value == "escalatory"
    assert article.proximity == 1.0
    assert {"venezuela", "curacao", "usa"} <= {one.id for one in article.places}
    assert article.relevance.value >= 0.9


def test_our_own_headlines_are_judged_as_labelled(assessor):
    judged = [(one, judge(assessor, one)) for one in OWN]
    told = [(a.relevant, b.relevant) for a, b in judged]
    true = [(a, b) for a, b in judged if a.relevant]
    assert len(OWN) > 250
    assert sum(a and b for a, b in told) / sum(b for _, b in told) >= 0.97
    assert sum(b.relevant for _, b in true) / len(true) >= 0.97
    assert sum(a.direction == b.direction.value for a, b in true) / len(true) >= 0.95
    assert sum(abs(a.severity - b.severity) <= 1 for a, b in true) / len(true) >= 0.97


def judge(assessor, one: Own) -> Assessment:
    return assessor.assess(title=one.title, published=datetime(2026, 3, 10, 16, tzinfo=UTC))


@pytest.mark.parametrize("publisher", ["", "curacaochronicle.com"])
def test_ordinary_news_is_left_alone(assessor, publisher):
    headlines = ordinary.headlines()
    flagged = [one for one in headlines if assessor.assess(title=one, publisher=publisher).relevant]
    assert len(headlines) == 1000
    assert len(flagged) < 10, flagged


@pytest.mark.parametrize("publisher", ["", "curacaochronicle.com"])
def test_ordinary_items_written_by_hand_are_left_alone(assessor, publisher):
    lines = (DATA / "ordinary.jsonl").read_text("utf-8").splitlines()
    items = [json.loads(one) for one in lines]
    flagged = [
        one["title"]
        for one in items
        if assessor.assess(title=one["title"], summary=one["summary"], publisher=publisher).relevant
    ]
    assert len(items) == 1000
    assert len(flagged) < 10, flagged


ANYTHING = st.text(alphabet=st.characters(), max_size=80)
HOT = st.lists(
    st.sampled_from(
        [
            "Curaçao",
            "luchtruim",
            "será",
            "closed",
            "Friday",
            "48 hours",
            "boat",
            "strikes",
            "İ",
            "e\u0301",
            "ﬁre",
            ". ",
            "Venezuela",
            "US",
            "29 November 2025",
            "deadline",
            "not",
            "drug",
        ]
    )
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(ANYTHING | HOT, ANYTHING | HOT)
def test_evidence_is_always_the_text_that_it_names(assessor, title, summary):
    one = assessor.assess(title=title, summary=summary, published=PUBLISHED)
    evidence = [words for flag in one.flags for words in flag.evidence]
    evidence += [words for each in one.suppressed for words in each.evidence]
    evidence += [each.evidence for each in (*one.places, *one.event_dates, *one.deadlines)]
    for words in evidence:
        original = title if words.field == "title" else summary
        assert original[words.start : words.end] == words.text
        assert words.text
    assert (one.severity == 0) == (not one.relevant)
    assert 0 <= one.relevance.value <= 1
    assert Assessment.from_json(one.as_json()) == one


def test_the_json_has_the_keys_of_the_contract(article):
    assert list(article.as_json()) == [
        "language", "relevant", "relevance", "severity", "direction", "indicators", "flags",
        "suppressed", "places", "event_date", "event_dates", "deadlines", "proximity",
        "historical", "lexicon_version",
    ]  # fmt: skip
    assert article.as_json()["event_date"] == "2025-11-21"


def test_a_text_without_dates_has_no_event_date(assessor):
    assert assessor.assess(title="Calm").event_date is None


def test_a_time_without_zone_is_refused(assessor):
    with pytest.raises(ValueError, match="needs a time zone"):
        assessor.assess(title="x", published=datetime(2025, 12, 2))  # noqa: DTZ001 - that is what is refused


@pytest.mark.parametrize(
    "hostile",
    [
        "strike boat Venezuela " * 60_000,
        "a" * 1_000_000,
        "\u0301" * 1_000_000,
        "48 hours Friday " * 80_000,
    ],
)
def test_a_hostile_text_is_judged_in_bounded_time(assessor, hostile):
    began = time.process_time()
    one = assessor.assess(title=hostile, summary=hostile, published=PUBLISHED)
    assert time.process_time() - began < 3
    ends = [words.end for flag in one.flags for words in flag.evidence]
    assert all(end <= SUMMARY_CAP for end in ends)


@pytest.mark.parametrize(
    ("title", "way"),
    [
        ("Avianca resumes flights to Venezuela; boat strike kills two", "deescalatory"),
        ("Boat strike kills two; Avianca resumes flights to Venezuela", "escalatory"),
    ],
)
def test_both_ways_at_once_point_where_the_headline_begins(assessor, title, way):
    one = assessor.assess(title=title)
    ways = [flag.direction.value for flag in one.flags if flag.severity == one.severity]
    assert ways.count("escalatory") == ways.count("deescalatory") > 0
    assert one.direction.value == way


def test_the_article_is_dated_as_its_page_says():
    meta = tomllib.loads(ARTICLE.with_suffix(".toml").read_text("utf-8"))
    assert "2025-12-02" in str(meta)


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Curaçao airspace closed", "airspace closed or restricted"),
        (
            "Venezuela denies it will close airspace near Curaçao",
            "airspace closed or restricted (the report is denied)",
        ),
        (
            "Curaçao may close its airspace",
            "airspace closed or restricted (supposed or planned, not done)",
        ),
    ],
)
def test_what_was_denied_or_planned_is_no_reason_as_if_it_had_happened(assessor, title, reason):
    reasons = assessor.assess(title=title).relevance.reasons
    assert [one for one in reasons if one.startswith("airspace closed")] == [reason]
