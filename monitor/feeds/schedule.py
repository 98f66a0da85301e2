"""When to poll next: rhythm, hints, jitter and back-off, as pure functions of `now`."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise

from monitor.feeds.entries import Hints
from monitor.feeds.limits import Politeness

_NO_TIME = timedelta()
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_JITTER = 0.1
_GAPS = 20  # the last so many items give the rhythm
_MOST_DOUBLINGS = 20


def interval(
    wanted: timedelta | None, median_gap: timedelta | None, politeness: Politeness
) -> timedelta:
    """How long to wait after a good poll, before hints and jitter.

    Args:
        wanted: What the operator set; used as it is, also below the minimum.
        median_gap: Between the feed's last items; None while unknown.
    """
    if wanted is not None:
        return wanted
    rhythm = politeness.first_interval if median_gap is None else median_gap / 2
    return min(max(rhythm, politeness.min_interval), politeness.max_interval)


def next_regular(
    now: datetime,
    base: timedelta,
    hints: Hints,
    headers: Mapping[str, str],
    jitter: float,
    politeness: Politeness,
    *,
    first: bool = False,
) -> datetime:
    """When to poll again after a good answer.

    Args:
        base: From `interval`.
        hints: Of the last document.
        headers: Of this answer; freshness counts on 304 too.
        jitter: In [0, 1), drawn anew for each poll.
        first: The feed's first poll: feeds added together are spread over a whole interval.
    """
    least = min(base, politeness.min_interval)
    asked = _asked(now, hints, headers, politeness)
    if asked:
        least = max(least, asked)
    if first:
        delay = least + max(base, politeness.min_interval) * jitter
        return _after_skips(now + delay, hints)
    shortest = least.total_seconds()
    centre = max(base.total_seconds(), shortest)
    low, high = max(centre * (1 - _JITTER), shortest), centre * (1 + _JITTER)
    return _after_skips(now + timedelta(seconds=low + (high - low) * jitter), hints)


def _asked(
    now: datetime, hints: Hints, headers: Mapping[str, str], politeness: Politeness
) -> timedelta:
    """How long the document and this answer ask us to wait; mostly they do not."""
    fresh = freshness(headers)
    if hints.ttl_seconds:
        fresh = max(fresh, timedelta(seconds=hints.ttl_seconds))
    pause = retry_after(now, headers, politeness)
    return max(min(fresh, politeness.max_interval), pause) if fresh or pause else _NO_TIME


def next_after_error(
    now: datetime,
    failures: int,
    headers: Mapping[str, str],
    jitter: float,
    politeness: Politeness,
) -> datetime:
    """When to try again: 15 minutes doubled for each failure in a row, for ever, at most 12 h.

    Args:
        failures: In a row, this one included; at least 1.
        headers: Retry-After is obeyed up to a day.
    """
    asked = retry_after(now, headers, politeness)
    return now + max(backoff(failures, jitter, politeness), asked * (1 + _JITTER * jitter))


def backoff(failures: int, jitter: float, politeness: Politeness) -> timedelta:
    """The delay after so many failures in a row, spread upwards, below the cap downwards."""
    doubled = politeness.error_delay * 2.0 ** min(max(failures, 1) - 1, _MOST_DOUBLINGS)
    if doubled >= politeness.error_cap:
        return politeness.error_cap * (0.8 + 0.2 * jitter)
    return min(doubled * (1 + 0.5 * jitter), politeness.error_cap)


def retry_after(now: datetime, headers: Mapping[str, str], politeness: Politeness) -> timedelta:
    """The Retry-After of an answer, seconds or date; zero when there is none.

    A date is read relative to the server's own Date, because its clock may be wrong.
    """
    value = headers.get("retry-after", "").strip()
    if not value:
        return _NO_TIME
    try:
        delay = timedelta(seconds=float(value))
    except (ValueError, OverflowError):
        moment = _http_date(value)
        if moment is None:
            return _NO_TIME
        delay = moment - (_http_date(headers.get("date", "")) or now)
    return min(max(delay, _NO_TIME), politeness.retry_after_cap)


def freshness(headers: Mapping[str, str]) -> timedelta:
    """How long the answer stays fresh: max-age less Age, else Expires less Date (RFC 9111)."""
    control = headers.get("cache-control", "").lower()
    if not control and "expires" not in headers:
        return _NO_TIME
    for part in control.split(","):
        name, _, value = part.strip().partition("=")
        if name == "max-age":
            left = _seconds(value.strip('" ')) - _seconds(headers.get("age", ""))
            return timedelta(seconds=max(left, 0.0))
    if "no-cache" in control or "no-store" in control:
        return _NO_TIME
    expires, date = _http_date(headers.get("expires", "")), _http_date(headers.get("date", ""))
    if expires is None or date is None:
        return _NO_TIME
    return max(expires - date, _NO_TIME)


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), 1e9) if math.isfinite(seconds) else 0.0


def _http_date(value: str) -> datetime | None:
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _after_skips(moment: datetime, hints: Hints) -> datetime:
    """Out of the hours and days (GMT) in which the feed asks not to be polled."""
    if not (hints.skip_days or hints.skip_hours):
        return moment
    if len(hints.skip_days) < 7:
        for _ in range(7):
            if moment.weekday() not in hints.skip_days:
                break
            moment = _midnight(moment) + _DAY + (moment - _midnight(moment)) / 24
    if len(hints.skip_hours) < 24:
        for _ in range(24):
            if moment.hour not in hints.skip_hours:
                break
            moment += _HOUR
    return moment


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def gaps(published: Sequence[datetime]) -> tuple[timedelta, timedelta] | None:
    """Median and 95th percentile of the gaps between the newest items.

    Args:
        published: In any order; the newest 20 count.

    Returns:
        None with fewer than three different times.
    """
    newest = sorted(set(published), reverse=True)[:_GAPS]
    between = sorted((late - early).total_seconds() for late, early in pairwise(newest))
    if len(between) < 2:
        return None
    high = between[min(math.ceil(0.95 * len(between)) - 1, len(between) - 1)]
    return timedelta(seconds=statistics.median(between)), timedelta(seconds=high)


def spread(position: float, now: datetime, over: timedelta) -> datetime:
    """A slot for a feed that is long overdue, so that waking up causes no stampede.

    Args:
        position: In [0, 1), fixed for each feed.
        over: The stretch over which overdue feeds are spread.
    """
    return now + over * position
