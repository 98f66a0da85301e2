"""Charts: frames to plotly figures, each built from one dict (adding shapes one by one is slow)."""
