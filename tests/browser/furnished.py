"""A dashboard with months of made-up items, feeds in every state, and hostile text everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from monitor.bench import planted, servers
from monitor.storage import tables as t
from monitor.storage.engine import Database
from monitor.storage.feeds import Feeds
from tests import shelf
from tests.browser import house
from tests.browser.house import House
from tests.factories import make_feed

DAY = timedelta(days=1)
CURACAO = ZoneInfo("America/Curacao")  # where the dashboard says in how many days
HOSTILE = (
    '=HYPERLINK("http://tracker.example/f") ![x](http://tracker.example/p.png) '
    "[click](javascript:window.hacked=1) :red[red] $x^2$ <script>window.hacked=1</script>"
    "<img src='http://tracker.example/i.png' onerror='window.hacked=1'>"
)
REVERSED = "FAA closes the airspace near Curaçao \u202etxt.exe"  # bidi: cleaned on the way in
BAIT = "tracker.example/p.png"  # part of it that no page may lose or fetch
STORY = "hostile-story"
REFUSED = "forbidden"
WORKING, FAILING, SILENT, HOSTILE_FEED = 1, 2, 3, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnished:
    """A running dashboard and what was put into it."""

    house: House
    feed: str  # id of the hostile feed
    link: str  # shared snapshot with a hostile note
    snapshot: str  # its public id


@contextmanager
def furnished(folder: Path) -> Iterator[Furnished]:
    """Serve a full house, without polling, until the block ends."""
    config = house.configured(folder)
    now = datetime.now(UTC)
    archive = folder / "archive.jsonl"
    archive.write_bytes(b"\n".join([*planted.lines(now=now, days=70), _reversed(now)]))
    servers.said(config, "import", str(archive))
    database = Database(f"sqlite:///{folder / 'm.db'}")
    _feeds(database, now)
    _hostile(database, now)
    database.dispose()
    made = json.loads(servers.said(config, "snapshot", "create", "--note", HOSTILE, "--json"))
    with house.serving(folder, "--no-poll") as running:
        yield Furnished(
            house=running,
            feed=make_feed(HOSTILE_FEED).id,
            link=running.address + "/s/" + made["url"].partition("/s/")[2],
            snapshot=made["id"],
        )


def _reversed(now: datetime) -> bytes:
    said = {
        "url": "https://paper9.example/reversed",
        "title": REVERSED,
        "publisher": REVERSED,
        "published": (now - timedelta(minutes=9)).isoformat(),
    }
    return json.dumps(said).encode()


def _feeds(database: Database, now: datetime) -> None:
    titles = {WORKING: "Working Times", FAILING: "Failing Post", SILENT: "Silent Herald"}
    for number, title in {**titles, HOSTILE_FEED: HOSTILE}.items():
        feed = replace(make_feed(number), title=title, language="en")
        Feeds(database).add(feed, by="test", now=now - 90 * DAY)
        shelf.polled(
            database,
            number,
            last_polled_at=now - timedelta(minutes=5),
            last_success_at=now - timedelta(minutes=5),
            last_new_at=now - (20 * DAY if number == SILENT else timedelta(hours=1)),
            next_poll_at=now + timedelta(minutes=10),
        )
    broken = {
        "error_class": REFUSED,
        "error_message": HOSTILE,
        "error_since": now - 2 * DAY,
        "consecutive_errors": 9,
        "last_success_at": now - 3 * DAY,
    }
    with database.write() as connection:
        chosen = t.feed_states.c.feed_id == make_feed(FAILING).id
        connection.execute(sa.update(t.feed_states).where(chosen).values(**broken))
    for hours in range(1, 60, 6):
        shelf.attempt(database, WORKING, started_at=now - timedelta(hours=hours))
        failed = {"status": "error", "http_status": 403, "error_class": REFUSED, "new": 0}
        shelf.attempt(
            database, FAILING, started_at=now - timedelta(hours=hours), **failed,
            error_message=HOSTILE,
        )  # fmt: skip


def _hostile(database: Database, now: datetime) -> None:
    """An item as if nothing had been sanitised on the way in: pages must not rely on that."""
    due = (now.astimezone(CURACAO) + 3 * DAY).date().isoformat()
    judged = shelf.judgement(
        HOSTILE,
        severity=4,
        indicators=("airspace",),
        places=(shelf.place("Willemstad"),),
        deadlines=(shelf.due(due, HOSTILE),),
    )
    shelf.put(
        database,
        1,
        feed=HOSTILE_FEED,
        title=HOSTILE,
        summary=HOSTILE,
        judged=judged,
        story=STORY,
        seen_at=now - timedelta(minutes=2),
        publisher=HOSTILE,
        group_name=HOSTILE,
        author=HOSTILE,
        url="javascript:window.hacked=1",
    )
