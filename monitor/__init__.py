"""Curaçao Security Monitor: feeds in; flagged items with reasons, stories, indicators out."""

__version__ = "0.1.0"
