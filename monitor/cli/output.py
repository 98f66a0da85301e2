"""What commands print: JSON for programs, tables and progress for people."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from tqdm import tqdm


def print_json(value: Any) -> None:
    """One JSON value, indented, with a final newline."""
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


def print_json_array(values: Iterable[Any]) -> None:
    """A JSON array, written as its members come: a million of them need no memory."""
    separator = "[\n"
    for value in values:
        sys.stdout.write(separator + orjson.dumps(value).decode())
        separator = ",\n"
    sys.stdout.write("[]\n" if separator == "[\n" else "\n]\n")


def print_json_line(value: Any) -> None:
    """One JSON value on one line."""
    sys.stdout.write(orjson.dumps(value).decode() + "\n")


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns as wide as their widest cell; numbers to the right."""
    cells = [[_cell(one) for one in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *cells, strict=True)]
    for row in [list(headings), *cells]:
        line = [text.ljust(width) for text, width in zip(row, widths, strict=True)]
        print("  ".join(line).rstrip())


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def local(moment: datetime | None, zone: ZoneInfo) -> str:
    """Day and time in the site's zone, or "never"."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else "never"


def progress(what: str) -> Callable[[int, int], None]:
    """A function to call with (done, total): a bar on a terminal, plain lines elsewhere."""
    if not sys.stderr.isatty():
        return _plain_progress(what)
    bar = tqdm(desc=what, unit="", file=sys.stderr, leave=False)

    def show(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)
        if done >= total:
            bar.close()

    return show


def _plain_progress(what: str) -> Callable[[int, int], None]:
    tenth = -1

    def show(done: int, total: int) -> None:
        nonlocal tenth
        reached = done * 10 // max(total, 1)
        if reached > tenth:
            tenth = reached
            print(f"{what}: {done} of {total}", file=sys.stderr, flush=True)

    return show
