"""Map: the southern Caribbean as plain polygons, with the three islands enlarged; works offline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, hypot, radians
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from monitor.charts.theme import SYMBOLS, Palette, figure, layout, palette, plain
from monitor.snapshots.coastline import Box, Coastline, Town

EDGE = 0.15
"""Share of the map's width in which a name is written inwards (chosen by us)."""
BESIDE = 0.27
"""Share of the map's width within which two names lean away from each other (chosen by us)."""
INSET = (0.36, 1.0, 0.62, 1.0)  # where the islands lie on the sheet: left, right, bottom, top


def map_chart(coast: Coastline, frame: pd.DataFrame, *, dark: bool, height: int = 400) -> go.Figure:
    """Places with flagged stories, by severity in shape and colour.

    Args:
        coast: The shipped coastline.
        frame: Columns id, name, latitude, longitude, severity (0 to 4), stories, words; the last
            row is drawn on top.
        dark: The reader looks at the dark theme.
        height: In pixels.

    Returns:
        A figure whose markers carry the place's id as `customdata[0]`.
    """
    colours = palette(dark)
    traces = [
        *_lands(coast, "region", "x", "y", colours),
        *_marks(frame, coast.region, "x", "y", colours),
        _sheet(coast.islands, colours),
        *_lands(coast, "islands", "x2", "y2", colours),
        *_marks(frame, coast.islands, "x2", "y2", colours),
        *_towns(coast, colours),
    ]
    left, right, bottom, top = INSET
    return figure(
        traces,
        layout(
            colours,
            height,
            margin={"l": 0, "r": 0, "t": 0, "b": 0},
            xaxis=_side(coast.region[0], coast.region[2]),
            yaxis=_side(coast.region[1], coast.region[3] + 3.4)
            | {"scaleanchor": "x", "scaleratio": _ratio(coast.region)},
            xaxis2=_side(coast.islands[0], coast.islands[2]) | {"domain": [left, right]},
            yaxis2=_side(coast.islands[1], coast.islands[3])
            | {
                "domain": [bottom, top],
                "anchor": "x2",
                "scaleanchor": "x2",
                "scaleratio": _ratio(coast.islands),
            },
        ),
    )


def on_map(coast: Coastline, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that the map shows: of places inside its region or its inset."""
    shown = [_inside(frame, coast.region), _inside(frame, coast.islands)]
    return frame[frame.index.isin(shown[0].index.union(shown[1].index))]


def _ratio(box: Box) -> float:
    """How much taller a degree of latitude is than one of longitude, in the middle of the box."""
    return 1 / cos(radians((box[1] + box[3]) / 2))


def _side(low: float, high: float) -> dict[str, Any]:
    return {
        "range": [low, high],
        "visible": False,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
    }


def _sheet(box: Box, colours: Palette) -> dict[str, Any]:
    """The sea of the inset: covers what lies under it, with a thin frame."""
    west, south, east, north = box
    return {
        "type": "scatter", "mode": "lines", "xaxis": "x2", "yaxis": "y2",
        "x": [west, east, east, west, west], "y": [south, south, north, north, south],
        "fill": "toself", "fillcolor": colours.sea, "hoverinfo": "skip",
        "line": {"color": colours.coast, "width": 1},
    }  # fmt: skip


def _lands(
    coast: Coastline, layer: str, x: str, y: str, colours: Palette
) -> Iterable[dict[str, Any]]:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for land in coast.lands:
        if land.layer != layer:
            continue
        for polygon in land.polygons:
            for longitude, latitude in polygon[0]:
                xs.append(longitude)
                ys.append(latitude)
            xs.append(None)
            ys.append(None)
    yield {
        "type": "scatter", "mode": "lines", "xaxis": x, "yaxis": y, "x": xs, "y": ys,
        "fill": "toself", "fillcolor": colours.land, "hoverinfo": "skip",
        "line": {"color": colours.coast, "width": 0.8},
    }  # fmt: skip


def _inside(frame: pd.DataFrame, box: Box) -> pd.DataFrame:
    west, south, east, north = box
    return frame[frame["longitude"].between(west, east) & frame["latitude"].between(south, north)]


def _marks(
    frame: pd.DataFrame, box: Box, x: str, y: str, colours: Palette
) -> Iterable[dict[str, Any]]:
    part = _inside(frame, box)
    if part.empty:
        return
    severities = part["severity"].tolist()
    yield {
        "type": "scatter",
        "mode": "markers",
        "xaxis": x,
        "yaxis": y,
        "x": part["longitude"].tolist(),
        "y": part["latitude"].tolist(),
        "customdata": [
            [key, plain(name), words]
            for key, name, words in zip(part["id"], part["name"], part["words"], strict=True)
        ],
        "marker": {
            "symbol": [SYMBOLS[one] for one in severities],
            "size": [
                9 + 2.2 * one + min(8, n**0.5)
                for one, n in zip(severities, part["stories"], strict=True)
            ],
            "color": [colours.severity[one] for one in severities],
            "opacity": 1,
            "line": {"color": colours.paper, "width": 1.2},
        },
        "hovertemplate": "<b>%{customdata[1]}</b><br>%{customdata[2]}<extra></extra>",
    }


def _towns(coast: Coastline, colours: Palette) -> Iterable[dict[str, Any]]:
    layers = (
        ("region", coast.region, "x", "y", 0.16),
        ("islands", coast.islands, "x2", "y2", 0.035),
    )
    for layer, box, x, y, below in layers:
        towns = _apart([town for town in coast.towns if town.layer == layer])
        yield {
            "type": "scatter", "mode": "text", "xaxis": x, "yaxis": y,
            "x": [town.longitude for town in towns], "y": [town.latitude - below for town in towns],
            "text": [town.name for town in towns],
            "textposition": [_placed(town, towns, box) for town in towns],
            "textfont": {"size": 11, "color": colours.muted}, "hoverinfo": "skip",
        }  # fmt: skip


def _placed(town: Town, towns: Sequence[Town], box: Box) -> str:
    """Where a name is written on a narrow map: cut by no edge, covered by no neighbour's.

    It leans inwards at an edge, elsewhere away from a neighbour; where both cannot be, upwards.
    """
    width = box[2] - box[0]
    share = (town.longitude - box[0]) / width
    away = min((one.longitude - town.longitude for one in towns if one is not town), key=abs)
    beside = "" if abs(away) > BESIDE * width else "right" if away > 0 else "left"
    if share < EDGE or share > 1 - EDGE:
        inwards = "right" if share < EDGE else "left"
        return f"{'top' if beside == inwards else 'bottom'} {inwards}"
    return f"bottom {_OTHER_SIDE[beside]}"


_OTHER_SIDE = {"": "center", "right": "left", "left": "right"}


def _apart(towns: Sequence[Town], distance: float = 0.2) -> list[Town]:
    """Towns whose names do not cover each other; the first of two near ones is named."""
    kept: list[Town] = []
    for town in towns:
        near = (
            hypot(town.longitude - one.longitude, town.latitude - one.latitude) < distance
            for one in kept
        )
        if not any(near):
            kept.append(town)
    return kept
