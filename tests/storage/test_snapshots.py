import logging
import traceback
from datetime import timedelta

import pytest
import sqlalchemy as sa

from monitor.errors import StorageError
from monitor.items import stamp
from monitor.snapshots.canonical import seal
from monitor.snapshots.document import SnapshotError
from monitor.storage import tables
from monitor.storage.engine import Database
from monitor.storage.snapshots import Revocation, Snapshots, Status
from tests.snapshots.documents import CREATED, make_document

LATER = CREATED + timedelta(days=31)


@pytest.fixture
def snapshots(database: Database) -> Snapshots:
    return Snapshots(database)


def test_a_link_opens_what_was_frozen(snapshots: Snapshots):
    made = snapshots.create(make_document())
    head = snapshots.by_token(made.token)
    assert head is not None
    assert head.status(CREATED) is Status.OPEN
    assert snapshots.content(head.id) == seal(make_document())
    assert (head.author, head.note, head.kind) == (
        "Analyst",
        "For the morning meeting.",
        "situation",
    )
    assert (head.created_at, head.expires_at) == (CREATED, CREATED + timedelta(days=30))


def test_a_link_that_never_was_gives_nothing(snapshots: Snapshots):
    assert snapshots.by_token("x" * 27) is None
    assert snapshots.by_id("nothing") is None


def test_the_secrets_stand_in_no_log_and_no_repr(
    snapshots: Snapshots, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    made = snapshots.create(make_document())
    head = snapshots.by_token(made.token)
    snapshots.revoke(made.id, made.owner_key, by="ana", now=CREATED)
    said = caplog.text + repr(made) + repr(head) + repr(snapshots.list())
    assert made.token not in said
    assert made.owner_key not in said


def test_the_owner_key_is_not_in_the_database(snapshots: Snapshots, database: Database):
    made = snapshots.create(make_document())
    with database.read() as connection:
        row = connection.execute(sa.select(tables.snapshots)).one()
    assert made.owner_key not in str(row)


def test_only_the_owner_key_revokes_and_the_link_says_so(snapshots: Snapshots, database: Database):
    made = snapshots.create(make_document())
    assert snapshots.revoke(made.id, "wrong", by="ana", now=CREATED) is Revocation.WRONG_KEY
    assert snapshots.by_token(made.token).status(CREATED) is Status.OPEN
    assert snapshots.revoke(made.id, made.owner_key, by="ana", now=CREATED) is Revocation.DONE
    assert snapshots.revoke(made.id, made.owner_key, by="ana", now=CREATED) is Revocation.ALREADY
    assert snapshots.revoke("nothing", made.owner_key, by="ana", now=CREATED) is Revocation.UNKNOWN
    head = snapshots.by_token(made.token)
    assert head.status(LATER) is Status.REVOKED
    assert head.token is None
    with database.read() as connection:
        kept = connection.execute(sa.select(tables.snapshots.c.token)).scalar()
    assert made.token not in kept


def test_a_link_expires_at_its_moment(snapshots: Snapshots):
    made = snapshots.create(make_document())
    head = snapshots.by_id(made.id)
    assert head.status(made.expires_at - timedelta(seconds=1)) is Status.OPEN
    assert head.status(made.expires_at) is Status.EXPIRED


def test_purging_deletes_the_content_of_expired_ones_only(snapshots: Snapshots):
    old = snapshots.create(make_document())
    new = snapshots.create(make_document(expires_at=stamp(LATER + timedelta(days=1))))
    assert snapshots.purge(now=LATER, keep=timedelta(days=5)) == 0
    assert snapshots.purge(now=LATER) == 1
    assert snapshots.purge(now=LATER) == 0
    with pytest.raises(SnapshotError, match="was deleted"):
        snapshots.content(old.id)
    assert snapshots.by_token(old.token).status(LATER) is Status.EXPIRED
    assert snapshots.content(new.id)


def test_the_list_is_newest_first_and_goes_on_where_it_stopped(snapshots: Snapshots):
    moments = [CREATED + timedelta(minutes=minute) for minute in (0, 1, 1, 1, 2)]
    for moment in moments:
        snapshots.create(make_document(created_at=stamp(moment)))
    everything = snapshots.list()
    assert [head.created_at for head in everything] == moments[::-1]
    first = snapshots.list(limit=2)
    rest = snapshots.list(before=(first[-1].created_at, first[-1].id))
    assert first + rest == everything


def test_a_document_changed_in_the_database_is_not_shown(snapshots: Snapshots, database: Database):
    made = snapshots.create(make_document())
    with database.write() as connection:
        connection.execute(sa.update(tables.snapshots).values(document=b'{"schema":"x"}'))
    with pytest.raises(SnapshotError, match="was changed"):
        snapshots.content(made.id)


def test_a_name_that_never_was_has_no_content(snapshots: Snapshots):
    with pytest.raises(SnapshotError, match="there is no snapshot nothing"):
        snapshots.content("nothing")


def test_an_incomplete_document_is_not_stored(snapshots: Snapshots):
    with pytest.raises(SnapshotError):
        snapshots.create({"schema": "curacao-monitor/snapshot", "version": 1})
    assert snapshots.list() == []


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda s: s.create(make_document()), id="create"),
        pytest.param(lambda s: s.by_token("t" * 27), id="by_token"),
        pytest.param(lambda s: s.by_id("x"), id="by_id"),
        pytest.param(lambda s: s.content("x"), id="content"),
        pytest.param(lambda s: s.list(), id="list"),
        pytest.param(lambda s: s.revoke("x", "k" * 27, by="ana", now=CREATED), id="revoke"),
        pytest.param(lambda s: s.purge(now=CREATED), id="purge"),
    ],
)
def test_a_store_without_tables_is_said_without_quoting_secrets(act, tmp_path):
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(StorageError, match="migrate") as caught:
        act(Snapshots(empty))
    said = "".join(traceback.format_exception(caught.value))
    assert "t" * 27 not in said
    assert "k" * 27 not in said
    empty.dispose()


def test_a_locked_store_keeps_the_link_open(tmp_path):
    url = f"sqlite:///{tmp_path / 'monitor.db'}"
    one, other = Database(url), Database(url, busy_seconds=0.1)
    one.migrate()
    made = Snapshots(one).create(make_document())
    with one.write(), pytest.raises(StorageError, match="locked"):
        Snapshots(other).revoke(made.id, made.owner_key, by="ana", now=CREATED)
    assert Snapshots(one).by_id(made.id).status(CREATED) is Status.OPEN
    one.dispose()
    other.dispose()
