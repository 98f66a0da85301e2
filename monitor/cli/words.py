"""Words of the command line that several commands read alike."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.config import duration


def moment(text: str) -> Callable[[ZoneInfo], datetime]:
    """A day or a time; without an offset it is local to the site, which is known only later.

    Returns:
        A function from the site's zone to the UTC time; a day means its start.

    Raises:
        argparse.ArgumentTypeError: It is neither.
    """
    try:
        if len(text) == len("2025-12-02"):
            parsed = datetime.combine(date.fromisoformat(text), time())
        else:
            parsed = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no day (2025-12-02) or time (2025-12-02T15:00)"
        ) from None

    def in_zone(zone: ZoneInfo) -> datetime:
        aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)
        return aware.astimezone(UTC)

    return in_zone


def day(text: str) -> date:
    """A day such as 2025-12-02.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write 2025-12-02") from None


def positive(text: str) -> int:
    """A whole number from 1 on.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def span(text: str) -> timedelta:
    """A span such as 7d.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    try:
        return duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
