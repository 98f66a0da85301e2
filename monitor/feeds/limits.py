"""What polling allows itself, and what it allows servers; all of it may be configured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """Bounds on one request; chosen by us after the slowest honest source known (30 s)."""

    total_seconds: float = 60.0  # from name look-up to the last byte, redirects included
    first_byte_seconds: float = 45.0  # per hop
    body_bytes: int = 10 * _MEGABYTE  # on the wire, and after each layer of unpacking
    header_bytes: int = 64 * 1024
    redirects: int = 5
    slow_after_seconds: float = 2.0  # then a request no longer holds one of the workers' places
    slow_workers: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """How often and how hard we ask."""

    user_agent: str = "curacao-monitor/0.1"
    contact: str = ""  # URL or mail address by which an operator can reach us
    workers: int = 32
    host_connections: int = 2
    host_interval: timedelta = timedelta(seconds=1)
    allow_private_hosts: tuple[str, ...] = ()
    min_interval: timedelta = timedelta(minutes=15)
    max_interval: timedelta = timedelta(hours=6)
    manual_interval: timedelta = timedelta(seconds=60)
    first_interval: timedelta = timedelta(hours=1)  # while a feed's rhythm is unknown
    error_delay: timedelta = timedelta(minutes=15)  # doubled with each failure
    error_cap: timedelta = timedelta(hours=12)
    retry_after_cap: timedelta = timedelta(hours=24)
    gone_interval: timedelta = timedelta(days=30)
    unconditional_every: timedelta = timedelta(days=7)
    listing_articles: int = 8  # article pages fetched in one poll of a listing

    @property
    def agent(self) -> str:
        """The User-Agent header: who we are, and how to reach us."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseLimits:
    """Bounds on reading one document, which happens in a child process."""

    cpu_seconds: float = 10.0
    wall_seconds: float = 20.0
    memory_bytes: int = 512 * _MEGABYTE
    workers: int = 2
    recycle_after: int = 500  # documents per child
    answer_bytes: int = 64 * _MEGABYTE
