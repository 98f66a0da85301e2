"""Every constant of the index that an analyst may want to move (docs/method.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Protocol

LEVELS = ("Normal", "Guarded", "Elevated", "High", "Severe")
GRADES: Mapping[str, float] = MappingProxyType(
    {"A": 0.9, "B": 0.75, "C": 0.5, "D": 0.3, "E": 0.1, "F": 0.4}
)
"""Admiralty reliability as the chance that a report is true; F (not known) between C and D."""


class Watched(Protocol):
    """What the index must know of an indicator; the lexicon's own type has it."""

    @property
    def weight(self) -> float:
        """0 to 10: how much one story counts in a composite."""

    @property
    def half_life_days(self) -> float:
        """After this many days a story counts half in the indicator's own series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighting:
    """The plainest `Watched`."""

    weight: float = 5.0
    half_life_days: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Constants of exposure, filter, levels and alarms; days unless another unit is named.

    Raises:
        ValueError: A constant is outside its range; the message names it.
    """

    # exposure
    base_days: int = 180  # the past that counts as normal
    guard_days: int = 14  # the newest days never teach what is normal
    min_base_days: int = 7  # fewer observed days give no expectation at all
    forming_days: int = 28  # observed days of history below which the baseline is forming
    prior_stories: float = 60.0  # a young group's share leans on its pool as if by so many
    anchor_prior: float = 10.0  # expected stories by which the calm mean leans on 100
    burn_in_days: int = 21
    burn_in_hits: float = 10.0
    burn_in_stories: float = 200.0
    retire_days: int = 3  # a group without a row for so long is no longer watched
    down_weight_above: float = 2.58  # Anscombe residual of a day in alarm
    catch_up_days: int = 3  # items found later are booked to the day they were published
    flood_factor: float = 6.0  # times a group's own 95th percentile of stories a day
    flood_floor: float = 100.0  # and at least so many
    # filter
    half_life_days: float = 3.1  # of the composites
    prior: float = 1.0  # strength of the pull to normal, in expected stories (at most 1)
    blind_half_life_days: float = 6.6  # a day counts 0.9 of the day before while blind
    phi_factor: float = 1.08
    phi_quantile: float = 0.97
    phi_prior: float = 1.5
    phi_prior_days: float = 10.0
    # coverage
    blind_below: float = 0.3
    hatched_below: float = 0.6
    provisional_days: int = 2
    # levels
    thresholds: tuple[float, float, float, float] = (130.0, 175.0, 250.0, 400.0)
    up_probability: float = 0.8
    down_factor: float = 0.8
    down_probability: float = 0.8
    down_days: int = 2
    dwell_days: int = 3
    fast_groups: int = 2  # groups that must report de-escalation for the fast step-down
    # alarms
    watch_ratio: float = 2.0  # rise that the CUSUM looks for
    watch_false_alarms: float = 4.0  # a year, over all series together
    driven_above: float = 0.30  # share of the value that one group may carry unmarked
    # weights
    grades: Mapping[str, float] = field(default_factory=lambda: GRADES)

    def __post_init__(self) -> None:
        checks = {
            "thresholds": len(self.thresholds) == STEPS
            and list(self.thresholds) == sorted(set(self.thresholds))
            and all(100 < one <= MOST for one in self.thresholds),
            "prior": 0 < self.prior <= 1,
            "half_life_days": self.half_life_days > 0,
            "blind_half_life_days": self.blind_half_life_days > 0,
            "phi_quantile": 0 < self.phi_quantile < 1,
            "base_days": self.base_days >= self.min_base_days >= 1,
            "guard_days": self.guard_days >= BLOCK_DAYS,
            "blind_below": 0 <= self.blind_below <= self.hatched_below <= 1,
            "up_probability": 0.5 <= self.up_probability < 1,
            "down_probability": 0.5 <= self.down_probability < 1,
            "down_factor": 0 < self.down_factor <= 1,
            "watch_ratio": self.watch_ratio > 1,
            "watch_false_alarms": self.watch_false_alarms > 0,
            "grades": all(0 <= one < 1 for one in self.grades.values()) and "F" in self.grades,
        }
        wrong = [name for name in _NUMBERS if not 0 <= getattr(self, name) <= MOST]
        wrong += [name for name, fine in checks.items() if not fine]
        if wrong:
            raise ValueError(f"{wrong[0]} = {getattr(self, wrong[0])!r} cannot be used")


_NUMBERS = tuple(one.name for one in fields(Settings) if one.type in ("int", "float"))
STEPS = 4
"""Thresholds: where Guarded, Elevated, High and Severe begin."""
MOST = 36_500
"""No constant is larger: as days this is a hundred years."""
BLOCK_DAYS = 7
"""Shares and over-dispersion are learnt anew once a week; must not exceed the guard."""


def discount(half_life_days: float) -> float:
    """Share of yesterday that is left today."""
    return float(0.5 ** (1.0 / half_life_days))
