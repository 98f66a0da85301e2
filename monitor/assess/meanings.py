"""What concepts and place groups are called where people read them (seeds/lexicon/meanings.csv)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from monitor.errors import ConfigError

FILE = Path("lexicon") / "meanings.csv"
"""Where the meanings stand in the folder of shipped data."""


class Meanings:
    """Readable names; the file is read when somebody asks for the first, so judging never waits."""

    def __init__(self, seeds: Path) -> None:
        self._file = seeds / FILE

    @cached_property
    def all(self) -> Mapping[str, str]:
        """Every concept, and every place group in capitals, with its meaning.

        Raises:
            ConfigError: The file is missing, or a line cannot be read; names the line or concept.
        """
        try:
            text = self._file.read_text("utf-8")
        except OSError as error:
            raise ConfigError(str(self._file), "", f"cannot be read: {error}") from error
        _header, *lines = [one for one in text.splitlines() if one[:1] != "#"] or [""]
        found: dict[str, str] = {}
        for row in csv.reader(lines):
            if len(row) != 2:
                raise ConfigError(str(self._file), ",".join(row), "has not two columns")
            concept, meaning = row
            if concept in found:
                raise ConfigError(str(self._file), concept, "has two meanings")
            found[concept] = meaning
        return found

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Place groups by their id, as rules weigh them: `cur` is Curaçao, `any` no place."""
        return {one.lower(): name for one, name in self.all.items() if one.isupper()}

    def of(self, concept: str) -> str:
        """The meaning of a concept or place group; its own name where it has none."""
        return self.all.get(concept, concept)

    def either(self, concepts: Iterable[str]) -> str:
        """What any of some concepts means: `the United States, Colombia or Trump`."""
        *before, last = dict.fromkeys(map(self.of, concepts))
        comma = "," if any(" and " in one for one in (*before, last)) else ""
        return f"{', '.join(before)}{comma} or {last}" if before else last
