"""How polling goes on, for people who watch from another process."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa

from monitor.storage.engine import Database
from monitor.storage.tables import meta

_KEY = "cycle"
STUMBLE = "stumble"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stumble:
    """A cycle that a fault of this program ended."""

    at: datetime
    fault: str  # for the log and the person who mends it
    is_over: bool = False  # a later cycle went through


class CycleProgress:
    """Two small rows: how far a cycle is, told at most once a second, and the last stumble."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tell(self, state: CycleState) -> None:
        """Say how far the cycle is."""
        self._tell(_KEY, state)

    def last(self) -> CycleState | None:
        """The newest state; None: nothing was ever polled."""
        raw = _told(self._database, _KEY)
        if raw is None:
            return None
        moments = {name: datetime.fromisoformat(raw[name]) for name in ("started_at", "told_at")}
        return CycleState(done=raw["done"], total=raw["total"], **moments)

    def stumbled(self, stumble: Stumble) -> None:
        """Keep what ended a cycle; it stands until `recovered`."""
        self._tell(STUMBLE, stumble)

    def recovered(self) -> None:
        """Say that a whole cycle has gone through; writes only after a stumble."""
        last = last_stumble(self._database)
        if last is not None and not last.is_over:
            self._tell(STUMBLE, replace(last, is_over=True))

    def _tell(self, key: str, value: CycleState | Stumble) -> None:
        row = {"key": key, "value": orjson.dumps(asdict(value)).decode()}
        with self._database.write() as connection:
            self._database.upsert(connection, meta, [row])


def last_stumble(database: Database) -> Stumble | None:
    """The last cycle that a fault ended; None: there was never one."""
    raw = _told(database, STUMBLE)
    return None if raw is None else Stumble(**raw | {"at": datetime.fromisoformat(raw["at"])})


def _told(database: Database, key: str) -> dict[str, Any] | None:
    with database.read() as connection:
        text = connection.execute(sa.select(meta.c.value).where(meta.c.key == key)).scalar()
    if text is None:
        return None
    found: dict[str, Any] = orjson.loads(text)
    return found
