"""The filter's step, its over-dispersion, and the settings it stands on."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.indicators.filter import Posterior, anscombe, kept, overdispersion, step
from monitor.indicators.settings import Settings, discount

SETTINGS = Settings()


def test_one_step_is_the_one_of_the_method():
    delta = np.array([0.8])
    keep, pull = kept(delta, False, SETTINGS)
    after = step(
        Posterior(np.array([2.0]), np.array([1.5])), np.array([3.0]), np.array([1.0]), keep, pull
    )
    assert after.a[0] == pytest.approx(0.8 * 2.0 + 0.2 * 1.0 + 3.0)
    assert after.b[0] == pytest.approx(0.8 * 1.5 + 0.2 * 1.0 + 1.0)


def test_while_blind_the_mean_holds_and_the_weight_of_the_past_fades():
    keep, pull = kept(np.array([0.8]), True, SETTINGS)
    before = Posterior(np.array([6.0]), np.array([2.0]))
    after = step(before, np.zeros(1), np.zeros(1), keep, pull)
    assert after.a[0] / after.b[0] == pytest.approx(3.0)
    assert after.b[0] == pytest.approx(0.9 * 2.0, rel=0.01)


def test_poisson_counts_have_an_overdispersion_near_one():
    rng = np.random.default_rng(1)
    mean = np.full((400, 1), 6.0)
    found = overdispersion(rng.poisson(mean).astype(float), mean, np.ones(400, bool), SETTINGS)
    assert found[0] == pytest.approx(1.0, abs=0.15)


def test_lumpy_counts_have_more():
    rng = np.random.default_rng(2)
    mean = np.full((400, 1), 6.0)
    lumpy = rng.poisson(mean * rng.gamma(1.0, 1.0, mean.shape)).astype(float)
    assert overdispersion(lumpy, mean, np.ones(400, bool), SETTINGS)[0] > 3


def test_without_history_overdispersion_leans_on_the_prior():
    nothing = np.zeros((0, 2))
    prior = [SETTINGS.phi_prior] * 2
    assert overdispersion(nothing, nothing, np.zeros(0, bool), SETTINGS).tolist() == prior
    blind = overdispersion(np.ones((5, 2)), np.ones((5, 2)), np.zeros(5, bool), SETTINGS)
    assert blind.tolist() == prior


def test_anscombe_residuals_of_poisson_counts_are_about_standard_normal():
    found = anscombe(
        np.random.default_rng(3).poisson(9.0, 20_000).astype(float), np.full(20_000, 9.0)
    )
    assert found.mean() == pytest.approx(-0.05, abs=0.08)
    assert found.std() == pytest.approx(1.0, abs=0.05)


def test_half_of_a_day_is_left_after_the_half_life():
    assert discount(3.1) ** 3.1 == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("thresholds", (130, 120, 250, 400)),
        ("thresholds", (90, 120, 250, 400)),
        ("prior", 3.0),
        ("half_life_days", 0.0),
        ("base_days", 3),
        ("guard_days", 3),
        ("blind_below", 0.7),
        ("up_probability", 0.4),
        ("down_factor", 1.5),
        ("watch_ratio", 1.0),
        ("grades", {"A": 1.0, "F": 0.4}),
        ("grades", {"A": 0.9}),
    ],
)
def test_a_constant_out_of_range_is_named(name, value):
    with pytest.raises(ValueError, match=f"^{name} = "):
        Settings(**{name: value})
