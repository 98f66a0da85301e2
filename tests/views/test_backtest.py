from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.storage.engine import Database
from monitor.storage.reports import Report, Reports
from monitor.views import backtest
from monitor.views.lens import Lens

LENS = Lens(now=datetime(2026, 1, 10, 12, tzinfo=UTC), zone=ZoneInfo("America/Curacao"))


def estimate(value, low=None, high=None):
    return {"value": value, "low": low, "high": high}


BODY = {
    "first": "2025-01-01",
    "last": "2025-12-31",
    "groups": 12,
    "mentions": 340,
    "events": [
        {"day": "2025-11-29", "what": "airspace statement", "days": 0, "level": 2},
        {"day": "2025-10-01", "what": "quiet threat", "days": None, "level": 0},
        {"day": "2025-09-02", "what": "first strike", "days": 2, "level": 1},
        {"day": "2025-09-01", "what": "foreseen", "days": -3, "level": 2},
    ],
    "found": estimate(0.75, 0.4, 0.9),
    "median_days": 1.0,
    "false_alarms_a_month": estimate(0.25),
    "stand_down_days": None,
    "skills": [
        {
            "name": "climatology",
            "alerts": 52,
            "precision": estimate(None),
            "recall": estimate(0.5, 0.1, 0.9),
            "area": estimate(0.5),
        }
    ],
    "levels": [0, 1],
}


@pytest.fixture
def reports(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'm.db'}")
    database.migrate()
    yield Reports(database)
    database.dispose()


def test_without_a_replay_there_is_nothing_to_show(reports):
    assert backtest.load(reports, LENS) is None


def test_the_last_replay_is_shown_in_words_with_its_ranges(reports):
    for about in ("old.jsonl", "archive.jsonl"):
        reports.save(Report(name="backtest", made_at=LENS.now, about=about, body=BODY))
    view = backtest.load(reports, LENS)
    assert view.about.startswith("archive.jsonl, Wed 1 Jan 2025 to Wed 31 Dec 2025: 340 flags")
    figures = dict(view.figures)
    assert figures["Events with level 2 or more within three days"] == "0.75 (0.40 to 0.90)"
    assert figures["False alarms a month"] == "0.25"
    assert figures["Median days to stand down"] == "not known"
    assert view.skills["precision"].tolist() == ["not known"]
    assert view.events["level 2 after"].tolist() == [
        "on the day",
        "not reached",
        "2 days",
        "3 days before",
    ]
