"""Find every phrase of the lexicon in a text, in time linear in its length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from monitor.assess.text import Text
from monitor.assess.wordlists import LANGUAGES, Phrase, Written, parse_phrase

Span = tuple[int, int]
"""First and last token of a hit, both included."""
Hits = dict[str, list[Span]]

CACHE_WORDS = 60_000
"""Distinct words remembered per mix of languages before starting afresh (chosen by us)."""

LONGEST = 24
"""Letters of a word's beginning or end that are compared with stems (chosen by us)."""

_Taken = tuple[str, Span]
"""A concept and the span inside which it does not count."""

_Begun = tuple[int, int, "_Node"]
"""A phrase that came so far: its first token, the last one yet, and what may follow."""


class _Node:
    """How phrases go on that have come as far as this.

    Attributes:
        ends: Concepts of the phrases that are complete, and whether each takes back.
        following: The parts that may come next at once.
        awaited: Those that may come after other words.
        later: The same, with the number of words that may lie between.
        goes_on: Whether there are any.
    """

    __slots__ = (
        *("_after", "_depth", "_groups", "awaited", "ends", "following", "goes_on"),
        "later",
    )

    def __init__(self, phrases: Iterable[Phrase], depth: int) -> None:
        self.ends: list[tuple[str, bool]] = []
        self._depth = depth
        self._groups: dict[tuple[str, int], list[Phrase]] = {}
        self._after: dict[tuple[str, int], _Node] = {}
        for phrase in phrases:
            if len(phrase.parts) == depth:
                self.ends.append((phrase.concept, phrase.takes_back))
            else:
                step = phrase.parts[depth], phrase.gaps[depth - 1]
                self._groups.setdefault(step, []).append(phrase)
        self.following = frozenset([part for part, gap in self._groups if not gap])
        self.later: dict[str, list[int]] = {}
        for part, gap in self._groups:
            if gap:
                self.later.setdefault(part, []).append(gap)
        self.awaited = frozenset(self.later)
        self.goes_on = bool(self._groups)

    def after(self, part: str, gap: int = 0) -> _Node:
        """How the phrases go on of which this part came; built when first asked for."""
        step = part, gap
        node = self._after.get(step)
        if node is None:
            node = self._after[step] = _Node(self._groups[step], self._depth + 1)
        return node


class _Entry:
    """What one word means.

    Attributes:
        concepts: Concepts that the word alone names.
        capitals: Those that it names only in capitals.
        takes_back: Those that it takes back.
        speaks: Whether there are any of these.
        goes_on: Whether phrases begin with it.
        inner: The parts that it can be inside a phrase.
        late: Those of them that come after a gap.
        opens: The phrases that begin with it.
        following: The parts that can follow it at once.
        awaited: Those that can follow it with other words between.
    """

    __slots__ = (
        *("awaited", "capitals", "concepts", "following", "goes_on", "inner", "late"),
        *("opens", "speaks", "takes_back"),
    )

    def __init__(
        self,
        phrases: Sequence[Phrase] = (),
        inner: frozenset[str] = frozenset(),
        late: frozenset[str] = frozenset(),
    ) -> None:
        single = [one for one in phrases if not one.gaps]
        named = [one for one in single if not one.takes_back]
        self.concepts = tuple(dict.fromkeys(one.concept for one in named if not one.capitals))
        self.capitals = tuple(dict.fromkeys(one.concept for one in named if one.capitals))
        self.takes_back = tuple(dict.fromkeys(one.concept for one in single if one.takes_back))
        self.speaks = bool(single)
        self.inner = inner
        self.late = late
        self.opens = _Node([one for one in phrases if one.gaps], 1)
        self.following = self.opens.following
        self.awaited = self.opens.awaited
        self.goes_on = self.opens.goes_on


_NO_PARTS: frozenset[str] = frozenset()
_NOTHING = _Entry()
_STOP_ENTRY = _Entry([parse_phrase("stop", concept="stop")])
"""A sentence's end; no phrase reaches across it."""


class _Words(dict[str, _Entry]):
    """The meaning of each word met, found once and remembered."""

    def __init__(self, index: _Index, languages: frozenset[str]) -> None:
        super().__init__()
        self._index = index
        self._languages = languages

    def __missing__(self, word: str) -> _Entry:
        if len(self) >= CACHE_WORDS:
            self.clear()
        stop = not word[0].isalnum()
        self[word] = entry = _STOP_ENTRY if stop else self._index.entry(word, self._languages)
        return entry


class _Index:
    """Phrases by their first part, and all parts by their fixed letters."""

    def __init__(self, phrases: Iterable[Written]) -> None:
        opened: defaultdict[str, list[Written]] = defaultdict(list)
        inner: list[str] = []
        late: list[str] = []
        for phrase in phrases:
            first, _, rest = phrase.folded.partition(" ")
            opened[first].append(phrase)
            if rest:  # a gap among the words is none of them, and does no harm
                (late if "~" in rest else inner).append(rest)
        self._opened = opened
        self._late = frozenset(" ".join(late).split())
        self._inner = self._late.union(" ".join(inner).split())
        parts = opened.keys() | self._inner
        self._prefix = {part[:-1]: part for part in parts if part[-1] == "*"}
        self._suffix = {part[1:]: part for part in parts if part[0] == "*"}

    def entry(self, word: str, languages: frozenset[str]) -> _Entry:
        """What a word means in a text of these languages."""
        parts = [word]
        for cut in range(1, min(len(word), LONGEST) + 1):
            parts += filter(None, (self._prefix.get(word[:cut]), self._suffix.get(word[-cut:])))
        opened = [
            phrase
            for part in parts
            for phrase in [one.phrase for one in self._opened.get(part, ())]
            if not phrase.language or phrase.language in languages
        ]
        inner = self._inner.intersection(parts)
        return _Entry(opened, inner, inner & self._late) if opened or inner else _NOTHING


class Matcher:
    """Compiled phrases; one text at a time.

    Args:
        phrases: The whole vocabulary, of every language.
    """

    def __init__(self, phrases: Iterable[Written]) -> None:
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
        taken_back: list[_Taken] = []
        _words(text, entries, hits, taken_back)
        _phrases(entries, hits, taken_back)
        _take_back(hits, taken_back)
        return hits


def _words(text: Text, entries: Sequence[_Entry], hits: Hits, taken_back: list[_Taken]) -> None:
    """Add the concepts that single words name or take back."""
    spans_of = hits.setdefault
    for place, entry in enumerate(entries):
        if entry.speaks:
            span = (place, place)
            for concept in entry.concepts:
                spans_of(concept, []).append(span)
            if entry.capitals and _in_capitals(text, place):
                for concept in entry.capitals:
                    spans_of(concept, []).append(span)
            if entry.takes_back:
                taken_back += [(concept, span) for concept in entry.takes_back]


def _phrases(entries: Sequence[_Entry], hits: Hits, taken_back: list[_Taken]) -> None:
    """Add the concepts that phrases name or take back."""
    present = _NO_PARTS.union(*[entry.late for entry in entries if entry.late])
    grown: set[str] = set()
    begun = _begun(entries, present)
    while begun:
        first, last, node = begun.pop()
        for concept, takes_back in node.ends:
            if takes_back:
                taken_back.append((concept, (first, last)))
            else:
                hits.setdefault(concept, []).append((first, last))
                grown.add(concept)
        if node.goes_on:
            begun += _adjacent(entries, first, last, node)
            begun += _gapped(entries, first, last, node, present)
    for concept in grown:
        hits[concept].sort()


def _begun(entries: Sequence[_Entry], present: frozenset[str]) -> list[_Begun]:
    """Phrases of which the first two parts are there."""
    begun: list[_Begun] = []
    follower = entries[-1]
    for place in range(len(entries) - 1, -1, -1):  # backwards: each knows what follows it
        entry = entries[place]
        if entry.goes_on:
            if follower.inner and not entry.following.isdisjoint(follower.inner):
                begun += _adjacent(entries, place, place, entry.opens)
            if entry.awaited and not entry.awaited.isdisjoint(present):
                begun += _gapped(entries, place, place, entry.opens, present)
        follower = entry
    return begun


def _adjacent(entries: Sequence[_Entry], first: int, last: int, node: _Node) -> list[_Begun]:
    """How the phrases of `node`, which came as far as token `last`, go on with the next one."""
    here = last + 1
    if here == len(entries):
        return []
    return [(first, here, node.after(part)) for part in node.following & entries[here].inner]


def _gapped(
    entries: Sequence[_Entry], first: int, last: int, node: _Node, present: frozenset[str]
) -> list[_Begun]:
    """The same with other words between."""
    found: list[_Begun] = []
    for part in node.awaited & present:
        for gap in node.later[part]:
            place = _first(entries[last + 1 : last + 2 + gap], part)
            if place is not None:
                found.append((first, last + 1 + place, node.after(part, gap)))
    return found


def _first(entries: Sequence[_Entry], part: str) -> int | None:
    """Where a part first stands before the end of the sentence."""
    for place, entry in enumerate(entries):
        if entry is _STOP_ENTRY:
            return None
        if part in entry.inner:
            return place
    return None


def _in_capitals(text: Text, place: int) -> bool:
    return text.written(place).isupper() or not text.has_capitals()


def _take_back(hits: Hits, taken_back: Iterable[_Taken]) -> None:
    for concept, (first, last) in taken_back:
        if concept in hits:
            hits[concept] = [one for one in hits[concept] if one[0] < first or one[1] > last]
            if not hits[concept]:
                del hits[concept]
