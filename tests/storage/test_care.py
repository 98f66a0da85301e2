import gzip
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from monitor.errors import StorageError
from monitor.storage import care, tables
from monitor.storage.engine import Database
from monitor.storage.feeds import Feeds
from monitor.storage.items import Items
from monitor.storage.reading import Reading
from monitor.storage.rows import StoryFilter
from tests.factories import NOW, make_feed, make_item, make_judged
from tests.shelf import judgement, put, watch


def fill(database):
    Feeds(database).sync([make_feed(1)], NOW)
    kept = Items(database, ZoneInfo("America/Curacao"))
    with database.write() as connection:
        kept.add(connection, [(make_item(1), "g", ["k"])])
        kept.judge(connection, [make_judged(1)], NOW)
        connection.execute(
            sa.insert(tables.feed_states).values(feed_id=make_feed(1).id, etag=b'W/"\xff"')
        )


def everything(database):
    with database.read() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table)).all()))
            for table in tables.metadata.sorted_tables
        }


@pytest.fixture
def empty(tmp_path):
    one = Database(f"sqlite:///{tmp_path / 'new' / 'restored.db'}")
    yield one
    one.dispose()


def test_a_backup_restores_every_row_on_the_other_kind_of_database(database, empty, tmp_path):
    fill(database)
    rows = care.backup(database, tmp_path / "b.gz")
    assert care.restore(empty, tmp_path / "b.gz") == rows
    assert everything(empty) == everything(database)
    assert care.problems(empty) == []


def test_a_backup_of_an_older_schema_is_restored_into_the_present_one(database, tmp_path, empty):
    watch(database, 1)
    put(database, judged=judgement("Title 1", language="es"))
    with database.write() as connection:
        connection.execute(sa.update(tables.meta).values(value="1"))
    care.backup(database, tmp_path / "b.gz")
    care.restore(empty, tmp_path / "b.gz")
    assert care.problems(empty) == []
    found = Reading(empty).stories(StoryFilter(language="es", indicators=("airspace",)))
    assert [one.id for one in found.rows] == ["s1"]


def test_after_a_restore_new_rows_get_new_numbers(database, tmp_path, empty):
    fill(database)
    care.backup(database, tmp_path / "b.gz")
    care.restore(empty, tmp_path / "b.gz")
    Feeds(empty).pause(make_feed(1).id, paused=True, by="ana", now=NOW)


def test_nothing_is_overwritten(database, tmp_path, empty):
    fill(database)
    target = tmp_path / "b.gz"
    care.backup(database, target)
    with pytest.raises(StorageError, match="exists already"):
        care.backup(database, target)
    with pytest.raises(StorageError, match="is not empty"):
        care.restore(database, target)
    with pytest.raises(StorageError, match="cannot be written"):
        care.backup(database, Path("/proc/none/b.gz"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"no gzip", "cannot be read as a backup", id="not compressed"),
        pytest.param(gzip.compress(b"hello\n"), "cannot be read as a backup", id="no JSON"),
        pytest.param(gzip.compress(b'{"format":"x"}\n'), "no backup of this", id="another file"),
        pytest.param(
            gzip.compress(b'{"format":"curacao-monitor-backup","schema":999}\n'),
            "newer program",
            id="newer",
        ),
    ],
)
def test_a_file_that_is_no_backup_is_refused_and_changes_nothing(empty, tmp_path, content, words):
    source = tmp_path / "b.gz"
    source.write_bytes(content)
    with pytest.raises(StorageError, match=words):
        care.restore(empty, source)
    assert Items(empty, ZoneInfo("UTC")).count() == 0


def test_a_cut_off_backup_restores_nothing(database, empty, tmp_path):
    fill(database)
    care.backup(database, tmp_path / "b.gz")
    half = (tmp_path / "b.gz").read_bytes()
    (tmp_path / "half.gz").write_bytes(half[: len(half) // 2])
    with pytest.raises(StorageError, match="cannot be read"):
        care.restore(empty, tmp_path / "half.gz")
    assert Items(empty, ZoneInfo("UTC")).count() == 0


def test_restoring_on_postgres_moves_the_numbering_on(postgres_url, tmp_path):
    source = Database(f"sqlite:///{tmp_path / 'a.db'}")
    source.migrate()
    fill(source)
    care.backup(source, tmp_path / "b.gz")
    target = Database(postgres_url)
    care.restore(target, tmp_path / "b.gz")
    with target.write() as connection:
        kept = Items(target, ZoneInfo("UTC"))
        assert kept.add(connection, [(make_item(2), "g", [])]) == {make_item(2).id}
    target.dispose()
    source.dispose()


def test_a_store_without_tables_or_with_damage_is_named(tmp_path):
    path = tmp_path / "a.db"
    one = Database(f"sqlite:///{path}")
    assert "curacao-monitor migrate" in care.problems(one)[0]
    one.migrate()
    fill(one)
    one.dispose()
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 9] = b"\x07" * 4096 * 6
    path.write_bytes(bytes(content))
    assert "restore" in found_by(one)
    one.dispose()


def found_by(database):
    """What the check says, whether it can still read the file or not."""
    try:
        return " ".join(care.problems(database))
    except StorageError as error:
        return str(error)
