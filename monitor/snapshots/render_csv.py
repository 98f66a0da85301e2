"""The figures of a snapshot as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from monitor.snapshots.canonical import seal
from monitor.snapshots.document import Document, clean, level_of, state_of

Cell = str | float | int | None
# A cell that starts so is taken for a formula by Excel, LibreOffice or Sheets (OWASP, "CSV
# Injection"), the full-width forms included.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
_SERIES_COLUMNS = (
    "index", "low80", "high80", "seen", "expected", "coverage", "level", "state",
)  # fmt: skip


def guarded(value: Cell) -> Cell:
    """The cell as text that no spreadsheet computes; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    tidy = clean(value).replace("\n", " ").replace("\t", " ")
    return f"'{tidy}" if tidy.lstrip().startswith(_FORMULA_STARTS) else tidy


def write(rows: Iterable[Sequence[Cell]]) -> str:
    """Rows as CSV (RFC 4180), every cell guarded."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def csv_bytes(document: Document) -> bytes:
    """Daily series, board, stories and deadlines, one below the other, each with its header.

    Starts with a byte order mark, without which Excel misreads accents.
    """
    parts = (
        _about(document),
        _days(document),
        _board(document),
        _stories(document),
        _deadlines(document),
    )
    return ("\ufeff" + "\r\n".join(write(rows) for rows in parts)).encode()


def _about(document: Document) -> list[Sequence[Cell]]:
    level = document["level"]
    return [
        ("site", document["site"]),
        ("title", document["title"]),
        ("note", document["note"]),
        ("author", document["author"]),
        ("created_at", document["created_at"]),
        ("computed_at", document["computed_at"]),
        ("newest_evidence_at", document["newest_evidence_at"]),
        *((("shown", document["view"]["shown"]),) if "shown" in document["view"] else ()),
        *((("stories", document["listed"]),) if document.get("listed") else ()),
        ("level", level_of(level), level["name"]),
        ("lexicon_version", document["lexicon_version"]),
        ("sha256", seal(document).sha256),
    ]


def _days(document: Document) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = [("day", "series", "name", *_SERIES_COLUMNS)]
    for one in document["series"]:
        columns = (
            one["index"],
            one["low80"],
            one["high80"],
            one["seen"],
            one["expected"],
            one["coverage"],
            one["level"],
            one["state"],
        )
        rows.extend(
            (day, one["series"], one["name"], *values)
            for day, *values in zip(one["days"], *columns, strict=True)
        )
    return rows


def _board(document: Document) -> list[Sequence[Cell]]:
    head: Sequence[Cell] = (
        "indicator", "name", "state", "index", "low80", "high80", "seen", "expected",
    )  # fmt: skip
    return [
        head,
        *(
            (
                row["id"],
                row["name"],
                state_of(row),
                row["index"],
                row["low"],
                row["high"],
                row["seen"],
                row["expected"],
            )
            for row in document["board"]
        ),
    ]


def _stories(document: Document) -> list[Sequence[Cell]]:
    head: Sequence[Cell] = (
        "story", "title", "url", "severity", "direction", "indicators", "publishers",
        "independent_groups", "items", "language", "event_date", "published_at", "first_seen_at",
    )  # fmt: skip
    return [
        head,
        *(
            (
                one["id"],
                one["title"],
                one["url"],
                one["severity"],
                one["direction"],
                " ".join(one["indicators"]),
                "; ".join(one["publishers"]),
                one["groups"],
                one["items"],
                one["language"],
                one["event_date"],
                one["published_at"],
                one["first_seen_at"],
            )
            for one in document["stories"]
        ),
    ]


def _deadlines(document: Document) -> list[Sequence[Cell]]:
    head: Sequence[Cell] = ("due", "phrase", "indicator", "story", "title", "outcome")
    return [
        head,
        *(
            (
                one["due"],
                one["phrase"],
                one["indicator"],
                one["story"],
                one["title"],
                one["outcome"],
            )
            for one in document["deadlines"]
        ),
    ]
