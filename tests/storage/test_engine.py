import sqlite3
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from monitor.errors import StorageError
from monitor.storage import tables
from monitor.storage.engine import Database
from monitor.storage.migrations import MIGRATIONS
from tests.shelf import judgement, put, watch


def test_migrating_twice_changes_nothing(database):
    assert database.version() == len(MIGRATIONS)
    assert database.migrate() == (len(MIGRATIONS), len(MIGRATIONS))


FIRST_INDEXES = (
    "CREATE INDEX stories_severity ON stories (flagged, severity, last_seen_at)",
    "CREATE INDEX stories_all_severity ON stories (severity, last_seen_at)",
    "CREATE INDEX items_feed_seen ON items (feed_id, seen_at)",
)


def test_a_store_of_the_first_schema_is_brought_up_to_date_with_what_it_holds(database):
    watch(database, 1)
    put(database, 1, judged=judgement("Title 1", language="nl", indicators=("airspace", "border")))
    put(database, 2, judged=judgement("Title 2", indicators=()))
    with database.write() as connection:  # as the first schema left it
        tables.story_marks.drop(connection)
        tables.flag_days.drop(connection)
        for name in ("stories_severest", "stories_all_severest", "items_feed_newest"):
            connection.exec_driver_sql(f"DROP INDEX {name}")
        for statement in FIRST_INDEXES:
            connection.exec_driver_sql(statement)
        connection.execute(sa.update(tables.meta).values(value="1"))
    assert database.migrate() == (1, len(MIGRATIONS))
    with database.read() as connection:
        marks = connection.execute(sa.select(tables.story_marks)).all()
        looked = sa.inspect(connection)
        indexes = {one["name"] for one in looked.get_indexes("stories")}
        of_items = {one["name"] for one in looked.get_indexes("items")}
        assert looked.has_table("flag_days")
    assert {(one.story_id, one.indicator, one.language) for one in marks} == {
        ("s1", indicator, language)
        for indicator in ("", "airspace", "border")
        for language in ("", "nl")
        if indicator or language
    }
    assert indexes == {one.name for one in tables.stories.indexes}
    assert "items_feed_newest" in of_items
    assert "items_feed_seen" not in of_items


def test_a_store_of_a_newer_program_is_left_alone(database):
    with database.write() as connection:
        connection.execute(sa.update(tables.meta).values(value="999"))
    with pytest.raises(StorageError, match="newer than this program"):
        database.migrate()


def test_half_a_transaction_leaves_nothing(database):
    def write_twice():
        with database.write() as connection:
            for value in ("1", "2"):
                connection.execute(sa.insert(tables.meta).values(key="a", value=value))

    with pytest.raises(StorageError):
        write_twice()
    with database.read() as connection:
        keys = connection.execute(sa.select(tables.meta.c.key)).scalars().all()
    assert keys == ["schema"]


def test_a_locked_database_is_named_and_loses_nothing(tmp_path):
    path = tmp_path / "m.db"
    one = Database(f"sqlite:///{path}", busy_seconds=0.05)
    one.migrate()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageError, match="locked by another process"), one.write():
        pass
    other.close()
    with one.write() as connection:
        connection.execute(sa.insert(tables.meta).values(key="a", value="1"))
    one.dispose()


def test_a_read_only_database_can_be_read_and_says_why_it_cannot_be_written(tmp_path):
    path = tmp_path / "m.db"
    one = Database(f"sqlite:///{path}")
    one.migrate()
    one.dispose()
    read_only = Database(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert read_only.version() == len(MIGRATIONS)
    with (
        pytest.raises(StorageError, match="read-only; give this user the right"),
        read_only.write() as connection,
    ):
        connection.execute(sa.insert(tables.meta).values(key="a", value="1"))
    read_only.dispose()
    assert not [one for one in tmp_path.iterdir() if one.is_dir()]  # none made of the address


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param("gopher://x", "not a database address", id="unknown kind"),
        pytest.param("sqlite:////proc/none/here/m.db", "cannot be made", id="no folder"),
    ],
)
def test_an_unusable_address_says_so_at_once(url, words):
    with pytest.raises(StorageError, match=words):
        Database(url)


def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "m.db"
    path.write_text("hello, I am a text file and not a database" * 20)
    with pytest.raises(StorageError, match="is no SQLite database"):
        Database(f"sqlite:///{path}").migrate()


def test_a_folder_that_cannot_be_entered_is_named(tmp_path):
    with pytest.raises(StorageError, match="cannot be opened"):
        Database(f"sqlite:///{tmp_path}").migrate()


def test_a_server_that_is_not_there_is_named_without_its_password():
    with pytest.raises(StorageError, match="start the server") as caught:
        Database("postgresql://ana:secret@127.0.0.1:9/none").version()
    assert "secret" not in str(caught.value)


def test_an_unknown_fault_points_to_the_doctor(database):
    with pytest.raises(StorageError, match="doctor"), database.read() as connection:
        connection.exec_driver_sql("SELECT FROM WHERE")


def test_optimizing_tells_sqlite_about_its_tables_and_changes_no_row(database):
    with database.write() as connection:
        rows = [{"key": f"k{n}", "value": "v"} for n in range(200)]
        connection.execute(sa.insert(tables.meta), rows)
    database.optimize()
    with database.read() as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(tables.meta)).scalar_one()
        known = not database.is_sqlite or sa.inspect(connection).has_table("sqlite_stat1")
    assert count == 201
    assert known


def test_many_rows_are_stored_alike_with_all_values_and_with_defaults(database):
    host = {"not_before": datetime(2025, 12, 2, tzinfo=UTC)}
    with database.write() as connection:
        database.upsert(connection, tables.host_states, [{"host": "a.example", **host}])
        database.upsert(connection, tables.host_states, [{"host": "b", "failures": 2, **host}])
        database.upsert(connection, tables.host_states, [{"host": "b", "failures": 3, **host}])
        database.upsert(connection, tables.host_states, [])
    with database.read() as connection:
        rows = connection.execute(sa.select(tables.host_states).order_by("host")).all()
    assert [tuple(row) for row in rows] == [
        ("a.example", host["not_before"], 0),
        ("b", host["not_before"], 3),
    ]


def test_a_database_opened_for_reading_refuses_every_change_and_reads_on(database):
    same = database.read_only()
    with pytest.raises(StorageError, match="for reading only"), same.write():
        pass
    assert same.version() == len(MIGRATIONS)
    with database.write() as connection:  # the one that it came from still takes them
        connection.execute(sa.update(tables.meta).values(value="999"))
    assert same.version() == 999


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgres+x://monitor:s3cret@db/m", id="an unknown driver"),
        pytest.param("postgresql://monitor:s3@cret:s3cret@db/m", id="a password with @ and :"),
        pytest.param("postgresql://monitor:s3/cret@db:s3cret@db/m", id="with /"),
        pytest.param("s3cret-less nonsense://u:s3cret@", id="no address"),
        pytest.param("mysql://db/m?user=u&password=s3cret@x&x=1", id="in the query"),
        pytest.param("mysql://db/m?sslPassword=s3cret", id="of a key"),
    ],
)
def test_a_password_is_in_no_message(url):
    with pytest.raises(StorageError, match="not a database address") as caught:
        Database(url)
    assert "cret" not in str(caught.value).replace("s3cret-less", "")


def test_a_good_address_is_named_without_its_password():
    one = Database("postgres://monitor:s3cret@db.example:5432/m?connect_timeout=1")
    assert one.name == "postgresql+psycopg://***@db.example:5432/m?connect_timeout=1"
    assert not one.is_sqlite
    one.dispose()
