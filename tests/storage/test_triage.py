import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.storage.feeds import Feeds
from monitor.storage.items import Items
from monitor.storage.reading import Reading
from monitor.storage.triage import Label, Triage, Verdict
from tests.factories import NOW, make_feed, make_item, make_judged

ITEM = make_item(1).id


@pytest.fixture
def triage(database):
    Feeds(database).sync([make_feed(1)], NOW)
    kept = Items(database, ZoneInfo("America/Curacao"))
    with database.write() as connection:
        for n in (1, 2):
            kept.add(connection, [(make_item(n), "g", [])])
            kept.judge(connection, [make_judged(n)], NOW)
    return Triage(database)


def label(verdict, minutes=0, item_id=ITEM, **more):
    return Label(
        item_id=item_id, verdict=verdict, by="ana", at=NOW + timedelta(minutes=minutes), **more
    )


def test_the_newest_answer_stands_and_undo_brings_back_the_one_before(triage):
    triage.add(label(Verdict.CONFIRMED))
    triage.add(label(Verdict.NOT_RELEVANT, 1, note="sport"))
    assert triage.current([ITEM])[ITEM].verdict is Verdict.NOT_RELEVANT
    triage.add(label(Verdict.UNDONE, 2))
    assert triage.current()[ITEM].verdict is Verdict.CONFIRMED
    triage.add(label(Verdict.UNDONE, 3))
    assert triage.current() == {}
    assert [one.verdict for one in triage.history(ITEM)] == [
        Verdict.CONFIRMED,
        Verdict.NOT_RELEVANT,
        Verdict.UNDONE,
        Verdict.UNDONE,
    ]
    with pytest.raises(ValueError, match="no label to undo"):
        triage.add(label(Verdict.UNDONE, 4))


def test_two_people_who_undo_at_once_take_one_answer_back(triage, database):
    """Both have seen the answer before either takes it back; the second is told so."""
    reading = Reading(database)
    for minute in range(0, 60, 3):
        triage.add(label(Verdict.CONFIRMED, minute))
        start = threading.Barrier(2)

        def undo(minute, start=start):
            start.wait()
            try:
                triage.add(label(Verdict.UNDONE, minute + 1))
            except ValueError as error:
                return str(error)
            return ""

        with ThreadPoolExecutor(2) as pool:
            said = sorted(pool.map(undo, [minute, minute]))
        assert said == ["", f"item {ITEM} has no label to undo"]
        triage.add(label(Verdict.NOT_RELEVANT, minute + 2))
        waiting = {one.id for one in reading.untriaged().rows}
        assert (ITEM in waiting, ITEM in triage.current()) == (False, True)
        triage.add(label(Verdict.UNDONE, minute + 2))
        assert ITEM not in triage.current()


def test_labels_become_lines_that_evaluate_can_read(triage):
    triage.add(label(Verdict.NOT_RELEVANT))
    triage.add(
        label(
            Verdict.CORRECTED,
            item_id=make_item(2).id,
            indicators=("flight_disruption",),
            severity=1,
            direction="neutral",
        )
    )
    lines = {line["title"]: line for line in triage.labelled()}
    assert lines["Title 1"]["relevant"] is False
    assert lines["Title 1"]["severity"] == 0
    assert lines["Title 2"]["indicators"] == ["flight_disruption"]
    assert (lines["Title 2"]["severity"], lines["Title 2"]["direction"]) == (1, "neutral")
