"""Find every phrase of the lexicon in a text, in time linear in its length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from monitor.assess.text import Text
from monitor.assess.wordlists import LANGUAGES, Phrase

Span = tuple[int, int]
"""First and last token of a hit, both included."""
Hits = dict[str, list[Span]]

CACHE_WORDS = 60_000
"""Distinct words remembered per mix of languages before starting afresh (chosen by us)."""

LONGEST = 24
"""Letters of a word's beginning or end that are compared with stems (chosen by us)."""

ALONE = -1
"""Stands for the next part of a phrase of one word (one that takes its concept back)."""

_Chain = tuple[str, tuple[int, ...], tuple[int, ...], bool]
"""Concept, numbers of the parts after the first, gaps before them, whether it takes back."""


class _Entry:
    """What one word means.

    Attributes:
        concepts: Concepts that the word alone names.
        capitals: Those that it names only in capitals.
        inner: Numbers of the parts that it can be inside a phrase.
        adjacent: Phrases that it opens, by the number of the part that must follow at once.
        gapped: Phrases that it opens and that let words stand between, by their next part.
        following, later: The parts by which those two are known.
    """

    __slots__ = ("adjacent", "capitals", "concepts", "following", "gapped", "inner", "later")

    def __init__(
        self,
        concepts: tuple[str, ...],
        capitals: tuple[str, ...] = (),
        inner: frozenset[int] = frozenset(),
        chains: Iterable[_Chain] = (),
    ) -> None:
        self.concepts = concepts
        self.capitals = capitals
        self.inner = inner
        self.adjacent: dict[int, list[_Chain]] = {}
        self.gapped: dict[int, list[_Chain]] = {}
        for chain in chains:
            if not chain[2]:
                self.gapped.setdefault(ALONE, []).append(chain)
            else:
                kind = self.gapped if chain[2][0] else self.adjacent
                kind.setdefault(chain[1][0], []).append(chain)
        self.following = frozenset(self.adjacent)
        self.later = frozenset(self.gapped)


_Known = tuple[int, _Entry]
"""A token that means something: its place and what it means."""

_STOP_ENTRY = _Entry(("stop",))
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
        self._numbers: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._count = 0
        self._literal: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._prefix: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._suffix: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._single: defaultdict[int, list[tuple[str, bool]]] = defaultdict(list)
        self._chains: defaultdict[int, list[_Chain]] = defaultdict(list)
        self._inner: set[int] = set()
        for concept, _, parts, gaps, language, _, capitals, takes_back in phrases:
            first = self._number(parts[0], language)
            if not gaps and not takes_back:
                self._single[first].append((concept, capitals))
                continue
            others = tuple([self._number(part, language) for part in parts[1:]])
            self._chains[first].append((concept, others, gaps, takes_back))
            self._inner.update(others)

    def _number(self, part: str, language: str) -> int:
        known = self._numbers[language]
        number = known.get(part)
        if number is None:
            known[part] = number = self._count
            self._count += 1
            if part[0] == "*":
                self._suffix[part[1:]].append((language, number))
            elif part[-1] == "*":
                self._prefix[part[:-1]].append((language, number))
            else:
                self._literal[part].append((language, number))
        return number

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
        chains = [one for number in sorted(parts) for one in self._chains.get(number, ())]
        return _Entry(tuple(plain), tuple(upper), parts & self._inner, chains)


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
        known = [(place, entry) for place, entry in enumerate(entries) if entry is not None]
        hits = _words(text, known)
        taken_back = _phrases(entries, known, hits)
        if taken_back:
            _take_back(hits, taken_back)
        return dict(hits)


def _words(text: Text, known: Sequence[_Known]) -> defaultdict[str, list[Span]]:
    """Concepts that single words name."""
    hits: defaultdict[str, list[Span]] = defaultdict(list)
    for place, entry in known:
        for concept in entry.concepts:
            hits[concept].append((place, place))
        if entry.capitals and _in_capitals(text, place):
            for concept in entry.capitals:
                hits[concept].append((place, place))
    return hits


def _phrases(
    entries: Sequence[_Entry | None], known: Sequence[_Known], hits: defaultdict[str, list[Span]]
) -> list[tuple[str, Span]]:
    """Add the concepts that phrases name.

    Returns:
        Concepts and the spans inside which they do not count.
    """
    present = {ALONE}.union(*[entry.inner for _, entry in known])
    taken_back: list[tuple[str, Span]] = []
    grown: set[str] = set()
    for place, chains in _openings(known, present):
        for concept, parts, gaps, takes_back in chains:
            last = _follow(entries, place, parts, gaps)
            if last is None:
                continue
            if takes_back:
                taken_back.append((concept, (place, last)))
            else:
                hits[concept].append((place, last))
                grown.add(concept)
    for concept in grown:
        hits[concept].sort()
    return taken_back


def _openings(known: Sequence[_Known], present: set[int]) -> Iterator[tuple[int, list[_Chain]]]:
    """Words that begin phrases whose next part is there, with those phrases; from the end."""
    beyond, behind = -1, _STOP_ENTRY
    for place, entry in reversed(known):
        if entry.adjacent and place + 1 == beyond:
            for part in behind.inner & entry.following:
                yield place, entry.adjacent[part]
        if entry.gapped:
            for part in entry.later & present:
                yield place, entry.gapped[part]
        beyond, behind = place, entry


def _follow(
    entries: Sequence[_Entry | None], place: int, parts: tuple[int, ...], gaps: tuple[int, ...]
) -> int | None:
    """The token at which a phrase that begins at `place` ends, if it is there."""
    for part, gap in zip(parts, gaps, strict=True):
        for entry in entries[place + 1 : place + 2 + gap]:
            place += 1
            if entry is _STOP_ENTRY:
                return None
            if entry is not None and part in entry.inner:
                break
        else:
            return None
    return place


def _in_capitals(text: Text, place: int) -> bool:
    return text.written(place).isupper() or not text.has_capitals()


def _take_back(hits: dict[str, list[Span]], taken_back: Iterable[tuple[str, Span]]) -> None:
    for concept, (first, last) in taken_back:
        kept = [span for span in hits.get(concept, ()) if span[0] < first or span[1] > last]
        if kept:
            hits[concept] = kept
        else:
            hits.pop(concept, None)
