"""Triage: the item to decide, those behind it, and the log in words."""

from monitor.storage.triage import Label, Verdict
from monitor.views import triage
from tests.factories import NOW
from tests.shelf import judgement, put


def decide(store, item, verdict=Verdict.CONFIRMED, **more):
    store.triage.add(Label(item_id=item, verdict=verdict, by="ana", at=NOW, **more))


def test_nothing_waits_in_an_empty_store(store, lens):
    view = triage.load(store.reading, lens)
    assert (view.current, view.upcoming, view.decisions) == (None, (), ())
    assert view.sentence == "Nothing waits for a decision."
    assert view.agreement.startswith("Nobody has decided")


def test_the_newest_item_is_shown_with_those_that_wait_behind_it(store, lens):
    for number in range(1, 4):
        put(store.database, number)
    view = triage.load(store.reading, lens)
    assert "".join(piece.text for piece in view.current.title) == "Title 1"
    assert view.upcoming == ("Title 2", "Title 3")
    assert view.sentence == "3 flagged items wait for a decision."
    later = triage.load(store.reading, lens, after=view.after)
    assert "".join(piece.text for piece in later.current.title) == "Title 2"


def test_one_item_waits_in_the_singular(store, lens):
    put(store.database, 1)
    assert triage.load(store.reading, lens).sentence == "1 flagged item waits for a decision."


def test_the_log_says_what_was_decided_by_whom_and_whether_it_stands(store, lens):
    one, two = put(store.database, 1), put(store.database, 2)
    decide(store, one, Verdict.CORRECTED, indicators=("airspace",), severity=3,
           direction="neutral", note="drill")  # fmt: skip
    decide(store, two, Verdict.CORRECTED, indicators=())
    decide(store, two, Verdict.UNDONE)
    view = triage.load(store.reading, lens)
    assert [(one.verdict, one.detail, one.can_undo) for one in view.decisions] == [
        ("taken back", "", False),
        ("corrected", "no indicator", False),
        ("corrected", "severity 3 serious, no clear change, Airspace closure, “drill”", True),
    ]
    assert view.decisions[0].by == "ana"


def test_agreement_counts_each_item_once(store, lens):
    for number, verdict in enumerate(
        (Verdict.CONFIRMED, Verdict.CONFIRMED, Verdict.CORRECTED, Verdict.NOT_RELEVANT), 1
    ):
        decide(store, put(store.database, number), verdict)
    put(store.database, 9, judged=judgement("Title 9"))
    assert triage.load(store.reading, lens).agreement == (
        "People decided on 4 items: 2 confirmed, 1 corrected, 1 not relevant. "
        "75% of the flags were right to be raised, 50% exactly as assessed."
    )


def test_a_very_long_queue_is_not_counted_to_its_end():
    assert triage._waiting(1000) == "1,000 or more flagged items wait for a decision."
