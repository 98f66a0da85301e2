"""Which of the four languages a text is written in, from function words and letter groups."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from monitor.assess.text import words
from monitor.assess.wordlists import LANGUAGES, Written
from monitor.errors import ConfigError

UNKNOWN = "und"
"""The code of a text whose language cannot be told (ISO 639-2)."""

_BITS = 15  # of one language's sum: all four together are added as one machine word
_TOKENS = 2_000  # from the beginning of a text; they tell its language
_MOST = 16  # weight of a word: 2,000 of them stay below 2**15
_MASK = (1 << _BITS) - 1
_SHIFTS = tuple(_BITS * place for place in range(len(LANGUAGES)))
_MEMORY = 60_000  # words remembered before starting afresh (chosen by us)
_NONE = [0] * len(LANGUAGES)
_CEILING = 14  # most that letter groups can give a word, so that one long name cannot decide
_VOCABULARY = 4  # weight of a word of the lexicon (chosen by us)
_VOCABULARY_LETTERS = 4  # shorter ones are too often words of another language
_DECIDED = 5  # points by which a language must lead the one that the feed declares, per 4 words


class _Weights(dict[str, int]):
    """Word to the four weights, packed into one integer so that a text is one sum."""

    def __init__(
        self,
        whole: dict[str, list[int]],
        groups: dict[str, list[tuple[str, int]]],
        vocabulary: Mapping[str, Collection[str]],
    ) -> None:
        super().__init__()
        self._whole = whole
        self._vocabulary = vocabulary
        self._starts: dict[str, list[int]] = {}
        self._ends: dict[str, list[int]] = {}
        self._inside: dict[str, list[int]] = {}
        for place, language in enumerate(LANGUAGES):
            for group, weight in groups[language]:
                row = self._kind(group).setdefault(group.strip("*"), [0] * len(LANGUAGES))
                row[place] += weight
        self._start_lengths = sorted({len(one) for one in self._starts})
        self._end_lengths = sorted({len(one) for one in self._ends})

    def __missing__(self, word: str) -> int:
        if len(self) >= _MEMORY:
            self.clear()
        weights = map(max, self._whole.get(word, _NONE), self._known(word), self._guess(word))
        packed = sum(
            min(max(one, 0), _MOST) << shift for one, shift in zip(weights, _SHIFTS, strict=True)
        )
        self[word] = packed
        return packed

    def _known(self, word: str) -> list[int]:
        """What a word of the lexicon says for each language that has it in its list."""
        if len(word) < _VOCABULARY_LETTERS:
            return _NONE
        stem = word + "*"
        return [
            _VOCABULARY if word in parts or stem in parts else 0
            for parts in map(self._vocabulary.__getitem__, LANGUAGES)
        ]

    def _kind(self, group: str) -> dict[str, list[int]]:
        """Where a letter group is kept: `start*`, `*end` or `*inside*`, its first letter apart."""
        if not group.startswith("*"):
            return self._starts
        return self._inside if group.endswith("*") else self._ends

    def _guess(self, word: str) -> list[int]:
        """What the letter groups of a word say for each language."""
        if len(word) < 3 or word.isdigit():
            return _NONE
        longest = len(word)
        rows = [self._starts.get(word[:n]) for n in self._start_lengths if n <= longest]
        rows += [self._ends.get(word[-n:]) for n in self._end_lengths if n <= longest]
        rows += [row for letters, row in self._inside.items() if letters in word[1:]]
        points = map(sum, zip(_NONE, *filter(None, rows), strict=True))
        return [min(_CEILING, one) for one in points]


class LanguageScorer:
    """Tells en, nl, es and pap apart; everything else is `und`.

    Args:
        whole: Word to its weight in each of `LANGUAGES`.
        groups: Language to letter groups (`*end`, `start*`, `*inside*`) and their weights.
        phrases: Their words speak for the language of their list too.
    """

    def __init__(
        self,
        whole: dict[str, list[int]],
        groups: dict[str, list[tuple[str, int]]],
        phrases: Iterable[Written] = (),
    ) -> None:
        self._weights = _Weights(whole, groups, _vocabulary(phrases))

    @classmethod
    def load(cls, file: Path, phrases: Iterable[Written] = ()) -> LanguageScorer:
        """Read the weights (seeds/languages.txt tells the format).

        Words of `phrases` speak for the language of their list too.

        Raises:
            ConfigError: The file is missing, or a line has no weight; names the line.
        """
        whole: dict[str, list[int]] = {}
        groups: dict[str, list[tuple[str, int]]] = {one: [] for one in LANGUAGES}
        try:
            lines = file.read_text("utf-8").splitlines()
        except OSError as error:
            raise ConfigError(str(file), "", f"cannot be read: {error}") from error
        language = ""
        for number, line in enumerate(lines, 1):
            body = line.partition("#")[0].split()
            if body and body[0].startswith("@"):
                language = body[0][1:]
            elif body:
                _take(body, language, whole, groups, where=(str(file), f"line {number}"))
        return cls(whole, groups, phrases)

    def scores(self, tokens: Sequence[str]) -> dict[str, int]:
        """Points of each language, from the first 2,000 words; all 0 where nothing is known."""
        total = sum(map(self._weights.__getitem__, tokens[:_TOKENS]))
        return {one: total >> shift & _MASK for one, shift in zip(LANGUAGES, _SHIFTS, strict=True)}

    def identify(self, tokens: Sequence[str], declared: str | None = None) -> str:
        """The language of a text, or `und`; `declared` as in `choose`."""
        return choose(self.scores(tokens), len(tokens), declared)


def choose(scores: Mapping[str, int], n_tokens: int, declared: str | None) -> str:
    """The language with the most points, or `und`.

    Args:
        scores: Points of each language.
        n_tokens: Length of the text.
        declared: What the feed says ("nl", "nl-NL"); wins where the text is not clear.
    """
    best = max(scores, key=scores.__getitem__)
    prior = (declared or "").lower().replace("_", "-").partition("-")[0]
    if prior in scores:
        lead = scores[best] - scores[prior]
        return prior if lead <= _DECIDED * max(1, n_tokens // 4) else best
    return best if scores[best] else UNKNOWN


def _vocabulary(phrases: Iterable[Written]) -> Mapping[str, Collection[str]]:
    """The parts of each language's phrases."""
    parts: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for phrase in phrases:
        if phrase.source in parts:
            parts[phrase.source].append(phrase.folded)
    return {language: frozenset(" ".join(parts[language]).split(" ")) for language in LANGUAGES}


def _take(
    body: list[str],
    language: str,
    whole: dict[str, list[int]],
    groups: dict[str, list[tuple[str, int]]],
    *,
    where: tuple[str, str],
) -> None:
    if language not in groups or not body[0].lstrip("-").isdigit():
        raise ConfigError(*where, "needs a weight first, under @en, @nl, @es or @pap")
    weight = int(body[0])
    place = LANGUAGES.index(language)
    for one in body[1:]:
        if "*" in one:
            groups[language].append((one.lower(), weight))
        else:
            for word in words(one):
                row = whole.setdefault(word, [0] * len(LANGUAGES))
                row[place] = max(row[place], weight)
