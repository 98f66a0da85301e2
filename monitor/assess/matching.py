"""Find every phrase of the lexicon in a text, in time linear in its length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from monitor.assess.text import Text
from monitor.assess.wordlists import LANGUAGES, Phrase

Span = tuple[int, int]
"""First and last token of a hit, both included."""
Hits = dict[str, list[Span]]

CACHE_WORDS = 60_000
"""Distinct words remembered per mix of languages before starting afresh (chosen by us)."""

LONGEST = 24
"""Letters of a word's beginning or end that are compared with stems (chosen by us)."""

_Chain = tuple[str, tuple[int, ...], tuple[int, ...], bool]


class _Entry:
    """What one word means: its concepts, its part numbers, the phrases that it opens."""

    __slots__ = ("capitals", "chains", "concepts", "parts")

    def __init__(
        self,
        concepts: tuple[str, ...],
        capitals: tuple[str, ...],
        parts: frozenset[int],
        chains: tuple[_Chain, ...],
    ) -> None:
        self.concepts = concepts
        self.capitals = capitals
        self.parts = parts
        self.chains = chains


_STOP_ENTRY = _Entry(("stop",), (), frozenset(), ())
"""A sentence's end; no phrase reaches across it."""


class _Words(dict[str, _Entry | None]):
    """The meaning of each word met, found once and remembered."""

    def __init__(self, index: _Index, languages: frozenset[str]) -> None:
        super().__init__()
        self._index = index
        self._languages = languages

    def __missing__(self, word: str) -> _Entry | None:
        if len(self) >= CACHE_WORDS:
            self.clear()
        stop = not word[0].isalnum()
        self[word] = entry = _STOP_ENTRY if stop else self._index.entry(word, self._languages)
        return entry


class _Index:
    """Parts of phrases by their fixed letters."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._literal: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._prefix: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._suffix: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._single: defaultdict[int, list[tuple[str, bool]]] = defaultdict(list)
        self._chains: defaultdict[int, list[_Chain]] = defaultdict(list)
        for phrase in phrases:
            self._add(phrase)

    def _add(self, phrase: Phrase) -> None:
        numbers = tuple(self._number(part, phrase.language) for part in phrase.parts)
        if len(numbers) == 1 and not phrase.takes_back:
            self._single[numbers[0]].append((phrase.concept, phrase.capitals))
        else:
            chain = (phrase.concept, numbers[1:], phrase.gaps, phrase.takes_back)
            self._chains[numbers[0]].append(chain)

    def _number(self, part: str, language: str) -> int:
        key = (part, language)
        if key not in self._numbers:
            self._numbers[key] = number = len(self._numbers)
            if part.startswith("*"):
                self._suffix[part[1:]].append((language, number))
            elif part.endswith("*"):
                self._prefix[part[:-1]].append((language, number))
            else:
                self._literal[part].append((language, number))
        return self._numbers[key]

    def entry(self, word: str, languages: frozenset[str]) -> _Entry | None:
        found = list(self._literal.get(word, ()))
        for cut in range(1, min(len(word), LONGEST) + 1):
            found += self._prefix.get(word[:cut], ())
            found += self._suffix.get(word[-cut:], ())
        parts = frozenset(n for language, n in found if not language or language in languages)
        if not parts:
            return None
        single = [one for number in sorted(parts) for one in self._single.get(number, ())]
        plain = dict.fromkeys(concept for concept, capitals in single if not capitals)
        upper = dict.fromkeys(concept for concept, capitals in single if capitals)
        chains = tuple(one for number in sorted(parts) for one in self._chains.get(number, ()))
        return _Entry(tuple(plain), tuple(upper), parts, chains)


class Matcher:
    """Compiled phrases; one text at a time.

    Args:
        phrases: The whole vocabulary, of every language.
    """

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._index = _Index(phrases)
        self._words: dict[frozenset[str], _Words] = {}
        self._every = frozenset(LANGUAGES)

    def find(self, text: Text, languages: frozenset[str] | None = None) -> Hits:
        """Concept to the spans where it occurs, each list in order of the first token."""
        active = self._every if languages is None else languages
        memory = self._words.get(active)
        if memory is None:
            memory = self._words[active] = _Words(self._index, active)
        entries = list(map(memory.__getitem__, text.tokens))
        hits: Hits = {}
        taken_back: list[tuple[str, Span]] = []
        for place, entry in enumerate(entries):
            if entry is None:
                continue
            for concept in entry.concepts:
                if concept in hits:
                    hits[concept].append((place, place))
                else:
                    hits[concept] = [(place, place)]
            if entry.capitals and _in_capitals(text, place):
                for concept in entry.capitals:
                    hits.setdefault(concept, []).append((place, place))
            for concept, parts, gaps, takes_back in entry.chains:
                last = _follow(entries, place, parts, gaps)
                if last is None:
                    continue
                if takes_back:
                    taken_back.append((concept, (place, last)))
                else:
                    hits.setdefault(concept, []).append((place, last))
        if taken_back:
            _take_back(hits, taken_back)
        return hits


def _follow(
    entries: Sequence[_Entry | None], place: int, parts: tuple[int, ...], gaps: tuple[int, ...]
) -> int | None:
    for part, gap in zip(parts, gaps, strict=True):
        for step in range(place + 1, min(place + 2 + gap, len(entries))):
            entry = entries[step]
            if entry is _STOP_ENTRY:
                return None
            if entry is not None and part in entry.parts:
                place = step
                break
        else:
            return None
    return place


def _in_capitals(text: Text, place: int) -> bool:
    return text.written(place).isupper() or not text.has_capitals()


def _take_back(hits: Hits, taken_back: Iterable[tuple[str, Span]]) -> None:
    for concept, (first, last) in taken_back:
        kept = [span for span in hits.get(concept, ()) if span[0] < first or span[1] > last]
        if kept:
            hits[concept] = kept
        else:
            hits.pop(concept, None)


def within(spans: Sequence[Span], place: int, distance: int) -> bool:
    """Whether one of the spans begins at most `distance` tokens from `place`."""
    return any(abs(first - place) <= distance for first, _ in spans)
