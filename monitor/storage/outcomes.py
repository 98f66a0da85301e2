"""Outcomes of deadlines: what a person noted, by whom and when."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from monitor.storage.changes import record
from monitor.storage.engine import Database
from monitor.storage.tables import deadlines


class Outcomes:
    """What became of deadlines, in the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def settle(self, item_id: str, due: str, outcome: str, *, by: str, now: datetime) -> int:
        """Note an outcome on a deadline and on those of the same story and time.

        Args:
            item_id: The item that gave the deadline.
            due: As the item gave it.
            outcome: In words; "" opens the deadline again.
            by: Who noted it.
            now: When, UTC.

        Returns:
            How many rows say so now; 0 when there is no such deadline.

        Raises:
            StorageError: Nothing was stored.
        """
        d = deadlines.c
        story = sa.select(d.story_id).where(d.item_id == item_id, d.due == due).scalar_subquery()
        same = sa.and_(d.due == due, sa.or_(d.item_id == item_id, d.story_id == story))
        values = {"outcome": outcome or None, "outcome_by": by, "outcome_at": now}
        with self._database.write() as connection:
            changed = connection.execute(sa.update(deadlines).where(same).values(**values)).rowcount
            what = "deadline settled" if outcome else "deadline opened again"
            record(connection, by=by, now=now, what=what, subject=item_id, due=due, outcome=outcome)
        return int(changed)
