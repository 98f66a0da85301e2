"""Back-test: would the levels have warned? The last kept replay of an archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from monitor.storage.reports import Report, Reports
from monitor.views.lens import Lens

NAME = "backtest"
SCORES = {
    "ours": "this index",
    "climatology": "climatology: the same chance every day",
    "persistence": "persistence: tomorrow as today",
    "raw count": "raw count of flags",
    "pooled share": "share of flagged stories",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What the replay found, in words and tables."""

    about: str
    figures: tuple[tuple[str, str], ...]  # name and value with its range
    skills: pd.DataFrame  # columns: method, alerts, precision, recall, area
    events: pd.DataFrame  # columns: date, what, days to level 2, level


def load(reports: Reports, lens: Lens) -> Backtest | None:
    """The last kept back-test; None: none was made with --save."""
    report = reports.load(NAME)
    return None if report is None else _view(report, lens)


def _view(report: Report, lens: Lens) -> Backtest:
    body = report.body
    return Backtest(
        about=f"{report.about}, {lens.day(body['first'])} to {lens.day(body['last'])}: "
        f"{body['mentions']:,} flags of {body['groups']:,} publishers, replayed "
        f"{lens.when(report.made_at)}. Intervals hold the true value in 95 of 100 "
        "cases (7-day block bootstrap).",
        figures=(
            ("Events with level 2 or more within three days", ranged(body["found"])),
            ("Median days from event to level 2", plain(body["median_days"])),
            ("False alarms a month", ranged(body["false_alarms_a_month"])),
            ("Median days to stand down", plain(body["stand_down_days"])),
        ),
        skills=pd.DataFrame(
            [
                {
                    "method": SCORES.get(one["name"], one["name"]),
                    "alerts": one["alerts"],
                    "precision": ranged(one["precision"]),
                    "recall": ranged(one["recall"]),
                    "area under the curve": ranged(one["area"]),
                }
                for one in body["skills"]
            ]
        ),
        events=pd.DataFrame(
            [
                {
                    "date": lens.day(one["day"]),
                    "event": one["what"],
                    "level 2 after": _after(one["days"]),
                    "level on the day": one["level"],
                }
                for one in body["events"]
            ]
        ),
    )


def ranged(estimate: Mapping[str, Any]) -> str:
    """A value with its interval, as "0.67 (0.50 to 0.80)"."""
    if estimate["value"] is None:
        return "not known"
    if estimate["low"] is None or estimate["high"] is None:
        return f"{estimate['value']:.2f}"
    return f"{estimate['value']:.2f} ({estimate['low']:.2f} to {estimate['high']:.2f})"


def plain(value: float | None) -> str:
    """A number, or that there is none."""
    return "not known" if value is None else f"{value:.1f}"


def _after(days: int | None) -> str:
    if days is None:
        return "not reached"
    if days < 0:
        return f"{-days} days before"
    return "on the day" if days == 0 else f"{days} days"
