"""Our own labelled headlines (data/own_headlines.txt)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

WAYS = {"e": "escalatory", "d": "deescalatory", "n": "neutral"}


@dataclass(frozen=True, slots=True)
class Own:
    language: str
    direction: str
    severity: int
    indicators: frozenset[str]
    title: str

    @property
    def relevant(self) -> bool:
        return self.severity > 0


def _read(line: str) -> Own:
    language, label, indicators, title = line.split("|", 3)
    return Own(
        language=language,
        direction=WAYS[label[0]],
        severity=int(label[1]),
        indicators=frozenset(filter(None, indicators.split(","))),
        title=title,
    )


_FILE = Path(__file__).parent / "data" / "own_headlines.txt"
OWN = [_read(one) for one in _FILE.read_text("utf-8").splitlines() if one and one[0] != "#"]
