"""Method: present constants, trying a text."""

from monitor.assess.explain import Change, Explanation, RuleNote
from monitor.assess.model import Relevance, Suppressed
from monitor.indicators.settings import Settings
from monitor.views import method
from tests.factories import NOW
from tests.shelf import judgement, proof
from tests.views.test_situation import DESCRIBED


def load(store, lens, **changes):
    values = {"watched": DESCRIBED, "settings": Settings(), "version": "v1"} | changes
    return method.load(store.reading, lens, **values)


def test_formulas_show_the_constants_in_use(store, lens):
    usual = {one.name: one.words for one in load(store, lens).formulas}
    assert "Guarded from 130, Elevated from 175, High from 250, Severe from 400" in usual["Level"]
    moved = load(store, lens, settings=Settings(thresholds=(140.0, 175.0, 250.0, 400.0)))
    assert "Guarded from 140" in {one.name: one.words for one in moved.formulas}["Level"]


def test_every_constant_and_indicator_is_listed(store, lens):
    view = load(store, lens)
    constants = dict(view.constants.itertuples(index=False))
    assert constants["thresholds"] == "130, 175, 250, 400"
    assert constants["half life days"] == "3.1"
    assert constants["grades"].startswith("A 0.9")
    assert view.indicators["Indicator"].tolist() == ["Airspace closure", "Sanctions"]
    assert view.lexicon == "Lexicon v1, 2 indicators"


def test_accuracy_is_shown_for_each_language_or_not_at_all(store, lens):
    assert load(store, lens).accuracy.empty
    english = {"n": 240, "relevance_recall": 0.912}
    figures = {"about": "on 240 headlines", "languages": {"en": english}}
    view = load(store, lens, evaluation=figures)
    assert view.accuracy.to_dict("records") == [
        {"Language": "English", "Headlines": "240", "Found of what matters": "91%"}
    ]
    assert view.accuracy_about == "on 240 headlines"


def tried(title, judged, lens, **parts):
    values = {"title_marks": (), "summary_marks": (), "rules": (), "changes": (), "near_misses": ()}
    found = Explanation(verdict=judged, **values | parts)
    return method.tried(found, title, "", lens, now=NOW)


def test_a_tried_text_is_judged_as_an_item_would_be(lens):
    found = tried("Airspace closed", judgement("Airspace closed"), lens)
    assert found.verdict == "Relevant (0.80), severity 2 notable, escalating: Airspace closure."
    assert found.card.title[0].mark == "Airspace closure"
    assert (found.changes, found.steady) == ((), "")


def test_a_text_without_flags_says_why_it_matters_or_not(lens):
    bare = judgement("Football", indicators=())
    assert tried("Football", bare, lens).verdict == (
        "Not flagged, though it concerns Curaçao (names Curaçao)."
    )
    nothing = judgement("Football", indicators=(), relevance=Relevance(value=0.0))
    assert tried("Football", nothing, lens).verdict.startswith("Not relevant")


def change(word, *, relevant=True, changes_verdict=True):
    return Change(
        without=word, rule="r.1", relevant=relevant, severity=2 if relevant else 0,
        direction="escalatory", indicators=("airspace",) if relevant else (),
        changes_verdict=changes_verdict,
    )  # fmt: skip


def test_what_would_change_the_verdict_is_told_in_words(lens):
    changes = (
        change("closed", relevant=False),
        change("Curaçao"),
        change("x", changes_verdict=False),
    )
    found = tried("Airspace closed", judgement("Airspace closed"), lens, changes=changes)
    assert found.changes == (
        "Without “closed”: not flagged",
        "Without “Curaçao”: severity 2 notable, escalating: Airspace closure",
    )
    assert found.steady == ""


def test_a_verdict_that_no_single_word_decides_says_so(lens):
    changes = (change("closed", changes_verdict=False), change("shut", changes_verdict=False))
    found = tried("Airspace closed", judgement("Airspace closed"), lens, changes=changes)
    assert found.steady == "No single word decides; 2 words were left out one by one."


def test_rules_that_hold_and_rules_that_took_back_are_named(lens):
    judged = judgement(
        "Airspace closed",
        suppressed=(
            Suppressed(indicator="sanctions", rule="polarity.deny", because="denied"),
            Suppressed(
                indicator="airspace",
                rule="polarity.may",
                because="planned",
                evidence=(proof("Airspace closed", "closed"),),
            ),
        ),
    )
    note = RuleNote(id="airspace.closed", words=("Airspace", "closed"), why="", needs="a and b")
    found = tried("Airspace closed", judged, lens, rules=(note,))
    assert found.rules == (("“Airspace” and “closed”. It wants a and b.", "airspace.closed"),)
    assert found.taken_back == (
        ("Sanctions: denied", "polarity.deny"),
        ("Airspace closure for “closed”: planned", "polarity.may"),
    )
