"""What every bench prints: what was measured, the target, the figure, met or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure, and what it should be at most or at least."""

    what: str
    figure: float
    unit: str = ""
    at_most: float | None = None  # neither this nor the next: told, not judged
    at_least: float | None = None
    detail: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None: there is none."""
        if self.at_most is not None:
            return self.figure <= self.at_most
        return None if self.at_least is None else self.figure >= self.at_least

    def as_json(self) -> dict[str, Any]:
        """For `bench --json`."""
        return asdict(self) | {"met": self.met}


def table(title: str, lines: Sequence[Line]) -> str:
    """The lines as a table for a terminal."""
    rows = [("", "target", "figure", "met", ""), *map(_cells, lines)]
    widths = [max(len(row[n]) for row in rows) for n in range(4)]
    body = [
        f"{row[0].ljust(widths[0])}  {row[1].rjust(widths[1])}  {row[2].rjust(widths[2])}"
        f"  {row[3].ljust(widths[3])}  {row[4]}".rstrip()
        for row in rows
    ]
    return "\n".join([title, *body])


def _cells(line: Line) -> tuple[str, str, str, str, str]:
    unit = f" {line.unit}" if line.unit else ""
    met = {None: "", True: "yes", False: "NO"}[line.met]
    return line.what, _target(line, unit), f"{_rounded(line.figure)}{unit}", met, line.detail


def _target(line: Line, unit: str) -> str:
    if line.at_most is not None:
        return f"<= {line.at_most:.3g}{unit}"
    return "" if line.at_least is None else f">= {line.at_least:,.0f}{unit}"


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
