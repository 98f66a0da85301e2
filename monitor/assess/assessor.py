"""The judgement: from a text to an Assessment, with a reason for everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.assess import dates, deadlines, gazetteer, lexicon, reading
from monitor.assess.calendar import local_day
from monitor.assess.indicators import Indicator
from monitor.assess.lexicon import Lexicon
from monitor.assess.model import (
    Assessment,
    Deadline,
    Direction,
    EventDate,
    Evidence,
    Flag,
    PlaceMention,
    Relevance,
)
from monitor.assess.polarity import Reading
from monitor.assess.reading import TextReading, evidence, one_evidence
from monitor.assess.text import Text

BACKGROUND_DAYS = 7
"""An event so many days before publication is background (docs/method.md, section 2.1)."""
EVIDENCE_RULES = 3
"""Rules of one flag whose words are shown (chosen by us)."""


class Assessor:
    """Judges texts with one version of the lexicon.

    Args:
        data: The compiled lexicon; `Assessor.load` reads the shipped one.
    """

    def __init__(self, data: Lexicon) -> None:
        self.lexicon = data

    @classmethod
    def load(cls, seeds: Path, changes: Mapping[str, Any] | None = None) -> Assessor:
        """The judgement of the data in `seeds`, with `changes` applied (lexicon.load).

        Raises:
            ConfigError: A file cannot be read, or a change names what does not exist.
        """
        return cls(lexicon.load(seeds, changes))

    @property
    def version(self) -> str:
        """Twelve hex digits that name the vocabulary, the rules and the changes."""
        return self.lexicon.version

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """What is watched, by id."""
        return self.lexicon.indicators

    def read(
        self,
        *,
        title: str,
        summary: str = "",
        language: str | None = None,
        published: datetime | None = None,
        publisher: str = "",
        url: str = "",
    ) -> TextReading:
        """What the text holds, before it is judged; for people who want to look inside."""
        return reading.read(
            self.lexicon,
            Text.read(title, summary),
            declared=language,
            published=local_day(published),
            publisher=publisher,
            url=url,
        )

    def assess(
        self,
        *,
        title: str,
        summary: str = "",
        language: str | None = None,
        published: datetime | None = None,
        publisher: str = "",
        url: str = "",
    ) -> Assessment:
        """Judge one text.

        Args:
            title, summary: Plain text; the first 2,000 and 20,000 characters are judged.
            language: As the feed declares it; the text decides where it is clear.
            published: Aware time; resolves "Friday". Without it only dates with a year count.
            publisher, url: Tell where news without a place happens; never evidence.

        Raises:
            ValueError: `published` has no time zone.
        """
        day = _day(published)
        found = reading.read(
            self.lexicon,
            Text.read(title, summary),
            declared=language,
            published=day,
            publisher=publisher,
            url=url,
        )
        tokens = found.text.tokens
        when = dates.find(tokens, found.dated, self.lexicon.calendar, day)
        due = deadlines.find(tokens, found.hits, when, self.lexicon.calendar, day)
        flags = self._flags(found)
        near = gazetteer.proximity(found.groups)
        return Assessment(
            language=found.language,
            relevant=bool(flags),
            relevance=_relevance(found, near, bool(flags)),
            severity=max([flag.severity for flag in flags], default=0),
            direction=_direction(flags),
            flags=flags,
            suppressed=found.suppressed,
            places=_places(found),
            event_dates=_event_dates(found.text, when),
            deadlines=tuple(
                Deadline(
                    due=one.due,
                    evidence=one_evidence(found.text, "deadline", (one.first, one.last)),
                )
                for one in due
            ),
            proximity=near,
            historical=_historical(when, day),
            lexicon_version=self.lexicon.version,
        )

    def _flags(self, found: TextReading) -> tuple[Flag, ...]:
        by_indicator: dict[str, list[Reading]] = {}
        for one in found.readings:
            by_indicator.setdefault(one.match.rule.indicator, []).append(one)
        flags = [self._flag(found.text, key, group) for key, group in by_indicator.items()]
        weights = self.lexicon.indicators
        flags.sort(key=lambda flag: (-flag.severity, -weights[flag.indicator].weight))
        return tuple(flags)

    def _flag(self, text: Text, indicator: str, group: list[Reading]) -> Flag:
        group.sort(key=_strength)
        shown: dict[Evidence, None] = {}
        for one in group[:EVIDENCE_RULES]:
            shown.update(dict.fromkeys(evidence(text, one.match.rule.id, one.match.spans)))
        return Flag(
            indicator=indicator,
            direction=group[0].direction,
            kind=self.lexicon.indicators[indicator].kind,
            severity=group[0].severity,
            evidence=tuple(shown),
        )


_ORDER = {Direction.DEESCALATORY: 0, Direction.ESCALATORY: 1, Direction.NEUTRAL: 2}


def _strength(one: Reading) -> tuple[int, int]:
    return -one.severity, _ORDER[one.direction]


def _day(published: datetime | None) -> date | None:
    if published is not None and published.utcoffset() is None:
        raise ValueError(f"published needs a time zone, not {published!r}")
    return local_day(published)


def _direction(flags: Sequence[Flag]) -> Direction:
    """The direction of most of the most severe flags; where it stands even, of the first told."""
    if not flags:
        return Direction.NEUTRAL
    top = max([flag.severity for flag in flags])
    moved = [
        flag for flag in flags if flag.severity == top and flag.direction is not Direction.NEUTRAL
    ]
    if not moved:
        return Direction.NEUTRAL
    up = sum(flag.direction is Direction.ESCALATORY for flag in moved)
    if 2 * up == len(moved):
        return min(moved, key=_place).direction
    return Direction.ESCALATORY if 2 * up > len(moved) else Direction.DEESCALATORY


def _place(flag: Flag) -> tuple[bool, int]:
    """Title before summary, then by where its first words stand."""
    return min((words.field != "title", words.start) for words in flag.evidence)


def _relevance(found: TextReading, near: float, relevant: bool) -> Relevance:
    reasons = dict.fromkeys([_reason(one) for one in found.readings])
    reasons.update(dict.fromkeys([f"{place.name} is named" for place, _ in found.places[:4]]))
    for person, office, _ in found.persons[:3]:
        reasons[f"{person.name}, {office.title}" if office else person.name] = None
    if found.home:
        reasons["the publisher is at home here and names no other place"] = None
    top = max([one.severity for one in found.readings], default=0)
    value = 0.5 + 0.3 * near + 0.05 * top if relevant else 0.3 * near
    return Relevance(value=round(min(value, 1.0), 3), reasons=tuple(filter(None, reasons)))


def _reason(one: Reading) -> str:
    """Why a rule concerns us; what was denied, asked for or planned is told as that."""
    why = one.match.rule.because
    return f"{why} ({one.because})" if why and one.because else why


def _places(found: TextReading) -> tuple[PlaceMention, ...]:
    first: dict[str, PlaceMention] = {}
    for place, span in found.places:
        if place.id not in first:
            first[place.id] = PlaceMention(
                id=place.id,
                name=place.name,
                distance_km=place.distance_km,
                latitude=place.latitude,
                longitude=place.longitude,
                evidence=one_evidence(found.text, "gazetteer", span),
            )
    return tuple(first.values())


def _event_dates(text: Text, found: Sequence[dates.Found]) -> tuple[EventDate, ...]:
    return tuple(
        EventDate(
            date=one.iso,
            evidence=one_evidence(text, "date", (one.first, one.last)),
            conflict=one.conflict,
        )
        for one in found
        if not one.until
    )


def _historical(found: Sequence[dates.Found], published: date | None) -> bool:
    """Whether every dated event lies more than a week before publication."""
    days = [one.date for one in found if one.date is not None]
    if published is None or not days:
        return False
    return max(days) < published - timedelta(days=BACKGROUND_DAYS)
