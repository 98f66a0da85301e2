"""Every change that a person can make keeps who made it and when.

The changes of the command line that take long (import, backfill, reassess, restore) stand in
tests/cli/test_commands.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest

from monitor.storage import changes
from monitor.storage.engine import Database
from monitor.storage.outcomes import Outcomes
from monitor.storage.store import Store
from monitor.storage.triage import Label, Verdict
from tests.factories import NOW, make_feed
from tests.shelf import due, judgement, put, watch
from tests.snapshots.documents import make_document

WHEN = NOW + timedelta(hours=1)
ITEM = sha256(f"{make_feed(1).id}\nguid-1".encode()).hexdigest()[:16]
Act = Callable[[Store], object]


@pytest.fixture
def store(database: Database) -> Store:
    """Two stories, a deadline, feeds by number and a saved lexicon."""
    watch(database, 1, 2)
    judged = judgement("Title 1", deadlines=(due("2025-12-09"),))
    put(database, 1, judged=judged)
    put(database, 2, story="s2")
    one = Store(database, ZoneInfo("America/Curacao"))
    one.lexicons.save("first", {}, note="", by="before", now=NOW)
    one.feeds.remove(make_feed(2).id, by="before", now=NOW)
    return one


def _label(verdict: Verdict, by: str = "ana", at: datetime = WHEN, **more: object) -> Act:
    return lambda store: store.triage.add(
        Label(item_id=ITEM, verdict=verdict, by=by, at=at, **more)
    )


def _undone(store: Store) -> None:
    _label(Verdict.CONFIRMED, by="before", at=NOW)(store)
    _label(Verdict.UNDONE)(store)


def _settled(outcome: str) -> Act:
    return lambda store: Outcomes(store.database).settle(
        ITEM, "2025-12-09", outcome, by="ana", now=WHEN
    )


def _shared(store: Store) -> None:
    created = WHEN.strftime("%Y-%m-%dT%H:%M:%SZ")
    store.snapshots.create(make_document(author="ana", created_at=created))


def _revoked(store: Store) -> None:
    made = store.snapshots.create(make_document(author="before"))
    store.snapshots.revoke(made.id, made.owner_key, by="ana", now=WHEN)


BY = {"by": "ana", "now": WHEN}
FIRST, SECOND = make_feed(1).id, make_feed(2).id
ACTS: dict[str, Act] = {
    "an item is confirmed": _label(Verdict.CONFIRMED),
    "an item is not relevant": _label(Verdict.NOT_RELEVANT),
    "an item is corrected": _label(Verdict.CORRECTED, severity=3, note="Old"),
    "a decision is taken back": _undone,
    "a feed is added": lambda store: store.feeds.add(make_feed(3), **BY),
    "a feed is edited": lambda store: store.feeds.edit(FIRST, {"title": "New"}, **BY),
    "a feed is paused": lambda store: store.feeds.pause(FIRST, paused=True, **BY),
    "a feed is resumed": lambda store: store.feeds.pause(FIRST, paused=False, **BY),
    "a feed is removed": lambda store: store.feeds.remove(FIRST, **BY),
    "a removed feed is watched again": lambda store: store.feeds.restore(SECOND, **BY),
    "a feed follows the file again": lambda store: store.feeds.use_file(make_feed(1), **BY),
    "an outcome is noted": _settled("Passed"),
    "a deadline is opened again": _settled(""),
    "a story is split": lambda store: store.measures.split([ITEM], **BY),
    "stories are merged": lambda store: store.measures.merge(["s1", "s2"], **BY),
    "rules are saved": lambda store: store.lexicons.save("a", {"weights": {}}, note="", **BY),
    "an earlier version is used": lambda store: store.lexicons.go_back("first", **BY),
    "a snapshot is shared": _shared,
    "a snapshot is revoked": _revoked,
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_change_keeps_who_made_it_and_when(store: Store, act: Act):
    assert ("ana", WHEN) not in _signed(store)
    act(store)
    assert ("ana", WHEN) in _signed(store)


def _signed(store: Store) -> set[tuple[str, datetime]]:
    """Who and when of everything in the log of changes, the triage log and the list of shares."""
    return {
        *((one.by, one.at) for one in changes.latest(store.database)),
        *((one.by, one.at) for one in store.triage.history(ITEM)),
        *((one.author, one.created_at) for one in store.snapshots.list()),
    }


def test_what_was_signed_before_is_not_signed_anew(store: Store):
    """The log only grows: a later change of the same thing leaves the earlier one as it was."""
    store.measures.split([ITEM], by="ana", now=WHEN)
    store.measures.merge(["s1", "s2"], by="ben", now=WHEN + timedelta(hours=1))
    assert ("ana", WHEN) in _signed(store)
