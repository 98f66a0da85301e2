"""Opening what a process needs: the store, up to date with the file, and the judgement."""

from __future__ import annotations

from datetime import datetime

from monitor.config import SEEDS, Config
from monitor.cycle.intake import Intake
from monitor.cycle.seeding import plant
from monitor.errors import StorageError
from monitor.indicators.tripwires import Rules
from monitor.storage.engine import Database
from monitor.storage.migrations import MIGRATIONS
from monitor.storage.store import Store
from monitor.stories.groups import Groups


def open_store(settings: Config, *, now: datetime) -> Store:
    """A store whose tables are present and whose watch list follows config.toml.

    SQLite is migrated by itself; a shared PostgreSQL only by `migrate`, so that one program does
    not change the tables under another.

    Raises:
        StorageError: It cannot be opened, or its tables are older or newer than this program.
    """
    database = Database(settings.database_url)
    try:
        _bring_up_to_date(database)
        store = Store(
            database,
            settings.zone,
            groups=Groups.load(SEEDS),
            politeness=settings.politeness,
            index=settings.index,
        )
        store.feeds.sync(settings.feeds, now)
    except BaseException:
        database.dispose()
        raise
    return store


def _bring_up_to_date(database: Database) -> None:
    if database.is_sqlite or database.version() is None:
        database.migrate()
    elif database.version() != len(MIGRATIONS):
        raise StorageError(
            f"database {database.name}: schema {database.version()}, this program has "
            f"{len(MIGRATIONS)}; run `curacao-monitor migrate`"
        )


def open_intake(settings: Config, store: Store, *, now: datetime) -> Intake:
    """The judgement with the lexicon in use; plants the first article in an empty store.

    Raises:
        ConfigError: A shipped file is missing or damaged; the message names it.
        StorageError: Nothing was stored.
    """
    intake = Intake(
        store=store,
        seeds=SEEDS,
        groups=Groups.load(SEEDS),
        rules=Rules.load(SEEDS),
        index=settings.index,
    )
    plant(intake, SEEDS, now=now)
    return intake
