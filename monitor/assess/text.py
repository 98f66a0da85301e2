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
_WORDS = re.compile(r"[a-z0-9]+|(?<=[a-z0-9]{3})[.!?;](?=\s)|(?<=[a-z0-9]{3})[!?]\Z")
_LETTERS = re.compile(r"[a-z0-9]+")


class _Fold(dict[int, str]):
    """Code point to one folded character; `_IRREGULAR` where one would not be enough."""

    def __missing__(self, code: int) -> str:
        whole = _fold_character(chr(code))
        self[code] = one = whole if len(whole) == 1 else _IRREGULAR
        return one


def _fold_character(character: str) -> str:
    """Lower case without accents; "" for a combining mark, " " for what is no text."""
    if unicodedata.combining(character) or character in "\u00ad\u200b\u200c\u200d\ufeff":
        return ""
    parts = unicodedata.normalize("NFKD", character).lower()
    kept = "".join(one for one in parts if not unicodedata.combining(one) and one != _IRREGULAR)
    return _SPECIAL.get(character, kept) or " "


_SPECIAL = {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i"}
_FOLD = _Fold()


def fold(text: str) -> str:
    """Lower case, accents gone; as long as `text` unless it holds irregular characters."""
    if text.isascii():
        return text.lower().replace(_IRREGULAR, " ")
    folded = text.translate(_FOLD)
    if _IRREGULAR in folded:
        return "".join(map(_fold_character, text))
    return folded


def offsets(text: str) -> list[int] | None:
    """For each folded character its place in `text`; None when both run in step."""
    if text.isascii() or _IRREGULAR not in text.translate(_FOLD):
        return None
    return [place for place, one in enumerate(text) for _ in _fold_character(one)]


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
    _title_spans: list[tuple[int, int]] | None = None
    _summary_spans: list[tuple[int, int]] | None = None

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
        if first < self.summary_from:
            if self._title_spans is None:
                self._title_spans = _spans(self.title[:TITLE_CAP])
            spans, base, field = self._title_spans, 0, "title"
        else:
            if self._summary_spans is None:
                self._summary_spans = _spans(self.summary[:SUMMARY_CAP])
            spans, base, field = self._summary_spans, self.summary_from, "summary"
        return field, spans[first - base][0], spans[min(last - base, len(spans) - 1)][1]

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


def _spans(text: str) -> list[tuple[int, int]]:
    folded = fold(text)
    places = offsets(text)
    found = [match.span() for match in _WORDS.finditer(folded)]
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
