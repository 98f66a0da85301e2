"""The lexicon as people change it, in words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.assess.assessor import Assessor
from monitor.assess.changes import Vocabulary
from monitor.assess.evaluation import wilson
from monitor.assess.preview import Sample, compare
from monitor.config import SEEDS
from monitor.views import vocabulary as view
from tests.factories import NOW
from tests.shelf import put

TITLES = {
    1: "Aruba airspace quuxed",
    2: "Blackout in Willemstad",
    3: "Airspace over Aruba quuxed for military exercise",
    4: "New bakery in Punda",
}
CHANGES = {
    "add": {"en/close": ["quuxed"]},
    "remove": {"en/outage": ["blackout*", "power cuts"], "nl/outage": ["blackout*"],
               "pap/outage": ["blackout"]},
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped():
    return Vocabulary.load(SEEDS)


@pytest.fixture(scope="module")
def judges():
    return Assessor.load(SEEDS), Assessor.load(SEEDS, CHANGES)


def tried(store, judges, **said):
    """The preview of the change on four stored items, with what people said of them."""
    samples = [
        Sample(id=put(store.database, n, title=title), title=title, relevant=said.get(f"n{n}"))
        for n, title in TITLES.items()
    ]
    return compare(*judges, samples)


def test_what_a_change_would_do_is_one_sentence_and_the_items_behind_it(store, lens, judges):
    found = view.rehearsed(tried(store, judges), store.reading, lens)
    assert found.sentence == (
        "Of the newest 4 items, 1 would be newly flagged, 1 would no longer be, and 1 would stay "
        "flagged with another severity, direction or indicator."
    )
    changes = [dict(card.change) for card in found.cards]
    assert [one["Now"] == "not flagged" for one in changes] == [True, False, False]
    assert changes[0]["With the change"] == "severity 3 serious, escalating: Airspace closure"
    assert changes[0]["Because"] == (
        "“airspace” + “quuxed” now meets a rule for Airspace closure (airspace.closed)"
    )
    assert changes[1]["With the change"] == "not flagged"
    assert "“Blackout”" in changes[1]["Because"]
    assert "no longer meets a rule for Energy supply (energy_supply" in changes[1]["Because"]
    assert any(piece.mark and piece.text == "Blackout" for piece in found.cards[1].title)
    assert (found.more, found.older) == (0, "")


def test_without_a_decision_of_a_person_nothing_is_measured(store, lens, judges):
    found = view.rehearsed(tried(store, judges), store.reading, lens)
    assert found.measures == ()
    assert found.about_labels == view.NOBODY


def test_precision_and_recall_are_told_before_and_after(store, lens, judges):
    preview = tried(store, judges, n1=True, n2=False, n3=True)
    found = view.rehearsed(preview, store.reading, lens)
    precision, recall = found.measures
    assert (precision.name, precision.after, precision.delta) == ("Precision", "1.00", "+0.50")
    assert precision.words == "2 of 2 flagged items were relevant; before 0.50, 1 of 2"
    assert (recall.after, recall.delta) == ("1.00", "+0.50")
    assert "Measured on 3 items" in found.about_labels
    assert dict(found.cards[0].change)["People said"] == "relevant"
    assert dict(found.cards[1].change)["People said"] == "not relevant"


def test_a_measure_that_stays_or_cannot_be_told_has_no_step(store, lens, judges):
    preview = tried(store, judges, n2=True)
    assert [one.delta for one in view.rehearsed(preview, store.reading, lens).measures] == [
        "", "-1.00",
    ]  # fmt: skip
    same = replace(preview, recall_after=preview.recall_before)
    assert view.rehearsed(same, store.reading, lens).measures[1].delta == ""
    assert view.share(wilson(0, 0)) == "–"


def test_a_change_without_effect_says_so(store, lens, judges):
    before, _ = judges
    samples = [Sample(id=put(store.database, 1, title="x"), title="x")]
    found = view.rehearsed(compare(before, before, samples), store.reading, lens)
    assert found.sentence == "Of the newest 1 item, none would be judged otherwise."
    assert found.cards == ()


def test_more_items_than_shown_are_counted_and_older_ones_named(store, lens, judges):
    preview = tried(store, judges, n1=True)
    first = preview.changed[0]
    old = replace(first, sample=replace(first.sample, counted=False))
    preview = replace(preview, changed=(old, *preview.changed[1:]))
    found = view.rehearsed(preview, store.reading, lens, shown=1)
    assert (len(found.cards), found.more) == (1, 2)
    assert found.older == "1 older item on which people decided would change too."
    assert found.sentence.startswith("Of the newest 4 items, 0 would be newly flagged")


def test_an_item_that_is_gone_meanwhile_is_left_out(store, lens, judges):
    preview = compare(*judges, [Sample(id="gone", title=TITLES[1])])
    assert view.rehearsed(preview, store.reading, lens).cards == ()


def test_another_severity_and_a_rule_that_takes_back_are_the_reason_told(lens, judges):
    plain, _ = judges
    severe = Assessor.load(SEEDS, {"rules": {"airspace.closed": {"severity": {"cur": 2}}}})
    (one,) = compare(plain, severe, [Sample(id="1", title="Curaçao airspace closed")]).changed
    assert view.because(one, lens) == (
        "weighed otherwise by the rules for Airspace closure (airspace.closed)"
    )
    denying = Assessor.load(SEEDS, {"add": {"en/deny": ["quuxes"]}})
    sample = Sample(id="1", title="Governor quuxes: Curaçao airspace closed")
    (one,) = compare(plain, denying, [sample]).changed
    assert "Airspace closure: the report is denied (polarity.deny)" in view.because(one, lens)


def test_what_is_in_use_and_who_changed_it_is_told(store, lens, shipped):
    view_of = view.load(store.lexicons, lens, shipped=shipped)
    assert view_of.sentence == "The lexicon is in use as shipped; nobody has changed it yet."
    assert (view_of.versions, view_of.history, view_of.is_shipped) == ((), (), True)
    store.lexicons.save("a", {"weights": {"airspace": 3}}, note="calmer", by="ana", now=NOW)
    later = NOW + timedelta(minutes=5)
    store.lexicons.save("b", {}, note="", by="", now=later)
    store.lexicons.go_back("a", by="ben", now=later + timedelta(minutes=1))
    found = view.load(store.lexicons, lens, shipped=shipped)
    assert found.sentence == (
        "In use: version a, 1 change to the shipped lexicon, saved by ana, 08:00."
    )
    assert [(one.version, one.current, one.note) for one in found.versions] == [
        ("b", False, ""),
        ("a", True, "calmer"),
    ]
    assert found.versions[0].about == "an unnamed person, 08:05"
    assert found.versions[1].lines[0].startswith("Weight of ")
    assert found.history == (
        "08:06: ben went back to a",
        "08:05: an unnamed person saved b",
        "08:00: ana saved a: “calmer”",
    )
    assert not found.is_shipped
    store.lexicons.go_back("b", by="ben", now=later + timedelta(minutes=2))
    back = view.load(store.lexicons, lens, shipped=shipped)
    assert (
        back.sentence == "The lexicon is in use as shipped; what was changed has been taken back."
    )


def test_rules_that_use_a_meaning_are_told(shipped):
    lines = {rule: words for words, rule in view.users(shipped, "close")}
    closed = lines["airspace.closed"]
    assert closed.startswith("It wants words for airspace and closing, within 9 words of each")
    assert closed.endswith(" It means: airspace closed or restricted.")
    assert view.users(shipped, "nothing") == ()
    bare = next(rule for rule in shipped.rules.values() if not rule.because)
    assert "It means" not in view.rule_words(shipped, bare)


def test_meanings_stand_in_the_order_of_the_alphabet_without_their_articles(shipped):
    asked = ("outage", "usop", "behind", "esseq", "board", "arrest")
    assert view.by_meaning(shipped, asked) == [
        "behind", "arrest", "board", "esseq", "outage", "usop",
    ]  # fmt: skip


def test_meanings_and_rules_are_chosen_by_what_they_mean(shipped, lens):
    assert view.concept_name(shipped, "bordertalk") == "talks about the border (bordertalk)"
    assert view.rule_name(shipped.rules["airspace.closed"], lens) == (
        "Airspace closure: airspace closed or restricted (airspace.closed)"
    )
    bare = next(rule for rule in shipped.rules.values() if not rule.because)
    assert view.rule_name(bare, lens) == f"{lens.name(bare.indicator)} ({bare.id})"
