"""Timeline: one mark a story, by day and severity."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from monitor.assess.words import SEVERITIES
from monitor.charts.theme import SYMBOLS, Palette, axis, figure, layout, palette, plain, time_axis

_SPREAD = 0.32  # how far marks of one day and severity move apart, of a lane


def timeline(
    frame: pd.DataFrame, *, dark: bool, height: int = 250, oldest: str = "", newest: str = ""
) -> go.Figure:
    """Stories as marks in lanes of severity.

    Args:
        frame: Columns at (datetime64, local), severity (0 to 4), direction, title, story (id),
            reports; one row a story, any order.
        dark: The reader looks at the dark theme.
        height: In pixels.
        oldest: ISO day at which the axis begins; earlier marks stand faded on its edge and keep
            their own day when pointed at. "": the axis holds every mark.
        newest: ISO day to which the axis reaches at least, where `oldest` is given.

    Returns:
        A figure whose points carry the story's id as `customdata[0]`.
    """
    colours = palette(dark)
    edge = pd.Timestamp(oldest) if oldest else None
    earlier = edge is not None and not frame.empty and bool((frame["at"] < edge).any())
    traces = [_lane(part, severity, colours, edge) for severity, part in _lanes(frame) if len(part)]
    lanes = list(range(1, 5))
    return figure(
        traces,
        layout(
            colours,
            height,
            xaxis=time_axis(
                colours, showgrid=True, gridcolor=colours.sea, range=_axis(frame, edge, newest)
            ),
            annotations=[_earlier(colours)] if earlier else [],
            yaxis=axis(
                colours,
                range=[0.4, 4.6],
                tickvals=lanes,
                ticktext=[f"{lane} {SEVERITIES[lane]}" for lane in lanes],
                showgrid=True,
                gridcolor=colours.sea,
            ),
        ),
    )


def _lanes(frame: pd.DataFrame) -> list[tuple[int, pd.DataFrame]]:
    return [(severity, frame[frame["severity"] == severity]) for severity in range(5)]


def _axis(frame: pd.DataFrame, edge: pd.Timestamp | None, newest: str) -> list[str] | None:
    """From the edge, with room for the marks on it, to the newest day or the last mark."""
    if edge is None or frame.empty:
        return None
    last = max(frame["at"].max(), edge + pd.Timedelta(days=1), pd.Timestamp(newest or edge))
    room = (last - edge) / 40
    return [str(edge - room), str(last + room)]


def _earlier(colours: Palette) -> dict[str, Any]:
    return {
        "x": 0, "xref": "paper", "xanchor": "left", "y": 0, "yref": "paper", "yanchor": "bottom",
        "text": "◂ earlier", "showarrow": False, "font": {"size": 11, "color": colours.muted},
    }  # fmt: skip


def _lane(
    part: pd.DataFrame, severity: int, colours: Palette, edge: pd.Timestamp | None
) -> dict[str, Any]:
    shown = part["at"] if edge is None else part["at"].where(part["at"] >= edge, edge)
    days = shown.dt.strftime("%Y-%m-%d")
    place = part.groupby(days).cumcount()
    size = part.groupby(days)["story"].transform("count")
    shift = ((place + 0.5) / size - 0.5) * 2 * _SPREAD * (size > 1)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": shown.dt.strftime("%Y-%m-%dT%H:%M:%S").tolist(),
        "y": (severity + shift).tolist(),
        "customdata": [
            [story, plain(title), _reports(reports), f"{at:%a} {at.day} {at:%b %Y}"]
            for story, title, reports, at in zip(
                part["story"], part["title"], part["reports"], part["at"], strict=True
            )
        ],
        "marker": {
            "symbol": SYMBOLS[severity],
            "size": (8 + 2 * part["reports"].clip(upper=8) ** 0.5).tolist(),
            "color": colours.severity[severity],
            "opacity": (1 - 0.5 * (part["at"] < shown)).tolist(),
            "line": {"color": colours.paper, "width": 1},
        },
        "hovertemplate": "<b>%{customdata[1]}</b><br>%{customdata[3]}, "
        "%{customdata[2]}<extra></extra>",
    }


def _reports(number: int) -> str:
    """`1 report`, `1,204 reports`."""
    return f"{number:,} report" + ("" if number == 1 else "s")
