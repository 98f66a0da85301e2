"""Store: one door to everything that is kept."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from monitor.feeds.limits import Politeness
from monitor.indicators.settings import Settings
from monitor.storage.engine import Database
from monitor.storage.feeds import Feeds
from monitor.storage.items import Items
from monitor.storage.lexicons import Lexicons
from monitor.storage.measures import Measures
from monitor.storage.polling import Polling
from monitor.storage.progress import CycleProgress
from monitor.storage.reading import Reading
from monitor.storage.reports import Reports
from monitor.storage.snapshots import Snapshots
from monitor.storage.triage import Triage
from monitor.stories.groups import Groups


class Store:
    """What is kept, by concern; each part opens its own short transactions.

    Args:
        database: A migrated database.
        zone: Local days are counted in it.
        groups: Publishers, owners and wire agencies.
        politeness: Intervals of polling and the hosts that count as private.
        index: Constants of the index.
    """

    def __init__(
        self,
        database: Database,
        zone: ZoneInfo,
        *,
        groups: Groups | None = None,
        politeness: Politeness | None = None,
        index: Settings | None = None,
    ) -> None:
        self.database = database
        self.zone = zone
        self._given: dict[str, Any] = {"groups": groups, "politeness": politeness, "index": index}
        self.feeds = Feeds(database)
        constants = index or Settings()
        self.items = Items(database, zone, catch_up_days=constants.catch_up_days)
        self.triage = Triage(database)
        self.lexicons = Lexicons(database)
        self.polling = Polling(database, politeness)
        self.progress = CycleProgress(database)
        self.measures = Measures(database, zone, groups or Groups(), constants)
        self.snapshots = Snapshots(database)
        self.reading = Reading(database, catch_up_days=constants.catch_up_days)
        self.reports = Reports(database)

    def read_only(self) -> Store:
        """The same store, which refuses every change."""
        return Store(self.database.read_only(), self.zone, **self._given)

    def close(self) -> None:
        """Close all connections."""
        self.database.dispose()
