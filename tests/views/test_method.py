"""Method: present constants, trying a text, previewing a rule."""

from monitor.assess.model import Relevance
from monitor.indicators.settings import Settings
from monitor.views import method
from tests.factories import NOW
from tests.shelf import judgement, put
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


def test_a_tried_text_is_judged_as_an_item_would_be(lens):
    card = method.tried("Airspace closed", "", judgement("Airspace closed"), lens, now=NOW)
    assert method.verdict(card) == (
        "Relevant (0.80), severity 2 notable, escalating: Airspace closure."
    )


def test_a_text_without_flags_says_why_it_matters_or_not(lens):
    bare = judgement("Football", indicators=())
    card = method.tried("Football", "", bare, lens, now=NOW)
    assert method.verdict(card) == "Not flagged, though it concerns Curaçao (names Curaçao)."
    nothing = judgement("Football", indicators=(), relevance=Relevance(value=0.0))
    card = method.tried("Football", "", nothing, lens, now=NOW)
    assert method.verdict(card).startswith("Not relevant")


def test_a_rule_preview_counts_what_it_would_add_and_shows_that_first(store, lens):
    put(store.database, 1, title="GPS interference")
    put(store.database, 2, title="GPS repaired", judged=judgement("GPS repaired", indicators=()))
    found = method.preview(store.reading, lens, phrase="gps")
    assert found.sentence == (
        "1 of the 2 items with these words is flagged already; a rule for them would add up to 1."
    )
    assert [card.flagged for card in found.items] == [False, True]
    assert method.preview(store.reading, lens, phrase="nothing").items == ()
