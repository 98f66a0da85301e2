"""Charts: what they carry, whatever the data lacks; drawn by plotly without complaint."""

import math
from datetime import date, timedelta
from itertools import combinations

import pandas as pd
import pytest

from monitor.charts.index import index_chart
from monitor.charts.map import map_chart, on_map
from monitor.charts.theme import DARK, LIGHT, palette, plain
from monitor.charts.timeline import timeline
from monitor.config import SEEDS
from monitor.indicators.measure import State
from monitor.snapshots.coastline import Coastline
from monitor.views import frames
from monitor.views.chronology import Pin
from monitor.views.places import Spot
from tests.shelf import reading

TODAY = date(2025, 12, 3)
THRESHOLDS = (130.0, 175.0, 250.0, 400.0)


def frame(*changes):
    first = TODAY - timedelta(days=len(changes) - 1)
    return frames.series(
        [reading(first + timedelta(days=n), **change) for n, change in enumerate(changes)]
    )


def pin(number, day):
    return Pin(
        number=number, date=day, day="", text="t", source="s", url="", direction="escalating"
    )


def drawn(chart):
    """As plotly reads it back: an unknown property would fail here."""
    return chart.to_plotly_json()


def names(chart):
    return [one.text for one in chart.layout.annotations]


def test_the_index_has_zones_a_line_a_band_and_points_that_name_their_day():
    chart = index_chart(frame({}, {}, {}), THRESHOLDS, dark=False)
    drawn(chart)
    assert [one for one in names(chart) if one[0].isdigit()] == [
        "0 Normal",
        "1 Guarded",
        "2 Elevated",
        "3 High",
        "4 Severe",
    ]
    points = chart.data[-1]
    assert [one[0] for one in points.customdata] == ["2025-12-01", "2025-12-02", "2025-12-03"]
    assert chart.layout.yaxis.type == "log"


def test_hover_words_and_axes_group_thousands_and_write_months_in_letters():
    seen = {"index": 1234.0, "high80": 2500.0, "seen": 1204.5}
    chart = index_chart(frame(seen), THRESHOLDS, dark=False)
    point = chart.data[-1]
    assert point.customdata[-1][1].endswith("–2,500")
    assert point.customdata[-1][2] == "1,204.5"
    assert "%{y:,.0f}" in point.hovertemplate
    assert chart.layout.xaxis.tickformat == "%-d %b\n%Y"
    assert chart.layout.xaxis.hoverformat == "%a %-d %b %Y"


def test_events_are_pins_with_their_numbers():
    chart = index_chart(frame({}, {}), THRESHOLDS, [pin(7, TODAY)], dark=True)
    assert "<b>7</b>" in names(chart)


def test_days_without_a_value_split_the_band_and_are_no_zero():
    nothing = {"index": None, "low80": None, "high80": None}
    chart = index_chart(frame({}, {}, nothing, {}, {}), THRESHOLDS, dark=False)
    bands = [one for one in chart.data if one.fillcolor == LIGHT.band]
    assert len(bands) == 2
    assert chart.data[-1].y[2] is None


def test_provisional_days_are_dotted_from_the_last_sure_day_on():
    chart = index_chart(frame({}, {}, {"state": State.PROVISIONAL}), THRESHOLDS, dark=False)
    solid, dotted = chart.data[-3], chart.data[-2]
    assert list(solid.y) == [120.0, 120.0, None]
    assert list(dotted.y) == [None, 120.0, 120.0]
    assert "px" in dotted.line.dash


def test_a_dotted_part_in_the_middle_joins_the_sure_days_on_both_sides():
    days = frame({}, {}, {"state": State.BLIND}, {}, {})
    dotted = index_chart(days, THRESHOLDS, dark=False).data[-2]
    assert list(dotted.y) == [None, 120.0, 120.0, 120.0, None]


@pytest.mark.parametrize(
    ("coverage", "pattern"),
    [
        pytest.param(0.5, "/", id="little observed: hatched"),
        pytest.param(0.1, "x", id="blind: hatched densely"),
    ],
)
def test_days_with_little_evidence_are_hatched(coverage, pattern):
    chart = index_chart(frame({}, {"coverage": coverage}), THRESHOLDS, dark=False)
    hatched = [one for one in chart.data if one.fillpattern.shape]
    assert [one.fillpattern.shape for one in hatched] == [pattern]
    assert hatched[0].x[0] == "2025-12-02T12:00"


def test_while_the_baseline_forms_the_chart_says_so_instead_of_hatching():
    nothing = {
        "index": None, "low80": None, "high80": None, "coverage": 0.0, "state": State.FORMING,
    }  # fmt: skip
    chart = index_chart(frame(*[nothing] * 8), THRESHOLDS, dark=False)
    assert "baseline forming" in names(chart)
    assert not [one for one in chart.data if one.fillpattern.shape]


def test_the_axis_is_as_long_as_was_asked_for_even_on_the_first_day():
    chart = index_chart(frame({}), THRESHOLDS, dark=False, days=90)
    assert chart.layout.xaxis.range == ("2025-09-05", "2025-12-04")


def test_an_empty_frame_is_an_empty_chart_and_no_error():
    drawn(index_chart(frame(), THRESHOLDS, dark=False))
    drawn(timeline(dots(), dark=False))


def test_extreme_values_stay_inside_the_axis():
    chart = index_chart(
        frame({"index": 9.0, "low80": 1.0, "high80": 2000.0}), THRESHOLDS, dark=False
    )
    low, high = chart.layout.yaxis.range
    assert low < math.log10(9) < math.log10(2000) < high


def test_another_period_is_drawn_dashed_beneath():
    chart = index_chart(frame({}, {}), THRESHOLDS, dark=False, compared=frame({}, {"index": 80.0}))
    dashed = [one for one in chart.data if one.line.dash == "dash"]
    assert list(dashed[0].y) == [120.0, 80.0]


def dots(*severities):
    return pd.DataFrame(
        {
            "at": [pd.Timestamp("2025-12-03")] * len(severities),
            "severity": list(severities),
            "direction": "escalatory",
            "title": "<b>x</b>",
            "story": [f"s{n}" for n in range(len(severities))],
            "reports": 2,
        }
    )


def test_the_timeline_tells_severity_by_shape_and_names_the_story_of_each_mark():
    chart = timeline(dots(1, 4, 4), dark=False)
    drawn(chart)
    assert [one.marker.symbol for one in chart.data] == ["circle", "octagon"]
    assert [one[0] for one in chart.data[1].customdata] == ["s1", "s2"]
    assert chart.data[1].y[0] != chart.data[1].y[1]
    assert "&lt;b&gt;" in chart.data[0].customdata[0][1]
    assert chart.data[0].customdata[0][2] == "2 reports"
    assert timeline(dots(1).assign(reports=1), dark=False).data[0].customdata[0][2] == "1 report"


def test_an_event_long_before_the_range_stands_faded_on_the_edge_with_its_own_day():
    frame = dots(3, 4)
    frame.loc[0, "at"] = pd.Timestamp("2024-11-21")
    chart = timeline(frame, dark=False, oldest="2025-11-03")
    drawn(chart)
    first, last = chart.layout.xaxis.range
    assert first < "2025-11-03" < "2025-12-03" < last
    assert chart.data[0].x[0].startswith("2025-11-03")
    assert chart.data[0].customdata[0][3] == "Thu 21 Nov 2024"
    assert (chart.data[0].marker.opacity[0], chart.data[1].marker.opacity[0]) == (0.5, 1.0)
    assert "earlier" in chart.layout.annotations[0].text


def test_the_axis_spans_the_whole_range_though_all_events_lie_before_it():
    frame = dots(3)
    frame.loc[0, "at"] = pd.Timestamp("2024-11-21")
    chart = timeline(frame, dark=False, oldest="2025-11-03", newest="2025-12-03")
    first, last = chart.layout.xaxis.range
    assert first < "2025-11-03" < "2025-12-03" < last


def test_without_an_earlier_event_nothing_is_said_of_one():
    assert not timeline(dots(3), dark=False, oldest="2025-11-03").layout.annotations
    assert timeline(dots(), dark=False, oldest="2025-11-03").layout.xaxis.range is None


def spot(name, latitude, longitude, severity=3):
    return Spot(
        id=name, name=name, latitude=latitude, longitude=longitude, severity=severity,
        stories=("s1",),
    )  # fmt: skip


@pytest.fixture(scope="module")
def coast():
    return Coastline.load(SEEDS / "coastline.geojson")


def test_the_map_marks_a_place_on_the_islands_in_both_maps_and_names_it(coast):
    markers = frames.markers([spot("Willemstad", 12.11, -68.93), spot("Caracas", 10.49, -66.88, 4)])
    chart = map_chart(coast, markers, dark=False)
    drawn(chart)
    marks = [one for one in chart.data if one.mode == "markers"]
    assert [len(one.x) for one in marks] == [2, 1]
    assert marks[0].marker.symbol == ("triangle-up", "octagon")
    assert marks[1].customdata[0][0] == "Willemstad"


def test_only_places_inside_the_map_are_its_rows(coast):
    markers = frames.markers([spot("Willemstad", 12.11, -68.93), spot("The Hague", 52.08, 4.31)])
    assert on_map(coast, markers)["id"].tolist() == ["Willemstad"]


def test_the_map_needs_no_tiles_no_geometry_service_and_no_marker(coast):
    chart = map_chart(coast, frames.markers([]), dark=True)
    assert {one["type"] for one in drawn(chart)["data"]} == {"scatter"}


@pytest.mark.parametrize("width", [320, 390, 700])
def test_names_of_towns_neither_cover_each_other_nor_leave_the_map(coast, width):
    chart = map_chart(coast, frames.markers([]), dark=False)
    boxes = []
    for trace, axis in (
        (chart.data[-2], chart.layout.xaxis),
        (chart.data[-1], chart.layout.xaxis2),
    ):
        left, right = axis.domain or (0, 1)
        degree = width * (right - left) / (axis.range[1] - axis.range[0])
        for town, x, y, place in zip(trace.text, trace.x, trace.y, trace.textposition, strict=True):
            up, way = place.split()
            long, high = 5.4 * len(town), 11  # pixels of a name of this size
            begin = width * left + degree * (x - axis.range[0])
            begin -= {"left": long, "center": long / 2, "right": 0}[way]
            level = -degree * y - (high if up == "top" else 0)
            assert 0 <= begin <= width - long, town
            boxes.append((trace.xaxis, begin, begin + long, level, level + high))
    for one, other in combinations(boxes, 2):
        beside = one[2] <= other[1] or other[2] <= one[1]
        above = one[4] <= other[3] or other[4] <= one[3]
        assert one[0] != other[0] or beside or above
    names = chart.data[-1].text
    assert "Willemstad" in names
    assert "Hato" not in names


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_on_charts_have_contrast_aa(colours):
    assert contrast(colours.ink, colours.paper) >= 4.5
    assert contrast(colours.muted, colours.paper) >= 4.5
    assert contrast(colours.line, colours.paper) >= 3


def test_a_theme_is_chosen_and_long_titles_are_cut():
    assert (palette(True), palette(False)) == (DARK, LIGHT)
    assert plain("a & b") == "a &amp; b"
    assert len(plain("x" * 500)) == 90


def test_names_at_the_edge_of_the_map_are_written_inwards(coast):
    chart = map_chart(coast, frames.markers([]), dark=False)
    names = [trace for trace in chart.data if trace.mode == "text" and trace.xaxis == "x"]
    placed = dict(zip(names[0].text, names[0].textposition, strict=True))
    assert placed["Barranquilla"] == "top right"  # Maracaibo stands beside it
    assert placed["Port of Spain"] == "bottom center"
