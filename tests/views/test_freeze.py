"""Frozen views: complete, valid, and the same after everything behind them is gone."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from selectolax.lexbor import LexborHTMLParser

from monitor.assess.assessor import Assessor
from monitor.config import SEEDS, Config
from monitor.indicators.explain import Explained, Share
from monitor.indicators.measure import State
from monitor.snapshots.canonical import seal, verify
from monitor.snapshots.coastline import Coastline
from monitor.snapshots.render_html import page
from monitor.storage import tables as t
from monitor.views import freeze, snapshots
from monitor.views.cards import story_cards
from monitor.views.freeze import chosen
from monitor.views.lens import Lens
from tests.factories import NOW
from tests.shelf import due, judgement, place, polled, put, reading
from tests.snapshots.documents import make_document

OLD = Path(__file__).parents[1] / "snapshots" / "data" / "edition1.json"
TODAY = (NOW - timedelta(hours=4)).date()


@pytest.fixture(scope="module")
def judge():
    return Assessor.load(SEEDS)


def frozen(store, judge, kind="situation", **changes):
    values = {
        "kind": kind, "note": "a note", "author": "ana", "choice": {"days": 30},
        "expire_after": timedelta(days=30), "now": NOW, "assessor": judge,
    }  # fmt: skip
    return freeze.document(store, Config(), **values | changes)


@pytest.fixture
def full(store):
    rows = [
        reading(TODAY - timedelta(days=n), name)
        for name in ("risk", "act", "threat", "deesc", "airspace")
        for n in (0, 1, 2, 5)
    ]
    store.measures.save_readings(rows, now=NOW)
    title = "Airspace closed"
    judged = judgement(title, severity=4, places=(place("Willemstad"),),
                       deadlines=(due("2025-12-05"),))  # fmt: skip
    put(store.database, 1, title=title, judged=judged, summary="word " * 200)
    put(store.database, 2, title=title, feed=2, story="s1", judged=None)
    polled(store.database, 1)
    polled(store.database, 2, error_class="dns", error_message="no such name",
           last_success_at=None, error_since=None)  # fmt: skip
    return store


@pytest.mark.parametrize("kind", ["situation", "indicators", "stories", "brief"])
def test_each_kind_is_a_valid_document_of_an_empty_and_of_a_full_store(store, judge, kind):
    empty = seal(frozen(store, judge, kind)).document
    assert (empty["kind"], empty["stories"], empty["level"]["index"]) == (kind, [], None)
    assert empty["level"]["name"] == "No value yet"


def test_saved_changes_that_a_new_release_does_not_know_stop_no_snapshot(store):
    store.lexicons.save(
        "v1", {"rules": {"gone.rule": {"enabled": False}}}, note="", by="ana", now=NOW
    )
    assert seal(frozen(store, None)).document["lexicon_version"] == Assessor.load(SEEDS).version


def test_a_full_store_is_frozen_with_all_its_parts(full, judge):
    document = seal(frozen(full, judge)).document
    assert [one["series"] for one in document["series"]] == [
        "risk",
        "act",
        "threat",
        "deescalation",
    ]
    assert [len(one["days"]) for one in document["series"]] == [6, 6, 6, 6]
    risk = document["series"][0]
    assert (risk["index"][1], risk["state"][1], risk["level"][1]) == (None, "blind", None)
    story = document["stories"][0]
    assert (story["severity"], story["publishers"], len(story["excerpt"]) <= 300) == (
        4,
        ["Feed 1", "Feed 2"],
        True,
    )
    assert document["markers"][0]["stories"] == ["s1"]
    assert document["deadlines"][0]["due"] == "2025-12-05"
    assert [one["title"] for one in document["silent_feeds"]] == ["Feed 2"]
    assert document["feeds"] == {
        "watched": 2, "healthy": 1, "failing": 1, "silent": 0, "paused": 0,
    }  # fmt: skip
    assert document["contributions"][0]["indicator"] == "airspace"
    assert document["settings"]["thresholds"] == [130.0, 175.0, 250.0, 400.0]
    assert document["choice"] == {"days": 30}
    assert document["view"]["shown"] == (
        "index of the last 30 days; stories and map of the last 14 days"
    )


def test_the_indicators_kind_holds_every_series(full, judge):
    names = [one["series"] for one in frozen(full, judge, "indicators")["series"]]
    assert "airspace" in names


def test_while_the_baseline_forms_the_document_says_so(store, judge):
    nothing = {"index": None, "low80": None, "high80": None, "state": State.FORMING}
    store.measures.save_readings([reading(TODAY, **nothing)], now=NOW)
    level = seal(frozen(store, judge)).document["level"]
    assert (level["name"], level["state"], level["index"]) == ("Baseline forming", "forming", None)


def test_a_kept_snapshot_shows_the_same_after_every_item_is_gone(full, judge, lens):
    made = full.snapshots.create(frozen(full, judge))
    before = snapshots.opened(full.snapshots.content(made.id), lens)
    with full.database.write() as connection:
        for table in (t.deadlines, t.flags, t.story_joins, t.assessments, t.items, t.stories,
                      t.readings, t.feed_states):  # fmt: skip
            connection.execute(sa.delete(table))
    after = snapshots.opened(full.snapshots.content(made.id), lens)
    assert after.stories == before.stories
    assert after.chart.equals(before.chart)
    assert after.stories[0].severity == 4
    assert after.standing.index == 120.0
    assert after.cells[0].spark == ()
    assert after.due[0].startswith("Fri 5 Dec 2025: Airspace closed")
    assert after.silent[0].startswith("Feed 2: The name of the server")
    assert after.about.startswith("Frozen Wed 3 Dec 2025, 08:00 by ana")


def test_the_list_says_what_still_opens_and_never_shows_the_link(full, judge, lens):
    made = full.snapshots.create(frozen(full, judge))
    gone = full.snapshots.create(frozen(full, judge, note="gone"))
    full.snapshots.create(frozen(full, judge, expire_after=timedelta(seconds=-1), note="old"))
    full.snapshots.revoke(gone.id, gone.owner_key, by="ana", now=NOW)
    lines = {one.note: one for one in snapshots.lines(full.snapshots.list(), lens)}
    assert lines["a note"].status == "opens until 2 Jan 2026"
    assert (lines["gone"].status, lines["gone"].is_open) == ("revoked 08:00", False)
    assert lines["old"].status.startswith("expired")
    assert made.token not in repr(lines)


def test_two_snapshots_are_compared_in_words_and_charts(full, judge, lens):
    before = seal(frozen(full, judge)).document
    put(full.database, 9, title="Second story")
    later = NOW + timedelta(hours=2)
    after = seal(frozen(full, judge, now=later)).document
    found = snapshots.compare(after, before, lens)
    assert [card.id for card in found.new] == ["s9"]
    assert found.gone == ()
    assert found.sentences
    assert len(found.before) == 6


def test_a_document_without_series_has_an_empty_chart(store, judge, lens):
    sealed = seal(frozen(store, judge))
    assert snapshots.opened(sealed, lens).chart.empty


def test_a_snapshot_says_whether_something_newer_was_seen(full, judge, lens):
    document = frozen(full, judge)
    assert "Nothing newer" in snapshots.newer(document, None, lens)
    assert "Nothing newer" in snapshots.newer(document, NOW - timedelta(hours=1), lens)
    assert "Newer data exists" in snapshots.newer(document, NOW + timedelta(hours=1), lens)


def test_without_a_judge_the_shipped_one_is_used(store):
    document = frozen(store, None)
    assert document["lexicon_version"] == Assessor.load(SEEDS).version


def test_the_story_speaks_with_the_same_report_as_on_the_page(store, judge, lens):
    one = judgement("Airspace notice", severity=3)
    two = judgement("Airspace closed by decree", severity=3, indicators=("airspace", "sanctions"))
    put(store.database, 1, title="Airspace notice", judged=one, story="s1")
    put(store.database, 2, title="Airspace closed by decree", judged=two, story="s1")
    rows = store.reading.stories_by_id(["s1"])
    card = story_cards(rows, store.reading.items_of(["s1"]), lens)[0]
    story = frozen(store, judge)["stories"][0]
    assert story["title"] == "".join(piece.text for piece in card.title)
    assert story["title"] == "Airspace closed by decree"
    assert [one["severity"] for one in story["reasons"]] == [3, 3]


def test_a_deadline_that_three_publishers_report_is_frozen_once(store, judge):
    judged = judgement("Airspace closed", deadlines=(due("2025-12-05"),))
    for n in range(1, 4):
        put(store.database, n, title="Airspace closed", story="s1", judged=judged)
    for n in range(10, 45):
        put(store.database, n, title=f"Airspace {n}", judged=judgement(f"Airspace {n}",
            deadlines=(due("2025-12-06"),)))  # fmt: skip
    found = frozen(store, judge)["deadlines"]
    assert [one["reports"] for one in found if one["story"] == "s1"] == [3]
    assert len(found) == 30
    assert len({one["story"] for one in found}) == 30


def test_what_is_not_known_is_frozen_as_unknown_and_no_level_is_claimed(store, judge, lens):
    nothing = {"index": None, "low80": None, "high80": None, "state": State.FORMING}
    store.measures.save_readings([reading(TODAY, "risk", **nothing)], now=NOW)
    sealed = seal(frozen(store, judge))
    assert {row["state"] for row in sealed.document["board"]} == {"unknown"}
    assert sealed.document["level"]["number"] is None
    opened = snapshots.opened(sealed, lens)
    assert (opened.standing.level, opened.standing.sub) == (None, "no level yet")
    assert opened.board == (
        f"No baseline yet, so neither quiet nor loud: {len(judge.indicators)} indicators",
    )


def test_a_snapshot_of_the_first_edition_is_compared_with_what_it_held(full, judge):
    verdict = verify(OLD.read_bytes())
    assert verdict.valid
    before = verdict.document
    assert before is not None
    after = freeze.present(full, Config(), before, author="", now=NOW + timedelta(hours=1))
    assert (after["kind"], after["choice"]) == ("situation", {"days": 90})
    found = snapshots.compare(before, after, Lens(now=NOW, zone=Config().zone))
    assert "The stories are the same." in found.sentences
    assert not any("deadline" in words or "selection" in words for words in found.sentences)
    assert not any("quiet" in words or "unknown" in words for words in found.sentences)


def test_an_old_snapshot_without_a_range_is_compared_over_ninety_days():
    assert chosen.of_document(make_document()) == ("situation", {"days": 90})


@pytest.mark.parametrize(
    ("kind", "choice", "words"),
    [
        ("indicators", {"days": 365}, "all indicators, the last 365 days"),
        (
            "indicators",
            {"indicator": "deesc", "compare": "year"},
            "De-escalation with the same days a year ago, the last 90 days",
        ),
        ("indicators", {"indicator": "airspace"}, "Airspace closure, the last 90 days"),
        ("brief", {}, "what changed since Tue 2 Dec 2025, 08:00 (24 hours)"),
        ("stories", {}, "flagged stories of the last 30 days; timeline by event date"),
        (
            "stories",
            {"flagged": False, "indicators": ["airspace", "sanctions"], "direction": "escalatory"},
            (
                "all stories of the last 30 days, about Airspace closure or Sanctions, "
                "escalating; timeline by event date"
            ),
        ),
        (
            "stories",
            {"indicators": ["airspace", "sanctions", "oil"], "by": "seen"},
            (
                "flagged stories of the last 30 days, about Airspace closure, Sanctions, Oil; "
                "timeline by first seen"
            ),
        ),
    ],
)
def test_what_was_chosen_is_said_in_words(lens, kind, choice, words):
    assert chosen.told(kind, choice, lens) == words


def test_an_indicator_that_is_gone_is_frozen_as_the_page_of_all(full, judge):
    document = seal(frozen(full, judge, "indicators", choice={"indicator": "gone"})).document
    assert "focus" not in document
    assert document["lead"] == (
        "No single indicator stands out from what is usual. 27 have no baseline yet."
    )


def test_more_stories_than_fit_are_said_to_be_the_most_severe(store, judge):
    for n in range(1, 44):
        put(store.database, n, judged=judgement(f"Title {n}", severity=1 + n % 4))
    document = frozen(store, judge)
    assert document["listed"] == ("The 40 most severe of 43 flagged stories of the last 14 days")
    brief = frozen(store, judge, "brief", choice={"since": "three"})
    assert brief["listed"].startswith("The 8 most severe of 43 flagged stories seen since")


@pytest.mark.parametrize(
    ("usual", "name"),
    [
        (timedelta(hours=12), "12 hours"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(seconds=5), "1 minute"),
        (timedelta(days=45), "45 days"),
        (timedelta(days=365), "1 year"),
    ],
)
def test_how_long_a_link_opens_is_offered_as_it_is_set(usual, name):
    offered = snapshots.expiries(usual)
    assert offered[usual] == name
    assert offered[timedelta(days=7)] == "7 days"
    assert list(offered) == sorted(offered)


def test_of_a_selection_it_is_said_that_newer_data_may_lie_outside(full, judge, lens):
    later = NOW + timedelta(hours=1)
    asked = frozen(full, judge, "stories", choice={"language": "es"})
    assert "belongs to this selection" in snapshots.newer(asked, later, lens)
    assert "selection" not in snapshots.newer(frozen(full, judge), later, lens)


def test_what_the_index_is_made_of_and_what_was_left_out_is_frozen(full, judge, lens):
    why = Explained(
        day=TODAY, sentence="Held by one.", stories=(Share(story_id="s1", points=53.0),),
        others=0.0, usual=67.0, notes=((TODAY, "b showed 5000 stories in one day"),),
    )  # fmt: skip
    full.measures.save_readings([reading(TODAY, "risk", index=120.0)], now=NOW, explained=why)
    sealed = seal(frozen(full, judge))
    assert sealed.document["level"]["sentence"].startswith("Held by one.")
    assert sealed.document["headlines"] == ["3 Dec: b showed 5000 stories in one day"]
    told = (
        "+53.0 Airspace closed",
        "+0.0 all other flagged stories",
        "+67.0 the pull to what is normal",
    )
    assert snapshots.opened(sealed, lens).made_of == told
    html = LexborHTMLParser(page(sealed, Coastline.load(SEEDS / "coastline.geojson")))
    assert "What the index of 120 is made of" in html.text()
    rows = [row.text(separator=" ") for row in html.css("tr:has(td.when)")]
    assert tuple(rows[: len(told)]) == told
