"""Text as the matcher sees it: folded words, each with its place in the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

TITLE_CAP = 2_000
"""Characters of a title that are judged; what lies beyond is ignored (chosen by us)."""
SUMMARY_CAP = 20_000
"""Characters of a summary that are judged: about 3,000 words (chosen by us)."""
STOP = "."
"""The token of a sentence's end; no rule reaches across it."""

Span = tuple[int, int]
"""First and last of something; the places between are in it."""

_IRREGULAR = "\0"
_DOTTED = "\u0130"  # the only character that becomes two in lower case
_ENDS = re.compile(
    r"[.!?;](?<=[a-z0-9]{2}.)(?:(?=\s)"
    r"(?<!\bst.)(?<!\bdr.)(?<!\bmr.)(?<!\bms.)(?<!\bvs.)(?<!\bee.)(?<!\buu.)(?<!\bzr.)"
    r"(?<!\bhr.)(?<!\bsr.)(?<!\bgov.)(?<!\bgen.)(?<!\badm.)(?<!\bmrs.)"
    r"(?!(?:(?<=\bjan\.)|(?<=\bfeb\.)|(?<=\bmar\.)|(?<=\bmrt\.)|(?<=\bapr\.)|(?<=\bjun\.)"
    r"|(?<=\bjul\.)|(?<=\baug\.)|(?<=\bsep\.)|(?<=\bsept\.)|(?<=\boct\.)|(?<=\bokt\.)"
    r"|(?<=\bnov\.)|(?<=\bdec\.)|(?<=\bene\.)|(?<=\bdic\.))\s\d)"
    r"|(?<=[!?])\Z)"
)
"""The ends of sentences, which initials and usual abbreviations (`Dec. 31`) are not.

The mark is looked for before what stands around it: most places hold none.
"""
_WORD_BYTES = b"abcdefghijklmnopqrstuvwxyz0123456789"
_BLANKS = bytes(one if one in _WORD_BYTES else ord(" ") for one in range(256))
"""Makes a blank of each byte that is no part of a word."""
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_LETTERS = re.compile(r"[a-z0-9]+")


class _Fold(dict[str, str]):
    """Character to one folded character; `_IRREGULAR` where one would not be enough."""

    def __missing__(self, character: str) -> str:
        whole = _fold_character(character)
        self[character] = one = whole if len(whole) == 1 else _IRREGULAR
        return one


def _fold_character(character: str) -> str:
    """Lower case without accents; "" for a combining mark, " " for what is no text."""
    if unicodedata.combining(character) or character in "\u00ad\u200b\u200c\u200d\ufeff":
        return ""
    parts = unicodedata.normalize("NFKD", character).lower()
    kept = "".join(one for one in parts if one != _IRREGULAR and not unicodedata.combining(one))
    return _SPECIAL.get(character, kept) or " "


_SPECIAL = {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i"}
_FOLD = _Fold()


def fold(text: str) -> str:
    """Lower case, accents gone; as long as `text` unless it holds irregular characters."""
    if text.isascii():
        return text.lower()
    folded = _in_step(text)
    return "".join(map(_fold_character, text)) if _IRREGULAR in folded else folded


def offsets(text: str) -> list[int] | None:
    """For each folded character its place in `text`; None when both run in step."""
    if text.isascii() or _IRREGULAR not in _in_step(text):
        return None
    return [place for place, one in enumerate(text) for _ in _fold_character(one)]


def _in_step(text: str) -> str:
    """Each character folded to one, or to `_IRREGULAR` where that cannot be."""
    small = text.replace(_IRREGULAR, " ").replace(_DOTTED, "I").lower()
    return _BEYOND_ASCII.sub(_fold_match, small)


def _fold_match(match: re.Match[str]) -> str:
    return _FOLD[match[0]]


def words(text: str) -> list[str]:
    """The folded words of a phrase, in order."""
    return _LETTERS.findall(fold(text))


def _split(folded: str) -> list[str]:
    """Words and ends of sentences."""
    spaced = folded.encode("ascii", "replace").translate(_BLANKS).decode("ascii")
    tokens: list[str] = []
    begin = 0
    for end in _ENDS.finditer(folded):
        tokens += spaced[begin : end.start()].split()
        tokens.append(end[0])
        begin = end.end()
    return tokens + spaced[begin:].split()


@dataclass(slots=True)
class Text:
    """Title and summary as one list of tokens.

    Attributes:
        title, summary: The original text, never changed.
        tokens: Folded words and sentence ends of both, title first, a `STOP` between.
        summary_from: Index of the first token of the summary.
    """

    title: str
    summary: str
    tokens: list[str]
    summary_from: int
    _spans: list[Span] | None = None

    @classmethod
    def read(cls, title: str, summary: str = "") -> Text:
        """Fold and split both fields; at most `TITLE_CAP` and `SUMMARY_CAP` characters."""
        tokens = _split(fold(title[:TITLE_CAP]))
        tokens.append(STOP)
        start = len(tokens)
        if summary:
            tokens += _split(fold(summary[:SUMMARY_CAP]))
        return cls(title, summary, tokens, start)

    def locate(self, first: int, last: int) -> tuple[str, int, int]:
        """Field, start and end in the original of the tokens `first` to `last`, both included."""
        spans = self._spans
        if spans is None:
            start = self.summary_from
            title = _spans(self.title[:TITLE_CAP], self.tokens[: start - 1])
            ending = (len(self.title), len(self.title))
            summary = _spans(self.summary[:SUMMARY_CAP], self.tokens[start:])
            spans = self._spans = [*title, ending, *summary]
        field = "title" if first < self.summary_from else "summary"
        return field, spans[first][0], spans[last][1]

    def original(self, field: str) -> str:
        """The text of "title" or "summary"."""
        return self.title if field == "title" else self.summary

    def written(self, index: int) -> str:
        """One token as it stands in the original."""
        field, start, end = self.locate(index, index)
        return self.original(field)[start:end]

    def has_capitals(self) -> bool:
        """Whether the title is more than a slug: some letter is a capital."""
        return self.title != self.title.lower()


def _spans(text: str, tokens: Iterable[str]) -> list[Span]:
    """Where the tokens of a text stand in it; between two of them there is no other letter."""
    folded, places = fold(text), offsets(text)
    found: list[Span] = []
    end = 0
    for token in tokens:
        start = folded.index(token, end)
        end = start + len(token)
        found.append((start, end))
    if places is None:
        return found
    return [(places[start], _end(text, places[end - 1] + 1)) for start, end in found]


def _end(text: str, end: int) -> int:
    """Take the combining marks that follow into the span."""
    for one in islice(text, end, None):
        if not unicodedata.combining(one):
            break
        end += 1
    return end
