"""Planted rewrites are put together again; `python -m monitor.bench.stories` plants many."""

from __future__ import annotations

import pytest

from monitor.bench.stories import grouped, planted, score


def test_planted_rewrites_are_found_and_different_stories_stay_apart():
    items, truth = planted(3_000, 3.0)
    found = score("ours", grouped(items)[0], truth, 1.0)
    assert found.precision >= 0.95
    assert found.recall >= 0.88


def test_precision_and_recall_count_pairs():
    found = score("any", ["a", "a", "b", "b"], [1, 1, 1, 2], 2.0)
    assert (found.precision, found.recall, found.stories) == (0.5, pytest.approx(1 / 3), 2)
    assert found.per_second == 2.0
    assert found.f1 == pytest.approx(0.4)
