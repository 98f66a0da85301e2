"""What routes answer after config.toml was changed under a running dashboard."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from monitor.cycle.installation import Installation
from monitor.web import boot
from tests.web.parts import make_streamlit

OPEN = '[site]\ntitle = "Before"\n[storage]\nurl = "sqlite:///monitor.db"\n'


class Written:
    """A configuration that changes visibly, however coarse the clock of the file system."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.times = 0

    def __call__(self, text: str) -> None:
        self.times += 1
        self.file.write_text(text, encoding="utf-8")
        os.utime(self.file, (self.times, self.times))


@pytest.fixture
def write(tmp_path: Path) -> Written:
    written = Written(tmp_path / "config.toml")
    written(OPEN)
    return written


@pytest.fixture
def client(tmp_path: Path, write: Written, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)
    monkeypatch.setenv("MONITOR_POLL", "off")
    around = boot.surroundings(
        make_streamlit(tmp_path / "streamlit"),
        read_cookie=lambda cookies, name: None,
        installation=Installation(lambda: write.file, lambda: datetime.now(UTC)),
    )
    assert around is not None
    return TestClient(Starlette(routes=list(around.routes), middleware=list(around.middleware)))


PRIVATE = ["/api/v1/status", "/api/v1/items", "/flagged.atom"]


@pytest.mark.parametrize("path", PRIVATE)
def test_sign_in_that_is_turned_on_holds_from_the_next_request_on(client, write, path):
    assert client.get(path).status_code == 200
    write(OPEN + '[access]\nmode = "oidc"\n')
    assert client.get(path).status_code == 401
    write(OPEN)
    assert client.get(path).status_code == 200


def test_title_and_address_follow_the_file(client, write):
    assert "<title>Before: flagged stories</title>" in client.get("/flagged.atom").text
    write(OPEN.replace("Before", 'After"\npublic_url = "https://m.example').replace("\n[", "\n["))
    told = client.get("/flagged.atom").text
    assert "<title>After: flagged stories</title>" in told
    assert "https://m.example/flagged.atom" in told


def test_another_database_is_read_at_once(client, write, tmp_path):
    client.get("/api/v1/status")
    write(OPEN.replace("monitor.db", "other.db"))
    assert client.get("/api/v1/status").status_code == 200
    assert (tmp_path / "other.db").exists()


def test_a_file_that_cannot_be_used_closes_everything_and_only_health_says_why(client, write):
    write("[access]\nmod = 1\n")
    for path in [*PRIVATE, "/s/" + "q" * 27, "/metrics"]:
        answer = client.get(path)
        assert answer.status_code == 503
        assert "mod" not in answer.json()["because"][0].replace("monitor", "")
    assert "[access] mod: unknown key" in client.get("/healthz").json()["because"][0]
    write(OPEN)
    assert client.get("/healthz").json() == {"status": "ready", "because": []}


def test_what_cannot_be_opened_at_the_start_gives_no_routes(tmp_path, write):
    write("nonsense")
    installation = Installation(lambda: write.file)
    assert (
        boot.surroundings(tmp_path, read_cookie=lambda *_: None, installation=installation) is None
    )


def test_posting_to_a_route_is_refused_as_before(client):
    assert client.post("/api/v1/status").status_code == 405
