"""The Situation page from an empty store to a board with markers."""

from datetime import timedelta

import pytest

from monitor.indicators.explain import Explained, Share
from monitor.indicators.measure import State
from monitor.indicators.settings import Settings, Weighting
from monitor.storage.measures import LevelChange
from monitor.storage.rows import PlacedItem
from monitor.views import brief, clocks, drill, frames, indicators, places, situation
from monitor.views.chronology import Fact
from tests.factories import NOW
from tests.shelf import due, judgement, place, polled, put, reading, watch

WATCHED = {"airspace": Weighting(weight=8.0), "sanctions": Weighting(weight=4.0)}
TODAY = (NOW - timedelta(hours=4)).date()


def load(store, lens, facts=(), days=30):
    return situation.load(
        store.reading, lens, store.measures,
        watched=WATCHED, settings=Settings(), facts=facts, days=days,
    )  # fmt: skip


def measured(store, *series, days=10, **changes):
    rows = [
        reading(TODAY - timedelta(days=number), name, **changes)
        for name in series or ("risk", "airspace", "sanctions")
        for number in range(days)
    ]
    store.measures.save_readings(rows, now=NOW)


def test_an_empty_store_is_shown_complete_and_says_that_it_is_empty(store, lens):
    view = load(store, lens)
    assert view.is_empty
    assert view.standing.name == "No value yet"
    assert [tile.value for tile in view.tiles] == ["–", "0", "–", "0"]
    assert (len(view.chart), len(view.markers), view.stories, view.moves) == (0, 0, (), ())
    assert [cell.state for cell in view.cells] == ["unknown", "unknown"]


def test_every_figure_leads_to_the_page_behind_it(store, lens):
    assert [tile.page for tile in load(store, lens).tiles] == [
        "indicators",
        "stories",
        "feeds",
        "deadlines",
    ]


def test_a_full_store_fills_every_part(store, lens):
    measured(store)
    polled(store.database, 1)
    title = "Airspace closed"
    judged = judgement(
        title, severity=4, places=(place("Willemstad"),), deadlines=(due("2025-12-04"),)
    )
    put(store.database, 1, title=title, judged=judged)
    put(store.database, 2, title=title, judged=judgement(title, places=(place("Willemstad"),)))
    put(store.database, 3, judged=judgement("Title 3", indicators=()))
    fact = Fact(date=TODAY, text="A fact", source="S", url="", direction="escalatory", direct=True)
    view = load(store, lens, facts=(fact,))
    assert not view.is_empty
    assert view.standing.level == 0
    assert len(view.chart) == 10
    assert [pin.text for pin in view.pins] == ["A fact"]
    assert [card.id for card in view.stories] == ["s1", "s2"]
    assert view.markers[["name", "severity", "stories"]].values.tolist() == [["Willemstad", 4, 2]]
    assert view.at_place == {"willemstad": ("s1", "s2")}
    assert view.due[0].countdown == "tomorrow"
    assert [tile.value for tile in view.tiles] == ["+0", "2", "90%", "1"]
    assert view.tiles[2].note == "1 of 2 feeds working"
    assert view.tiles[3].note == "1 within three days"


def test_an_item_without_a_story_is_a_marker_without_stories(store, lens):
    found = places.spots([PlacedItem(story_id=None, severity=2, places=(place("Hato"),))])
    assert [(spot.id, spot.stories) for spot in found] == [("hato", ())]
    assert frames.markers(found)["words"].tolist() == ["0 flagged stories, worst 2 notable"]


def test_behind_a_marker_are_its_stories_the_most_severe_first(store, lens):
    put(store.database, 1)
    put(store.database, 2, judged=judgement("Title 2", severity=4))
    cards = situation.at(store.reading, lens, story_ids=("s1", "s2", "gone"))
    assert [card.id for card in cards] == ["s2", "s1"]


def test_behind_a_day_are_its_items(store, lens):
    put(store.database, 1)
    put(store.database, 2, judged=judgement("Title 2", direction="deescalatory", kind="talk"))
    day = TODAY.isoformat()

    def titles(name):
        found = drill.of_series(store.reading, lens, name=name, day=day)
        return ["".join(piece.text for piece in card.title) for card in found]

    assert titles("risk") == ["Title 1"]
    assert titles("deesc") == ["Title 2"]
    assert titles("airspace") == ["Title 1", "Title 2"]
    assert drill.load(store.reading, lens, day="2020-01-01") == ()


def test_two_clocks_say_when_it_was_computed_and_how_fresh_it_is(store, lens):
    assert clocks.load(store.reading, lens).sentence == "Computed 08:00, no evidence yet"
    put(store.database, 1)
    fresh = clocks.load(store.reading, lens)
    assert fresh.sentence == "Computed 08:00, newest evidence 07:59"
    assert fresh.stale == ""


def test_old_evidence_is_called_old(store, lens):
    put(store.database, 1, seen_at=NOW - timedelta(hours=30))
    assert clocks.load(store.reading, lens).stale.startswith("Nothing new has been seen for 30 h")


def test_values_that_are_not_known_are_gaps_in_the_frame(store):
    frame = frames.series([reading(TODAY, index=None, low80=None, high80=None)])
    assert frame["index"].isna().all()
    assert frame.columns.tolist() == frames.SERIES


class Described(Weighting):
    """A watched indicator with its words."""

    definition = "What it watches."
    kind = "act"


DESCRIBED = {"airspace": Described(weight=8.0), "sanctions": Described(weight=4.0)}


def test_indicators_are_shown_as_panels_squares_and_a_table(store, lens):
    measured(store, "risk", "airspace", "risk_count", days=200)
    store.measures.save_readings(
        [reading(TODAY, "airspace", index=300.0, level=3, state=State.PROVISIONAL)], now=NOW
    )
    view = indicators.load(lens, store.measures, watched=DESCRIBED, days=365)
    assert view.sentence == "1 of 2 indicators is above what is usual. 1 has no baseline yet."
    assert [panel.id for panel in view.panels] == ["airspace", "sanctions"]
    assert [panel.id for panel in view.composites] == ["risk", "act", "threat", "deesc"]
    assert len(view.panels[0].values) <= 200
    assert view.panels[0].values[-1] == 300.0
    squares = view.panels[0].squares
    assert (squares[-1].step, squares[-2].step) == (3, 0)
    assert {square.step for square in view.panels[1].squares} == {None}
    assert sorted(view.table["series"].unique()) == ["airspace", "risk"]
    assert len(view.days) == indicators.HEAT_DAYS


def test_the_numbers_of_the_heat_map_are_its_rows_and_days_whatever_the_range(store, lens):
    measured(store, "risk", "airspace", days=200)
    for days in (30, 365):
        view = indicators.load(lens, store.measures, watched=DESCRIBED, days=days)
        assert set(view.squares["series"]) == {"airspace"}
        assert len(view.squares) == indicators.HEAT_DAYS
    assert f"{view.squares['day'].min()}" == view.panels[0].squares[0].day


def test_without_readings_no_indicator_is_called_quiet_and_the_table_is_empty(store, lens):
    view = indicators.load(lens, store.measures, watched=DESCRIBED)
    assert view.sentence == ("No indicator has a baseline yet: what is usual must first be learnt.")
    assert view.table.empty


def one(store, lens, **changes):
    values = {"name": "airspace", "days": 10, "compare": "none"} | changes
    return indicators.load_one(
        store.reading, lens, store.measures, watched=DESCRIBED, settings=Settings(), **values
    )


def test_one_indicator_shows_its_series_definition_and_stories(store, lens):
    measured(store, "airspace", days=30)
    put(store.database, 1)
    put(store.database, 2, judged=judgement("Title 2", indicators=("sanctions",)))
    view = one(store, lens)
    assert (view.name, view.about, len(view.chart)) == ("Airspace closure", "What it watches.", 10)
    assert view.facts == ("Kind: act", "Weight: 8 of 10", "Half-life: 5 days")
    assert [card.id for card in view.stories] == ["s1"]
    assert (view.compared, view.comparison) == (None, "")


def test_an_earlier_period_ends_where_the_present_one_ends(store, lens):
    measured(store, "airspace", days=20)
    view = one(store, lens, days=5, compare="before")
    assert view.compared["day"].max() == view.chart["day"].max()


def test_a_composite_is_explained_and_an_unknown_series_is_none(store, lens):
    measured(store, "risk")
    assert one(store, lens, name="risk").about.startswith("Acts and threats together")
    assert one(store, lens, name="nonsense") is None


def test_a_comparison_lays_the_earlier_period_over_the_present_one(store, lens):
    measured(store, "airspace", days=10, index=150.0)
    earlier = [
        reading(TODAY - timedelta(days=10 + number), "airspace", index=100.0)
        for number in range(10)
    ]
    store.measures.save_readings(earlier, now=NOW)
    view = one(store, lens, compare="before")
    assert view.comparison == "Mean index 150, the period before 100: 1.5 times."
    assert view.compared["day"].tolist() == view.chart["day"].tolist()
    assert view.numbers["compared"].tolist() == view.compared["index"].tolist()
    assert "compared" not in one(store, lens).numbers
    assert one(store, lens, compare="year").comparison == (
        "Nothing is known of the same days a year ago."
    )


def told(*, day=TODAY, **changes):
    values = {
        "sentence": "Held by two.",
        "stories": (Share(story_id="s1", points=40.0), Share(story_id="gone", points=3.0)),
        "others": 10.0,
        "usual": 67.0,
        "notes": (),
    }
    return Explained(day=day, **(values | changes))  # fmt: skip


def test_the_index_of_today_is_taken_apart_into_stories_that_open(store, lens):
    put(store.database, 1)
    note = (TODAY - timedelta(days=1), "b showed 5000 stories in one day")
    store.measures.save_readings([reading(TODAY, "risk", index=120.0)], now=NOW,
                                 explained=told(notes=(note,)))  # fmt: skip
    view = load(store, lens)
    assert [(one.points, one.story) for one in view.parts] == [
        ("+40.0", "s1"), ("+13.0", ""), ("+67.0", "")
    ]  # fmt: skip
    assert view.left_out == ("2 Dec: b showed 5000 stories in one day",)
    assert view.standing.sentence.startswith("Held by two.")


@pytest.mark.parametrize(
    ("day", "index"),
    [
        pytest.param(TODAY - timedelta(days=1), 120.0, id="of another day"),
        pytest.param(TODAY, None, id="no index yet"),
    ],
)
def test_what_explains_another_day_or_no_index_is_not_shown(store, lens, day, index):
    store.measures.save_readings([reading(TODAY, "risk", index=index)], now=NOW,
                                 explained=told(day=day))  # fmt: skip
    view = load(store, lens)
    assert view.parts == ()
    assert "Held by two." not in view.standing.sentence


def the_brief(store, lens, choice="day"):
    return brief.load(
        store.reading, lens, store.measures, watched=WATCHED, settings=Settings(), choice=choice
    )


def test_a_brief_of_a_quiet_day_says_that_nothing_happened(store, lens):
    view = the_brief(store, lens)
    assert view.changed == ("The level has not changed.", "No flagged story was seen.")
    assert view.text.startswith("Brief of Wed 3 Dec 2025, 08:00\nLevel: No value yet")


def test_a_brief_tells_what_changed_since_the_chosen_time(store, lens):
    measured(store, "risk", days=3, index=100.0)
    store.measures.save_readings([reading(TODAY, "risk", index=180.0, level=2)], now=NOW)
    store.measures.save_readings(
        [
            reading(TODAY - timedelta(days=1), "airspace"),
            reading(TODAY, "airspace", level=2),
            reading(TODAY - timedelta(days=1), "sanctions", level=3),
            reading(TODAY, "sanctions"),
        ],
        now=NOW,
    )
    store.measures.add_level_change(
        LevelChange(at=NOW - timedelta(hours=1), day=TODAY, old=0, new=2, because="a surge")
    )
    for number in range(1, 12):
        judged = judgement("Title 1", deadlines=(due("2025-12-05"),)) if number == 1 else None
        put(store.database, number, judged=judged or judgement(f"Title {number}"))
    polled(store.database, 1, error_class="dns", last_success_at=None)
    view = the_brief(store, lens)
    assert view.changed == (
        "Wed 3 Dec 2025, 07:00: level Normal to Elevated. a surge",
        "Index from 100 to 180 (100 is normal).",
        "Louder: Airspace closure (warning).",
        "Quieter: Sanctions (quiet).",
        "11 flagged stories were seen, the worst of severity 2 notable.",
    )
    assert view.more == "3 more flagged stories"
    assert "- Fri 5 Dec 2025 (in 2 days): Title 1. “on”" in view.text
    assert "\nhttps://news.example/1" in view.text
    assert "- Feed 1 (never reached" in view.text
    assert view.text.count("\n- [2 notable]") == brief.STORIES


def test_a_brief_without_a_network_names_ten_silent_sources_and_counts_the_others(store, lens):
    watch(store.database, *range(3, 14))
    for number in range(1, 14):
        polled(store.database, number, error_class="dns", last_success_at=None)
    view = the_brief(store, lens)
    assert (len(view.silent), view.more_silent) == (10, "3 more silent sources")
    assert view.text.endswith("\n- and 3 more silent sources")


@pytest.mark.parametrize(
    ("choice", "hours"),
    [
        pytest.param("day", 24, id="a day"),
        pytest.param("three", 72, id="three days"),
        pytest.param("week", 168, id="a week"),
        pytest.param("yesterday", 25, id="yesterday at seven"),
        pytest.param("nonsense", 24, id="anything else is a day"),
    ],
)
def test_a_brief_begins_where_it_was_asked_to(lens, choice, hours):
    assert brief.begins(choice, lens) == NOW - timedelta(hours=hours)


def test_an_index_that_hardly_moved_is_called_unchanged(store, lens):
    measured(store, "risk", days=3)
    assert "Index unchanged (100 is normal)." in the_brief(store, lens).changed


def test_an_indicator_that_lost_its_value_is_not_called_quieter(store, lens):
    gone = {"index": None, "low80": None, "high80": None}
    store.measures.save_readings(
        [
            reading(TODAY - timedelta(days=1), "airspace", level=2),
            reading(TODAY, "airspace", **gone),
            reading(TODAY - timedelta(days=1), "sanctions", **gone),
            reading(TODAY, "sanctions", **gone),
        ],
        now=NOW,
    )
    told = the_brief(store, lens).changed
    assert "Without a value now, which is not calm: Airspace closure." in told
    assert not any(sentence.startswith("Quieter") for sentence in told)
