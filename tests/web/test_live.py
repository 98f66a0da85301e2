"""What the routes read, from a real store."""

import json
import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from monitor.storage.snapshots import Snapshots
from monitor.web.live import Live
from tests.cycle.conftest import configure, open_at
from tests.factories import NOW
from tests.shelf import attempt, judgement, polled, put, watch
from tests.snapshots.documents import make_document
from tests.web.parts import make_client

__all__ = ["configure", "open_at"]
WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def intake(open_at):
    _settings, intake = open_at()
    database = intake.store.database
    watch(database, 1)
    put(database, 1, title="Airspace closed", seen_at=NOW - timedelta(microseconds=830_009))
    put(database, 2, title="Baseball", judged=judgement("Baseball", indicators=()))
    return intake


@pytest.fixture
def client(configure, intake, tmp_path) -> TestClient:
    live = Live(configure(), intake, lambda: NOW)
    snapshots = Snapshots(intake.store.database)
    return make_client(snapshots, tmp_path, sources=live)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        pytest.param("", {"Airspace closed", "Baseball"}, id="all"),
        pytest.param("flagged=true", {"Airspace closed"}, id="flagged"),
        pytest.param("flagged=false", {"Baseball"}, id="the others"),
    ],
)
def test_items_are_all_there_unless_only_some_are_asked_for(client, query, titles):
    found = client.get(f"/api/v1/items?since=2025-12-03&{query}").json()["data"]
    assert {one["title"] for one in found} == titles


def test_every_time_is_written_as_the_documentation_says(client, intake):
    database = intake.store.database
    polled(database, 1, error_class="timeout", last_success_at=NOW - timedelta(days=2))
    attempt(database, 1)
    Snapshots(database).create(make_document())
    told = []

    def look(value):
        if isinstance(value, dict):
            for name, one in value.items():
                if isinstance(one, str) and re.match(r"\d{4}-\d\d-\d\dT", one):
                    told.append((name, one))
                look(one)
        elif isinstance(value, list):
            for one in value:
                look(one)

    for name in ("status", "items", "stories", "feeds", "snapshots"):
        look(json.loads(client.get(f"/api/v1/{name}").text))
    assert {name for name, _ in told} >= {
        "newest_evidence_at", "published", "first_seen", "last_seen", "last_success_at",
        "created_at", "expires_at", "since",
    }  # fmt: skip
    assert [(name, one) for name, one in told if not WRITTEN.fullmatch(one)] == []
