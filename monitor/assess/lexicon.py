"""Everything that is shipped for the judgement, read once and compiled."""

from __future__ import annotations

import gc
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from monitor.assess import indicators, rules, scope, wordlists
from monitor.assess.actors import Actors
from monitor.assess.calendar import Calendar
from monitor.assess.gazetteer import Gazetteer
from monitor.assess.indicators import Indicator
from monitor.assess.language import LanguageScorer
from monitor.assess.likelihood import Likelihood
from monitor.assess.matching import Matcher
from monitor.assess.meanings import Meanings
from monitor.assess.rules import Rule, RuleBook, RuleFile
from monitor.assess.wordlists import Phrase, Written, parse_phrase
from monitor.errors import ConfigError

CHANGES = frozenset({"add", "remove", "weights", "rules"})
"""What a change may touch: phrases added or removed, indicator weights, rules."""
_FILES = (
    "indicators.toml",
    "rules.toml",
    "persons.toml",
    "dates.toml",
    "gazetteer.csv",
    "languages.txt",
    "publishers.txt",
    "likelihood.csv",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """One version of the vocabulary and rules; `version` names its content."""

    version: str
    indicators: Mapping[str, Indicator]
    written: tuple[Written, ...]  # the phrases of the word lists; most are not read yet
    matcher: Matcher
    book: RuleBook
    off: RuleBook  # rules that were switched off
    rule_file: RuleFile
    gazetteer: Gazetteer
    actors: Actors
    calendar: Calendar
    scorer: LanguageScorer
    homes: Mapping[str, str]
    likelihood: Likelihood
    meanings: Meanings  # for people: not part of the version, and read only by what explains

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """All phrases of the word lists, read."""
        return tuple(one.phrase for one in self.written)


def load(seeds: Path, changes: Mapping[str, Any] | None = None) -> Lexicon:
    """Read and compile the shipped data, with `changes` applied onto it.

    Args:
        seeds: The folder that holds rules.toml, lexicon/ and the rest.
        changes: `{"add": {"nl/shoot": ["phrase"]}, "remove": {...}, "weights": {indicator: 0-10},
            "rules": {"airspace.closed": {"severity": {"cur": 3}} or {"enabled": false}}}`.

    Raises:
        ConfigError: A file cannot be read, or a change names what does not exist.
    """
    edits = dict(changes or {})
    _check(edits)
    try:
        version = _version(seeds, edits)
    except OSError:  # loading names what is missing
        version = ""
    return _compiled(version, seeds, json.dumps(edits, sort_keys=True))


@lru_cache(maxsize=2)
def _compiled(version: str, seeds: Path, edits: str) -> Lexicon:
    """The same content is compiled once: the one in use, and the one that is being tried."""
    with _undisturbed():
        return _load(version, seeds, json.loads(edits))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No search for garbage while so many lasting things are made: it costs a fifth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # else a service froze what it started with: that stays
            gc.freeze()
            gc.unfreeze()  # all is old now, and not looked through at the next search for young
        if collecting:
            gc.enable()


def _load(version: str, seeds: Path, edits: Mapping[str, Any]) -> Lexicon:
    shipped = indicators.load(seeds / "indicators.toml")
    watched = indicators.weighed(shipped, edits.get("weights", {}))
    written = edited_phrases(wordlists.read(seeds / "lexicon"), edits)
    rule_file = rules.load(seeds / "rules.toml", watched)
    kept = edited_rules(rule_file.rules, edits.get("rules", {}))
    on = {one.id for one in kept}
    gazetteer = Gazetteer.load(seeds / "gazetteer.csv")
    actors = Actors.load(seeds / "persons.toml")
    calendar = Calendar.load(seeds / "dates.toml")
    return Lexicon(
        version=version,
        indicators=watched,
        written=written,
        matcher=Matcher([*written, *gazetteer.phrases, *actors.phrases, *calendar.phrases()]),
        book=RuleBook(kept),
        off=RuleBook([one for one in rule_file.rules if one.id not in on]),
        rule_file=rule_file,
        gazetteer=gazetteer,
        actors=actors,
        calendar=calendar,
        scorer=LanguageScorer.load(seeds / "languages.txt", written),
        homes=scope.load_homes(seeds / "publishers.txt"),
        likelihood=Likelihood.load(seeds / "likelihood.csv", watched),
        meanings=Meanings(seeds),
    )


def _check(edits: Mapping[str, Any]) -> None:
    for key in edits.keys() - CHANGES:
        raise ConfigError("changes", key, f"is not one of {', '.join(sorted(CHANGES))}")


def edited_phrases(phrases: tuple[Written, ...], edits: Mapping[str, Any]) -> tuple[Written, ...]:
    """Phrases after additions and removals, each under "list/concept".

    Raises:
        ConfigError: There is no such concept, or a phrase has no word.
    """
    if not edits.get("add") and not edits.get("remove"):
        return phrases
    concepts = {one.concept for one in phrases}
    removed = [phrase_at(where, one, concepts) for where, one in _pairs(edits.get("remove", {}))]
    gone = {one.identity for one in removed}
    added = [phrase_at(where, one, concepts) for where, one in _pairs(edits.get("add", {}))]
    touched = {one.concept for one in removed}
    kept = [one for one in phrases if one.concept not in touched or one.phrase.identity not in gone]
    return (*kept, *added)


def _pairs(section: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    return [(where, phrase) for where, phrases in section.items() for phrase in phrases]


def phrase_at(where: str, written: str, concepts: Collection[str]) -> Phrase:
    """A phrase of "list/concept".

    Raises:
        ConfigError: There is no such concept, or the phrase has no word.
    """
    name, _, concept = where.partition("/")
    if concept not in concepts:
        raise ConfigError("changes", where, "names no concept; write list/concept, as nl/shoot")
    try:
        return parse_phrase(written, concept=concept, source=name)
    except ValueError as error:
        raise ConfigError("changes", where, str(error)) from error


def edited_rules(shipped: Sequence[Rule], edits: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Rules with other severities, without those that are switched off.

    Raises:
        ConfigError: There is no such rule.
    """
    known = {rule.id for rule in shipped}
    for key in edits.keys() - known:
        raise ConfigError("changes", f"rules.{key}", "is no rule")
    kept = []
    for rule in shipped:
        edit = edits.get(rule.id, {})
        if edit.get("enabled", True):
            severity = edit.get("severity")
            other = replace(rule, severity={**rule.severity, **severity}) if severity else rule
            kept.append(other)
    return tuple(kept)


def _version(seeds: Path, edits: Mapping[str, Any]) -> str:
    """Twelve hex digits of SHA-256 over every shipped file and the changes."""
    digest = sha256()
    for file in [*(seeds / name for name in _FILES), *sorted((seeds / "lexicon").glob("*.txt"))]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    if edits:
        digest.update(json.dumps(edits, sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()[:12]
