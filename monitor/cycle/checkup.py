"""What `doctor` says: configuration, shipped files, store, feeds, disk and clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.config import SEEDS, Config
from monitor.errors import MonitorError
from monitor.storage import care
from monitor.storage.engine import Database
from monitor.storage.reading import Reading

SHIPPED = (
    "articles/curacao-chronicle-2025-12-02.toml",
    "articles/curacao-chronicle-2025-12-02.txt",
    "chronology.jsonl",
    "coastline.geojson",
    "gazetteer.csv",
    "groups.toml",
    "indicators.toml",
    "lexicon",
)
FIRST_RELEASE = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
_CLOCK_SLACK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    fine: bool
    says: str


def checkup(settings: Config, *, now: datetime) -> list[Finding]:
    """Look at everything; never raises for what it is there to find."""
    count = len(settings.feeds)
    findings = [
        Finding(what="config", fine=True, says=f"{settings.path}: {count} feeds declared"),
        _shipped(),
    ]
    try:
        database = Database(settings.database_url)
    except MonitorError as error:
        return [*findings, Finding(what="store", fine=False, says=str(error))]
    try:
        findings += _store(database, now)
    except MonitorError as error:
        findings.append(Finding(what="store", fine=False, says=str(error)))
    finally:
        database.dispose()
    return findings


def _shipped() -> Finding:
    missing = [name for name in SHIPPED if not (SEEDS / name).exists()]
    says = f"missing from seeds/: {', '.join(missing)}; get a complete copy of the project"
    return Finding(what="seeds", fine=not missing, says=says if missing else "complete")


def _store(database: Database, now: datetime) -> list[Finding]:
    problems = care.problems(database)
    if problems:
        return [Finding(what="store", fine=False, says=one) for one in problems]
    reading = Reading(database)
    totals = reading.totals(now=now)
    rows = [row for row in reading.feeds(now=now) if row.removed_at is None and not row.paused]
    failing = [row.title for row in rows if row.error_class is not None]
    names = ", ".join(failing[:5]) + (" …" if len(failing) > 5 else "")
    newest = max((row.last_polled_at for row in rows if row.last_polled_at), default=None)
    return [
        Finding(what="store", fine=True, says=f"{database.name}: {totals.items} items, sound"),
        Finding(
            what="feeds",
            fine=not failing,
            says=f"{len(failing)} of {len(rows)} fail: {names}; see the Feeds page"
            if failing
            else f"{len(rows)} watched, none fails",
        ),
        _clock(now, newest),
    ]


def _clock(now: datetime, newest: datetime | None) -> Finding:
    if now < FIRST_RELEASE:
        says = f"it says {now:%Y-%m-%d}, before this program existed; set the clock"
        return Finding(what="clock", fine=False, says=says)
    if newest is not None and newest > now + _CLOCK_SLACK:
        says = f"the last poll was at {newest:%Y-%m-%d %H:%M} UTC, in the future; set the clock"
        return Finding(what="clock", fine=False, says=says)
    return Finding(what="clock", fine=True, says=f"{now:%Y-%m-%d %H:%M} UTC")
