"""How far the present poll cycle is, for people who watch from another process."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import orjson
import sqlalchemy as sa

from monitor.storage.engine import Database
from monitor.storage.tables import meta

_KEY = "cycle"
_FORGOTTEN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleState:
    """A poll cycle that is under way, or the last one."""

    done: int
    total: int
    started_at: datetime
    told_at: datetime

    def is_running(self, now: datetime) -> bool:
        """Under way; a process that fell silent five minutes ago no longer counts."""
        return self.done < self.total and now - self.told_at < _FORGOTTEN_AFTER


class CycleProgress:
    """One small row that the poller writes at most once a second."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tell(self, state: CycleState) -> None:
        """Say how far the cycle is."""
        row = {"key": _KEY, "value": orjson.dumps(asdict(state)).decode()}
        with self._database.write() as connection:
            self._database.upsert(connection, meta, [row])

    def last(self) -> CycleState | None:
        """The newest state; None: nothing was ever polled."""
        with self._database.read() as connection:
            text = connection.execute(sa.select(meta.c.value).where(meta.c.key == _KEY)).scalar()
        if text is None:
            return None
        raw = orjson.loads(text)
        moments = {name: datetime.fromisoformat(raw[name]) for name in ("started_at", "told_at")}
        return CycleState(done=raw["done"], total=raw["total"], **moments)
