"""explain, evaluate, backtest: the judgement from the command line."""

import json
from datetime import date, timedelta

import pytest

from monitor.storage.engine import Database
from monitor.storage.reports import Reports
from tests.cli.test_commands import answer, run

__all__ = ["run"]

LABELLED = [
    {"id": "1", "language": "en", "title": "US airstrike hits Caracas", "relevant": True,
     "direction": "escalatory", "severity": 4, "indicators": ["kinetic_strike"]},
    {"id": "2", "language": "en", "title": "Baseball final tonight", "relevant": False,
     "direction": "neutral", "severity": 0, "indicators": []},
    {"id": "3", "language": "nl", "title": "Taart bakken met oma", "relevant": True,
     "direction": "escalatory", "severity": 2, "indicators": ["airspace"]},
]  # fmt: skip


def test_explain_says_what_matched_and_what_would_change_it(run):
    status, out, _err = run("explain", "Venezuela closes its airspace to US aircraft")
    assert status == 0
    assert "[airspace]" in out
    assert "FLAGGED, severity" in out
    assert "without “" in out
    raw = answer(run, "explain", "Venezuela closes its airspace to US aircraft", "--json")
    assert raw["assessment"]["relevant"]
    assert any(one["changes_verdict"] for one in raw["would_change"])


def test_explain_reads_a_longer_text_and_says_when_nothing_matched(run):
    text = b"Baseball final\nThe team won in Willemstad on Friday."
    status, out, _err = run("explain", "-", "--language", "en", stdin=text)
    assert status == 0
    assert "not flagged (English" in out


def test_evaluate_counts_and_lists_every_miss(run, tmp_path):
    file = tmp_path / "labelled.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in LABELLED))
    raw = answer(run, "evaluate", file, "--json")
    assert raw["overall"]["n"] == 3
    assert raw["overall"]["recall"]["value"] == 0.5
    assert raw["languages"]["nl"]["recall"]["hits"] == 0
    assert [one["id"] for one in raw["misses"]] == ["3"]
    status, out, _err = run("evaluate", file, "--with-summaries")
    assert status == 0
    assert "Taart bakken met oma" in out


def test_evaluate_names_a_broken_line_and_goes_on(run, tmp_path):
    file = tmp_path / "labelled.jsonl"
    file.write_text(json.dumps(LABELLED[0]) + "\n" + json.dumps({"id": "x"}) + "\n")
    status, out, err = run("evaluate", file, "--json")
    assert status == 1
    assert json.loads(out)["overall"]["n"] == 1
    assert "line 2: has no 'title'; left out" in err or "line 2: has no 'relevant'" in err
    file.write_text(json.dumps(LABELLED[0] | {"relevant": True, "severity": "x"}) + "\n")
    status, out, err = run("evaluate", file)
    assert (status, out) == (1, "nothing to compare: no line can be used\n")
    assert "line 1: cannot be used: " in err
    file.write_text("{\n")
    status, _out, err = run("evaluate", file)
    assert (status, "line 1 is no JSON" in err) == (1, True)


def test_evaluate_wants_a_file_or_the_analysts_labels(run):
    assert run("evaluate")[0] == 2
    assert answer(run, "evaluate", "--triage", "--json")["overall"]["n"] == 0
    status, out, _err = run("evaluate", "--triage")
    assert (status, "nobody has decided anything in Triage yet" in out) == (0, True)


@pytest.fixture
def archive(tmp_path):
    """Eight publishers, 120 days of dull news, then a week of strikes."""
    file = tmp_path / "archive.jsonl"
    start = date(2025, 8, 1)
    lines = []
    for day in range(130):
        for paper in range(8):
            moment = f"{start + timedelta(day)}T{8 + paper:02d}:00:00Z"
            for n in range(3):
                title = f"Council {day} talks of street {paper}{n} lamps and school {n} roofs"
                if (day + paper + n) % 37 == 0:
                    title = f"Curaçao coast guard seizes {20 + day + paper} kilos of cocaine at sea"
                if day >= 120 and n == 0:
                    title = f"US airstrike {day}{paper} hits Venezuela port, {day + paper} dead"
                lines.append({
                    "url": f"https://paper{paper}.example/{day}/{n}", "title": title,
                    "published": moment, "publisher": f"Paper {paper}", "language": "en",
                })  # fmt: skip
    file.write_text("\n".join(json.dumps(one) for one in lines))
    events = tmp_path / "events.jsonl"
    events.write_text(
        json.dumps({"date": "2025-11-29", "fact": "strikes begin", "direction": "escalatory"})
    )
    return file, events


def test_backtest_finds_a_crisis_that_is_there(run, archive):
    file, events = archive
    raw = answer(run, "backtest", file, "--chronology", events, "--json")
    (event,) = raw["events"]
    assert event["days"] is not None
    assert event["days"] <= 3
    status, out, err = run("backtest", file, "--chronology", events, "--save")
    assert "replaying: " in err  # it takes seconds: people see how far it is
    assert status == 0
    assert "false alarms a month" in out
    database = Database(run.settings.database_url)
    assert Reports(database).load("backtest").about == "archive.jsonl against events.jsonl"
    database.dispose()


def test_backtest_refuses_what_is_too_short_or_broken(run, archive, tmp_path):
    file, events = archive
    short = tmp_path / "short.jsonl"
    short.write_text(file.read_text().splitlines()[0])
    status, _out, err = run("backtest", short, "--chronology", events)
    *before, reason = err.splitlines()
    assert status == 1
    assert all(line.startswith("replaying: ") for line in before)
    assert reason.startswith("curacao-monitor: ")
    events.write_text("{")
    status, _out, err = run("backtest", file, "--chronology", events)
    assert (status, "is no JSON lines" in err) == (1, True)
