from __future__ import annotations

import json
from datetime import datetime, timedelta

from monitor.bench import planted
from tests.factories import NOW


def test_the_same_seed_plants_the_same_archive():
    assert list(planted.lines(now=NOW, days=5)) == list(planted.lines(now=NOW, days=5))
    assert list(planted.lines(now=NOW, days=5)) != list(planted.lines(now=NOW, days=5, seed=2))


def test_planted_items_are_oldest_first_and_none_is_from_the_future():
    seen = [
        datetime.fromisoformat(json.loads(line)["first_seen"])
        for line in planted.lines(now=NOW, days=30)
    ]
    assert seen == sorted(seen)
    assert seen[-1] <= NOW - timedelta(hours=1)
    assert {NOW - timedelta(days=30) <= one + timedelta(days=1) for one in seen} == {True}
