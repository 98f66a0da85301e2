"""The discounted Gamma–Poisson filter: level and uncertainty, one step a day."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import gammaincc, gammaincinv

from monitor.indicators.rows import Bools, Floats
from monitor.indicators.settings import Settings, discount

QUANTILES = (0.10, 0.90, 0.025, 0.975)


class Posterior(NamedTuple):
    """Gamma distribution of the ratio to normal: shape `a`, rate `b`; arrays of one shape."""

    a: Floats
    b: Floats


def step(
    before: Posterior, seen: Floats, expected: Floats, keep: Floats, pull: Floats
) -> Posterior:
    """One day further.

    Args:
        before: The day before, (series,).
        seen: Stories seen, in units of over-dispersion (Y / φ).
        expected: Stories expected, likewise (E / φ).
        keep: Share of the past that is kept, see `kept`.
        pull: Pull to normal, see `kept`.

    Source: discounted conjugate filter of Harvey and Fernandes (1989), JBES 7(4), 407–417.
    """
    return Posterior(keep * before.a + pull + seen, keep * before.b + pull + expected)


def kept(delta: Floats, blind: bool, settings: Settings) -> tuple[Floats, Floats]:
    """Share of the past that is kept, and pull to normal, for one day.

    While blind nothing pulls to normal: the mean holds and the band widens.
    """
    if blind:
        return np.full_like(delta, discount(settings.blind_half_life_days)), np.zeros_like(delta)
    return delta, (1.0 - delta) * settings.prior


def bands(posterior: Posterior) -> Floats:
    """(4, …): 80 % low and high, 95 % low and high, in index points."""
    a, b = np.maximum(posterior.a, 1e-6), posterior.b
    return np.stack([100.0 * gammaincinv(a, one) / b for one in QUANTILES])


def exceeds(posterior: Posterior, threshold: float | Floats) -> Floats:
    """Probability that the index lies above a threshold, in index points."""
    a = np.maximum(posterior.a, 1e-6)
    return np.asarray(gammaincc(a, posterior.b * np.asarray(threshold) / 100.0))


def anscombe(seen: Floats, expected: Floats) -> Floats:
    """Anscombe residuals of Poisson counts; about standard normal when nothing happens.

    Source: Noufaily et al. (2013), Statistics in Medicine 32(7), 1206–1222.
    """
    mean = np.maximum(expected, 1e-6)
    return np.asarray(1.5 * (seen ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6))


def overdispersion(seen: Floats, mean: Floats, usable: Bools, settings: Settings) -> Floats:
    """φ of each series: variance of the counts over what Poisson would give, at least 1.

    Args:
        seen: (days, series) over the base.
        mean: (days, series) what the day before led to expect.
        usable: (days,) days that were not blind.

    Returns:
        (series,); with little history it leans on `phi_prior`.
    """
    fine = usable[:, None] & (mean > 1e-9)
    ratio = np.where(fine, (seen - mean) ** 2 / np.where(fine, mean, 1.0), np.inf)
    count = fine.sum(axis=0)
    if not len(ratio):
        return np.full(seen.shape[1], settings.phi_prior)
    ordered = np.sort(ratio, axis=0)  # unusable days stand at the end
    place = np.maximum(np.ceil(settings.phi_quantile * count).astype(np.int64) - 1, 0)
    cap = ordered[place, np.arange(len(count))]
    total = np.where(fine, np.minimum(ratio, cap), 0.0).sum(axis=0) * settings.phi_factor
    weight = settings.phi_prior_days
    mixed = (total + weight * settings.phi_prior) / (count + weight)
    return np.asarray(np.maximum(1.0, mixed))
