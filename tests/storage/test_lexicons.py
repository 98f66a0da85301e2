"""Saved versions of the lexicon, on both databases."""

import threading
from datetime import timedelta

import pytest

from monitor.errors import StorageError
from monitor.storage.lexicons import Lexicons
from tests.factories import NOW

MORE = {"weights": {"airspace": 9}}
LESS = {"weights": {"airspace": 1}}


@pytest.fixture
def lexicons(database):
    return Lexicons(database)


def save(lexicons, version, changes, hours=0, **more):
    now = NOW + timedelta(hours=hours)
    lexicons.save(version, changes, note=f"note {version}", by="ana", now=now, **more)


def test_a_saved_lexicon_is_in_use_until_the_next(lexicons):
    assert lexicons.current() == {}
    assert lexicons.in_use() is None
    save(lexicons, "a", MORE)
    save(lexicons, "b", {}, 1)
    assert lexicons.current() == {}
    assert lexicons.in_use().version == "b"
    assert [(one.version, one.current) for one in lexicons.all()] == [("b", True), ("a", False)]
    first = lexicons.all()[1]
    assert (first.changes, first.by, first.created_at, first.note) == (MORE, "ana", NOW, "note a")


def test_going_back_changes_what_is_in_use_and_nothing_else(lexicons):
    save(lexicons, "a", MORE)
    save(lexicons, "b", LESS, 1)
    lexicons.go_back("a", by="ben", now=NOW + timedelta(hours=2))
    assert lexicons.current() == MORE
    kept = {one.version: one for one in lexicons.all()}
    assert (kept["a"].by, kept["a"].created_at) == ("ana", NOW)
    acts = [(one.by, one.version, one.went_back, one.note) for one in lexicons.history()]
    assert acts == [
        ("ben", "a", True, ""),
        ("ana", "b", False, "note b"),
        ("ana", "a", False, "note a"),
    ]


def test_a_version_saved_again_keeps_who_thought_of_it_first(lexicons):
    save(lexicons, "a", MORE)
    save(lexicons, "b", LESS, 1)
    lexicons.save("a", MORE, note="again", by="ben", now=NOW + timedelta(hours=2))
    assert lexicons.in_use().by == "ana"
    assert lexicons.history(limit=1)[0].by == "ben"


def test_a_version_that_was_never_saved_is_refused(lexicons):
    save(lexicons, "a", MORE)
    with pytest.raises(StorageError, match="no lexicon version 'x' was saved"):
        lexicons.go_back("x", by="ana", now=NOW)
    assert lexicons.current() == MORE


def test_what_was_thought_out_for_another_lexicon_is_refused(lexicons):
    save(lexicons, "a", MORE, instead_of={})
    with pytest.raises(StorageError, match=r"changed meanwhile by ana \(version a\)"):
        save(lexicons, "b", LESS, 1, instead_of={})
    assert lexicons.current() == MORE
    assert len(lexicons.all()) == len(lexicons.history()) == 1
    save(lexicons, "b", LESS, 1, instead_of=MORE)
    assert lexicons.current() == LESS


def test_before_the_first_version_only_the_shipped_one_can_be_meant(lexicons):
    with pytest.raises(StorageError, match="was changed meanwhile; preview"):
        save(lexicons, "b", LESS, instead_of=MORE)
    assert lexicons.in_use() is None


def test_of_two_people_who_save_at_once_one_is_told(lexicons):
    refused = []

    def one(version):
        try:
            save(lexicons, version, {"weights": {version: 1}}, instead_of={})
        except StorageError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=one, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert sum(one.current for one in lexicons.all()) == len(lexicons.all()) == 1
