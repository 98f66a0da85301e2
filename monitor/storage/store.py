"""Store: one door to everything that is kept."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from monitor.storage.engine import Database
from monitor.storage.feeds import Feeds
from monitor.storage.items import Items
from monitor.storage.lexicons import Lexicons
from monitor.storage.reading import Reading
from monitor.storage.snapshots import Snapshots
from monitor.storage.triage import Triage


class Store:
    """What is kept, by concern; each part opens its own short transactions.

    Args:
        database: A migrated database.
        zone: Local days are counted in it.
    """

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self.database = database
        self.zone = zone
        self.feeds = Feeds(database)
        self.items = Items(database, zone)
        self.triage = Triage(database)
        self.lexicons = Lexicons(database)
        self.snapshots = Snapshots(database)
        self.reading = Reading(database)

    def close(self) -> None:
        """Close all connections."""
        self.database.dispose()
