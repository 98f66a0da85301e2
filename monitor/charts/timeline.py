"""Timeline: one mark a story, by day and severity."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from monitor.charts.theme import SYMBOLS, axis, figure, layout, palette, plain, time_axis

WORDS = ("not relevant", "background", "notable", "serious", "critical")
_SPREAD = 0.32  # how far marks of one day and severity move apart, of a lane


def timeline(frame: pd.DataFrame, *, dark: bool, height: int = 250) -> go.Figure:
    """Stories as marks in lanes of severity.

    Args:
        frame: Columns at (datetime64, local), severity (0 to 4), direction, title, story (id),
            reports; one row a story, any order.
        dark: The reader looks at the dark theme.
        height: In pixels.

    Returns:
        A figure whose points carry the story's id as `customdata[0]`.
    """
    colours = palette(dark)
    traces = [
        _lane(part, severity, colours.severity, colours.paper)
        for severity, part in _lanes(frame)
        if len(part)
    ]
    lanes = list(range(1, 5))
    return figure(
        traces,
        layout(
            colours,
            height,
            xaxis=time_axis(colours, showgrid=True, gridcolor=colours.sea),
            yaxis=axis(
                colours,
                range=[0.4, 4.6],
                tickvals=lanes,
                ticktext=[f"{lane} {WORDS[lane]}" for lane in lanes],
                showgrid=True,
                gridcolor=colours.sea,
            ),
        ),
    )


def _lanes(frame: pd.DataFrame) -> list[tuple[int, pd.DataFrame]]:
    return [(severity, frame[frame["severity"] == severity]) for severity in range(5)]


def _lane(part: pd.DataFrame, severity: int, fills: tuple[str, ...], edge: str) -> dict[str, Any]:
    days = part["at"].dt.strftime("%Y-%m-%d")
    place = part.groupby(days).cumcount()
    size = part.groupby(days)["story"].transform("count")
    shift = ((place + 0.5) / size - 0.5) * 2 * _SPREAD * (size > 1)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": part["at"].dt.strftime("%Y-%m-%dT%H:%M:%S").tolist(),
        "y": (severity + shift).tolist(),
        "customdata": [
            [story, plain(title), reports]
            for story, title, reports in zip(
                part["story"], part["title"], part["reports"], strict=True
            )
        ],
        "marker": {
            "symbol": SYMBOLS[severity],
            "size": (8 + 2 * part["reports"].clip(upper=8) ** 0.5).tolist(),
            "color": fills[severity],
            "opacity": 1,
            "line": {"color": edge, "width": 1},
        },
        "hovertemplate": "<b>%{customdata[1]}</b><br>%{x|%a %-d %b %Y}, "
        "%{customdata[2]} reports<extra></extra>",
    }
