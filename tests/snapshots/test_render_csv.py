import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.snapshots.canonical import seal
from monitor.snapshots.render_csv import csv_bytes, guarded, write
from tests.snapshots.documents import make_document, make_series, make_story

STARTS = "=+-@|%\t\r\n"


def parsed(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+31 599 9",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u202e=1",
        "\u200b@x",
        "|calc",
        "%0A",
        "＝1+1",
    ],
)
def test_a_cell_that_would_be_computed_is_text(text: str):
    assert str(guarded(text)).startswith("'")


@pytest.mark.parametrize("value", ["Curaçao", "a=b", "2025-12-02", "", 3, -3.5, None])
def test_other_cells_stay_as_they_are(value):
    assert guarded(value) == value


@given(st.lists(st.lists(st.text(), min_size=2, max_size=3), min_size=1, max_size=5))
def test_whatever_is_written_no_cell_starts_a_formula(rows: list[list[str]]):
    for row in csv.reader(io.StringIO(write(rows), newline="")):
        assert not any(cell.lstrip(" ").startswith(tuple(STARTS)) for cell in row)


def test_the_figures_come_back_as_they_were_frozen():
    document = seal(make_document(series=[make_series(n=3)])).document
    rows = parsed(csv_bytes(document))
    at = next(n for n, row in enumerate(rows) if row[:2] == ["day", "series"])
    first = document["series"][0]
    for day, row in enumerate(rows[at + 1 : at + 4]):
        assert row[:3] == [first["days"][day], "risk", "Escalation index"]
        assert float(row[3]) == first["index"][day]
        assert row[-1] == first["state"][day]


def test_stories_and_hash_are_in_it():
    document = seal(make_document(stories=[make_story(title="=cmd()")]))
    rows = parsed(csv_bytes(document.document))
    assert ["sha256", document.sha256] in rows
    assert "'=cmd()" in next(row for row in rows if row[:1] == ["story1"])
