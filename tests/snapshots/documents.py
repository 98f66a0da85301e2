"""Documents for tests; the numbers are made up and say so in the title."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from monitor.items import stamp
from monitor.snapshots.document import SCHEMA, VERSION, Document

CREATED = datetime(2025, 12, 3, 16, 10, tzinfo=UTC)
STEPS = [
    {"number": 0, "name": "Normal", "above": 0.0},
    {"number": 1, "name": "Guarded", "above": 130.0},
    {"number": 2, "name": "Elevated", "above": 175.0},
    {"number": 3, "name": "High", "above": 250.0},
    {"number": 4, "name": "Severe", "above": 400.0},
]


def make_series(series: str = "risk", *, n: int = 60, **changes: Any) -> dict[str, Any]:
    """A calm month, a rise, a gap of three blind days, and two provisional days at the end."""
    last = date(2025, 12, 3)
    days = [(last - timedelta(days=n - 1 - i)).isoformat() for i in range(n)]
    index = [100 + 25 * math.sin(i / 4) + max(0, i - n * 0.55) * 7 for i in range(n)]
    blind = range(n // 2, n // 2 + 3)
    values: dict[str, Any] = {
        "series": series,
        "name": "Escalation index",
        "days": days,
        "index": index,
        "low80": [value * 0.75 for value in index],
        "high80": [value * 1.3 for value in index],
        "seen": [round(value / 30, 1) for value in index],
        "expected": [3.3] * n,
        "coverage": [0.2 if i in blind else 0.5 if i in (8, 9) else 0.92 for i in range(n)],
        "state": [
            "blind" if i in blind else "provisional" if i >= n - 2 else "final" for i in range(n)
        ],
        "level": [0 if value < 130 else 1 if value < 175 else 2 for value in index],
    }
    return values | changes


def make_story(n: int = 1, **changes: Any) -> dict[str, Any]:
    """Story number `n`."""
    values: dict[str, Any] = {
        "id": f"story{n}",
        "title": f"Story number {n}",
        "url": f"https://publisher{n}.example/{n}",
        "publishers": ["Publisher One", "Publisher Two"],
        "groups": 2,
        "items": 3,
        "severity": 2,
        "direction": "escalatory",
        "indicators": ["airspace"],
        "reasons": [{"indicator": "airspace", "name": "Airspace", "words": ["airspace closed"]}],
        "relevance": ["names Curaçao", "its airspace"],
        "excerpt": "A short excerpt of what was written.",
        "language": "en",
        "published_at": "2025-12-02T14:00:00Z",
        "first_seen_at": "2025-12-02T14:20:00Z",
        "event_date": "2025-11-29",
    }
    return values | changes


def make_document(**changes: Any) -> Document:
    """A complete document of a made-up situation; a test states only what matters to it."""
    values: dict[str, Any] = {
        "schema": SCHEMA,
        "version": VERSION,
        "kind": "situation",
        "site": "Curaçao Security Monitor",
        "timezone": "America/Curacao",
        "title": "Situation (made-up test data)",
        "note": "For the morning meeting.",
        "author": "Analyst",
        "created_at": stamp(CREATED),
        "expires_at": stamp(CREATED + timedelta(days=30)),
        "computed_at": stamp(CREATED - timedelta(minutes=4)),
        "newest_evidence_at": stamp(CREATED - timedelta(hours=2)),
        "view": {"range": "60 days"},
        "level": {
            "number": 2,
            "name": "Elevated",
            "sentence": "Elevated since 1 December: airspace notices and an ultimatum.",
            "index": 214.2,
            "low80": 160.5,
            "high80": 278.4,
            "coverage": 0.92,
            "state": "provisional",
            "tripwire": None,
            "steps": STEPS,
        },
        "headlines": [
            "The index rose by 38 in seven days.",
            "Airspace and ultimatum stories are well above normal.",
        ],
        "series": [make_series(), make_series("act", name="Acts"), make_series("threat")],
        "board": [
            {
                "id": "airspace",
                "name": "Airspace closure / NOTAM",
                "state": "warning",
                "index": 390.0,
                "low": 240.0,
                "high": 610.0,
                "seen": 6.0,
                "expected": 1.4,
            },
            {
                "id": "negotiation",
                "name": "Talks and mediation",
                "state": "quiet",
                "index": None,
                "low": None,
                "high": None,
                "seen": 0.0,
                "expected": 0.4,
            },
        ],
        "contributions": [
            {
                "indicator": "airspace",
                "name": "Airspace",
                "share": 0.6,
                "words": "6 seen, 1.4 usual",
            }
        ],
        "events": [
            {
                "date": "2025-11-21",
                "text": "FAA notice for the Maiquetía region",
                "direction": "escalatory",
                "source": "FAA",
                "url": "https://faa.example/notice",
            }
        ],
        "stories": [make_story(1), make_story(2, severity=3), make_story(3, severity=1)],
        "markers": [
            {
                "name": "Willemstad",
                "lat": 12.105,
                "lon": -68.935,
                "severity": 2,
                "stories": ["story1"],
            },
            {"name": "Caracas", "lat": 10.5, "lon": -66.9, "severity": 3, "stories": ["story2"]},
        ],
        "deadlines": [
            {
                "due": "2025-12-08",
                "phrase": "valid until 8 December",
                "indicator": "airspace",
                "story": "story1",
                "title": "Story number 1",
                "outcome": None,
            }
        ],
        "silent_feeds": [
            {"title": "Quiet Wire", "since": "2025-11-30T00:00:00Z", "because": "nothing new"}
        ],
        "feeds": {"watched": 40, "healthy": 36, "failing": 2, "silent": 1, "paused": 1},
        "settings": {"thresholds": [130, 175, 250, 400], "half_life_days": 3.1},
        "lexicon_version": "2025.12-abc123",
        "code_version": "0.1.0",
    }
    return cast("Document", values | changes)


def make_selection(**changes: Any) -> Document:
    """Stories that were searched for, as the second edition writes them."""
    dots = [
        {"at": at, "severity": severity, "direction": "escalatory", "title": f"Dot {n}",
         "story": f"story{n}", "reports": n}
        for n, (at, severity) in enumerate(
            [("2025-12-01", 3), ("2025-12-01", 3), ("2025-12-02T14:20:00Z", 0), ("2025-08-30", 4),
             ("2025-12-20", 1)], 1
        )
    ]  # fmt: skip
    values: dict[str, Any] = {
        "kind": "stories",
        "view": {"shown": "flagged stories of the last 7 days, in Spanish"},
        "choice": {"days": 7, "language": "es", "by": "event"},
        "lead": "3 flagged stories in the last 7 days",
        "listed": "The 3 last seen of 9 flagged stories",
        "figures": [],
        "timeline": dots,
    }
    return make_document(**values | changes)


def make_focus(**changes: Any) -> dict[str, Any]:
    """One series that was shown in full, compared with an earlier period."""
    values: dict[str, Any] = {
        "series": "act",
        "name": "Acts",
        "about": "What was done.",
        "facts": ["Weight: 8 of 10"],
        "sentence": "Index 214.",
        "comparison": "Mean index 150, the period before 100: 1.5 times.",
        "compared": make_series("act", n=20),
    }
    return values | changes
