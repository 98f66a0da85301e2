"""The index: line, band, level zones, numbered events, hatched gaps, provisional days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import log10
from typing import Any, Protocol

import pandas as pd
import plotly.graph_objects as go

from monitor.charts.theme import Palette, axis, figure, layout, palette, time_axis
from monitor.indicators.settings import LEVELS

NORMAL = 100.0
_FLOOR, _CEILING = 40.0, 620.0  # of the axis while the index stays inside; ratios need a log axis


class Event(Protocol):
    """A numbered reference event."""

    @property
    def number(self) -> int:
        """As shown on the pin."""

    @property
    def date(self) -> date:
        """Where the pin stands."""

    @property
    def text(self) -> str:
        """What happened."""


def index_chart(
    frame: pd.DataFrame,
    thresholds: Sequence[float],
    events: Sequence[Event] = (),
    *,
    dark: bool,
    height: int = 340,
    days: int = 0,
    compared: pd.DataFrame | None = None,
    hatched_below: float = 0.6,
    blind_below: float = 0.3,
) -> go.Figure:
    """One series with everything that tells how far to trust it.

    Args:
        frame: Columns day (date), index, low80, high80 (NaN: no value), seen, expected,
            coverage (0 to 1), state; oldest first, one row a day.
        thresholds: Index at which Guarded, Elevated, High and Severe begin, ascending.
        events: Numbered pins inside the range.
        dark: The reader looks at the dark theme.
        height: In pixels.
        days: Length of the axis; 0: as long as the data.
        compared: The same columns of another period, moved onto these days.
        hatched_below: Coverage under which a day is hatched.
        blind_below: Coverage under which a day is hatched densely.

    Returns:
        A figure whose points carry the ISO day as `customdata[0]`; the y axis is logarithmic.
    """
    colours = palette(dark)
    low, high = _range(frame)
    span = _days(frame, days)
    ready = frame["state"] != "forming"
    gaps = [
        _hatch(frame, ready & frame["coverage"].between(blind_below, hatched_below, "left"), "/"),
        _hatch(frame, ready & (frame["coverage"] < blind_below), "x"),
    ]
    traces = [
        *(_zone(n, span, thresholds, (low, high), colours) for n in range(5)),
        *(gap | {"y": [low if y == 0 else high for y in gap["y"]]} for gap in gaps if gap["x"]),
        *_band(frame, colours),
        *_compared(compared, colours),
        *_lines(frame, colours),
    ]
    return figure(
        traces,
        layout(
            colours,
            height,
            margin={"l": 8, "r": 74, "t": 6, "b": 6},
            hovermode="x",
            shapes=[_normal(colours), *(_pin_line(event, colours) for event in events)],
            annotations=[
                *_names(thresholds, (low, high), colours),
                *_forming(frame, colours),
                *(_pin(event, colours) for event in events),
            ],
            xaxis=time_axis(colours, range=span or None),
            yaxis=axis(
                colours,
                type="log",
                range=[log10(low), log10(high)],
                tickvals=[50, NORMAL, *thresholds],
                ticktext=["50", "100", *(f"{one:,.0f}" for one in thresholds)],
            ),
        ),
    )


def _range(frame: pd.DataFrame) -> tuple[float, float]:
    """Ends of the axis: the band may leave it at the bottom, the index never."""
    lowest, highest = frame["index"].min(), frame["high80"].max()
    low = _FLOOR if pd.isna(lowest) else min(_FLOOR, max(5.0, lowest * 0.85))
    high = _CEILING if pd.isna(highest) else max(_CEILING, highest * 1.1)
    return low, high


def _days(frame: pd.DataFrame, days: int) -> list[str]:
    """Ends of the axis of days; nothing where there is no day."""
    if frame.empty:
        return []
    first, last = frame["day"].iloc[0], frame["day"].iloc[-1]
    first = min(first, last - timedelta(days=days - 1)) if days else first
    return [str(first), str(last + timedelta(days=max(1, (last - first).days // 60)))]


def _edges(thresholds: Sequence[float], span: tuple[float, float]) -> list[float]:
    return [span[0], *thresholds, span[1]]


def _zone(
    number: int,
    days: Sequence[str],
    thresholds: Sequence[float],
    span: tuple[float, float],
    colours: Palette,
) -> dict[str, Any]:
    edges = _edges(thresholds, span)
    bottom, top = edges[number], max(edges[number], edges[number + 1])
    first, last = days or ("2000-01-01", "2000-01-02")
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [first, last, last, first],
        "y": [bottom, bottom, top, top],
        "fill": "toself",
        "fillcolor": _faded(colours.severity[number], colours.zone_opacity),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _faded(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def _names(
    thresholds: Sequence[float], span: tuple[float, float], colours: Palette
) -> list[dict[str, Any]]:
    edges = _edges(thresholds, span)
    return [
        {
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "xshift": 6,
            "y": (log10(bottom) + log10(top)) / 2,
            "yref": "y",
            "text": f"{number} {LEVELS[number]}",
            "showarrow": False,
            "font": {"size": 11, "color": colours.muted},
        }
        for number, (bottom, top) in enumerate(pairwise(edges))
        if top > bottom
    ]


def _forming(frame: pd.DataFrame, colours: Palette) -> list[dict[str, Any]]:
    """Words over the stretch in which nothing can be said yet."""
    empty = frame["day"][frame["index"].isna() & (frame["state"] == "forming")]
    if len(empty) < len(frame) and len(empty) < max(4, len(frame) // 8):
        return []
    if empty.empty:
        return []
    whole = len(empty) == len(frame)
    return [
        {
            "x": 0.5 if whole else str(empty.iloc[len(empty) // 2]),
            "xref": "paper" if whole else "x",
            "y": 0.5,
            "yref": "paper",
            "text": "baseline forming",
            "showarrow": False,
            "font": {"size": 12, "color": colours.muted},
        }
    ]


def _normal(colours: Palette) -> dict[str, Any]:
    line = {"color": colours.muted, "width": 1, "dash": "dot"}
    return {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": NORMAL, "y1": NORMAL,
        "line": line, "layer": "below",
    }  # fmt: skip


def _band(frame: pd.DataFrame, colours: Palette) -> list[dict[str, Any]]:
    """The 80 % band; a stretch without values splits it."""
    known = frame["index"].notna()
    runs = (known != known.shift()).cumsum()
    bands = []
    for _run, part in frame[known].groupby(runs[known]):
        days = [str(day) for day in part["day"]]
        bands.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": days + days[::-1],
                "y": part["high80"].tolist() + part["low80"].tolist()[::-1],
                "fill": "toself",
                "fillcolor": colours.band,
                "line": {"width": 0},
                "hoverinfo": "skip",
            }
        )
    return bands


def _lines(frame: pd.DataFrame, colours: Palette) -> list[dict[str, Any]]:
    """Solid line, dotted where days are provisional or the baseline is forming, and the end."""
    if frame.empty:
        return []
    unsure = frame["state"].isin(["provisional", "forming", "blind"])
    sure = frame["index"].mask(unsure)
    beside = unsure.shift(-1, fill_value=False) | unsure.shift(1, fill_value=False)
    reach = unsure | beside  # dotted parts begin and end at a sure day
    dotted = frame["index"].mask(~reach)
    days = [str(day) for day in frame["day"]]
    line = {"color": colours.line, "width": 2.3}
    return [
        _line(days, sure, line) | {"hoverinfo": "skip"},
        _line(days, dotted, line | {"dash": "2px,3px"}) | {"hoverinfo": "skip"},
        _points(frame, days, colours),
    ]


def _compared(frame: pd.DataFrame | None, colours: Palette) -> list[dict[str, Any]]:
    if frame is None or frame.empty:
        return []
    line = {"color": colours.muted, "width": 1.6, "dash": "dash"}
    days = [str(day) for day in frame["day"]]
    return [_line(days, frame["index"], line) | {"hoverinfo": "skip"}]


def _line(days: list[str], values: pd.Series, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": days,
        "y": [None if pd.isna(one) else round(float(one), 1) for one in values],
        "line": line,
        "connectgaps": False,
    }


def _points(frame: pd.DataFrame, days: list[str], colours: Palette) -> dict[str, Any]:
    """Invisible points that answer to hovering and clicking; the last one shows where we are."""
    words = {
        "final": "",
        "provisional": "provisional",
        "forming": "baseline forming",
        "blind": "too little observed",
    }
    given = zip(
        days, frame["low80"], frame["high80"], frame["seen"], frame["expected"],
        frame["coverage"], frame["state"], strict=True,
    )  # fmt: skip
    sizes = [7] * len(days)
    sizes[-1] = 11
    opacity = [0.0] * len(days)
    opacity[-1] = 1.0
    return _line(days, frame["index"], {"width": 0}) | {
        "mode": "markers",
        "marker": {
            "size": sizes,
            "opacity": opacity,
            "color": colours.line,
            "line": {"color": colours.paper, "width": 2},
        },
        "customdata": [
            [
                day,
                f"{low:,.0f}–{top:,.0f}",
                f"{seen:,.1f}",
                f"{usual:,.1f}",
                f"{part:.0%}",
                words[state],
            ]
            for day, low, top, seen, usual, part, state in given
        ],
        "hovertemplate": "<b>%{y:,.0f}</b> (%{customdata[1]})<br>%{customdata[2]} seen, "
        "%{customdata[3]} expected<br>%{customdata[4]} observed %{customdata[5]}<extra></extra>",
    }


def _hatch(frame: pd.DataFrame, chosen: pd.Series, pattern: str) -> dict[str, Any]:
    """Hatched columns over the chosen days; y is 0 at the bottom and 1 at the top."""
    xs: list[str | None] = []
    ys: list[float] = []
    for day in frame["day"][chosen]:
        left, right = f"{day - timedelta(days=1)}T12:00", f"{day}T12:00"
        xs += [left, right, right, left, left]
        ys += [0, 0, 1, 1, 0]
    return {
        "type": "scatter",
        "mode": "none",
        "x": xs,
        "y": ys,
        "fill": "toself",
        "fillpattern": {
            "shape": pattern,
            "size": 6,
            "solidity": 0.25,
            "fgcolor": "rgba(120,135,143,0.8)",
            "bgcolor": "rgba(0,0,0,0)",
        },
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _pin_line(event: Event, colours: Palette) -> dict[str, Any]:
    return {
        "type": "line", "x0": str(event.date), "x1": str(event.date), "yref": "paper",
        "y0": 0, "y1": 0.91, "line": {"color": colours.muted, "width": 1, "dash": "dot"},
    }  # fmt: skip


def _pin(event: Event, colours: Palette) -> dict[str, Any]:
    return {
        "x": str(event.date), "y": 0.955, "yref": "paper", "text": f"<b>{event.number}</b>",
        "showarrow": False, "font": {"size": 11, "color": colours.paper}, "bgcolor": colours.ink,
        "borderpad": 3,
    }  # fmt: skip
