"""Export: frames as CSV that no spreadsheet mistakes for formulas."""

from __future__ import annotations

import pandas as pd

from monitor.snapshots.render_csv import guarded


def csv_text(frame: pd.DataFrame) -> str:
    """The frame as CSV with a header line; text that looks like a formula starts with `'`.

    Source: OWASP, CSV Injection.
    """
    safe = frame.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = safe[name].map(guarded)
    return safe.to_csv(index=False, lineterminator="\r\n")
