from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.items import stamp
from monitor.snapshots.document import (
    EXCERPT_CHARACTERS,
    SnapshotError,
    check,
    clean,
    freeze,
    safe_url,
    shorten,
)
from tests.snapshots.documents import make_document, make_series, make_story


def test_freezing_twice_changes_nothing():
    once = freeze(make_document())
    assert freeze(once) == once


def test_an_excerpt_is_cut_at_a_word_and_stays_short():
    frozen = freeze(make_document(stories=[make_story(excerpt="word " * 200)]))
    excerpt = frozen["stories"][0]["excerpt"]
    assert len(excerpt) <= EXCERPT_CHARACTERS
    assert excerpt.endswith("word…")


def test_a_text_without_spaces_is_cut_all_the_same():
    assert shorten("x" * 999, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example/x",
        "/relative",
        "https:",
        "http:///x",
        "ht\u200btps\u202e://x",
    ],
)
def test_only_web_addresses_stay(url: str):
    frozen = freeze(make_document(stories=[make_story(url=url)]))
    kept = frozen["stories"][0]["url"]
    assert kept == "" or kept.startswith("https://x")


def test_a_web_address_stays_as_it_is():
    assert safe_url(" https://a.example/b?c=d#e ") == "https://a.example/b?c=d#e"


def test_characters_that_hide_or_turn_text_are_dropped():
    assert clean("a\u202eb\u200bc\x00d\x1be\ufefff\u2066g\U000e0041h\ud800\r") == "abcdefgh"
    assert clean("Curaçao – «ñ»\n\tbon dia 👍") == "Curaçao – «ñ»\n\tbon dia 👍"


def test_a_value_that_is_no_number_becomes_none_where_that_is_allowed():
    series = make_series(n=2, index=[float("nan"), float("inf")])
    assert freeze(make_document(series=[series]))["series"][0]["index"] == [None, None]


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        stamp(datetime(2025, 12, 2))  # noqa: DTZ001 - that is what is refused
    assert stamp(datetime(2025, 12, 2, 1, tzinfo=UTC)) == "2025-12-02T01:00:00Z"


def _without(key: str) -> dict[str, Any]:
    return {k: v for k, v in make_document().items() if k != key}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        pytest.param("text", "no snapshot", id="not a dict"),
        pytest.param({}, "no snapshot", id="no schema"),
        pytest.param(make_document(version=3), "version 3 is unknown", id="another version"),
        pytest.param(_without("level"), "level: Field required", id="a part missing"),
        pytest.param(make_document(extra=1), "extra: Extra inputs", id="a part too many"),
        pytest.param(make_document(created_at="yesterday"), "created_at", id="a time in words"),
        pytest.param(make_document(created_at="2025-12-02T00:00:00"), "offset", id="a naive time"),
        pytest.param(
            make_document(stories=[make_story(severity=5)]), "stories.0.severity", id="severity 5"
        ),
        pytest.param(
            make_document(stories=[make_story(event_date="20251202")]), "event_date", id="a bad day"
        ),
        pytest.param(
            make_document(series=[make_series(seen=[1.0])]), "1 values in seen for 60", id="lengths"
        ),
        pytest.param(
            make_document(series=[make_series(n=2, days=["2025-12-01", "2025-12-03"])]),
            "its days have a gap",
            id="a day left out",
        ),
    ],
)
def test_what_is_no_document_is_refused_with_the_place_named(raw: Any, words: str):
    with pytest.raises(SnapshotError, match=words):
        check(raw)


@pytest.mark.parametrize("event_date", ["2025-11", "2025-11-29", None])
def test_an_event_date_may_be_a_month_a_day_or_unknown(event_date: str | None):
    frozen = freeze(make_document(stories=[make_story(event_date=event_date)]))
    assert frozen["stories"][0]["event_date"] == event_date
