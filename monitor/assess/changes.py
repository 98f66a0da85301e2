"""Changes of the lexicon: what there is to change, checked, put together, and told in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from monitor.assess import indicators, lexicon, rules, wordlists
from monitor.assess.indicators import Indicator
from monitor.assess.meanings import Meanings
from monitor.assess.rules import Rule
from monitor.assess.wordlists import Phrase, Written
from monitor.assess.words import LANGUAGES
from monitor.errors import ConfigError

Changes = dict[str, Any]
"""As `lexicon.load` takes them: add, remove, weights, rules; parts without content are left out."""
MOST_PHRASES = 500
"""Phrases of one change (chosen by us: more is a new word list, to be edited as a file)."""
LONGEST_PHRASE = 120
"""Characters of one phrase (chosen by us)."""
LISTS = {
    **LANGUAGES,
    "acts": "acts, all languages",
    "names": "names, all languages",
}
"""The word lists and how people call them."""
_KINDS = ("add", "remove", "weights", "rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What can be changed, without the machinery that applies it.

    Attributes:
        phrases: Of all word lists, in the order of the files.
        indicators: By id.
        rules: By id, those that are switched off too.
        meanings: What concepts and place groups are called.
        off: Ids of the rules that are switched off.
    """

    phrases: tuple[Written, ...]
    indicators: Mapping[str, Indicator]
    rules: Mapping[str, Rule]
    meanings: Meanings
    off: frozenset[str] = frozenset()

    @classmethod
    def load(cls, seeds: Path) -> Vocabulary:
        """The shipped vocabulary.

        Raises:
            ConfigError: A file cannot be read.
        """
        watched = indicators.load(seeds / "indicators.toml")
        return cls(
            phrases=wordlists.read(seeds / "lexicon"),
            indicators=watched,
            rules={one.id: one for one in rules.load(seeds / "rules.toml", watched).rules},
            meanings=Meanings(seeds),
        )

    def changed(self, changes: Mapping[str, Any]) -> Vocabulary:
        """The vocabulary with changes applied, by the code that judging uses.

        Raises:
            ConfigError: A change names what does not exist.
        """
        edits = changes.get("rules", {})
        visible = {key: {**one, "enabled": True} for key, one in edits.items()}
        return replace(
            self,
            phrases=lexicon.edited_phrases(self.phrases, changes),
            indicators=indicators.weighed(self.indicators, changes.get("weights", {})),
            rules={
                one.id: one for one in lexicon.edited_rules(tuple(self.rules.values()), visible)
            },
            off=frozenset(key for key, one in edits.items() if not one.get("enabled", True)),
        )

    def concepts(self, name: str) -> dict[str, list[str]]:
        """The concepts of all lists, with what the list of this name holds of each."""
        found: dict[str, list[str]] = {one: [] for one in sorted({p.concept for p in self.phrases})}
        for phrase in self.phrases:
            if phrase.source == name:
                found[phrase.concept].append(phrase.written)
        return found


def amended(
    shipped: Vocabulary, present: Mapping[str, Any], edit: Mapping[str, Any]
) -> tuple[Changes, Vocabulary]:
    """The changes that give what `edit` makes of the lexicon in force.

    Args:
        shipped: Without any change.
        present: The changes in force.
        edit: What is to be changed now, in the same form.

    Returns:
        The changes, and the vocabulary that they give. What an edit takes back is in neither:
        adding a phrase that was removed, or a weight as shipped, leaves no trace.

    Raises:
        ConfigError: The edit is of the wrong form, names what does not exist, or changes nothing;
            the message says what and where.
    """
    _check_form(edit)
    before = shipped.changed(present)
    made: Changes = {
        "add": {where: [*phrases] for where, phrases in present.get("add", {}).items()},
        "remove": {where: [*phrases] for where, phrases in present.get("remove", {}).items()},
        "weights": {**present.get("weights", {})},
        "rules": {key: {**one} for key, one in present.get("rules", {}).items()},
    }
    _amend_phrases(shipped, before, made, edit)
    for key, weight in edit.get("weights", {}).items():
        _amend_weight(shipped, before, made["weights"], key, weight)
    for key, one in edit.get("rules", {}).items():
        _amend_rule(shipped, before, made["rules"], key, one)
    result = {name: kept for name, part in made.items() if (kept := _filled(part))}
    return result, shipped.changed(result)


def _filled(part: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in part.items() if one not in ([], {})}


def _wrong(key: str, problem: str) -> ConfigError:
    return ConfigError("changes", key, problem)


def _check_form(edit: object) -> None:
    if not isinstance(edit, Mapping):
        raise _wrong("", "must be a JSON object with add, remove, weights or rules")
    for key in edit.keys() - {*_KINDS}:
        raise _wrong(str(key), f"is not one of {', '.join(_KINDS)}")
    for key, part in edit.items():
        if not isinstance(part, Mapping):
            raise _wrong(key, 'must be an object, as {"en/close": ["shut down"]}')
    _check_lists(edit)


def _check_lists(edit: Mapping[str, Any]) -> None:
    phrases = 0
    for key in ("add", "remove"):
        for where, listed in edit.get(key, {}).items():
            if not isinstance(listed, list | tuple) or not all(isinstance(p, str) for p in listed):
                raise _wrong(f"{key}.{where}", "must be a list of phrases")
            phrases += len(listed)
    if phrases > MOST_PHRASES:
        raise _wrong("", f"{phrases} phrases are too many at once; {MOST_PHRASES} is the most")


def _amend_phrases(
    shipped: Vocabulary, before: Vocabulary, made: Changes, edit: Mapping[str, Any]
) -> None:
    concepts = {one.concept for one in shipped.phrases}
    wheres = [*edit.get("remove", {}), *edit.get("add", {})]
    touched = {concept for _, _, concept in (where.partition("/") for where in wheres)}
    original = {one.phrase.identity for one in shipped.phrases if one.concept in touched}
    there = {one.phrase.identity for one in before.phrases if one.concept in touched}
    for where, written in _pairs(edit.get("remove", {})):
        phrase = _phrase(where, written, concepts)
        if phrase.identity not in there:
            raise _wrong(where, f"“{phrase.written}” is not in this list, so it cannot be removed")
        there.discard(phrase.identity)
        _take_out(made["add"], where, phrase)
        if phrase.identity in original:
            made["remove"].setdefault(where, []).append(phrase.written)
    for where, written in _pairs(edit.get("add", {})):
        phrase = _phrase(where, written, concepts)
        if phrase.identity in there:
            raise _wrong(where, f"“{phrase.written}” is in this list already")
        there.add(phrase.identity)
        _take_out(made["remove"], where, phrase)
        if phrase.identity not in original:
            made["add"].setdefault(where, []).append(phrase.written)


def _take_out(part: dict[str, list[str]], where: str, phrase: Phrase) -> None:
    """Forget what an earlier change said of the same phrase, however it was written there."""
    if where in part:
        part[where] = [
            one
            for one in part[where]
            if wordlists.parse_phrase(one, concept=phrase.concept, source=phrase.source).identity
            != phrase.identity
        ]


def _pairs(section: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    return ((where, phrase) for where, phrases in section.items() for phrase in phrases)


def _phrase(where: str, written: str, concepts: set[str]) -> Phrase:
    name, _, _concept = where.partition("/")
    if name not in LISTS:
        raise _wrong(where, f"names no word list; write one of {', '.join(LISTS)}, as en/close")
    if not written.strip():
        raise _wrong(where, "an empty phrase matches nothing; write at least one word")
    if len(written) > LONGEST_PHRASE:
        raise _wrong(where, f"a phrase has at most {LONGEST_PHRASE} characters")
    if set(written) & set(";#@\n"):
        raise _wrong(where, f"“{written.strip()}”: write each phrase by itself, without ; # or @")
    return lexicon.phrase_at(where, written, concepts)


def _amend_weight(
    shipped: Vocabulary, before: Vocabulary, weights: dict[str, float], key: str, weight: object
) -> None:
    if key not in shipped.indicators:
        raise _wrong(f"weights.{key}", "is no indicator")
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 10:
        raise _wrong(f"weights.{key}", "must be a number from 0 to 10")
    if weight == before.indicators[key].weight:
        raise _wrong(f"weights.{key}", f"is {weight:g} already")
    weights.pop(key, None)
    if weight != shipped.indicators[key].weight:
        weights[key] = float(weight)


def _amend_rule(
    shipped: Vocabulary, before: Vocabulary, edits: dict[str, Any], key: str, edit: object
) -> None:
    place = f"rules.{key}"
    if key not in shipped.rules:
        raise _wrong(place, "is no rule")
    if not isinstance(edit, Mapping) or not edit or edit.keys() - {"enabled", "severity"}:
        raise _wrong(place, 'must be {"enabled": false} or {"severity": {"cur": 3}}')
    is_on = edit.get("enabled", key not in before.off)
    severity = edit.get("severity", {})
    if not isinstance(is_on, bool):
        raise _wrong(f"{place}.enabled", "must be true or false")
    _check_severity(f"{place}.severity", severity, shipped.meanings.places)
    wanted = {**before.rules[key].severity, **severity}
    if is_on == (key not in before.off) and wanted == before.rules[key].severity:
        raise _wrong(place, "is so already")
    usual = shipped.rules[key].severity
    differs = {group: one for group, one in wanted.items() if usual.get(group) != one}
    edits[key] = ({} if is_on else {"enabled": False}) | ({"severity": differs} if differs else {})


def _check_severity(place: str, severity: object, known: Mapping[str, str]) -> None:
    if not isinstance(severity, Mapping):
        raise _wrong(place, 'must name places, as {"cur": 3}')
    for group, value in severity.items():
        if group not in known:
            raise _wrong(f"{place}.{group}", f"is no place; write one of {', '.join(known)}")
        if isinstance(value, bool) or value not in (0, 1, 2, 3, 4):
            raise _wrong(f"{place}.{group}", "must be 0, 1, 2, 3 or 4")


def usable(seeds: Path, changes: Mapping[str, Any]) -> tuple[Changes, tuple[str, ...]]:
    """What of saved changes still fits the shipped files, which a new release may have changed.

    Returns:
        The changes without what names nothing any more, and why each part was left out.
    """
    shipped = Vocabulary.load(seeds)
    kept: Changes = {}
    problems: list[str] = []
    for name, key, value in _parts(changes):
        part = {key: value}
        try:
            shipped.changed({name: part})
        except ConfigError as error:
            problems.append(str(error))
        else:
            kept.setdefault(name, {}).update(part)
    return kept, tuple(problems)


def _parts(changes: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    return ((name, key, value) for name in _KINDS for key, value in changes.get(name, {}).items())


def told(before: Vocabulary, changes: Mapping[str, Any]) -> tuple[str, ...]:
    """Changes in words, a sentence each, beside what was there before them."""
    lines = [
        f"“{written}” {act} {before.meanings.of(concept)} ({LISTS.get(name, name)}, {concept})"
        for part, act in (("add", "added to the words for"), ("remove", "removed from those for"))
        for where, written in _pairs(changes.get(part, {}))
        for name, _, concept in [where.partition("/")]
    ]
    for key, weight in changes.get("weights", {}).items():
        one = before.indicators.get(key)
        name, was = (one.names["en"], f" instead of {one.weight:g}") if one else (key, "")
        lines.append(f"Weight of {name}: {weight:g}{was}")
    for key, edit in changes.get("rules", {}).items():
        lines += _told_of_rule(before, key, edit)
    return tuple(lines)


def _told_of_rule(before: Vocabulary, key: str, edit: Mapping[str, Any]) -> Iterator[str]:
    rule = before.rules.get(key)
    usual = rule.severity if rule else {}
    name = f"Rule “{rule.because}” ({key})" if rule and rule.because else f"Rule {key}"
    if "enabled" in edit:
        yield f"{name} switched {'on' if edit['enabled'] else 'off'}"
    for group, value in edit.get("severity", {}).items():
        was = f" instead of {usual[group]}" if group in usual else ""
        yield f"{name}: severity {value}{was} for {before.meanings.places.get(group, group)}"
