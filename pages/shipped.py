"""Files that come with the program, each read once."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from monitor.config import SEEDS
from monitor.snapshots.coastline import Coastline
from monitor.views import chronology
from monitor.views.chronology import Fact


@st.cache_resource(show_spinner=False, max_entries=1)
def facts() -> tuple[Fact, ...]:
    """The chronology that annotates charts."""
    return chronology.read(SEEDS / "chronology.jsonl")


@st.cache_resource(show_spinner=False, max_entries=1)
def coast() -> Coastline:
    """The coastline that maps are drawn on."""
    return Coastline.load(SEEDS / "coastline.geojson")


@st.cache_resource(show_spinner=False, max_entries=1)
def evaluation() -> dict[str, Any] | None:
    """Figures of the judgement that came with the program; None: there are none."""
    path = SEEDS / "evaluation.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
