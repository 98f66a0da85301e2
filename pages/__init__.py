"""The pages: ask, draw, stop."""
