"""The 28 things that are watched."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.assess.model import Kind
from monitor.assess.wordlists import LANGUAGES
from monitor.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One line of the watch list.

    Attributes:
        names: Name in each of en, nl, es, pap.
        weight: 0 to 10, consequence for Curaçao; used by the index, not by severity.
        half_life_days: Of one story's contribution to the index.
        tripwire: What forces a level without waiting for the index; "" for nothing.
        plover, cameo, other_schemes: Cross-walk to published codings.
    """

    id: str
    names: Mapping[str, str]
    definition: str
    kind: Kind
    weight: float
    half_life_days: float
    tripwire: str
    plover: str
    cameo: str
    other_schemes: str


def weighed(
    shipped: Mapping[str, Indicator], weights: Mapping[str, float]
) -> Mapping[str, Indicator]:
    """The indicators with other weights.

    Raises:
        ConfigError: There is no such indicator.
    """
    for key in weights.keys() - shipped.keys():
        raise ConfigError("changes", f"weights.{key}", "is no indicator")
    changed = {key: replace(shipped[key], weight=float(one)) for key, one in weights.items()}
    return {**shipped, **changed}


def load(file: Path) -> Mapping[str, Indicator]:
    """Read the indicators.

    Raises:
        ConfigError: The file is missing, or an indicator lacks a key; names both.
    """
    try:
        raw = tomllib.loads(file.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(str(file), "", f"cannot be read: {error}") from error
    found: dict[str, Indicator] = {}
    for key, one in raw.items():
        try:
            found[key] = Indicator(
                id=key,
                names={language: one[language] for language in LANGUAGES},
                definition=one["definition"],
                kind=Kind(one["kind"]),
                weight=float(one["weight"]),
                half_life_days=float(one["half_life_days"]),
                tripwire=one["tripwire"],
                plover=one["plover"],
                cameo=one["cameo"],
                other_schemes=one["other_schemes"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError(str(file), key, f"bad indicator: {error!r}") from error
    return found
