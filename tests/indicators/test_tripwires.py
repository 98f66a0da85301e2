"""One corroborated event sets a floor under the level."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.indicators.explain import CARRYING, explained, facts, level_sentence, sentence
from monitor.indicators.headline import final_readings, headline
from monitor.indicators.rows import Mention, Mentions
from monitor.indicators.tripwires import (
    CountdownRule,
    Deadline,
    Rule,
    Rules,
    Surge,
    alerts,
    countdowns,
)
from tests.indicators.rows import WATCHED, calm, day, index, measured, mention, noon

SEEDS = Path(__file__).parents[2] / "seeds"
CLOSED = Rule(
    id="airspace-closed",
    title="Airspace closed",
    indicators=("airspace",),
    proximity=0.7,
    severity=3,
    floor=3,
    lifted=True,
)
RULES = Rules(rules=(CLOSED,))


def closing(n: int, group: str, **changes: object) -> Mention:
    return mention(n, "closing", group, **{"proximity": 0.7, "severity": 3} | changes)


def fired(*rows: Mention, official: str = "") -> list[tuple[str, int]]:
    found = alerts(RULES, Mentions.of(rows), set(official))
    return [(one.story_id, one.floor) for one in found]


def test_two_independent_groups_fire_it():
    assert fired(closing(3, "a"), closing(4, "b")) == [("closing", 3)]


def test_one_official_source_is_enough():
    assert fired(closing(3, "o"), official="o") == [("closing", 3)]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([closing(3, "a"), closing(4, "a")], id="one group twice"),
        pytest.param([closing(3, "a"), closing(3, "b", proximity=0.5)], id="one of them too far"),
        pytest.param([closing(3, "a"), closing(3, "b", severity=2)], id="one not severe"),
        pytest.param([closing(3, "a"), closing(3, "b", indicator="ultimatum")], id="another thing"),
        pytest.param([closing(3, "a"), closing(3, "b", direction="neutral")], id="one neutral"),
        pytest.param([closing(3, "a"), closing(3, "b", story_id="other")], id="two stories"),
    ],
)
def test_anything_less_does_not(rows):
    assert fired(*rows) == []


def test_it_fires_with_the_second_group_and_holds_72_hours_after_the_last():
    rows = [closing(3, "a"), closing(4, "b"), closing(5, "c")]
    (alert,) = alerts(RULES, Mentions.of(rows[::-1]), ())
    assert alert.fired_at == noon(4)
    assert alert.expires_at == noon(5) + timedelta(hours=72)
    assert (alert.groups, len(alert.item_ids)) == (("a", "b", "c"), 3)
    assert alert.because == "Airspace closed: reported by 2 independent publishers (a, b)"


def test_corroborated_relief_ends_it_early():
    relief = [closing(5, g, story_id="open", direction="deescalatory", severity=1) for g in "ab"]
    (alert,) = alerts(RULES, Mentions.of([closing(3, "a"), closing(3, "b"), *relief]), ())
    assert alert.expires_at == noon(5)


@pytest.mark.parametrize(
    "relief",
    [
        pytest.param([closing(5, "a", direction="deescalatory")], id="by one group only"),
        pytest.param([closing(2, g, direction="deescalatory") for g in "ab"], id="before it"),
        pytest.param([closing(30, g, direction="deescalatory") for g in "ab"], id="long after"),
    ],
)
def test_other_relief_does_not(relief):
    (alert,) = alerts(RULES, Mentions.of([closing(3, "a"), closing(3, "b"), *relief]), ())
    assert alert.expires_at == noon(3) + timedelta(hours=72)


def test_a_rule_that_is_not_lifted_runs_its_time():
    rules = Rules(rules=(replace(CLOSED, lifted=False),))
    relief = [closing(4, g, direction="deescalatory") for g in "ab"]
    (alert,) = alerts(rules, Mentions.of([closing(3, "a"), closing(3, "b"), *relief]), ())
    assert alert.expires_at == noon(3) + timedelta(hours=72)


def deadline(group: str, **changes: object) -> Deadline:
    values: dict[str, object] = {
        "due_at": noon(58),
        "item_id": f"d{group}",
        "story_id": "ultimatum",
        "group": group,
        "indicator": "ultimatum",
        "seen_at": noon(55),
    }
    return Deadline(**values | changes)


def test_a_deadline_stays_on_the_board_until_two_days_after_it():
    (alert,) = countdowns(CountdownRule(), [deadline("a"), deadline("b")], ())
    assert (alert.fired_at, alert.expires_at) == (noon(55), noon(60))
    assert alert.title == "Deadline 2025-02-28 12:00 UTC"


def test_a_deadline_needs_corroboration_and_the_right_indicator():
    assert countdowns(CountdownRule(), [deadline("a")], ()) == ()
    others = [deadline(g, indicator="airspace") for g in "ab"]
    assert countdowns(CountdownRule(), others, ()) == ()


def test_the_headline_shows_the_floor_and_who_raised_it():
    mentions, exposures = calm(60)
    made = measured([*mentions, closing(58, "a"), closing(58, "b")], exposures, last=59)
    head = headline(made, RULES)
    assert (head.now, int(head.index_level[-1])) == (3, 0)
    assert [one.rule for one in head.active] == ["airspace-closed"]
    raised = head.raised_by(59)
    assert raised is not None
    assert raised.story_id == "closing"
    assert head.raised_by(50) is None
    assert [one.level for one in final_readings(made, head)][-3:] == [0, 3, 3]
    (change,) = head.changes()
    assert (change.day, change.old, change.new) == (day(58), 0, 3)
    assert level_sentence(made, head).startswith(
        f"Level 3 High. Held by a tripwire: {raised.because}. Index "
    )


def test_the_floor_goes_with_its_time():
    mentions, exposures = calm(70)
    made = measured([*mentions, closing(55, "a"), closing(55, "b")], exposures, last=69)
    head = headline(made, RULES)
    assert head.level[54:60].tolist() == [0, 3, 3, 3, 3, 0]
    assert head.active == ()
    assert level_sentence(made, head).startswith("Level 0 Normal. Index ")


def test_deadlines_not_known_yet_do_not_raise_the_level():
    made = measured(*calm(60), last=56)
    both = [deadline("a"), deadline("b")]
    assert headline(made, RULES, both).now == 1
    later = [replace(one, seen_at=noon(57)) for one in both]
    assert headline(made, RULES, later).now == 0


SURGE = Surge(
    id="arrivals",
    title="Arrivals",
    indicators=("migration",),
    proximity=0.5,
    severity=1,
    floor=2,
    ratio=3.0,
    stories=3,
)


@pytest.mark.parametrize(
    ("count", "levels"),
    [
        pytest.param(4, [0, 0, 2, 2], id="three stories and three times the usual"),
        pytest.param(2, [0, 0, 0, 0], id="too few"),
    ],
)
def test_several_stories_of_one_sort_in_a_week_are_a_surge(count, levels):
    mentions, exposures = calm(60)
    boats = [
        mention(56 + n // 2, f"boat{n}", "abc"[n % 3], indicator="migration", kind="context")
        for n in range(count)
    ]
    made = measured([*mentions, *boats], exposures, last=59)
    head = headline(made, Rules(surges=(SURGE,)))
    assert head.floor[-4:].tolist()[1:] == ([2, 2, 2] if count == 4 else [0, 0, 0])
    held = f"Held by a tripwire: {SURGE.title}: at least 3 stories in seven days."
    assert (held in level_sentence(made, head)) == (count == 4)


def test_a_surge_that_ended_is_over_and_may_come_again():
    mentions, exposures = calm(60)
    boats = [
        mention(n, f"boat{n}{k}", "abc"[k], indicator="migration", kind="context")
        for n in (40, 58)
        for k in range(3)
    ]
    head = headline(measured([*mentions, *boats], exposures, last=59), Rules(surges=(SURGE,)))
    assert [one.rule for one in head.alerts] == ["arrivals", "arrivals"]
    assert head.floor[[39, 40, 46, 47, 57, 58]].tolist() == [0, 2, 2, 0, 0, 2]


def test_the_shipped_rules_can_be_used_and_ask_for_known_indicators():
    rules = Rules.load(SEEDS)
    assert len(rules.rules) >= 15
    assert {one.floor for one in rules.rules} == {2, 3, 4}
    assert rules.countdown.hours == 48
    assert headline(measured(*calm(20), last=19), rules).now == 0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[rules", "cannot be read"),
        ('[[rules]]\nid = "x"\ncolour = 1', "x: .*colour"),
        (
            '[[surges]]\nid="x"\ntitle=""\nindicators=[]\nproximity=1\nseverity=1\nfloor=2',
            "x: needs indicators",
        ),
        ("[countdown]\nfloor = 9", "CountdownRule: needs indicators and a floor"),
    ],
)
def test_a_rule_that_cannot_be_used_is_named(tmp_path, text, problem):
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=problem):
        Rules.load(file)


def test_a_missing_file_of_rules_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"tripwires\.toml"):
        Rules.load(tmp_path)


def test_the_sentence_says_what_the_index_rests_on():
    mentions, exposures = calm(60)
    loud = [mention(n, f"l{n}{k}", "b") for n in range(55, 60) for k in range(6)]
    made = measured([*mentions, *loud], exposures, 59)
    text = sentence(facts(made, day(59)), {"airspace": "Airspace closure"})
    last = made.readings("risk")[-1]
    assert text == (
        f"Index {index(made, 59):.0f}, likely between {last.low80:.0f} and {last.high80:.0f} "
        "(100 is normal). "
        "In seven days 51 flagged reports, where 21.0 are usual from the 3 of 3 publishers that "
        "count. "
        "Most: Airspace closure (51), told by 3 publishers. "
        f"Without b alone it would be {last.without_driver:.0f}."
    )


def test_the_index_is_the_sum_of_its_stories_and_of_what_is_usual():
    mentions, exposures = calm(60)
    loud = [mention(n, f"l{n}{k}", "b") for n in range(55, 60) for k in range(6)]
    made = measured([*mentions, *loud, mention(59, "told by two", "a"),
                     mention(59, "told by two", "b")], exposures, 59)  # fmt: skip
    why = explained(made, headline(made, RULES))
    assert why.day == day(59)
    assert len(why.stories) == CARRYING
    assert why.stories[0].story_id == "told by two"
    total = sum(one.points for one in why.stories) + why.others + why.usual
    assert total == pytest.approx(index(made, 59))
    assert why.others > 0 < why.usual
    assert why.sentence == sentence(facts(made, day(59)))


def test_what_was_left_out_is_told_for_a_week():
    mentions, exposures = calm(60)
    flood = [replace(one, stories=5000) if (one.day, one.group) == (day(56), "b") else one
             for one in exposures]  # fmt: skip
    (note,) = explained(*_with_headline(mentions, flood, 59)).notes
    assert note[0] == day(56)
    assert note[1].startswith("b showed 5000 stories in one day")
    more, later = calm(70)
    flood = [replace(one, stories=5000) if (one.day, one.group) == (day(56), "b") else one
             for one in later]  # fmt: skip
    assert explained(*_with_headline(more, flood, 69)).notes == ()


def _with_headline(mentions, exposures, last):
    made = measured(mentions, exposures, last)
    return made, headline(made, RULES)


def test_the_sentence_says_that_the_baseline_is_forming():
    made = measured(*calm(5), last=4)
    assert sentence(facts(made, day(4))) == (
        "Index: not known yet, what is normal is still being learnt. In seven days 0 flagged "
        "reports, where 0.0 are usual from the 0 of 3 publishers that count."
    )
    later = measured(*calm(23), last=22)
    assert sentence(facts(later, day(22))).endswith("What is normal is still being learnt.")


def test_the_sentence_says_that_too_little_was_observed():
    mentions, exposures = calm(60)
    seen = [one if one.day < day(58) else replace(one, observed=False) for one in exposures]
    text = sentence(facts(measured(mentions, seen, 59), day(59)))
    assert text.endswith("Only 0% of the sources were observed: the level is held.")


def test_facts_of_an_indicator_count_that_indicator_and_one_group_is_one_group():
    mentions, exposures = calm(60)
    extra = [mention(59, "u1", "b", indicator="ultimatum", kind="threat")]
    made = measured([*mentions, *extra], exposures, 59)
    known = facts(made, day(59), "ultimatum")
    assert (known.seen, known.groups, known.top) == (1, 1, (("ultimatum", 1),))
    told = sentence(known)
    assert told.startswith("Index of ultimatum ")
    assert "1 flagged report," in told
    assert "told by 1 publisher." in told
    assert set(WATCHED) <= set(made.names)


def test_facts_of_a_day_outside_are_refused():
    with pytest.raises(KeyError, match="is not between"):
        facts(measured(*calm(5), last=4), day(9))
