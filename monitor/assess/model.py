"""Assessment: our judgement of one item, with a reason for everything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class Direction(StrEnum):
    """Which way a flag, or an item as a whole, points."""

    ESCALATORY = "escalatory"
    DEESCALATORY = "deescalatory"
    NEUTRAL = "neutral"


class Kind(StrEnum):
    """What sort of thing an indicator reports."""

    ACT = "act"
    THREAT = "threat"
    TALK = "talk"
    CONTEXT = "context"


class Evidence(NamedTuple):
    """The words that made a rule fire: `text == original[field][start:end]`, always.

    A tuple, because a text thick with flags has dozens.
    """

    field: str  # "title" or "summary"
    start: int  # characters in the original text
    end: int
    text: str
    rule: str  # id of the rule that matched


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One indicator found in an item."""

    indicator: str
    direction: Direction
    kind: Kind
    severity: int  # 0 to 4 (docs/judgement.md)
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """A flag that a rule took back, and why."""

    indicator: str
    rule: str
    because: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMention:
    """A place of the gazetteer named in the text."""

    id: str
    name: str
    distance_km: float  # from Willemstad
    latitude: float
    longitude: float
    evidence: Evidence

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> PlaceMention:
        """Back from the `places` of `Assessment.as_json`."""
        return cls(**{**raw, "evidence": Evidence(**raw["evidence"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A day by which the text says something must or will happen."""

    due: str  # ISO date: reports of one deadline differ in the hour, if they give one at all
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDate:
    """A dated event in the text; the first of an assessment is the main one."""

    date: str  # ISO date or YYYY-MM
    evidence: Evidence
    conflict: str = ""  # e.g. "Thursday" is written, but 29 November 2025 was a Saturday


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevance:
    """How much an item concerns Curaçao, apart from how severe it is."""

    value: float  # 0 to 1
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Our judgement of one text by one version of the lexicon."""

    language: str  # en, nl, es, pap, or und
    relevant: bool
    relevance: Relevance
    severity: int  # 0 to 4; 0 exactly when not relevant
    direction: Direction
    flags: tuple[Flag, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    event_dates: tuple[EventDate, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    proximity: float = 0.1  # 0.1 to 1: place of the effect, for the index (docs/method.md)
    historical: bool = False  # background older than a week: context, never counted
    lexicon_version: str

    @property
    def indicators(self) -> tuple[str, ...]:
        """Ids of the flagged indicators, strongest first, each once."""
        return tuple(dict.fromkeys(flag.indicator for flag in self.flags))

    @property
    def event_date(self) -> str | None:
        """ISO date (or YYYY-MM) of the main event, if the text gives one."""
        return self.event_dates[0].date if self.event_dates else None

    def as_json(self) -> dict[str, Any]:
        """The contract of `classify`: plain values only, in a fixed order."""
        return {
            "language": self.language,
            "relevant": self.relevant,
            "relevance": {"value": self.relevance.value, "reasons": list(self.relevance.reasons)},
            "severity": self.severity,
            "direction": self.direction.value,
            "indicators": list(self.indicators),
            "flags": [_flag(flag) for flag in self.flags],
            "suppressed": [_suppressed(one) for one in self.suppressed],
            "places": [_place(one) for one in self.places],
            "event_date": self.event_date,
            "event_dates": [
                {"date": one.date, "evidence": _plain(one.evidence), "conflict": one.conflict}
                for one in self.event_dates
            ],
            "deadlines": [
                {"due": one.due, "evidence": _plain(one.evidence)} for one in self.deadlines
            ],
            "proximity": self.proximity,
            "historical": self.historical,
            "lexicon_version": self.lexicon_version,
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Assessment:
        """Back from `as_json`; the two are inverse.

        Raises:
            KeyError, ValueError: `raw` was not written by `as_json`.
        """
        return cls(
            language=raw["language"],
            relevant=raw["relevant"],
            relevance=Relevance(
                value=raw["relevance"]["value"], reasons=tuple(raw["relevance"]["reasons"])
            ),
            severity=raw["severity"],
            direction=Direction(raw["direction"]),
            flags=tuple(
                Flag(
                    indicator=one["indicator"],
                    direction=Direction(one["direction"]),
                    kind=Kind(one["kind"]),
                    severity=one["severity"],
                    evidence=_evidences(one["evidence"]),
                )
                for one in raw["flags"]
            ),
            suppressed=tuple(
                Suppressed(**{**one, "evidence": _evidences(one["evidence"])})
                for one in raw["suppressed"]
            ),
            places=tuple(PlaceMention.from_json(one) for one in raw["places"]),
            event_dates=tuple(
                EventDate(**{**one, "evidence": Evidence(**one["evidence"])})
                for one in raw["event_dates"]
            ),
            deadlines=tuple(
                Deadline(due=one["due"], evidence=Evidence(**one["evidence"]))
                for one in raw["deadlines"]
            ),
            proximity=raw["proximity"],
            historical=raw["historical"],
            lexicon_version=raw["lexicon_version"],
        )


def _evidences(raw: list[dict[str, Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(**one) for one in raw)


def _plain(one: Evidence) -> dict[str, Any]:
    return {
        "field": one.field,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "rule": one.rule,
    }


def _flag(one: Flag) -> dict[str, Any]:
    return {
        "indicator": one.indicator,
        "direction": one.direction.value,
        "kind": one.kind.value,
        "severity": one.severity,
        "evidence": [_plain(words) for words in one.evidence],
    }


def _suppressed(one: Suppressed) -> dict[str, Any]:
    return {
        "indicator": one.indicator,
        "rule": one.rule,
        "because": one.because,
        "evidence": [_plain(words) for words in one.evidence],
    }


def _place(one: PlaceMention) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "distance_km": one.distance_km,
        "latitude": one.latitude,
        "longitude": one.longitude,
        "evidence": _plain(one.evidence),
    }
