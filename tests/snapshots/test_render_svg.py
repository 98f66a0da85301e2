import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.snapshots.coastline import Coastline
from monitor.snapshots.map_svg import elsewhere, island_map, land_defs, region_map, shape
from monitor.snapshots.render_svg import describe, index_chart, numbered, small_chart
from monitor.snapshots.wording import MONTHS
from tests.snapshots.documents import STEPS, make_document, make_series

COASTLINE = Coastline.load(Path(__file__).parents[2] / "seeds" / "coastline.geojson")


def chart(series=None, events=(), **changes) -> LexborNode:
    return LexborHTMLParser(
        index_chart(series or make_series(), STEPS, list(events), **changes)
    ).css_first("svg")


def event(date: str, text: str = "x") -> dict[str, str]:
    return {"date": date, "text": text, "direction": "", "source": "", "url": ""}


def test_blind_and_thinly_covered_days_are_hatched_apart():
    rects = chart().css("rect[fill]")
    assert [rect.attributes["fill"] for rect in rects] == ["url(#hatch)", "url(#blind)"]


def test_provisional_days_are_dashed_and_held_ones_dotted():
    kinds = [line.attributes["class"].strip() for line in chart().css("polyline")]
    assert kinds == ["line final", "line held", "line final", "line provisional"]


def test_a_gap_in_the_values_breaks_line_and_band():
    values = [100.0, 110.0, None, 120.0, 130.0]
    series = make_series(
        n=5, index=values, low80=values, high80=values, state=["final"] * 5, coverage=[1.0] * 5
    )
    svg = chart(series)
    assert [len(line.attributes["points"].split()) for line in svg.css("polyline")] == [2, 2]
    assert len(svg.css("polygon")) == 2


def test_each_zone_that_is_reached_is_shown_with_its_name():
    low = make_series(index=[100.0] * 60, low80=[90.0] * 60, high80=[120.0] * 60)
    texts = {text.text() for text in chart(low).css("text")}
    assert {"0 Normal", "1 Guarded", "2 Elevated"} <= texts
    assert not {"3 High", "4 Severe"} & texts


def test_higher_values_stand_higher_and_stay_in_the_plot():
    series = make_series(n=3, index=[50.0, 5000.0, 100.0], low80=[0.0] * 3, high80=[9e9] * 3)
    ys = [
        float(y)
        for y in re.findall(r",([\d.]+)", chart(series).css("polyline")[0].attributes["points"])
    ]
    assert ys[1] < ys[0]
    for y in re.findall(
        r"[\d.]+,([\d.]+)", chart(series).css_first("polygon").attributes["points"]
    ):
        assert 0 <= float(y) <= 340


def test_events_are_numbered_by_date_and_those_outside_are_left_out():
    series = make_series(n=10)
    events = [event("2025-12-02", "b"), event("2025-11-30", "a"), event("2020-01-01", "old")]
    assert [(n, one["text"]) for n, _, one in numbered(series, events)] == [(1, "a"), (2, "b")]
    assert [text.text() for text in chart(series, events).css("text.pin")] == ["1", "2"]


def test_numbers_of_close_events_stand_in_rows_of_their_own():
    events = [event(day) for day in ("2025-12-01", "2025-12-02", "2025-12-03")]
    tops = [rect.attributes["y"] for rect in chart(events=events, width=380).css("rect.pin")]
    assert len(set(tops)) == 3


def test_more_close_events_than_rows_still_all_show():
    series = make_series(n=300)
    events = [event(day) for day in series["days"][-12:]]
    assert len(chart(series, events).css("rect.pin")) == 12


@pytest.mark.parametrize(
    ("n", "labels"),
    [(1, 1), (6, 6), (15, 8), (45, 7), (120, 8), (240, 8), (700, 8), (3000, 9)],
)
def test_there_are_never_too_many_dates(n: int, labels: int):
    texts = [text.text() for text in chart(make_series(n=n)).css("text")]
    dates = [text for text in texts if re.match(rf"\d+ (?:{'|'.join(MONTHS)})\b", text)]
    assert 1 <= len(dates) <= 9
    assert abs(len(dates) - labels) <= 2


def test_the_last_day_is_a_hollow_mark_while_it_is_provisional():
    assert "hollow" in chart().css_first("circle").attributes["class"]
    done = make_series(state=["final"] * 60)
    assert chart(done).css_first("circle").attributes["class"] == "last f2"


def test_a_reader_who_cannot_see_the_chart_is_told_it():
    words = describe(make_series())
    assert words.startswith("Escalation index, 5 Oct 2025 to 3 Dec 2025: from 100 to")
    assert "5 days with too few feeds" in words
    assert chart().attributes["aria-label"] == words
    assert describe(make_series(n=1, index=[None])) == "Escalation index: no values yet."


def test_a_small_chart_stretches_and_keeps_its_rule_at_normal():
    svg = LexborHTMLParser(small_chart(make_series())).css_first("svg")
    assert svg.attributes["preserveAspectRatio"] == "none"
    assert len(svg.css("line.usual")) == 1


def test_severities_differ_in_shape():
    shapes = [shape(severity, 10, 10) for severity in (1, 2, 3, 4)]
    kinds = [(svg.split()[0], svg.count(",")) for svg in shapes]
    assert len(set(kinds)) == 4


def test_markers_are_drawn_where_they_are_and_named_once():
    markers = make_document()["markers"]
    tree = LexborHTMLParser(region_map(COASTLINE, markers))
    names = [text.text() for text in tree.css("text.place")]
    assert sorted(names) == ["Caracas", "Willemstad"]
    titles = {title.text() for title in tree.css("title")}
    assert titles == {"Willemstad: notable, 1 story", "Caracas: serious, 1 story"}
    assert len(tree.css("polygon.mark")) == 3  # Willemstad in both drawings


def test_the_islands_alone_show_only_what_lies_there():
    svg = LexborHTMLParser(island_map(COASTLINE, make_document()["markers"])).css_first("svg")
    assert [text.text() for text in svg.css("text.place")] == ["Willemstad"]
    assert "Caracas" not in svg.attributes["aria-label"]


def test_places_beyond_the_map_are_named_apart():
    washington = {"name": "Washington", "lat": 38.9, "lon": -77.0, "severity": 2, "stories": []}
    markers = [*make_document()["markers"], washington]
    assert elsewhere(COASTLINE, markers) == [washington]
    assert "Map of the southern Caribbean without" in region_map(COASTLINE, [])


def test_names_never_lie_on_each_other():
    crowd = [
        {
            "name": f"Place {n}",
            "lat": 12.1 + n / 1000,
            "lon": -66.0,
            "severity": 1,
            "stories": ["a"],
        }
        for n in range(12)
    ]
    tree = LexborHTMLParser(region_map(COASTLINE, crowd))
    boxes = [
        (float(t.attributes["x"]), float(t.attributes["y"]), len(t.text()) * 6.9)
        for t in tree.css("text.place")
    ]
    assert 1 <= len(boxes) < 12
    for at, (x, y, wide) in enumerate(boxes):
        for x2, y2, wide2 in boxes[at + 1 :]:
            assert x + wide <= x2 or x2 + wide2 <= x or abs(y - y2) >= 14


def _points(d: str) -> list[tuple[int, int]]:
    x, y = (int(n) for n in re.match(r"M(-?\d+) (-?\d+)", d).groups())
    points = [(x, y)]
    for dx, dy in re.findall(r"(-?\d+) (-?\d+)", d[d.index("l") :]):
        x, y = x + int(dx), y + int(dy)
        points.append((x, y))
    return points


def test_the_outline_of_curacao_is_where_curacao_is():
    defs = LexborHTMLParser(land_defs(COASTLINE))
    rings = defs.css_first("#land-islands").attributes["d"].split("z")[:-1]
    boxes = [
        (min(x), max(x), min(y), max(y))
        for x, y in (zip(*_points(ring), strict=True) for ring in rings)
    ]
    west, east, north, south = -69.17, -68.73, -12.40, -12.03
    assert any(
        abs(a / 1e4 - west) < 0.05
        and abs(b / 1e4 - east) < 0.05
        and abs(c / 1e4 - north) < 0.05
        and abs(d / 1e4 - south) < 0.05
        for a, b, c, d in boxes
    )
