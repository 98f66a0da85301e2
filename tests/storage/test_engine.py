from monitor.storage.migrations import MIGRATIONS


def test_migrating_twice_changes_nothing(database):
    assert database.version() == len(MIGRATIONS)
    assert database.migrate() == (len(MIGRATIONS), len(MIGRATIONS))
