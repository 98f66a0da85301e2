from pathlib import Path

import pytest

from monitor.web.limits import Buckets, client_of
from tests.web.parts import few, make_client


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_client_may_burst_then_waits_then_goes_on():
    clock = Clock()
    buckets = Buckets(burst=3, per_second=2, clock=clock)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.take("b") == 0
    clock.now += 0.5
    assert buckets.take("a") == 0
    assert buckets.take("a") == 0.5


def test_a_quiet_client_never_has_more_than_the_burst():
    clock = Clock()
    buckets = Buckets(burst=2, per_second=1, clock=clock)
    buckets.take("a")
    clock.now += 1000
    assert [buckets.take("a") > 0 for _ in range(3)] == [False, False, True]


def test_only_so_many_clients_are_remembered():
    buckets = Buckets(clock=Clock())
    for n in range(10_050):
        buckets.take(str(n))
    assert len(buckets) == 10_000


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_client_is_an_address_or_a_network(host: str, client: str):
    assert client_of({"client": (host, 1)}) == client


def test_an_unknown_client_is_one_client():
    assert client_of({"client": None}) == "unknown"


def test_too_many_requests_are_answered_429_with_the_time_to_wait(tmp_path: Path):
    clock = Clock()
    client = make_client(None, tmp_path, buckets=few(2, clock))
    statuses = [client.get("/api/v1/status").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = client.get("/api/v1/feeds")
    assert refused.headers["retry-after"] == "2"
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert client.get("/healthz").status_code == 200
    assert client.get("/").text == "the page itself"
    clock.now += 2
    assert client.get("/api/v1/status").status_code == 200
