"""Two clocks: when this was computed, and how fresh the newest evidence is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from monitor.storage.progress import Stumble
from monitor.storage.reading import Reading
from monitor.storage.rows import Totals
from monitor.views.lens import Lens, count, span

STALE = timedelta(hours=24)
REMEMBERED = timedelta(hours=1)  # so long one says that polling stumbled and goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Both clocks in words."""

    sentence: str
    help: str
    stumbled: str  # "" while polling goes on undisturbed; else what happened to it
    stale: str  # "" while evidence is fresh; else since when nothing came
    totals: Totals


def load(reading: Reading, lens: Lens) -> Clocks:
    """Both clocks, as they stand."""
    totals = reading.totals(now=lens.now)
    if totals.newest_seen_at is None:
        newest = "no evidence yet"
    else:
        newest = f"newest evidence {lens.when(totals.newest_seen_at)}"
    polled = f"Feeds were last polled {lens.ago(totals.last_poll_at)}."
    age = lens.now - totals.newest_seen_at if totals.newest_seen_at else timedelta(0)
    return Clocks(
        stumbled=_stumbled(reading.stumble(), lens),
        stale=f"Nothing new has been seen for {span(age)}: today's picture may be old."
        if age > STALE
        else "",
        sentence=f"Computed {lens.when(lens.now)}, {newest}",
        help=f"{polled} {count(totals.items, 'item')} stored, {totals.items_24h:,} of them seen in "
        f"the last 24 h. Times are those of {lens.zone.key}.",
        totals=totals,
    )


def _stumbled(stumble: Stumble | None, lens: Lens) -> str:
    """What a fault of this program did to polling, as long as that matters."""
    if stumble is None or (stumble.is_over and lens.now - stumble.at > REMEMBERED):
        return ""
    now = (
        "It goes on since; news of that moment may come a little late."
        if stumble.is_over
        else "It tries again every minute; until then nothing new may come."
    )
    return (
        f"Polling stumbled {lens.ago(stumble.at)} over a fault of this program. {now} "
        "The log has the details; please report them."
    )
