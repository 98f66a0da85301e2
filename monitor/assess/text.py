"""Text as the matcher sees it: folded words, each with its place in the original."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

TITLE_CAP = 2_000
"""Characters of a title that are judged; what lies beyond is ignored (chosen by us)."""
SUMMARY_CAP = 20_000
"""Characters of a summary that are judged: about 3,000 words (chosen by us)."""
STOP = "."
"""The token of a sentence's end; no rule reaches across it."""

_IRREGULAR = "\0"
_DOTTED = "\u0130"  # the only character that becomes two in lower case
_WORDS = re.compile(
    r"[a-z0-9]+"
    r"|(?=[.!?;])(?<=[a-z0-9]{2})(?:[.!?;](?=\s)"
    r"(?<!\bst.)(?<!\bdr.)(?<!\bmr.)(?<!\bms.)(?<!\bvs.)(?<!\bee.)(?<!\buu.)(?<!\bzr.)"
    r"(?<!\bhr.)(?<!\bsr.)(?<!\bgov.)(?<!\bgen.)(?<!\badm.)(?<!\bmrs.)"
    r"(?!(?:(?<=\bjan\.)|(?<=\bfeb\.)|(?<=\bmar\.)|(?<=\bmrt\.)|(?<=\bapr\.)|(?<=\bjun\.)"
    r"|(?<=\bjul\.)|(?<=\baug\.)|(?<=\bsep\.)|(?<=\bsept\.)|(?<=\boct\.)|(?<=\bokt\.)"
    r"|(?<=\bnov\.)|(?<=\bdec\.)|(?<=\bene\.)|(?<=\bdic\.))\s\d)"
    r"|[!?]\Z)"
)
"""Words, and the ends of sentences, which initials and usual abbreviations (`Dec. 31`) are not.

The mark is looked for before what stands around it: most places hold none.
"""
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
    _spans: list[tuple[str, int, int]] | None = None

    @classmethod
    def read(cls, title: str, summary: str = "") -> Text:
        """Fold and split both fields; at most `TITLE_CAP` and `SUMMARY_CAP` characters."""
        tokens = _WORDS.findall(fold(title[:TITLE_CAP]))
        tokens.append(STOP)
        start = len(tokens)
        if summary:
            tokens += _WORDS.findall(fold(summary[:SUMMARY_CAP]))
        return cls(title=title, summary=summary, tokens=tokens, summary_from=start)

    def locate(self, first: int, last: int) -> tuple[str, int, int]:
        """Field, start and end in the original of the tokens `first` to `last`, both included."""
        spans = self._spans
        if spans is None:
            title = _spans("title", self.title[:TITLE_CAP])
            ending = ("title", len(self.title), len(self.title))
            summary = _spans("summary", self.summary[:SUMMARY_CAP])
            spans = self._spans = [*title, ending, *summary]
        field, start, _ = spans[first]
        return field, start, spans[last][2]

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


def _spans(field: str, text: str) -> list[tuple[str, int, int]]:
    places = offsets(text)
    found = [(field, *match.span()) for match in _WORDS.finditer(fold(text))]
    if places is None:
        return found
    return [(field, places[start], _end(text, places[end - 1] + 1)) for _, start, end in found]


def _end(text: str, end: int) -> int:
    """Take the combining marks that follow into the span."""
    for one in islice(text, end, None):
        if not unicodedata.combining(one):
            break
        end += 1
    return end
