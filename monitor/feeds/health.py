"""How a feed is doing, in words that a person understands; silence is judged by its own rhythm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.feeds.model import Feed, FeedState

STALE_AFTER = timedelta(days=7)  # polling.md 55
_STALE_GAPS = 6
_STALE_EMPTY = 3  # polls in a row without any item
_FAILING = 3  # errors in a row before one speaks of failing
_GONE = 2


class Standing(StrEnum):
    """How a feed is doing."""

    NEW = "new"  # not polled yet
    FRESH = "fresh"
    QUIET = "quiet"  # silent for longer than usual
    STALE = "stale"  # it answers, but has been silent for far too long
    FAILING = "failing"
    BLOCKED = "blocked"  # the site refuses us
    GONE = "gone"  # the site says that it is gone for good; asked once a month
    PAUSED = "paused"  # by a person


@dataclass(frozen=True, slots=True)
class Explanation:
    """An error class for people."""

    label: str
    meaning: str
    advice: str


_WAIT = "Nothing to do: it is tried again, at growing intervals."
_LATER = "Try again later."
_LOOK = "Open the address in a browser and look for the feed's present address."
_ASK = "Ask the site to let feed readers in, or watch another source that carries its news."
_EXPLAINED = {
    "timeout": Explanation(
        "too slow", "The server did not finish its answer in time.", _WAIT
    ),
    "dns": Explanation(
        "name unknown", "The name of the server has no address; it may have been given up.", _LOOK
    ),
    "connect": Explanation("no connection", "The server does not take our call.", _WAIT),
    "tls": Explanation(
        "unsafe connection", "The server's certificate is wrong or has expired.", _WAIT
    ),
    "truncated": Explanation("broken off", "The answer stopped in the middle.", _WAIT),
    "too_large": Explanation(
        "too large", "The answer is larger than we accept.", "Look for a shorter feed of the site."
    ),
    "bad_encoding": Explanation("damaged", "The packed answer cannot be unpacked.", _WAIT),
    "bad_http": Explanation("broken server", "The server does not speak HTTP properly.", _WAIT),
    "bad_url": Explanation(
        "bad address", "The address cannot be fetched.", "Correct the address of the feed."
    ),
    "address_refused": Explanation(
        "private address",
        "The name leads into a private network, where we do not go.",
        "If the server is your own, add its name to allow_private_hosts.",
    ),
    "redirect_loop": Explanation("goes in circles", "The server sends us on without end.", _LOOK),
    "bad_redirect": Explanation("sent nowhere", "The server sends us to no web address.", _LOOK),
    "not_found": Explanation(
        "not there", "There is nothing at this address (404).",
        "Open the site in a browser and look for the feed's present address.",
    ),
    "gone": Explanation(
        "gone for good",
        "The server says that the feed has been removed (410).",
        "Remove it, or look for its successor; it is asked once a month.",
    ),
    "unauthorized": Explanation("locked", "The server wants a password.", _LOOK),
    "forbidden": Explanation(
        "refused", "The site refuses us (403), perhaps with a puzzle for browsers.", _ASK
    ),
    "challenge": Explanation(
        "blocked by a puzzle",
        "The site lets only browsers in that solve a puzzle. We do not get around that.",
        _ASK,
    ),
    "rate_limited": Explanation(
        "told to wait", "The site has had too many requests and asked us to wait.", _WAIT
    ),
    "server_error": Explanation(
        "site in trouble", "The site has trouble of its own (status 500 or above).", _WAIT
    ),
    "http_error": Explanation("odd answer", "The server gave an unexpected status.", _LOOK),
    "bad_304": Explanation(
        "wrong answer", "The server said `unchanged` though we had asked for all of it.", _WAIT
    ),
    "empty": Explanation("empty answer", "The answer has no content at all.", _LOOK),
    "not_a_feed": Explanation("not a feed", "A web page or something else came back.", _LOOK),
    "no_address": Explanation(
        "no address", "This is no address.",
        "Paste the address of a feed or of a site, such as https://example.org.",
    ),
    "no_feed_found": Explanation(
        "no feed found", "The page names no feed, and none stands at the usual places.",
        "Watch the page itself, by its article links.",
    ),
    "no_pattern": Explanation(
        "no articles told apart", "No link pattern of articles can be told from the page's links.",
        "Write a link pattern, such as /news/[a-z0-9-]+, or give a page that lists articles.",
    ),
    "no_links": Explanation(
        "no article links", "No link of the page fits the link pattern.",
        "Correct the link pattern: it must match the path of an article from its start.",
    ),
    "parse_failed": Explanation("cannot be read", "The document is too damaged to read.", _WAIT),
    "parser_limit": Explanation(
        "harmful", "Reading the document took too much time or memory and was stopped.", _WAIT
    ),
    "program_fault": Explanation(
        "our mistake", "This program stumbled over the answer; the feed itself may be well.",
        "It is tried again at growing intervals. Please report it; the log has the details.",
    ),
    "robots": Explanation(
        "not allowed", "The site's robots.txt forbids reading this page.",
        "Respect it: remove the feed, or ask the site.",
    ),
    "bad_selector": Explanation(
        "bad selector", "A link pattern or CSS selector of this feed cannot be used.",
        "Correct the selectors of the feed.",
    ),
}  # fmt: skip
_REFUSED = frozenset({"challenge", "forbidden", "rate_limited", "robots", "unauthorized"})


_LOOKED_ONCE = {
    "program_fault": "Please report it; the log has the details.",
    "gone": "Look for its successor.",
    "robots": "Respect it, or ask the site.",
    "bad_selector": "Correct the link pattern.",
}


def explain(error_class: str, *, is_watched: bool = True) -> Explanation:
    """What an error class means and what to do about it.

    Args:
        error_class: As a poll or a look names it; an unknown one is shown as it is.
        is_watched: It is polled again by itself; otherwise somebody only looked.
    """
    found = _EXPLAINED.get(error_class, Explanation(error_class, "The poll failed.", _WAIT))
    if is_watched:
        return found
    advice = _LATER if found.advice == _WAIT else _LOOKED_ONCE.get(error_class, found.advice)
    meaning = found.meaning.replace("The poll failed.", "The look failed.")
    return replace(found, meaning=meaning, advice=advice)


def silence(state: FeedState, now: datetime) -> timedelta | None:
    """How long nothing new has come; None: it has never brought anything."""
    return None if state.last_new_at is None else max(now - state.last_new_at, timedelta())


def stale_after(state: FeedState) -> timedelta:
    """The silence after which a feed that answers counts as dead: a week, or six of its gaps."""
    usual = state.median_gap or timedelta()
    return max(STALE_AFTER, _STALE_GAPS * usual)


def is_stale(state: FeedState, now: datetime) -> bool:
    """Whether it answers but seems dead: too long silent, or three answers without any item."""
    quiet = silence(state, now)
    if state.empty_polls >= _STALE_EMPTY:
        return True
    return quiet is not None and quiet > stale_after(state)


def standing(feed: Feed, state: FeedState | None, now: datetime) -> Standing:
    """How a feed is doing now."""
    if feed.paused:
        return Standing.PAUSED
    if state is None or state.polls == 0:
        return Standing.NEW
    if state.gone_count >= _GONE:
        return Standing.GONE
    return _trouble(state) or _freshness(state, now)


def _trouble(state: FeedState) -> Standing | None:
    if state.error_class in _REFUSED:
        return Standing.BLOCKED
    if state.consecutive_errors >= _FAILING:
        return Standing.FAILING
    if state.error_class is not None and state.last_success_at is None:
        return Standing.FAILING
    return None


def _freshness(state: FeedState, now: datetime) -> Standing:
    if is_stale(state, now):
        return Standing.STALE
    quiet = silence(state, now)
    usual = state.p95_gap or timedelta(days=2)
    return Standing.QUIET if quiet is not None and quiet > 2 * usual else Standing.FRESH


def items_a_week(items_30d: int, watched: timedelta = timedelta(days=30)) -> float:
    """Items a week, from those first seen in the last 30 days.

    Args:
        watched: How long the feed has been watched; counted as a week at least, 30 days at most.
    """
    days = min(max(watched / timedelta(days=1), 7.0), 30.0)
    return items_30d * 7 / days
