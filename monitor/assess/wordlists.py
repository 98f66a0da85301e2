"""The word lists as people write them: `@concept`, then phrases; see docs/judgement.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from monitor.assess.text import fold, words
from monitor.errors import ConfigError

LANGUAGES = ("en", "nl", "es", "pap")
"""The languages that are judged; a list named otherwise holds for all of them."""
EVERYWHERE = 7
"""A single word of so many letters counts in any text, a shorter one only in its language."""


_PLAIN = re.compile(
    r"-?(?:[a-z0-9]+\*?|\*[a-z0-9]+)(?: (?:~[1-9][0-9]* )?(?:[a-z0-9]+\*?|\*[a-z0-9]+))*"
)
"""A phrase without accents and, but for a minus, without marks, as most are."""


class Phrase(NamedTuple):
    """One line's worth of vocabulary (a tuple, because there are some 70,000).

    `parts` are folded words, each with `*` before or after it where any letters may stand;
    `gaps[i]` is how many tokens may lie between part i and the next.
    """

    concept: str
    written: str  # as in the file
    parts: tuple[str, ...]
    gaps: tuple[int, ...]
    language: str  # "" for all
    source: str = ""  # the list it stands in: en, nl, es, pap, or another name
    capitals: bool = False  # only where the text writes it in capitals, or has none at all
    takes_back: bool = False  # hits of the concept inside this phrase do not count

    @property
    def identity(self) -> tuple[object, ...]:
        """The same for two spellings of one phrase in one list: `Shot dead` and `shot dead`."""
        marks = (self.capitals, self.takes_back)
        return self.source, self.concept, self.parts, self.gaps, *marks, self.language

    @property
    def folded(self) -> str:
        """Parts and gaps as in a list, without the marks in front: `close* ~5 border`."""
        gaps = [f"~{gap + 1} " if gap else "" for gap in (0, *self.gaps)]
        return " ".join([gap + part for gap, part in zip(gaps, self.parts, strict=True)])

    @property
    def phrase(self) -> Phrase:
        """Itself; an `Unread` is read for this."""
        return self


class Unread(NamedTuple):
    """A phrase without marks other than `*`, `~` and a leading `-`, not read yet.

    Nearly all are such, and most of them no text ever holds: they are read when a text holds
    their first word, and start-up does not wait for them.
    """

    concept: str
    folded: str  # as `Phrase.folded`
    written: str
    source: str

    @property
    def phrase(self) -> Phrase:
        """The phrase, read: what `parse_phrase` makes of it, in a third of the time."""
        parts, gaps = _parts_and_gaps(self.folded)
        short = not gaps and len(parts[0].strip("*")) < EVERYWHERE
        return Phrase(
            concept=self.concept,
            written=self.written,
            parts=parts,
            gaps=gaps,
            language=self.source if short and self.source in LANGUAGES else "",
            source=self.source,
            takes_back=self.written[0] == "-",
        )


Written = Phrase | Unread
"""A phrase, read or not."""

_unread: Callable[[tuple[str, ...]], Unread] = partial(tuple.__new__, Unread)  # 70,000 of them


def parse_phrase(written: str, *, concept: str, source: str = "") -> Phrase:
    """Read one phrase.

    `word`, `stem*`, `*end`, `two words`, `a ~5 b` (b at most 5 tokens after a), and in front
    `^` capitals only, `!` only in this list's language, `-` not when part of this phrase.

    Raises:
        ValueError: The phrase has no word, or a gap stands at its edge.
    """
    rest = written.strip()
    marks = rest[: len(rest) - len(rest.lstrip("^!-"))]
    pieces, spaces = _pieces(rest[len(marks) :].split())
    if not pieces or len(spaces) != len(pieces) - 1:
        raise ValueError(f"{rest!r} is no phrase: it needs words on both sides of each gap")
    short = len(pieces) == 1 and len(pieces[0].strip("*")) < EVERYWHERE
    return Phrase(
        concept=concept,
        written=rest,
        parts=tuple(pieces),
        gaps=tuple(spaces),
        language=source if (short or "!" in marks) and source in LANGUAGES else "",
        source=source,
        capitals="^" in marks,
        takes_back="-" in marks,
    )


def _phrases(line: str, concept: str, source: str) -> list[Written]:
    """The phrases of one line; it is folded as a whole, because there are tens of thousands."""
    folded = fold(line)
    pieces = _stripped(folded)
    written = pieces if folded == line else _stripped(line)
    if len(pieces) != len(written) or not folded.isascii():
        return [parse_phrase(one, concept=concept, source=source) for one in written if one]
    found: list[Written] = []
    add, is_plain = found.append, _PLAIN.fullmatch
    for piece, original in zip(pieces, written, strict=True):
        if (piece.replace(" ", "").isalnum() and "  " not in piece) or is_plain(piece):
            add(_unread((concept, piece.removeprefix("-"), original, source)))
        elif original:
            add(parse_phrase(original, concept=concept, source=source))
    return found


def _stripped(line: str) -> list[str]:
    return list(map(str.strip, line.split(";")))


def _parts_and_gaps(folded: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Of a phrase without marks, folded already."""
    pieces = folded.split(" ")
    if "~" not in folded:
        return tuple(pieces), (0,) * (len(pieces) - 1)
    parts, gaps, gap = [pieces[0]], [], 0
    for piece in pieces[1:]:
        if piece[0] == "~":
            gap = int(piece[1:]) - 1
        else:
            parts.append(piece)
            gaps.append(gap)
            gap = 0
    return tuple(parts), tuple(gaps)


def _pieces(pieces: Sequence[str]) -> tuple[list[str], list[int]]:
    """Parts and the gaps between them; a gap at an edge leaves one gap too many."""
    parts: list[str] = []
    gaps: list[int] = []
    for piece in pieces:
        if piece[0] == "~" and piece[1:].isdigit():
            gaps.append(int(piece[1:]) - 1)
            continue
        for one in _parts(piece):
            if len(gaps) < len(parts):
                gaps.append(0)
            parts.append(one)
    return parts, gaps


def _parts(piece: str) -> list[str]:
    found = words(piece)
    if found and piece.startswith("*"):
        found[0] = "*" + found[0]
    if found and piece.endswith("*"):
        found[-1] += "*"
    return found


def parse(text: str, *, name: str, source: str) -> list[Written]:
    """Read a word list: `#` comments, `@concept` headings, phrases separated by `;` or lines.

    Raises:
        ConfigError: A phrase stands before the first concept or cannot be read; names the line.
    """
    concept = ""
    found: list[Written] = []
    for number, line in enumerate(text.splitlines(), 1):
        body = line.partition("#")[0].strip()
        if body[:1] == "@":
            concept = body[1:].strip()
            continue
        if body and not concept:
            raise ConfigError(name, f"line {number}", "a phrase stands before any @concept")
        try:
            found += _phrases(body, concept, source)
        except ValueError as error:
            raise ConfigError(name, f"line {number}", str(error)) from error
    return found


def read(folder: Path) -> tuple[Written, ...]:
    """All word lists of a folder, `en.txt` and so on; other names hold for every language.

    Raises:
        ConfigError: There is none, or one cannot be read.
    """
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise ConfigError(str(folder), "", "holds no word lists (*.txt)")
    found: list[Written] = []
    for file in files:
        found += _read(file.read_text("utf-8"), str(file), file.stem)
    return tuple(found)


@lru_cache(maxsize=12)
def _read(text: str, name: str, source: str) -> tuple[Written, ...]:
    """The phrases of one list; a change that is tried leaves the lists as they were."""
    return tuple(parse(text, name=name, source=source))
