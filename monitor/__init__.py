"""Curaçao Security Monitor: feeds in, flagged items with reasons, stories, indicators, snapshots."""

__version__ = "0.1.0"
