from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.web import api
from tests.web.parts import FakeSources, make_client

NAMES = ["status", "index", "items", "stories", "feeds", "snapshots"]


@pytest.mark.parametrize("name", NAMES)
def test_each_address_answers_json(tmp_path: Path, name: str):
    answer = make_client(None, tmp_path).get(f"/api/v1/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()


def test_a_view_model_becomes_plain_json(tmp_path: Path):
    assert make_client(None, tmp_path).get("/api/v1/status").json() == {
        "level": 2,
        "computed_at": "2025-12-03T16:10:00Z",
        "steps": [{"number": 0}, {"number": 1}],
    }


def test_the_api_says_which_addresses_there_are(tmp_path: Path):
    answer = make_client(None, tmp_path, base="/m").get("/m/api/v1").json()
    assert answer["data"] == [f"/m/api/v1/{name}" for name in NAMES]


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        (
            "index?indicator=airspace&since=2025-11-01&until=2025-12-01&as_of=2025-12-01T00:00:00Z",
            {
                "indicator": "airspace",
                "since": date(2025, 11, 1),
                "until": date(2025, 12, 1),
                "as_of": datetime(2025, 12, 1, tzinfo=UTC),
            },
        ),
        (
            "index?as_of=2025-12-01T00:00:00",
            {
                "indicator": None,
                "since": None,
                "until": None,
                "as_of": datetime(2025, 12, 1, tzinfo=UTC),
            },
        ),
        (
            "items?feed=f&since=2025-12-01&flagged=true&limit=7&after=x",
            {"feed": "f", "since": date(2025, 12, 1), "flagged": True, "limit": 7, "after": "x"},
        ),
        ("stories", {"since": None, "language": None, "limit": 50, "after": None}),
        ("snapshots?limit=500", {"limit": 500, "after": None}),
    ],
)
def test_parameters_are_passed_on_as_values(tmp_path: Path, path: str, asked: dict[str, Any]):
    sources = FakeSources()
    assert make_client(None, tmp_path, sources=sources).get(f"/api/v1/{path}").status_code == 200
    assert sources.asked == [asked]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("items?limit=0", "limit='0' is no number from 1 to 500"),
        ("items?limit=501", "from 1 to 500"),
        ("items?limit=٣", "from 1 to 500"),
        ("items?since=yesterday", "no date like 2025-12-02"),
        ("items?flagged=maybe", "neither true nor false"),
        ("items?colour=red", "unknown parameter 'colour'; known here: feed, since"),
        ("status?x=1", "known here: none"),
        ("index?as_of=now", "no time like"),
        ("index?since=2025-12-02&until=2025-12-01", "is after until"),
        ("index?indicator=nosuch", "indicator='nosuch' is not known; there are risk, airspace"),
        ("stories?language=xx", "language='xx' is not known; there are en, nl, es, pap"),
    ],
)
def test_a_wrong_parameter_is_refused_with_the_reason(tmp_path: Path, path: str, words: str):
    sources = FakeSources()
    answer = make_client(None, tmp_path, sources=sources).get(f"/api/v1/{path}")
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert sources.asked == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("feed=nobody", "feed='nobody': no feed"),
        ("after=nowhere", "after='nowhere': follow `next`"),
    ],
)
def test_what_the_store_does_not_know_is_refused_with_the_parameter(
    tmp_path: Path, query: str, words: str
):
    answer = make_client(None, tmp_path).get(f"/api/v1/items?{query}")
    assert answer.status_code == 400
    assert words in answer.json()["error"]


def test_a_bug_in_the_store_is_not_told_as_a_wrong_parameter(tmp_path: Path):
    sources = FakeSources()
    sources.stories = lambda **asked: int("x")
    with pytest.raises(ValueError, match="invalid literal"):
        make_client(None, tmp_path, sources=sources).get("/api/v1/stories")


def test_an_address_that_is_none_names_those_there_are(tmp_path: Path):
    answer = make_client(None, tmp_path).get("/api/v1/nosuch/1")
    assert answer.status_code == 404
    assert "there is no '/api/v1/nosuch/1'; there are /api/v1/status, " in answer.json()["error"]


def test_a_list_says_where_it_goes_on(tmp_path: Path):
    client = make_client(None, tmp_path)
    answer = client.get("/api/v1/items?flagged=true").json()
    assert answer["data"] == [{"id": "a"}]
    assert answer["next"] == "http://testserver/api/v1/items?flagged=true&after=cursor%2F1"
    assert client.get("/api/v1/stories").json()["next"] is None


@pytest.mark.parametrize("name", NAMES)
def test_a_store_that_does_not_answer_is_503_without_its_address(tmp_path: Path, name: str):
    answer = make_client(None, tmp_path, sources=FakeSources(broken=True)).get(f"/api/v1/{name}")
    assert answer.status_code == 503
    assert "path.db" not in answer.text


@pytest.mark.parametrize("path", ["/api/v1/items", "/api/v1", "/flagged.atom"])
def test_where_sign_in_is_required_reading_needs_it_too(tmp_path: Path, path: str):
    client = make_client(None, tmp_path, required=True)
    assert client.get(path).status_code == 401
    client.cookies.set("signed", "yes")
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_written(tmp_path: Path, method: str):
    assert getattr(make_client(None, tmp_path), method)("/api/v1/items").status_code == 405


def test_a_value_that_is_not_plain_is_a_bug_and_not_hidden():
    with pytest.raises(TypeError, match="object has no JSON form"):
        api._plain(object())
