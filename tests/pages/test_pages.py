"""Every page: empty, with items, read only, and when nothing works."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from monitor.config import Config, duration
from monitor.snapshots.canonical import export
from monitor.storage import tables as t
from monitor.storage.progress import CycleState
from monitor.storage.triage import Label, Verdict
from monitor.views import freeze
from tests.factories import make_feed
from tests.pages.conftest import NOW, ROOT, ago, drawn, words
from tests.shelf import due, judgement, place, polled, put, reading, watch

PAGES = {
    "situation": "Situation",
    "indicators": "Indicators",
    "stories": "Stories",
    "triage": "Triage",
    "deadlines": "Deadlines",
    "brief": "Brief",
    "feeds": "Feeds",
    "snapshots": "Snapshots",
    "method": "Method",
}
HOSTILE = "![x](http://tracker.example/p.png) [y](javascript:1) :red[z] <img src=x> $a$"


@pytest.fixture
def full(store):
    """A store with one grave story, readings and a silent feed."""
    watch(store.database, 1, 2)
    title = "Airspace closed"
    tomorrow = (NOW + timedelta(days=1)).date().isoformat()
    judged = judgement(title, severity=4, places=(place("Willemstad"),), deadlines=(due(tomorrow),))
    put(store.database, 1, title=title, judged=judged, seen_at=ago(minutes=10))
    put(store.database, 2, story="s1", feed=2, title=title, seen_at=ago(minutes=5))
    polled(store.database, 1, last_polled_at=ago(minutes=5), last_success_at=ago(minutes=5),
           last_new_at=ago(hours=1))  # fmt: skip
    polled(store.database, 2, error_class="dns", error_message="no such name",
           last_success_at=None, error_since=ago(days=3))  # fmt: skip
    today = (NOW - timedelta(hours=4)).date()
    rows = [
        reading(today - timedelta(days=n), name) for name in ("risk", "airspace") for n in range(20)
    ]
    store.measures.save_readings(rows, now=NOW)
    return store


@pytest.mark.parametrize("name", PAGES)
def test_each_page_stands_in_an_empty_store(store, show, name):
    page = show(name)
    assert not page.exception
    assert page.title[0].value == PAGES[name]


@pytest.mark.parametrize("name", PAGES)
def test_each_page_stands_with_items_and_names_both_clocks(full, show, name):
    page = show(name)
    assert not page.exception
    clocks = drawn(page, "clocks")[0]["sentence"]
    assert "Computed" in clocks
    assert "newest evidence" in clocks


@pytest.mark.parametrize("name", PAGES)
def test_headings_go_down_one_step_at_a_time(full, show, name):
    page = show(name)
    assert len(page.title) == 1
    assert not page.subheader


def test_the_situation_answers_first_with_the_level_and_its_reason(full, show):
    band = drawn(show(), "band")[0]
    assert (band["name"], band["value"]) == ("Normal", "120")
    assert band["sentence"].startswith("Index 120, likely between 90 and 150")
    assert band["from"] < band["at"] < band["to"]


def test_a_silent_feed_is_named_once_with_since_when(full, show):
    page = show()
    assert len(page.warning) == 1
    assert "Feed 2" in page.warning[0].value
    assert "never reached since" in page.warning[0].value


def test_a_flagged_story_shows_its_evidence_and_its_reasons(full, show):
    card = drawn(show(), "cards")[0]["cards"][0]
    assert next(one["text"] for one in card["title"] if one["mark"]) == "Airspace"
    assert card["reasons"][0]["rules"] == ["rule.en.1"]
    assert card["reports"] == "2 reports from 2 independent publishers"


def test_a_day_in_the_address_shows_its_items(full, show):
    today = (ago(minutes=10) - timedelta(hours=4)).date().isoformat()
    page = show(day=today)
    assert any(one.value.startswith("Flagged on") for one in page.header)
    assert not show(day="nonsense").exception


def test_a_square_of_the_heat_map_in_the_address_shows_its_items(full, show):
    today = (ago(minutes=10) - timedelta(hours=4)).date().isoformat()
    page = show("indicators", how="Heat map", day=today, of="airspace")
    assert any(one.value.startswith("Flagged on") for one in page.header)
    page.button(key="day-close").click().run()
    assert not any(one.value.startswith("Flagged on") for one in page.header)


def test_a_place_in_the_address_shows_its_stories(full, show):
    page = show(place="willemstad")
    assert any("Stories that name Willemstad" in one.value for one in page.header)


def test_old_evidence_is_called_old_on_every_page(store, show):
    watch(store.database, 1)
    put(store.database, 1, seen_at=ago(days=3))
    assert any("Nothing new has been seen" in one.value for one in show("stories").warning)


def test_one_story_opens_by_its_address(full, show):
    page = show("stories", story="s1")
    assert page.title[0].value == "Airspace closed"
    assert [one["group"] for one in drawn(page, "voices")[0]["voices"]] == ["Feed 1", "Feed 2"]


def test_an_unknown_story_or_feed_is_said_to_be_unknown(store, show):
    assert show("stories", story="gone").title[0].value == "Story not found"
    assert show("feeds", feed="gone").title[0].value == "Feed not found"


def test_searching_and_filtering_narrow_the_list(full, show):
    page = show("stories")
    page.text_input(key="q").set_value("nothing at all").run()
    assert "No story matches" in words(page)
    page.text_input(key="q").set_value("airspace").run()
    assert len(drawn(page, "cards")[0]["cards"]) == 1


def test_an_indicator_opens_by_its_name_in_the_address(full, show):
    name = next(
        cell["name"] for cell in drawn(show(), "board")[0]["cells"] if cell["id"] == "airspace"
    )
    page = show("indicators", indicator=name)
    assert name in [one.value.replace("\\", "") for one in page.header]
    assert len(drawn(page, "cards")[0]["cards"]) == 1


def test_confirming_an_item_brings_the_next_one_and_can_be_undone(full, show):
    page = show("triage")
    first = drawn(page, "cards")[0]["cards"][0]["id"]
    page.button(key="confirm").click().run()
    assert drawn(page, "cards")[0]["cards"][0]["id"] != first
    assert full.triage.current()[first].verdict is Verdict.CONFIRMED
    page.button(key="undo").click().run()
    assert full.triage.current() == {}
    assert drawn(page, "cards")[0]["cards"][0]["id"] == first


def test_undo_takes_back_ones_own_decision_and_not_a_colleagues_newer_one(full, show):
    page = show("triage")
    first = drawn(page, "cards")[0]["cards"][0]["id"]
    page.button(key="confirm").click().run()
    second = drawn(page, "cards")[0]["cards"][0]["id"]
    full.triage.add(
        Label(item_id=second, verdict=Verdict.NOT_RELEVANT, by="colleague", at=datetime.now(UTC))
    )
    page.button(key="undo").click().run()
    assert {one: label.verdict for one, label in full.triage.current().items()} == {
        second: Verdict.NOT_RELEVANT
    }
    assert drawn(page, "cards")[0]["cards"][0]["id"] == first
    page.button(key="undo").click().run()
    assert full.triage.current() == {}


def test_an_item_can_be_put_off_and_comes_round_again(full, show):
    page = show("triage")
    first = drawn(page, "cards")[0]["cards"][0]["id"]
    page.button(key="later").click().run()
    assert drawn(page, "cards")[0]["cards"][0]["id"] != first
    page.button(key="later").click().run()
    assert drawn(page, "cards")[0]["cards"][0]["id"] == first


def test_the_triage_keys_are_on_the_buttons(full, show):
    page = show("triage")
    keys = {
        key: page.button(key=key).proto.shortcut for key in ("confirm", "not-relevant", "later")
    }
    assert {one.upper() for one in keys.values()} == {"Y", "N", "L"}


def test_a_removed_feed_can_be_brought_back(full, show):
    page = show("feeds", feed=make_feed(1).id)
    page.button(key="remove").click().run()
    assert [one.feed.id for one in full.feeds.watched()] == [make_feed(2).id]
    page.button(key="feed-undo").click().run()
    assert len(full.feeds.watched()) == 2


def test_a_feed_can_be_paused_and_resumed(full, show):
    page = show("feeds", feed=make_feed(1).id)
    page.button(key="pause").click().run()
    assert full.feeds.find(make_feed(1).id).feed.paused
    page.button(key="pause").click().run()
    assert not full.feeds.find(make_feed(1).id).feed.paused


def test_a_poll_under_way_shows_how_far_it_is_whichever_process_polls(full, show):
    now = datetime.now(UTC)
    full.progress.tell(CycleState(done=1200, total=4800, started_at=now, told_at=now))
    bar = show("feeds").get("progress")[0].proto
    assert (bar.text, bar.value) == ("Polling: 1,200 of 4,800 feeds", 25)
    full.progress.tell(CycleState(done=4800, total=4800, started_at=now, told_at=now))
    assert not show("feeds").get("progress")


def test_the_watch_list_can_be_searched(full, show):
    page = show("feeds")
    page.text_input(key="find").set_value("feed 2").run()
    assert [line["title"] for line in drawn(page, "feeds")[0]["lines"]] == ["Feed 2"]


def test_the_brief_has_a_text_to_copy(full, show):
    page = show("brief")
    assert page.code[0].value.startswith("Brief of ")
    assert "Airspace closed" in page.code[0].value


def test_a_text_can_be_tried_and_nothing_of_it_is_stored(full, show):
    page = show("method", part="Try a text")
    page.text_input(key="try-title").set_value("FAA closes the airspace over Curaçao")
    page.button[0].click().run()
    assert not page.exception
    assert "severity" in words(page)
    headings = [one.value for one in page.header]
    assert "What would change the verdict" in headings
    lines = [line for part in drawn(page, "lines") for line in part["lines"]]
    assert any(line.startswith("Without “closes”: severity 3 serious") for line, _id in lines)
    (rule,) = [line for line, rule in lines if rule == "airspace.closed"]
    assert rule.startswith("“airspace” and “closes”. It wants words for airspace and closing, ")
    assert full.reading.totals(now=NOW).items == 2


def test_what_a_rule_took_back_is_told_with_the_rule(full, show):
    page = show("method", part="Try a text")
    page.text_input(key="try-title").set_value("Venezuela denies it will close Curaçao airspace")
    page.button[0].click().run()
    lines = [line for part in drawn(page, "lines") for line in part["lines"]]
    assert any("is denied" in line and rule == "polarity.deny" for line, rule in lines)


def share(store):
    """A snapshot of the situation, as the dialog makes it."""
    return store.snapshots.create(frozen(store))


def frozen(store):
    return freeze.document(
        store, Config(), kind="situation", note="Morning", author="ana", choice={"days": 90},
        expire_after=timedelta(days=7), now=NOW,
    )  # fmt: skip


def test_what_was_shared_is_listed_without_its_link(full, show):
    made = share(full)
    page = show("snapshots")
    line = drawn(page, "shared")[0]["lines"][0]
    assert (line["id"], line["note"], line["is_open"]) == (made.id, "Morning", True)
    assert made.token not in str(drawn(page, "shared"))


def test_a_snapshot_opens_by_its_id_until_it_is_revoked(full, show):
    made = share(full)
    assert show("snapshot", id=made.id).title[0].value.startswith("Situation\\: Normal")
    page = show("snapshots")
    page.text_input(key="revoke-id").set_value(made.id)
    page.text_input(key="revoke-key").set_value("wrong")
    next(one for one in page.button if one.label == "Revoke").click().run()
    assert "not the owner key" in page.warning[0].value
    page.text_input(key="revoke-key").set_value(made.owner_key)
    next(one for one in page.button if one.label == "Revoke").click().run()
    assert "opens nothing any more" in page.success[0].value
    assert show("snapshot", id=made.id).title[0].value == "This snapshot shows nothing"
    assert show("snapshot").title[0].value == "This snapshot shows nothing"


def test_a_snapshot_whose_bytes_were_changed_is_refused(full, show):
    made = share(full)
    with full.database.write() as connection:
        column = t.snapshots.c.document
        body = connection.execute(sa.select(column)).scalar_one()
        changed = bytes(body).replace(b"Morning", b"Evening")
        connection.execute(sa.update(t.snapshots).values(document=changed))
    page = show("snapshot", id=made.id)
    assert page.title[0].value == "This snapshot is refused"
    assert "was changed" in page.error[0].value


def test_a_downloaded_snapshot_is_verified_and_one_changed_byte_is_refused(full, show):
    file = export(full.snapshots.content(share(full).id))
    page = show("snapshots", tab="Verify a file")
    assert "stored nowhere" in words(page)
    page.file_uploader[0].upload("kept.json", file, "application/json").run()
    assert not page.error
    assert "every byte is as it was" in page.success[0].value
    page.file_uploader[0].set_value(
        ("kept.json", file.replace(b"Morning", b"Evening", 1), "")
    ).run()
    assert not page.success
    assert "changed" in page.error[0].value


def test_a_snapshot_is_compared_with_now(full, show):
    share(full)
    page = show("snapshots", tab="Compare")
    assert not page.exception
    assert drawn(page, "lines")[0]["lines"]


@pytest.mark.parametrize("name", PAGES)
def test_hostile_feed_text_reaches_no_page_as_markup(store, show, name):
    watch(store.database, 1, title=HOSTILE)
    judged = judgement(HOSTILE, severity=4, deadlines=(due(ago(days=-1).date().isoformat()),))
    put(store.database, 1, title=HOSTILE, summary=HOSTILE, publisher=HOSTILE, judged=judged,
        url="javascript:alert(1)", seen_at=ago(minutes=3))  # fmt: skip
    polled(store.database, 1, error_class="dns", error_message=HOSTILE, last_success_at=None)
    page = show(name)
    assert not page.exception
    for told in (r"!\[x\]\(", r"\]\(javascript", r":red\[", "<img", r"\$a"):
        assert not re.search(rf"(?<!\\){told}", words(page))
    if name in ("situation", "stories", "triage", "brief"):  # pages that show items
        assert drawn(page, "cards")
    told = [one.proto.json for one in page.get("bidi_component")]
    assert "javascript:alert" not in "".join(told)


def test_a_hostile_story_title_is_a_heading_that_shows_it_as_text(store, show):
    watch(store.database, 1)
    put(store.database, 1, title=HOSTILE, judged=judgement(HOSTILE), seen_at=ago(minutes=3))
    title = show("stories", story="s1").title[0].value
    assert title.startswith("\\!\\[x\\]\\(http\\:\u2060\\/\\/tracker")  # and no automatic link


def test_a_broken_config_is_one_line_instead_of_a_traceback(store, show, tmp_path):
    (tmp_path / "config.toml").write_text("[polling]\nworkerz = 3\n", encoding="utf-8")
    page = show()
    assert not page.exception
    assert page.title[0].value == "The dashboard cannot be shown"
    assert "workerz" in page.error[0].value


def test_a_database_that_is_none_is_one_line_instead_of_a_traceback(store, show, tmp_path):
    (tmp_path / "bad.db").write_text("this is no database " * 100, encoding="utf-8")
    (tmp_path / "config.toml").write_text('[storage]\nurl = "sqlite:///bad.db"\n', encoding="utf-8")
    page = show("stories")
    assert not page.exception
    assert "restore a backup" in page.error[0].value


def test_pages_are_thin():
    for name in (*PAGES, "snapshot", "account", "navigation"):
        lines = (ROOT / "pages" / f"{name}.py").read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 60, name


DECLARED = '[[feeds]]\nurl = "https://feed1.example/rss"\ntitle = "Feed 1"\ninterval = "{}"\n'


@pytest.fixture
def declared(store, tmp_path):
    """Declares feed 1 with an interval in the configuration file of the pages."""
    file = tmp_path / "config.toml"
    bare = file.read_text(encoding="utf-8")

    def write(interval):
        file.write_text(bare + DECLARED.format(interval), encoding="utf-8")
        return make_feed(1).id

    return write


@pytest.mark.parametrize("interval", ["90s", "40s", "100s", "45m"])
def test_an_edit_form_that_is_saved_untouched_changes_nothing(store, show, declared, interval):
    name = declared(interval)
    page = show("feeds", feed=name)
    page.button(key="edit").click().run()
    next(one for one in page.button if one.label == "Save").click().run()
    assert not page.exception
    one = store.feeds.find(name)
    assert (one.edited, one.feed.interval) == ((), duration(interval))


def test_a_feed_that_was_changed_here_can_follow_the_file_again(store, show, declared):
    name = declared("45m")
    page = show("feeds", feed=name)
    assert "use-file" not in {one.key for one in page.button}
    store.feeds.edit(name, {"title": "Mine"}, by="ana", now=NOW)
    page = show("feeds", feed=name)
    page.button(key="use-file").click().run()
    assert not page.exception
    assert store.feeds.find(name).feed.title == "Feed 1"
    assert store.feeds.find(name).edited == ()
    assert "follows config.toml again" in words(page).replace("\\", "")
    assert "use-file" not in {one.key for one in page.button}
