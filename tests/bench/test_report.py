from __future__ import annotations

import pytest

from monitor.bench.report import Line, table


@pytest.mark.parametrize(
    ("line", "met"),
    [
        pytest.param(Line(what="x", figure=1.5, at_most=1.5), True, id="exactly at the limit"),
        pytest.param(Line(what="x", figure=1.51, at_most=1.5), False, id="above it"),
        pytest.param(Line(what="x", figure=5000, at_least=5000), True, id="exactly enough"),
        pytest.param(Line(what="x", figure=4999, at_least=5000), False, id="too few"),
        pytest.param(Line(what="x", figure=9), None, id="told, not judged"),
    ],
)
def test_a_target_is_met_or_not(line: Line, met: bool | None):
    assert line.met is met
    assert line.as_json()["met"] is met


def test_a_missed_target_stands_out_in_the_table():
    lines = [
        Line(what="fast enough", figure=0.2, unit="s", at_most=0.3, detail="0.1 s alone"),
        Line(what="too slow", figure=1.44, unit="s", at_most=0.3),
        Line(what="rate", figure=7321.4, at_least=5000),
    ]
    assert table("pages", lines).splitlines() == [
        "pages",
        "               target  figure  met",
        "fast enough  <= 0.3 s   0.2 s  yes  0.1 s alone",
        "too slow     <= 0.3 s  1.44 s  NO",
        "rate         >= 5,000   7,321  yes",
    ]
