"""What commands share: configuration, store, clock, and who is asking."""

from __future__ import annotations

import argparse
import contextlib
import getpass
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from monitor import config
from monitor.config import Config
from monitor.cycle.intake import Intake
from monitor.cycle.start import open_intake, open_store
from monitor.storage import changes
from monitor.storage.store import Store


def configuration(args: argparse.Namespace) -> Config:
    """The configuration that the command line names.

    Raises:
        ConfigError: It cannot be used.
    """
    found = config.load(config.config_path(getattr(args, "config", None)))
    url = getattr(args, "database", None)
    return found.with_database(url) if url else found


@contextlib.contextmanager
def opened(args: argparse.Namespace) -> Iterator[tuple[Config, Store]]:
    """Configuration and a store that is up to date with it; closed afterwards.

    Raises:
        ConfigError, StorageError: The message says which and what to do.
    """
    settings = configuration(args)
    store = open_store(settings, now=now())
    try:
        if not store.items.count():
            open_intake(settings, store, now=now())  # plants the first article
        yield settings, store
    finally:
        store.close()


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def who() -> str:
    """Name of the person at this terminal, for the log of changes."""
    try:
        return f"{getpass.getuser()} (terminal)"
    except (KeyError, OSError):  # a container may run as a user without a name
        return "terminal"


def note(store: Store, what: str, subject: str, **detail: Any) -> None:
    """Write down who begins this, and when.

    Raises:
        StorageError: Nothing was written, and it should not begin.
    """
    changes.note(store.database, by=who(), now=now(), what=what, subject=subject, **detail)


def intake(settings: Config, store: Store) -> Intake:
    """The judgement in use; an empty store gets the first article.

    Raises:
        ConfigError: A shipped file is missing or damaged.
    """
    return open_intake(settings, store, now=now())
