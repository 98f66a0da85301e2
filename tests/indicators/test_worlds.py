"""The promises of docs/method.md, kept on a few made-up worlds; `make simulate` runs many."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from monitor.bench import simulate


def mean(scene: Callable[..., simulate.Result], name: str, worlds: int = 4) -> float:
    """Mean over some worlds with 60 items a day."""
    found = [scene(np.random.default_rng([seed, 60]), 60.0)[name] for seed in range(worlds)]
    return float(np.mean(found))


def test_twelve_new_feeds_in_calm_leave_the_index_at_about_a_hundred():
    value = mean(simulate.feeds_added, "12 feeds added in calm, level after: ours")
    assert 92 <= value <= 112


def test_a_blackout_in_a_threefold_crisis_does_not_look_calm():
    name = "blackout in a 3 × crisis, last dark day: "
    assert mean(simulate.blackout, f"{name}ours") >= 220
    assert mean(simulate.blackout, f"{name}raw count of the week") < 150


def test_the_table_shows_a_line_for_each_scene_and_a_column_for_each_rate():
    row = simulate.Row(name="a scene", values=(101.4, 0.034, float("inf")), target="95 to 110")
    assert simulate.table([row]).splitlines() == [
        "| scene | 390 a day | 60 a day | 16 a day | target |",
        "|---|---:|---:|---:|---|",
        "| a scene | 101 | 0.03 | never | 95 to 110 |",
    ]
