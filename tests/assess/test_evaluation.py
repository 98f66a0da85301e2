"""Measuring the judgement."""

from datetime import UTC, datetime

import pytest

from monitor.assess.evaluation import Labelled, evaluate, wilson

RAW = {"title": "Curaçao airspace closed", "relevant": True, "language": "en"}


def labelled(title: str, **changes) -> Labelled:
    return Labelled.from_json(RAW | {"title": title} | changes)


def test_wilson_agrees_with_the_published_example():
    """81 of 263, as in Newcombe (1998), Statistics in Medicine 17, table I: 0.2553 to 0.3662."""
    share = wilson(81, 263)
    assert share.value == pytest.approx(0.3080, abs=1e-4)
    assert (share.low, share.high) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_nothing_counted_has_no_value():
    assert wilson(0, 0).value is None
    assert wilson(0, 0).as_json()["value"] is None
    assert wilson(0, 5).low == 0


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2025-12-02", datetime(2025, 12, 2, 16, tzinfo=UTC)),
        ("2025-12-02T08:00:00+00:00", datetime(2025, 12, 2, 8, tzinfo=UTC)),
        ("2025-12-02T08:00:00", datetime(2025, 12, 2, 8, tzinfo=UTC)),
        ("2025-12", None),
        ("2025", None),
        (None, None),
    ],
)
def test_a_label_may_know_its_day_or_not(published, expected):
    assert labelled("x", published=published).published == expected


def test_a_label_without_a_title_is_refused():
    with pytest.raises(KeyError):
        Labelled.from_json({"relevant": True})


def test_air_safety_and_airspace_are_one_in_the_labels():
    assert labelled("x", indicators=["air_safety"]).indicators == {"airspace"}


def test_every_miss_is_listed_with_its_kind(assessor):
    right = {"direction": "escalatory", "severity": 4, "indicators": ["airspace"]}
    texts = [
        labelled("Curaçao airspace closed", id="right", **right),
        labelled("New bakery in Punda", id="missed", severity=2, direction="escalatory"),
        labelled("Curaçao airspace closed", id="false", relevant=False),
        labelled("Curaçao airspace closed", id="way", severity=1, indicators=["migration"]),
        labelled("Brood gebakken in Punda", id="calm", relevant=False, language="nl"),
    ]
    found = evaluate(assessor, texts)
    kinds = {one["id"]: one["kinds"] for one in found.misses}
    assert kinds == {
        "missed": ["missed"],
        "false": ["false alarm"],
        "way": ["direction", "severity", "indicators"],
    }
    assert found.overall.n == 5
    assert found.overall.precision.value == pytest.approx(2 / 3)
    assert found.overall.recall.value == pytest.approx(2 / 3)
    assert found.overall.direction.value == pytest.approx(1 / 3)
    assert found.overall.severity_within_one.value == pytest.approx(1 / 3)
    assert found.overall.f1.low <= found.overall.f1.value <= found.overall.f1.high
    assert found.languages["nl"].recall.value is None
    assert found.languages["nl"].f1.value is None
    assert found.confusions[("escalatory", "escalatory")] == 1
    assert found.lexicon_version == assessor.version


def test_the_result_is_plain_json(assessor):
    raw = evaluate(assessor, [labelled("Curaçao airspace closed", severity=4)]).as_json()
    assert raw["overall"]["recall"]["value"] == 1.0
    assert raw["languages"]["en"]["n"] == 1
    assert raw["confusions"] == [{"labelled": "neutral", "judged": "escalatory", "n": 1}]
    assert raw["misses"][0]["title"] == "Curaçao airspace closed"


def test_the_summary_is_read_only_when_asked_for(assessor):
    text = labelled("Aviation news", summary="Curaçao airspace closed")
    assert evaluate(assessor, [text]).overall.recall.value == 0
    assert evaluate(assessor, [text], headlines_only=False).overall.recall.value == 1


def test_a_bootstrap_of_texts_that_say_nothing_is_zero_wide(assessor):
    texts = [labelled("New bakery in Punda", relevant=False)] * 3
    texts.append(labelled("Curaçao airspace closed", severity=4))
    found = evaluate(assessor, texts)
    assert found.overall.f1.low == 0.0
