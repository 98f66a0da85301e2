"""Who acts: persons with their dates in office."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from monitor.assess.matching import Hits, Span
from monitor.assess.wordlists import Phrase, parse_phrase
from monitor.errors import ConfigError

PREFIX = "person/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One term of office; `concept` is what the holder counts as in the rules."""

    title: str
    concept: str
    since: date
    until: date | None  # None: still held when this lexicon was made


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whose name matters, whatever the office (`always`), and in office."""

    id: str
    name: str
    always: str  # concept for life, or ""
    offices: tuple[Office, ...]

    def office(self, day: date | None) -> Office | None:
        """The office held on `day`; without a day the latest one."""
        if day is None:
            return self.offices[-1] if self.offices else None
        for one in self.offices:
            if one.since <= day and (one.until is None or day <= one.until):
                return one
        return None


@dataclass(frozen=True, slots=True)
class Actors:
    """All persons by concept id, and the phrases that name them."""

    persons: Mapping[str, Person]
    phrases: tuple[Phrase, ...]

    @classmethod
    def load(cls, file: Path) -> Actors:
        """Read the persons (seeds/persons.toml tells the keys).

        Raises:
            ConfigError: The file is missing or a person cannot be read; names the person.
        """
        try:
            raw = tomllib.loads(file.read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(str(file), "", f"cannot be read: {error}") from error
        persons: dict[str, Person] = {}
        phrases: list[Phrase] = []
        for key, one in raw.items():
            try:
                persons[PREFIX + key] = _person(key, one)
                phrases += [parse_phrase(name, concept=PREFIX + key) for name in one["names"]]
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise ConfigError(str(file), key, f"bad person: {error!r}") from error
        return cls(persons, tuple(phrases))

    def take(self, hits: Hits, day: date | None) -> list[tuple[Person, Office | None, Span]]:
        """Replace persons in `hits` by the concepts they count as on `day`.

        Returns:
            Each person met, the office then held if any, and where the text names them.
        """
        named = self.persons.keys() & hits.keys()
        if not named:
            return []
        found = []
        for key in named:
            person = self.persons[key]
            office = person.office(day)
            spans = hits.pop(key)
            concepts = {person.always, office.concept if office else ""} - {""}
            for concept in concepts:
                hits[concept] = sorted({*hits.get(concept, ()), *spans})
            found.append((person, office, spans[0]))
        return sorted(found, key=lambda one: one[2])


def _person(key: str, raw: Mapping[str, Any]) -> Person:
    return Person(
        id=key,
        name=raw["name"],
        always=raw.get("always", ""),
        offices=tuple(
            Office(
                title=title,
                concept=concept,
                since=_day(since),
                until=_day(until) if until else None,
            )
            for title, concept, since, until in raw.get("offices", ())
        ),
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)
