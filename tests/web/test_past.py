"""Past moments over HTTP: dates at the edge of the calendar, the future, many at once."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from monitor.cycle.installation import Installation
from monitor.web.live import Live
from monitor.web.past import Past
from monitor.web.sources import BusyError
from tests.web.parts import make_client

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory):
    """A real store with the first article, in a zone east of Greenwich."""
    file = tmp_path_factory.mktemp("past") / "config.toml"
    file.write_text(
        '[site]\ntimezone = "Asia/Tokyo"\n[storage]\nurl = "sqlite:///monitor.db"\n', "utf-8"
    )
    made = Installation(lambda: file, lambda: NOW).opened()
    yield made
    made.store.close()


@pytest.fixture
def client(opened, tmp_path: Path) -> TestClient:
    live = Live(opened.config, opened.intake, lambda: NOW)
    return make_client(None, tmp_path, sources=live)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("index?as_of=0001-01-01T00:00:00%2B14:00", "outside of the calendar"),
        ("index?as_of=0001-01-02T00:00:00Z", "outside of the calendar"),
        ("index?as_of=9999-12-31T23:59:59-14:00", "outside of the calendar"),
        ("items?since=0001-01-01", "outside of the calendar"),
        ("stories?since=9999-12-31", "outside of the calendar"),
        ("index?until=9999-12-31", "outside of the calendar"),
        ("snapshots?after=2025-01-01~x", "follow `next`"),
        ("snapshots?after=2025-01-01T00:00:00~x", "follow `next`"),
    ],
)
def test_what_no_calendar_and_no_list_holds_is_refused(client, path, told):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 400
    assert told in answer.json()["error"]


@pytest.mark.parametrize(
    "path",
    [
        "index?as_of=0002-01-01T00:00:00%2B14:00",
        "index?as_of=9998-12-31T23:59:59-14:00",
        "items?since=0002-01-01",
        "stories?since=9998-12-31",
        "snapshots?after=0001-01-01T00:00:00%2B14:00~x",
    ],
)
def test_beside_the_edge_is_answered(client, path):
    assert client.get(f"/api/v1/{path}").status_code == 200


def test_the_future_is_answered_as_the_present(client):
    future = client.get("/api/v1/index?indicator=risk&as_of=2999-01-01T00:00:00Z").json()["data"]
    present = client.get("/api/v1/index?indicator=risk&as_of=2026-11-26T12:00:00Z").json()["data"]
    assert future == present
    assert future[-1]["day"] == "2026-11-26"


class Slow:
    """An intake whose measurement lasts until it is let go."""

    def __init__(self, opened) -> None:
        self.assessor, self.store = opened.intake.assessor, opened.store
        self.begun, self.let_go = threading.Event(), threading.Event()
        self.asked: list[datetime] = []

    def measured(self, as_of: datetime) -> None:
        self.asked.append(as_of)
        self.begun.set()
        assert self.let_go.wait(30)


def test_one_past_moment_is_computed_at_a_time_and_others_need_not_wait(opened):
    slow = Slow(opened)
    past = Past(slow, lambda: NOW)
    first = threading.Thread(target=past.measured, args=(NOW,))
    first.start()
    assert slow.begun.wait(30)
    for days in range(1, 50):
        with pytest.raises(BusyError, match="ask again"):
            past.measured(NOW - timedelta(days=days))
    slow.let_go.set()
    first.join()
    assert slow.asked == [NOW]
    past.measured(NOW - timedelta(days=1))
    assert len(slow.asked) == 2


def test_the_same_moment_is_computed_once_a_minute_and_few_are_kept(opened):
    slow, clock = Slow(opened), [NOW]
    slow.let_go.set()
    past = Past(slow, lambda: clock[0])
    for _ in range(3):
        past.measured(NOW)
    assert len(slow.asked) == 1
    clock[0] += timedelta(minutes=1)
    past.measured(NOW)
    assert len(slow.asked) == 2
    for days in range(10):
        past.measured(NOW - timedelta(days=days))
    past.measured(NOW)
    assert len(slow.asked) == 2 + 9 + 1


def test_a_measurement_that_fails_lets_the_next_one_begin(opened):
    slow = Slow(opened)
    slow.let_go.set()
    past = Past(slow, lambda: NOW)
    slow.asked = None
    with pytest.raises(AttributeError):
        past.measured(NOW)
    slow.asked = []
    past.measured(NOW)
    assert slow.asked == [NOW]


def test_whoever_comes_while_another_is_served_is_told_when_to_come_again(opened, tmp_path):
    live = Live(opened.config, opened.intake, lambda: NOW)
    client = make_client(None, tmp_path, sources=live)
    with live._past._computing:
        answer = client.get("/api/v1/index?as_of=2026-11-01T00:00:00Z")
        assert client.get("/api/v1/index").status_code == 200
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "ask again" in answer.json()["error"]
