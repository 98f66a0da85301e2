import gzip
import logging
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from monitor.errors import StorageError
from monitor.items import stamp
from monitor.snapshots.canonical import verify
from monitor.snapshots.document import Document
from monitor.snapshots.render_html import Newer
from monitor.storage import tables
from monitor.storage.engine import Database
from monitor.storage.snapshots import Snapshots
from tests.snapshots.documents import CREATED, make_document, make_story
from tests.web.parts import make_client

FORMS = ["", ".json", ".csv", ".png"]


@pytest.fixture
def store(tmp_path: Path):
    one = Database(f"sqlite:///{tmp_path / 'monitor.db'}")
    one.migrate()
    yield one
    one.dispose()


@pytest.fixture
def snapshots(store: Database) -> Snapshots:
    return Snapshots(store)


@pytest.fixture
def client(snapshots: Snapshots, tmp_path: Path) -> TestClient:
    return make_client(snapshots, tmp_path)


def test_a_link_opens_in_all_four_forms(client: TestClient, snapshots: Snapshots):
    made = snapshots.create(make_document())
    answers = {form: client.get(f"/s/{made.token}{form}") for form in FORMS}
    assert [answer.status_code for answer in answers.values()] == [200] * 4
    assert "Situation (made-up test data)" in answers[""].text
    assert made.sha256 in answers[""].text
    assert verify(answers[".json"].content).valid
    assert answers[".csv"].text.startswith("\ufeffsite,Curaçao Security Monitor")
    assert answers[".png"].content.startswith(b"\x89PNG")


def test_a_link_needs_none_of_the_live_tables(
    client: TestClient, snapshots: Snapshots, store: Database
):
    made = snapshots.create(make_document())
    with store.write() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            if table.name != "snapshots":
                connection.execute(sa.text(f"DROP TABLE {table.name}"))
    assert all(client.get(f"/s/{made.token}{form}").status_code == 200 for form in FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_an_expired_link_says_so_and_shows_nothing(snapshots: Snapshots, tmp_path: Path, form: str):
    made = snapshots.create(make_document())
    late = make_client(snapshots, tmp_path, now=lambda: CREATED + timedelta(days=30))
    answer = late.get(f"/s/{made.token}{form}")
    assert answer.status_code == 410
    assert "has expired" in answer.text
    assert "2 Jan 2026, 12:10" in answer.text
    assert "made-up" not in answer.text


@pytest.mark.parametrize("form", FORMS)
def test_a_revoked_link_says_so_and_shows_nothing(
    client: TestClient, snapshots: Snapshots, form: str
):
    made = snapshots.create(make_document())
    assert client.get(f"/s/{made.token}{form}").status_code == 200
    snapshots.revoke(made.id, made.owner_key, by="ana", now=CREATED)
    answer = client.get(f"/s/{made.token}{form}")
    assert answer.status_code == 410
    assert "was revoked" in answer.text
    assert "made-up" not in answer.text


def test_a_purged_link_says_that_it_has_expired(snapshots: Snapshots, tmp_path: Path):
    made = snapshots.create(make_document())
    later = CREATED + timedelta(days=31)
    snapshots.purge(now=later)
    answer = make_client(snapshots, tmp_path, now=lambda: later).get(f"/s/{made.token}")
    assert (answer.status_code, "has expired" in answer.text) == (410, True)


@pytest.mark.parametrize(
    "token", ["x" * 27, "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "revoked:00", "'--"]
)
@pytest.mark.parametrize("form", FORMS)
def test_an_unknown_link_says_so_and_repeats_nothing(client: TestClient, token: str, form: str):
    answer = client.get(f"/s/{token}{form}")
    assert answer.status_code == 404
    assert "opens nothing" in answer.text
    assert "<script" not in answer.text
    assert "alert" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_signed_in_link_opens_only_for_those_who_signed_in(
    client: TestClient, snapshots: Snapshots
):
    made = snapshots.create(make_document(), audience="signed_in")
    refused = client.get(f"/s/{made.token}")
    assert refused.status_code == 401
    assert "made-up" not in refused.text
    assert 'href="http://testserver/"' in refused.text
    client.cookies.set("signed", "yes")
    assert client.get(f"/s/{made.token}").status_code == 200


def test_newer_data_is_announced_with_the_comparison(snapshots: Snapshots, tmp_path: Path):
    made = snapshots.create(make_document())
    newer = Newer(sentence="Newer data exists: High.", url="/snapshots?compare=x")
    client = make_client(snapshots, tmp_path, newer=lambda head: newer)
    page = client.get(f"/s/{made.token}").text
    assert "Newer data exists: High." in page
    assert 'href="/snapshots?compare=x"' in page


def test_without_a_comparison_newer_data_is_only_announced(snapshots: Snapshots, tmp_path: Path):
    made = snapshots.create(make_document())
    client = make_client(snapshots, tmp_path, newer=lambda head: Newer(sentence="Newer exists."))
    page = client.get(f"/s/{made.token}").text
    assert "Newer exists." in page
    assert "Compare with now" not in page
    assert client.get(f"/s/{made.token}/now").status_code == 404


def present(before: Document):
    level = make_document()["level"] | {"number": 3, "name": "High", "index": 300.0}
    later = stamp(CREATED + timedelta(days=1))
    return make_document(kind=before["kind"], created_at=later, level=level)


def test_the_banner_leads_to_the_comparison_with_the_present(snapshots: Snapshots, tmp_path: Path):
    made = snapshots.create(make_document())
    newer = Newer(sentence="Newer exists.")
    client = make_client(snapshots, tmp_path, newer=lambda head: newer, present=present)
    address = f"http://testserver/s/{made.token}/now"
    assert f'href="{address}"' in client.get(f"/s/{made.token}").text
    answer = client.get(f"/s/{made.token}/now")
    assert answer.status_code == 200
    assert "The level rose from Elevated to High." in answer.text
    assert f'href="http://testserver/s/{made.token}"' in answer.text
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.headers["cache-control"] == "no-store"


def test_the_present_is_frozen_at_most_twice_a_minute(snapshots: Snapshots, tmp_path: Path):
    made = snapshots.create(make_document())
    asked, clock = [], [CREATED]

    def counted(before: Document):
        asked.append(before["kind"])
        return present(before)

    client = make_client(snapshots, tmp_path, present=counted, now=lambda: clock[0])
    for _ in range(3):
        client.get(f"/s/{made.token}/now")
    assert asked == ["situation"]
    clock[0] += timedelta(seconds=31)
    client.get(f"/s/{made.token}/now")
    assert asked == ["situation"] * 2


def test_the_present_is_shown_only_to_those_who_may_read_it(snapshots: Snapshots, tmp_path: Path):
    made = snapshots.create(make_document())
    client = make_client(snapshots, tmp_path, present=present, required=True)
    assert client.get(f"/s/{made.token}").status_code == 200
    refused = client.get(f"/s/{made.token}/now")
    assert refused.status_code == 401
    assert "High" not in refused.text
    client.cookies.set("signed", "yes")
    assert client.get(f"/s/{made.token}/now").status_code == 200


def test_two_links_are_compared_when_both_open(client: TestClient, snapshots: Snapshots):
    one = snapshots.create(make_document())
    other = snapshots.create(present(make_document()))
    pages = [
        client.get(f"/s/{a.token}/diff/{b.token}").text for a, b in ((one, other), (other, one))
    ]
    assert all("The level rose from Elevated to High." in page for page in pages)
    snapshots.revoke(other.id, other.owner_key, by="ana", now=CREATED)
    for path in (f"{one.token}/diff/{other.token}", f"{other.token}/diff/{one.token}"):
        answer = client.get(f"/s/{path}")
        assert answer.status_code == 410
        assert "High" not in answer.text
    assert client.get(f"/s/{one.token}/diff/{'x' * 27}").status_code == 404


def test_a_store_that_cannot_say_what_is_newer_does_not_close_the_link(
    snapshots: Snapshots, tmp_path: Path
):
    def broken(head):
        raise StorageError("no items")

    made = snapshots.create(make_document())
    answer = make_client(snapshots, tmp_path, newer=broken).get(f"/s/{made.token}")
    assert answer.status_code == 200
    assert 'class="newer"' not in answer.text


def test_a_document_changed_in_the_database_is_refused(
    client: TestClient, snapshots: Snapshots, store: Database
):
    made = snapshots.create(make_document())
    with store.write() as connection:
        body = sa.select(tables.snapshots.c.document)
        changed = connection.execute(body).scalar_one().replace(b"Elevated", b"Guarded!")
        connection.execute(sa.update(tables.snapshots).values(document=changed))
    answer = client.get(f"/s/{made.token}")
    assert answer.status_code == 410
    assert "was changed" in answer.text
    assert "Guarded!" not in answer.text


def test_a_store_that_does_not_answer_is_503_without_its_address(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    answer = make_client(Snapshots(empty), tmp_path).get("/s/" + "t" * 27)
    empty.dispose()
    assert answer.status_code == 503
    assert "empty.db" not in answer.text
    assert "t" * 27 not in caplog.text


def test_a_token_is_in_no_log(
    client: TestClient, snapshots: Snapshots, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG, logger="monitor")
    made = snapshots.create(make_document())
    for form in FORMS:
        client.get(f"/s/{made.token}{form}")
    said = "".join(record.getMessage() for record in caplog.records if record.name != "httpx")
    assert made.token not in said


def test_an_unchanged_page_is_not_sent_twice(client: TestClient, snapshots: Snapshots):
    made = snapshots.create(make_document())
    first = client.get(f"/s/{made.token}")
    again = client.get(f"/s/{made.token}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "no-cache" in first.headers["cache-control"]
    snapshots.revoke(made.id, made.owner_key, by="ana", now=CREATED)
    gone = client.get(f"/s/{made.token}", headers={"If-None-Match": first.headers["etag"]})
    assert gone.status_code == 410


@pytest.mark.parametrize(
    ("asked", "way", "opened"),
    [
        ("br, gzip", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
def test_a_page_is_sent_as_the_browser_takes_it(
    client: TestClient, snapshots: Snapshots, asked: str, way: str | None, opened
):
    made = snapshots.create(make_document())
    with client.stream("GET", f"/s/{made.token}", headers={"Accept-Encoding": asked}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == way
    assert opened(raw).startswith(b"<!doctype html>")
    assert answer.headers["vary"] == "Accept-Encoding"


def test_the_links_on_the_page_name_the_public_address(snapshots: Snapshots, tmp_path: Path):
    made = snapshots.create(make_document())
    client = make_client(snapshots, tmp_path, public_url="https://monitor.example/m/", base="/m")
    page = client.get(f"/m/s/{made.token}").text
    assert f'content="https://monitor.example/m/s/{made.token}.png"' in page
    assert f'href="https://monitor.example/m/snapshot?id={made.id}"' in page
    assert f"token={made.token}" not in page


def test_without_a_public_address_the_links_name_the_one_that_was_asked(
    client: TestClient, snapshots: Snapshots
):
    made = snapshots.create(make_document())
    page = client.get(f"/s/{made.token}").text
    assert f'content="http://testserver/s/{made.token}.png"' in page


def test_only_so_many_answers_are_kept(client: TestClient, snapshots: Snapshots):
    for n in range(70):
        made = snapshots.create(make_document(stories=[make_story(n)], series=[]))
        assert client.get(f"/s/{made.token}.json").status_code == 200
    endpoint = client.app.routes[0].endpoint
    kept = endpoint.__closure__[1].cell_contents._kept
    assert len(kept) == 64
