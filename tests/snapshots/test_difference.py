import json
from datetime import timedelta
from typing import Any

from monitor.items import stamp
from monitor.snapshots.difference import difference
from monitor.snapshots.document import Document
from tests.snapshots.documents import CREATED, make_document, make_story

ROW = make_document()["board"][0]


def later(**changes: Any) -> Document:
    return make_document(created_at=stamp(CREATED + timedelta(days=1)), **changes)


def level(**changes: Any) -> Any:
    return make_document()["level"] | changes


def test_the_same_view_a_day_later_has_not_changed():
    found = difference(make_document(), later())
    assert (found.level, found.index, found.indicators) == (0, 0.0, ())
    assert found.sentences == (
        "From 3 Dec 2025, 12:10 to 4 Dec 2025, 12:10.",
        "The level is unchanged: Elevated.",
        "The index stands where it stood, at 214.",
        "The stories are the same.",
    )


def test_the_order_in_which_they_are_given_does_not_matter():
    one, two = make_document(), later(level=level(number=3, name="High", index=300.0))
    assert difference(one, two) == difference(two, one)


def test_a_rise_is_told_in_words_and_numbers():
    found = difference(
        make_document(), later(level=level(number=3, name="High", index=300.0, low80=280.0))
    )
    assert found.level == 1
    assert found.index == 85.8
    assert found.bands_apart
    assert "The level rose from Elevated to High." in found.sentences
    assert "The index rose by 86, from 214 to 300; the 80 % ranges do not touch." in found.sentences


def test_a_fall_within_the_ranges_may_be_noise():
    found = difference(make_document(), later(level=level(number=1, name="Guarded", index=190.0)))
    assert "The level fell from Elevated to Guarded." in found.sentences
    assert any("fell by 24" in words and "may be noise" in words for words in found.sentences)


def test_an_index_without_a_value_is_not_compared():
    found = difference(make_document(), later(level=level(index=None, low80=None, high80=None)))
    assert found.index is None
    assert not found.bands_apart
    assert any("cannot be compared" in words for words in found.sentences)


def test_indicators_are_ordered_by_how_far_they_moved():
    before = [
        ROW | {"id": "a", "name": "A", "state": "quiet", "index": 100.0},
        ROW | {"id": "b", "name": "B", "state": "watch", "index": 150.0},
        ROW | {"id": "c", "name": "C", "state": "watch", "index": 150.0},
        ROW | {"id": "d", "name": "D", "state": "watch", "index": 150.0},
    ]
    after = [
        ROW | {"id": "a", "name": "A", "state": "warning", "index": 400.0},
        ROW | {"id": "b", "name": "B", "state": "watch", "index": 190.0},
        ROW | {"id": "c", "name": "C", "state": "watch", "index": 150.4},
        ROW | {"id": "e", "name": "E", "state": "watch", "index": 1.0},
    ]
    found = difference(make_document(board=before), later(board=after))
    assert [(one.id, one.rank) for one in found.indicators] == [
        ("a", 2),
        ("d", -1),
        ("e", 1),
        ("b", 0),
    ]
    assert "Indicators up: A (now warning), E (now watch)." in found.sentences
    assert "Indicators down: D (now gone)." in found.sentences


def test_new_and_gone_stories_are_listed_the_gravest_first():
    stories = [make_story(1), *(make_story(n, severity=n % 5) for n in range(10, 17))]
    found = difference(make_document(), later(stories=stories))
    assert [story["id"] for story in found.gone_stories] == ["story2", "story3"]
    assert len(found.new_stories) == 7
    sentence = next(words for words in found.sentences if "new stories" in words)
    assert sentence.startswith("7 new stories: “Story number 14”")
    assert sentence.endswith("and 2 more.")
    assert "2 stories no longer shown." in found.sentences


def test_deadlines_that_came_or_went_are_named():
    new = make_document()["deadlines"][0] | {"due": "2025-12-19T05:00:00Z", "phrase": "until 19"}
    found = difference(make_document(), later(deadlines=[new]))
    assert "1 new deadline: 19 Dec 2025 (“until 19”)." in found.sentences
    assert "1 deadline no longer listed." in found.sentences


def test_another_lexicon_is_said_because_it_changes_numbers_by_itself():
    found = difference(make_document(), later(lexicon_version="other"))
    assert not found.same_method
    assert "Lexicon or settings differ" in found.sentences[-1]


def test_the_difference_can_be_written_as_json():
    found = difference(make_document(), later(stories=[make_story(9)]))
    raw = json.loads(json.dumps(found.as_json()))
    assert raw["new_stories"][0]["id"] == "story9"
    assert raw["sentences"] == list(found.sentences)


def test_what_lost_its_value_has_not_calmed():
    before = [ROW | {"id": "a", "name": "A", "state": "warning", "index": 300.0}]
    after = [ROW | {"id": "a", "name": "A", "state": "unknown", "index": None}]
    found = difference(make_document(board=before), later(board=after))
    assert "Without a value now, which is not calm: A." in found.sentences
    assert not any(words.startswith("Indicators down") for words in found.sentences)


def test_a_level_that_is_not_known_is_no_level_zero():
    forming = make_document()["level"] | {"number": 0, "name": "Baseline forming", "index": None}
    found = difference(make_document(level=forming), later())
    assert found.level is None
    assert "No level to compare: Baseline forming, then Elevated." in found.sentences


def test_two_selections_are_said_to_differ_and_one_is_named():
    asked = {"kind": "stories", "choice": {"days": 7, "language": "es"},
             "view": {"shown": "stories in Spanish"}}  # fmt: skip
    other = asked | {"choice": {"days": 7}, "view": {"shown": "all stories"}}
    apart = difference(make_document(**asked), later(**other)).sentences[1]
    assert apart.startswith("The two show different selections (first stories in Spanish, then all")
    alike = difference(make_document(**asked), later(**asked)).sentences[1]
    assert alike == "Stories are compared under: stories in Spanish."
    plain = {"choice": {"days": 30}}
    assert difference(make_document(), later(**plain)).sentences[1].startswith("The level")
    overview = {"kind": "indicators", "choice": {"days": 30}, "stories": []}
    found = difference(make_document(**overview), later(**overview | {"choice": {"days": 90}}))
    assert "Neither lists a story." in found.sentences
    assert not any("selections" in words for words in found.sentences)


def test_a_deadline_of_three_reports_in_an_old_snapshot_is_one():
    one = make_document()["deadlines"][0]
    old = [one, one | {"phrase": "by Monday"}, one | {"phrase": "until the 8th"}]
    found = difference(make_document(deadlines=old), later(deadlines=[one | {"reports": 3}]))
    assert (found.new_deadlines, found.gone_deadlines) == ((), ())
