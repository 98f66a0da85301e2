"""Items into stories: rewrites, other languages, corrections, and what a person decided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.grouping import WINDOW, Grouper, Known, story_id
from monitor.stories.signature import GroupingItem

AT = datetime(2025, 12, 3, 12, tzinfo=UTC)
CLOSED = "Hato tower confirms that Curaçao airspace north of Falcón stays closed until Friday"
REWRITE = "Curaçao airspace north of Falcón stays closed until Friday, Hato tower confirms to us"
TANKER = "Coast guard boards tanker Skipper near Bonaire with 1,900,000 barrels"


def item(n: int, title: str, **changes: object) -> GroupingItem:
    values = {"id": f"i{n}", "title": title, "seen_at": AT + timedelta(minutes=n), "language": "en"}
    return GroupingItem(**values | changes)


def test_the_first_report_opens_a_story_named_after_it():
    join = Grouper().add(item(1, CLOSED))
    assert (join.story_id, join.rule, join.with_item_id) == ("si1", "opened", None)


def test_a_rewrite_joins_and_says_what_it_resembles():
    grouper = Grouper()
    grouper.add(item(1, CLOSED))
    join = grouper.add(item(2, REWRITE))
    assert (join.story_id, join.rule, join.with_item_id) == ("si1", "rewrite", "i1")
    assert join.similarity >= 0.55
    assert join.because.endswith("of the weight of its words is shared")


def test_another_development_opens_its_own_story():
    grouper = Grouper()
    grouper.add(item(1, CLOSED))
    assert grouper.add(item(2, TANKER)).rule == "opened"


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        pytest.param("hato", "rewrite", id="the same place"),
        pytest.param("", "rewrite", id="no place named"),
        pytest.param("aruba", "opened", id="another place"),
    ],
)
def test_reports_that_are_only_alike_must_not_name_different_places(place, rule):
    grouper = Grouper()
    grouper.add(item(1, CLOSED, places=("hato",)))
    title = (
        "Airspace closed until Friday, Hato tower says; local airlines ask ministers for clarity"
    )
    join = grouper.add(item(2, title, places=(place,) if place else ()))
    assert join.rule == rule


def test_the_same_words_after_the_window_are_another_story():
    grouper = Grouper()
    grouper.add(item(1, CLOSED))
    later = item(2, CLOSED, seen_at=AT + WINDOW + timedelta(hours=1))
    assert grouper.add(later).story_id == "si2"


def test_a_story_goes_on_as_long_as_reports_keep_coming():
    grouper = Grouper()
    times = [AT + timedelta(hours=60 * n) for n in range(4)]
    found = {grouper.add(item(n, CLOSED, seen_at=at)).story_id for n, at in enumerate(times)}
    assert found == {"si0"}


def test_a_late_item_joins_what_was_running_in_its_time():
    grouper = Grouper()
    grouper.add(item(1, CLOSED))
    late = item(2, REWRITE, seen_at=AT - timedelta(hours=5))
    assert grouper.add(late).story_id == "si1"


def test_an_item_placed_before_keeps_its_story():
    grouper = Grouper()
    grouper.add(item(1, CLOSED))
    join = grouper.add(item(1, TANKER))
    assert (join.rule, join.story_id) == ("known", "si1")


def test_a_short_headline_inside_a_longer_report_joins_on_second_look():
    grouper = Grouper()
    lead = "The measure follows the ultimatum, officials in Willemstad told reporters at noon today"
    lead += " while ships wait outside the harbour mouth of Otrobanda and Punda again and again,"
    lead += " pilots said in the evening"
    grouper.add(item(1, CLOSED, summary=lead))
    join = grouper.add(item(2, "Curaçao airspace north of Falcón stays closed"))
    assert (join.rule, join.story_id) == ("borderline", "si1")
    assert "of the words of the shorter text" in join.because


def borderline(n: int, number: str, **changes: object) -> GroupingItem:
    title = f"Navy stops {number} migrants off Westpunt after chase"
    return item(n, title, **{"indicators": ("migration",)} | changes)


@pytest.mark.parametrize(
    ("number", "changes", "rule"),
    [
        pytest.param("27", {}, "borderline", id="the same number and indicator"),
        pytest.param("31", {}, "opened", id="another number"),
        pytest.param("27", {"indicators": ("smuggling",)}, "opened", id="another indicator"),
        pytest.param("27", {"indicators": ()}, "opened", id="no indicator"),
    ],
)
def test_a_borderline_report_needs_a_telling_detail(number, changes, rule):
    grouper = Grouper()
    grouper.add(borderline(1, "27"))
    title = f"{number} migrants found on Westpunt reef by three sailors"
    join = grouper.add(item(2, title, **{"indicators": ("migration",)} | changes))
    assert join.rule == rule


def spanish(n: int, title: str, **changes: object) -> GroupingItem:
    values = {"language": "es", "indicators": ("maritime_disruption",), "places": ("bonaire",)}
    return item(n, title, **values | changes)


ENGLISH_TANKER = {"indicators": ("maritime_disruption",), "places": ("bonaire",)}


@pytest.mark.parametrize(
    ("title", "changes", "because"),
    [
        ("Abordan el petrolero Skipper cerca de la isla", {}, "vessel skipper"),
        ("Guardacostas halla 1.900.000 barriles en un buque", {}, "number 1900000"),
    ],
)
def test_another_language_joins_by_what_it_says(title, changes, because):
    grouper = Grouper()
    grouper.add(item(1, TANKER, **ENGLISH_TANKER))
    join = grouper.add(spanish(2, title, **changes))
    assert (join.rule, join.story_id, join.with_item_id) == ("other_language", "si1", "i1")
    assert because in join.because


def test_two_shared_places_and_indicators_are_enough_without_a_detail():
    both = {"indicators": ("airspace", "flight_disruption"), "places": ("hato", "falcon")}
    grouper = Grouper()
    grouper.add(item(1, "Sky shut", **both))
    assert grouper.add(spanish(2, "cielo cerrado", **both)).rule == "other_language"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"indicators": ("airspace",)}, id="another indicator"),
        pytest.param({"places": ("aruba",)}, id="another place"),
        pytest.param({"seen_at": AT + timedelta(hours=40)}, id="too late"),
        pytest.param({"language": "en"}, id="the same language needs the same words"),
        pytest.param({"indicators": ()}, id="nothing flagged"),
        pytest.param({"title": "abordan un petrolero"}, id="no detail shared, one place"),
        pytest.param(
            {"title": "abordan un petrolero", "places": ("bonaire", "kralendijk")},
            id="no detail shared, one indicator",
        ),
    ],
)
def test_another_development_in_another_language_stays_apart(changes):
    grouper = Grouper()
    grouper.add(item(1, TANKER, **ENGLISH_TANKER | {"places": ("bonaire", "kralendijk")}))
    title = changes.pop("title", "Abordan el petrolero Skipper cerca de la isla")
    assert grouper.add(spanish(2, title, **changes)).rule == "opened"


def test_reports_in_a_second_language_join_each_other_within_a_shared_story():
    grouper = Grouper()
    for n in range(4):
        grouper.add(item(n, f"{TANKER}, update {n}{n}", **ENGLISH_TANKER))
    title = "Abordan el petrolero Skipper cerca de la isla; guardacostas detiene a la tripulación"
    assert grouper.add(spanish(7, title)).rule == "other_language"
    again = grouper.add(spanish(8, title.replace("detiene", "arresta")))
    assert (again.rule, again.story_id, again.with_item_id) == ("rewrite", "si0", "i7")


def test_a_second_report_in_a_language_may_join_by_what_it_says_when_it_is_somewhat_alike():
    grouper = Grouper()
    grouper.add(item(1, TANKER, **ENGLISH_TANKER))
    grouper.add(spanish(2, "Abordan el petrolero Skipper cerca de la isla"))
    join = grouper.add(spanish(3, "Petrolero Skipper: dueños griegos protestan ante tribunal"))
    assert (join.rule, join.story_id) == ("other_language", "si1")


def test_names_that_everybody_has_every_day_join_nothing():
    words = ["harbour", "school", "bridge", "budget", "market", "church"]
    grouper = Grouper()
    for n, word in enumerate(words):
        grouper.add(item(n, f"Maduro on {word} {word}s", **ENGLISH_TANKER))
    assert grouper.add(spanish(9, "Habla Maduro sobre asuntos")).rule == "opened"


def test_the_most_telling_of_several_stories_is_joined():
    grouper = Grouper()
    grouper.add(item(1, "Skipper owner fined by harbour judge 1900000 florins", **ENGLISH_TANKER))
    grouper.add(item(2, TANKER, **ENGLISH_TANKER))
    join = grouper.add(spanish(3, "Petrolero Skipper llevaba 1.900.000 barriles"))
    assert join.story_id == "si2"


def test_items_without_an_indicator_in_a_merged_story_do_not_disturb():
    window = [
        Known(item=item(1, "Harbour quiet"), story_id="sx"),
        Known(item=item(5, "Hato shut", indicators=("airspace",), places=("hato",)), story_id="sx"),
        Known(item=item(2, TANKER, **ENGLISH_TANKER), story_id="sx"),
    ]
    join = Grouper(window).add(spanish(3, "Abordan el petrolero Skipper"))
    assert (join.story_id, join.with_item_id) == ("sx", "i2")


def test_a_correction_stands_beside_what_it_corrects():
    grouper = Grouper()
    grouper.add(item(1, CLOSED))
    join = grouper.add(item(2, f"Correction: {CLOSED} is wrong"))
    assert (join.rule, join.story_id, join.correction_of) == ("correction", "si2", "si1")
    assert join.with_item_id == "i1"


def test_a_correction_of_nothing_known_opens_a_story():
    join = Grouper().add(item(1, "Correction: recipe for keshi yená"))
    assert (join.rule, join.correction_of) == ("opened", None)


def test_what_a_person_merged_draws_new_reports_to_the_merged_story():
    window = [
        Known(item=item(1, CLOSED), story_id="smerged"),
        Known(item=item(2, TANKER), story_id="smerged"),
    ]
    grouper = Grouper(window)
    assert grouper.add(item(3, CLOSED)).story_id == "smerged"


def test_what_a_person_split_off_keeps_its_own_story():
    window = [
        Known(item=item(1, CLOSED), story_id="si1"),
        Known(item=item(2, TANKER), story_id="sown"),
    ]
    grouper = Grouper(window)
    assert grouper.add(item(2, TANKER)).story_id == "sown"
    assert grouper.add(item(3, TANKER)).story_id == "sown"


def test_a_restart_goes_on_where_it_stopped():
    titles = [CLOSED, TANKER, REWRITE, f"{TANKER} today", CLOSED]
    through = Grouper()
    joins = [through.add(item(n, title)) for n, title in enumerate(titles)]
    window = [
        Known(item=item(n, title), story_id=joins[n].story_id) for n, title in enumerate(titles[:3])
    ]
    again = Grouper(window)
    later = [again.add(item(n, titles[n])).story_id for n in (3, 4)]
    assert later == [one.story_id for one in joins[3:]]


def test_a_word_that_too_many_stories_share_finds_none():
    grouper = Grouper()
    for n in range(70):
        grouper.add(item(n, f"unique{n} other{n} more{n} common"))
    assert grouper.add(item(99, "common")).rule == "opened"


def test_an_item_without_a_word_opens_a_story():
    grouper = Grouper()
    grouper.add(item(1, "¿?"))
    assert grouper.add(item(2, "!!!")).rule == "opened"


def test_ended_stories_leave_nothing_behind():
    grouper = Grouper()
    grouper.add(item(1, TANKER, **ENGLISH_TANKER))
    grouper.add(item(2, CLOSED))
    grouper.add(item(3, "Quiet morning", seen_at=AT + timedelta(days=9)))
    assert grouper.running == 1
    assert grouper.add(spanish(4, "petrolero Skipper", seen_at=AT + timedelta(days=9))).rule == (
        "opened"
    )


words = st.sampled_from(
    [
        "closed",
        "tanker",
        "navy",
        "Hato",
        "Bonaire",
        "strike",
        "talks",
        "flight",
        "27",
        "1900",
        "oil",
    ]
)
texts = st.lists(words, min_size=1, max_size=6).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(texts, st.integers(0, 200)), min_size=1, max_size=25))
def test_every_item_gets_one_story_and_a_reason_and_repeating_it_changes_nothing(rows):
    items = [
        item(n, text, seen_at=AT + timedelta(hours=hours)) for n, (text, hours) in enumerate(rows)
    ]
    items.sort(key=lambda one: one.seen_at)
    grouper, again = Grouper(), Grouper()
    joins = [grouper.add(one) for one in items]
    assert [again.add(one) for one in items] == joins
    opened = {join.story_id for join in joins if join.rule in ("opened", "correction")}
    assert {join.story_id for join in joins} == opened
    assert all(join.because for join in joins)
    assert all(story_id(join.item_id) == join.story_id for join in joins if join.rule == "opened")
    assert all(0 <= join.similarity <= 1 for join in joins)
