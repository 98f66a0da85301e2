"""Items into stories, one at a time: rewrites by rare words, other languages by signature."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nsmallest
from math import log, sqrt

from monitor.stories.signature import (
    GroupingItem,
    Signature,
    is_correction,
    signature,
    tokens,
)

WINDOW = timedelta(hours=72)
CROSS_LANGUAGE_WINDOW = timedelta(hours=36)
SURE = 0.55
JOIN = 0.45
BORDERLINE = 0.38
"""Average cosine to a story's reports. Measured in monitor/bench/stories.py: a group average can
ask for less than the 0.55 of a single link, because one look-alike does not open the door.
Below `SURE` reports that name different places stay apart."""
CONTAINED = 0.8
ALIKE = 0.2
"""Least similarity to reports in the same language for a join by what both say."""
CORRECTS = 0.30
RARE_WORDS = 8
LONG = 10
"""Words from which on a report must share two rare ones with a story to be compared."""
MAX_STORIES_PER_WORD = 60
"""A word that more running stories share finds none of them any more."""
_PRIOR_ITEMS = 300.0
"""Items that the word counts start from, so that the first days are not erratic (chosen by us)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An item of the window that has its story already, by us or by a person."""

    item: GroupingItem
    story_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Into which story an item went, and why."""

    item_id: str
    story_id: str
    rule: str  # opened, rewrite, borderline, other_language, correction, known
    because: str
    similarity: float  # 0 to 1; 0 for a story's first item
    with_item_id: str | None = None  # the item of the story that it resembles; None: opened it
    correction_of: str | None = None  # story that it corrects or withdraws


@dataclass(slots=True)
class _Entry:
    item: GroupingItem
    vector: dict[str, float]
    signature: Signature | None  # None: no indicator, never compared across languages


@dataclass(slots=True)
class _Total:
    words: dict[str, float] = field(default_factory=dict)  # sum of the unit vectors
    items: int = 0


@dataclass(slots=True)
class _Story:
    id: str
    last_at: datetime
    entries: list[_Entry] = field(default_factory=list)
    totals: dict[str, _Total] = field(default_factory=dict)  # by language
    places: set[str] = field(default_factory=set)

    def similarity(self, vector: dict[str, float], language: str) -> float:
        """Average cosine to its items (group average): to those in the language, or to all."""
        own, shared = 0.0, 0.0
        for name, total in self.totals.items():
            words = total.words
            found = sum([weight * words[word] for word, weight in vector.items() if word in words])
            shared += found
            if name == language:
                own = found / total.items
        return max(own, shared / len(self.entries))

    def is_elsewhere(self, item: GroupingItem) -> bool:
        """Whether the item names places, and the story names only others."""
        return bool(item.places and self.places) and self.places.isdisjoint(item.places)

    def is_told_otherwise(self, entry: _Entry) -> bool:
        """Whether it has reports in the item's language that share next to nothing with it."""
        language = entry.item.language
        return language in self.totals and self.similarity(entry.vector, language) < ALIKE

    def add(self, entry: _Entry) -> None:
        """One more report of it."""
        self.places.update(entry.item.places)
        self.entries.append(entry)
        self.last_at = max(self.last_at, entry.item.seen_at)
        total = self.totals.setdefault(entry.item.language, _Total())
        total.items += 1
        words = total.words
        for word, weight in entry.vector.items():
            words[word] = words.get(word, 0.0) + weight


def story_id(item_id: str) -> str:
    """Name of the story that an item opens."""
    return f"s{item_id}"


class Grouper:
    """Running stories of the last 72 hours; asks nothing but the items themselves.

    An item once placed is never moved again by us: what a person split or merged comes back
    through `window` and stays.

    Args:
        window: Items with their stories, as stored, at least those of the last 72 hours.
    """

    def __init__(self, window: Sequence[Known] = ()) -> None:
        self._stories: dict[str, _Story] = {}
        self._placed: dict[str, str] = {}
        self._with_word: dict[str, set[str]] = defaultdict(set)
        self._with_key: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._words: Counter[str] = Counter()
        self._names: Counter[str] = Counter()
        self._items = 0
        self._latest: datetime | None = None
        self._next_prune: datetime | None = None
        for known in sorted(window, key=lambda one: (one.item.seen_at, one.item.id)):
            self._remember(self._entry(known.item), known.story_id)

    def add(self, item: GroupingItem) -> Join:
        """Place one item; items may come a little out of order.

        Returns:
            The story and the reason; an item placed before keeps its story (rule "known").
        """
        if item.id in self._placed:
            return Join(
                item_id=item.id,
                story_id=self._placed[item.id],
                rule="known",
                because="placed before",
                similarity=1.0,
            )
        self._forget(item.seen_at)
        entry = self._entry(item)
        join = self._decide(entry)
        self._remember(entry, join.story_id)
        return join

    @property
    def running(self) -> int:
        """How many stories are remembered."""
        return len(self._stories)

    def _decide(self, entry: _Entry) -> Join:
        ranked = self._ranked(entry)
        if is_correction(entry.item):
            return self._correction(entry, ranked)
        for similarity, story in ranked:
            if similarity < SURE and story.is_elsewhere(entry.item):
                continue
            if similarity >= JOIN:
                because = f"{similarity:.0%} of the weight of its words is shared"
                return self._joined(entry, story, "rewrite", because, similarity)
            if similarity < BORDERLINE:
                break
            because = _verified(entry, story)
            if because:
                return self._joined(entry, story, "borderline", because, similarity)
        return self._across_languages(entry) or _opened(entry.item)

    def _ranked(self, entry: _Entry) -> list[tuple[float, _Story]]:
        """Running stories that share a rare word, most similar first."""
        shared: dict[str, int] = {}
        for word in self._rarest(entry.vector):
            stories = self._with_word.get(word)
            if stories is not None and len(stories) <= MAX_STORIES_PER_WORD:
                for name in stories:
                    shared[name] = shared.get(name, 0) + 1
        need = 2 if len(entry.vector) >= LONG else 1
        found = [name for name, words in shared.items() if words >= need]
        vector, moment, language = entry.vector, entry.item.seen_at, entry.item.language
        ranked = [
            (similarity, story)
            for story in map(self._stories.__getitem__, found)
            if (similarity := story.similarity(vector, language)) >= CORRECTS
            and abs(moment - story.last_at) <= WINDOW
        ]
        ranked.sort(key=lambda one: (-one[0], one[1].id))
        return ranked

    def _correction(self, entry: _Entry, ranked: list[tuple[float, _Story]]) -> Join:
        """A correction stands beside what it corrects, so that both can be shown."""
        if not ranked:
            return _opened(entry.item)
        similarity, story = ranked[0]
        return Join(
            item_id=entry.item.id,
            story_id=story_id(entry.item.id),
            rule="correction",
            because=f"says that it corrects a report; nearest is “{story.entries[0].item.title}”",
            similarity=round(similarity, 4),
            with_item_id=story.entries[0].item.id,
            correction_of=story.id,
        )

    def _across_languages(self, entry: _Entry) -> Join | None:
        own = entry.signature
        if own is None:
            return None
        best: tuple[int, str, _Story, _Entry] | None = None
        for one in {story for key in own.keys for story in self._with_key.get(key, ())}:
            story = self._stories[one]
            if abs(entry.item.seen_at - story.last_at) > CROSS_LANGUAGE_WINDOW:
                continue
            if story.is_told_otherwise(entry):
                continue
            for other in story.entries:
                shared = self._shared(own, other.signature)
                if shared and (best is None or (len(shared), one) > (best[0], best[2].id)):
                    best = (len(shared), ", ".join(shared), story, other)
        if best is None:
            return None
        _count, because, story, other = best
        return self._joined(
            entry, story, "other_language", f"same development: {because}", 0.0, other
        )

    def _shared(self, one: Signature, other: Signature | None) -> list[str]:
        """What both say, in words; empty when it is not enough for one development."""
        if other is None:
            return []
        indicators = one.indicators & other.indicators
        places = one.places & other.places
        if not indicators or not places:
            return []
        telling = [
            *(f"vessel {name}" for name in sorted(one.vessels & other.vessels)),
            *(f"flight {name}" for name in sorted(one.flights & other.flights)),
            *(f"number {name}" for name in sorted(one.numbers & other.numbers)),
            *(f"name {name}" for name in sorted(one.people & other.people) if self._is_rare(name)),
        ]
        if not telling and len(places) < 2:
            return []
        if not telling and len(indicators) < 2:
            return []
        return [*sorted(indicators), *sorted(places), *telling]

    def _is_rare(self, name: str) -> bool:
        """Names that everybody has on every day say nothing about one development."""
        return self._names[name] <= max(4, 0.01 * self._items)

    def _joined(
        self,
        entry: _Entry,
        story: _Story,
        rule: str,
        because: str,
        similarity: float,
        nearest: _Entry | None = None,
    ) -> Join:
        other = nearest or max(
            story.entries, key=lambda one: (_cosine(entry.vector, one.vector), one.item.id)
        )
        return Join(
            item_id=entry.item.id,
            story_id=story.id,
            rule=rule,
            because=because,
            similarity=round(min(similarity, 1.0), 4),
            with_item_id=other.item.id,
        )

    def _entry(self, item: GroupingItem) -> _Entry:
        words = tokens(item)
        counts, items = self._words, self._items + _PRIOR_ITEMS
        raw = [log(items / (counts[word] + 0.5)) for word in words]
        norm = sqrt(sum(one * one for one in raw)) or 1.0
        vector = {word: one / norm for word, one in zip(words, raw, strict=True)}
        return _Entry(item, vector, signature(item) if item.indicators else None)

    def _rarest(self, vector: dict[str, float]) -> list[str]:
        return nsmallest(RARE_WORDS, vector, key=lambda word: (-vector[word], word))

    def _remember(self, entry: _Entry, name: str) -> None:
        item = entry.item
        story = self._stories.get(name)
        if story is None:
            story = self._stories[name] = _Story(name, item.seen_at)
        story.add(entry)
        for word in self._rarest(entry.vector):
            self._with_word[word].add(name)
        self._count(entry, 1)
        if entry.signature is not None:
            for key in entry.signature.keys:
                self._with_key[key].add(name)
        self._placed[item.id] = name
        self._latest = max(self._latest or item.seen_at, item.seen_at)

    def _count(self, entry: _Entry, step: int) -> None:
        self._items += step
        for word in entry.vector:
            self._words[word] += step
        if entry.signature is not None:
            for name in entry.signature.names:
                self._names[name] += step

    def _forget(self, moment: datetime) -> None:
        """Every few hours drop the stories that ended more than 72 hours ago."""
        if self._next_prune is not None and moment < self._next_prune:
            return
        self._next_prune = moment + timedelta(hours=3)
        limit = moment - WINDOW
        for story in [one for one in self._stories.values() if one.last_at < limit]:
            self._drop(story)

    def _drop(self, story: _Story) -> None:
        del self._stories[story.id]
        for entry in story.entries:
            self._count(entry, -1)
            del self._placed[entry.item.id]
            _discard(self._with_word, entry.vector, story.id)
            if entry.signature is not None:
                _discard(self._with_key, entry.signature.keys, story.id)
            for word in entry.vector:
                if not self._words[word]:
                    del self._words[word]


def _discard(index: dict, keys: Iterable, name: str) -> None:  # type: ignore[type-arg]  # of any kind
    for key in keys:
        stories = index.get(key)
        if stories is not None:
            stories.discard(name)
            if not stories:
                del index[key]


def _opened(item: GroupingItem) -> Join:
    return Join(
        item_id=item.id,
        story_id=story_id(item.id),
        rule="opened",
        because="no running story resembles it",
        similarity=0.0,
    )


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(weight * other[word] for word, weight in one.items() if word in other)


def _verified(entry: _Entry, story: _Story) -> str:
    """Why a borderline similarity is believed after all; "" when it is not."""
    nearest = max(story.entries, key=lambda one: _cosine(entry.vector, one.vector))
    shared = entry.vector.keys() & nearest.vector.keys()
    contained = len(shared) / (min(len(entry.vector), len(nearest.vector)) or 1)
    if contained >= CONTAINED:
        return f"{contained:.0%} of the words of the shorter text stand in the longer one"
    own, other = entry.signature, nearest.signature
    if own is None or other is None or not own.indicators & other.indicators:
        return ""
    telling = (
        (own.numbers & other.numbers)
        | (own.vessels & other.vessels)
        | (own.flights & other.flights)
    )
    return f"same indicator and {', '.join(sorted(telling))} in both" if telling else ""
