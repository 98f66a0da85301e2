"""A figure that is shown again and again."""

from __future__ import annotations

from typing import Any

from plotly.basedatatypes import BaseFigure
from plotly.graph_objects import Figure


class Drawn(Figure):  # type: ignore[misc]  # plotly has no types
    """A figure whose plain form, which Streamlit only reads, is made once and not at every run."""

    def __init__(self, figure: BaseFigure) -> None:
        super().__init__()
        self._plain: dict[str, Any] = figure.to_dict()

    def to_dict(self) -> dict[str, Any]:
        """What the browser draws."""
        return self._plain
