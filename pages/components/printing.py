"""Print style: paper shows the page's content and nothing to press."""

from __future__ import annotations

import streamlit as st

_STYLE = """
<style>
@media print {
  :root, .stApp { color-scheme: light !important; }  /* paper is white in the dark theme too */
  .stApp, .stApp :is(h1, h2, h3, p, li, span, strong) {
    color: #16232B !important; background-color: transparent !important; }
  header, [data-testid="stToolbar"], [data-testid="stHeader"], .st-key-brief-text,
  [data-testid="stButtonGroup"], [data-testid="stTooltipIcon"], .stApp button,
  [data-testid="stBottom"] { display: none !important; }
  [data-testid="stMain"], [data-testid="stAppViewContainer"], .stApp {
    position: static !important; overflow: visible !important; height: auto !important; }
  [data-testid="stHorizontalBlock"] { display: block !important; }
  [data-testid="stColumn"] { width: 100% !important; }
  @page { margin: 14mm; }
}
</style>
"""


def style() -> None:
    """Add the print style to the page."""
    st.html(_STYLE)
