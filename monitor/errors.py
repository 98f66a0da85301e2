"""What can go wrong outside our code; every message names the thing and says what to do."""

from __future__ import annotations


class MonitorError(Exception):
    """Base of all errors that a person can mend; the text is written for that person."""


class ConfigError(MonitorError):
    """A setting or a shipped file cannot be used; names the file and the key."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(f"{file}: {key}: {problem}" if key else f"{file}: {problem}")
        self.file = file
        self.key = key


class FeedError(MonitorError):
    """A feed could not be fetched or read; `reason` is a stable class such as `timeout`."""

    def __init__(self, feed_id: str, reason: str, message: str) -> None:
        super().__init__(message)
        self.feed_id = feed_id
        self.reason = reason


class StorageError(MonitorError):
    """The database is locked, full, read-only or missing; nothing was stored."""


class RefusedError(StorageError):
    """The database refuses a value; nothing was stored, and other values can be."""
