"""Changing the lexicon on the Method page: chosen, previewed, saved, gone back from."""

import pytest

from monitor.cycle import again
from monitor.cycle.again import Again, Standing
from monitor.cycle.intake import Reassessed
from monitor.storage.triage import Label, Verdict
from tests.pages.conftest import NOW, ago, drawn
from tests.pages.conftest import words as escaped
from tests.shelf import judgement, put, watch

ODD = "Aruba airspace quuxed"
PHRASE = {"meaning": "close", "phrase": "quuxed"}
OUTAGE = "removed from those for power cuts and outages (English, outage)"


@pytest.fixture
def odd(store):
    """A store with one item that no rule flags, and one that a rule does."""
    watch(store.database, 1)
    put(store.database, 1, title=ODD, judged=judgement(ODD, indicators=()), seen_at=ago(hours=1))
    put(store.database, 2, title="Curaçao airspace closed", seen_at=ago(hours=2))
    return store


def words(page):
    return escaped(page).replace("\\", "")


def press(page, label):
    next(one for one in page.button if one.label.startswith(label)).click()
    page.run()
    assert not page.exception
    return page


def lines(page):
    return [line for part in drawn(page, "lines") for line, _id in part["lines"]]


def labels(page):
    return {one.label for one in page.button}


def previewed(show, **query):
    page = show("method", part="Preview a rule", **query)
    return press(press(page, "Add to the change"), "Preview on stored items")


def test_a_phrase_is_previewed_saved_and_gone_back_from(odd, show):
    page = previewed(show, **PHRASE)
    assert "1 would be newly flagged, 0 would no longer be" in words(page)
    (card,) = drawn(page, "cards")[0]["cards"]
    assert dict(card["change"])["Because"] == (
        "“airspace” + “quuxed” now meets a rule for Airspace closure / NOTAM (airspace.closed)"
    )
    assert "Nobody has decided on an item yet" in words(page)
    assert odd.lexicons.all() == []
    page.text_input(key="change-note").set_value("a local word")
    press(page, "Save as a new version")
    assert "is in use: what comes from now on" in words(page)
    (saved,) = odd.lexicons.all()
    assert (saved.note, saved.current, saved.changes) == (
        "a local word", True, {"add": {"en/close": ["quuxed"]}},
    )  # fmt: skip
    assert saved.by
    assert f"In use: version {saved.version}" in words(page)
    press(page, "Go back to the lexicon as shipped")
    assert odd.lexicons.current() == {}
    press(page, "Use this version")
    assert odd.lexicons.in_use().version == saved.version


def test_precision_and_recall_stand_beside_the_change(odd, show):
    item = odd.reading.items(words="quuxed").rows[0].id
    odd.triage.add(Label(item_id=item, verdict=Verdict.CONFIRMED, by="ana", at=NOW))
    page = previewed(show, **PHRASE)
    measures = {one.label: (one.value, one.delta) for one in page.metric}
    assert measures["Recall"] == ("1.00", "+1.00")
    assert "Measured on 1 item" in words(page)


def test_words_can_be_removed_and_an_edit_taken_back(odd, show):
    page = show("method", part="Preview a rule", change="Remove words", meaning="outage")
    page.multiselect(key="gone").set_value(["blackout*"])
    press(page, "Add to the change")
    assert f"“blackout*” {OUTAGE}" in lines(page)
    page.multiselect(key="gone").set_value(["power cuts"])
    press(page, "Add to the change")
    assert f"“power cuts” {OUTAGE}" in lines(page)
    press(page, "Take back the last")
    assert f"“power cuts” {OUTAGE}" not in lines(page)
    assert f"“blackout*” {OUTAGE}" in lines(page)
    press(page, "Take back the last")
    assert "Preview on stored items" not in labels(page)


def test_a_rule_is_switched_off_and_weighed_anew(odd, show):
    page = show("method", part="Preview a rule", change="Rule", rule="airspace.closed")
    assert "words for airspace and closing" in words(page)
    page.toggle(key="on-airspace.closed").set_value(False)
    page.selectbox(key="severity-airspace.closed-cur").set_value(2)
    press(page, "Add to the change")
    assert "Rule “airspace closed or restricted” (airspace.closed) switched off" in lines(page)
    assert any("severity 2 instead of 4 for Curaçao" in one for one in lines(page))
    press(page, "Preview on stored items")
    assert "0 would be newly flagged, 1 would no longer be" in words(page)
    press(page, "Discard")
    assert "Preview on stored items" not in labels(page)


def test_a_weight_changes_the_index_and_no_verdict(odd, show):
    page = show("method", part="Preview a rule", change="Weight")
    name = page.selectbox(key="weigh").value
    page.slider(key=f"weight-{name}").set_value(1.0)
    press(press(page, "Add to the change"), "Preview on stored items")
    assert "none would be judged otherwise" in words(page)
    assert "It changes no verdict" in words(page)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({}, "Nothing is chosen yet"),
        ({"meaning": "close", "phrase": "closed"}, "is in this list already"),
        ({"meaning": "close", "phrase": "~3 x"}, "is no phrase"),
        ({"change": "Rule"}, "Nothing is chosen yet"),
        ({"change": "Rule", "rule": "airspace.closed"}, "Nothing is chosen yet"),
        ({"change": "Weight"}, "Nothing is chosen yet"),
        ({"change": "Remove words", "meaning": "close"}, "Nothing is chosen yet"),
    ],
)
def test_what_cannot_be_changed_is_told_at_once(odd, show, query, message):
    page = press(show("method", part="Preview a rule", **query), "Add to the change")
    assert message in words(page)


def test_a_change_saved_by_a_colleague_meanwhile_is_not_lost(odd, show):
    page = previewed(show, **PHRASE)
    odd.lexicons.save("x", {"weights": {"airspace": 1}}, note="", by="ben", now=NOW)
    press(page, "Save as a new version")
    assert "changed meanwhile by ben" in words(page)
    assert odd.lexicons.in_use().version == "x"


def test_a_saved_change_that_this_release_knows_no_more_is_named(odd, show):
    odd.lexicons.save("x", {"rules": {"gone.too": {"enabled": False}}}, note="", by="ben", now=NOW)
    page = show("method", part="Preview a rule")
    assert "this release knows it no more" in words(page)


def test_a_version_that_cannot_be_used_is_told(odd, show, monkeypatch):
    odd.lexicons.save("x", {"weights": {"airspace": 1}}, note="", by="ben", now=NOW)
    page = show("method", part="Preview a rule")
    with odd.database.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER stop BEFORE UPDATE ON lexicon_versions "
            "BEGIN SELECT RAISE(ABORT, 'stopped'); END"
        )
    press(page, "Go back to the lexicon as shipped")
    assert "stopped" in words(page)


def test_more_changed_items_are_shown_on_request(odd, show):
    for n in range(3, 15):
        title = f"{ODD} {n}"
        put(
            odd.database,
            n,
            title=title,
            judged=judgement(title, indicators=()),
            seen_at=ago(hours=n),
        )
    page = previewed(show, **PHRASE)
    assert len(drawn(page, "cards")[0]["cards"]) == 10
    press(page, "Show more (3 left)")
    assert len(drawn(page, "cards")[0]["cards"]) == 13


def test_a_reader_may_preview_but_not_save_go_back_or_judge_again(odd, show, monkeypatch):
    odd.lexicons.save("x", {"weights": {"airspace": 1}}, note="", by="ben", now=NOW)
    monkeypatch.setattr("pages.access.LOOPBACK", set())
    page = previewed(show, **PHRASE)
    assert "1 would be newly flagged" in words(page)
    assert not labels(page) & {
        "Save as a new version", "Use this version", "Judge stored items again",
        "Go back to the lexicon as shipped",
    }  # fmt: skip


@pytest.fixture
def run_again(monkeypatch):
    """The background work of this process, fresh for the test."""
    one = Again()
    monkeypatch.setattr(again, "AGAIN", one)
    monkeypatch.setattr("pages.components.versions.AGAIN", one)
    yield one
    one.wait(60)


def test_stored_items_are_judged_again_on_request(odd, show, run_again):
    page = previewed(show, **PHRASE)
    press(page, "Save as a new version")
    press(page, "Judge stored items again")
    run_again.wait(60)
    page.run()
    assert "2 stored items judged again: 1 newly flagged, 0 no longer flagged" in words(page)
    (item,) = odd.reading.items(words="quuxed").rows
    assert item.flagged


@pytest.mark.parametrize(
    ("standing", "message"),
    [
        (Standing(error="the disk is full"), "the disk is full"),
        (Standing(stopped=True, done=500), "Stopped after 500 items"),
        (Standing(result=Reassessed(judged=1)), "1 stored item judged again"),
    ],
)
def test_how_judging_again_ended_is_told(odd, show, run_again, monkeypatch, standing, message):
    monkeypatch.setattr(run_again, "standing", lambda: standing)
    assert message in words(show("method", part="Preview a rule"))


def test_how_far_judging_again_is_can_be_seen_and_it_can_be_stopped(
    odd, show, run_again, monkeypatch
):
    going = Standing(running=True, done=500, total=2000)
    stopped = []
    monkeypatch.setattr(run_again, "standing", lambda: going)
    monkeypatch.setattr(run_again, "stop", lambda: stopped.append(True))
    page = show("method", part="Preview a rule")
    assert not page.exception
    assert "Judge stored items again" not in labels(page)
    page.button(key="again-stop").click().run()
    assert stopped
