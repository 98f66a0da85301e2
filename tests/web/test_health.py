import time
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.web import health
from tests.web.parts import FakeSources, make_client


def test_a_ready_service_says_so(tmp_path: Path):
    answer = make_client(None, tmp_path).get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "because": []})


def test_a_service_that_is_not_ready_says_why(tmp_path: Path):
    sources = FakeSources(trouble=["no poll since yesterday"])
    answer = make_client(None, tmp_path, sources=sources).get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["because"] == ["no poll since yesterday"]


def test_a_broken_store_is_a_reason(tmp_path: Path):
    answer = make_client(None, tmp_path, sources=FakeSources(broken=True)).get("/healthz")
    assert (answer.status_code, "is locked" in answer.text) == (503, True)


def test_a_store_that_hangs_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class Slow(FakeSources):
        def troubles(self):
            time.sleep(0.3)
            return []

    monkeypatch.setattr(health, "_PATIENCE", 0.05)
    answer = make_client(None, tmp_path, sources=Slow()).get("/healthz")
    assert (answer.status_code, "did not answer" in answer.text) == (503, True)


def _values(text: str) -> dict[str, float]:
    return {
        f"{sample.name}{sorted(sample.labels.items())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_prometheus_reads_the_metrics(tmp_path: Path):
    answer = make_client(None, tmp_path).get("/metrics")
    values = _values(answer.text)
    assert values["monitor_feeds[('state', 'failing')]"] == 1
    assert values["monitor_feeds[('state', 'healthy')]"] == 3
    assert values["monitor_level[]"] == 2
    assert values["monitor_store_up[]"] == 1
    assert values["process_resident_memory_bytes[]"] > 0


def test_a_broken_store_leaves_the_metrics_of_the_process(tmp_path: Path):
    client = make_client(None, tmp_path, sources=FakeSources(broken=True))
    assert _values(client.get("/metrics").text)["monitor_store_up[]"] == 0
