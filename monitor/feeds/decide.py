"""What a poll means: answer, document and what is known in, Outcome out; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from monitor.feeds import identity, schedule
from monitor.feeds.addresses import registrable_domain
from monitor.feeds.answers import Answer, Failure, Validators, refusal
from monitor.feeds.entries import Document, Entry, Hints, Unreadable
from monitor.feeds.identity import KnownItem, Named
from monitor.feeds.limits import Politeness
from monitor.feeds.model import Feed, FeedState
from monitor.feeds.outcomes import Claim, HostDelay, NewItem, Outcome, Revision, Status
from monitor.feeds.text import TITLE_LIMIT, shorten
from monitor.items import Item

MOST_REVISIONS = 24  # then a text that changes with each answer is noise
ADOPT_AFTER = 3  # sightings of a permanent redirect
SIGHTING_GAP = timedelta(hours=24)
_GONE_TWICE = 2
_NO_TIME = timedelta()
_NO_REDIRECT: Mapping[str, Any] = {
    "redirect_url": None,
    "redirect_first_at": None,
    "redirect_count": 0,
}


class Poll(NamedTuple):
    """One finished attempt and its circumstances."""

    claim: Claim
    result: Answer | Failure
    started_at: datetime
    now: datetime
    parsed: Document | Unreadable | None = None  # None: nothing was parsed
    digest: str = ""  # SHA-256 of the body, when there is one
    jitter: float = 0.5  # in [0, 1), drawn anew for each poll


def validators(state: FeedState, now: datetime, politeness: Politeness) -> Validators | None:
    """What to send along; None: ask unconditionally.

    Once a week nothing is sent, because some servers answer 304 for ever.
    """
    if state.validator_url is None or not (state.etag or state.last_modified):
        return None
    since = state.unconditional_at
    if since is None or not _NO_TIME <= now - since < politeness.unconditional_every:
        return None
    return Validators(state.validator_url, state.etag, state.last_modified)


def decide(poll: Poll, known: Mapping[str, KnownItem], politeness: Politeness) -> Outcome:
    """What one poll changes.

    Args:
        poll: The attempt.
        known: Names to stored items, at least for `identity.all_keys` of the document.
        politeness: Intervals and caps.
    """
    problem = _problem(poll)
    if problem is not None:
        return _failed(poll, problem, known, politeness)
    if isinstance(poll.parsed, Document):
        return _read(poll, poll.parsed, known, politeness)
    return _unchanged(poll, politeness)


def skipped(claim: Claim, until: datetime, now: datetime, jitter: float) -> Outcome:
    """No request was made: another feed of the same site was told to wait."""
    due = until + timedelta(minutes=5) * jitter
    return Outcome(
        feed=claim.feed,
        owner=claim.owner,
        before=claim.state,
        state=claim.state._replace(next_poll_at=due),
        status=Status.SKIPPED,
        started_at=now,
        finished_at=now,
    )


def _problem(poll: Poll) -> tuple[str, str] | None:
    """Class and message of what went wrong; None: nothing did."""
    result = poll.result
    if isinstance(result, Failure):
        return result.reason, result.message
    if result.status == 304:
        if result.conditional:
            return None
        return "bad_304", "the server answered `not modified` though nothing was asked about"
    if result.status != 200:
        return refusal(result)
    if isinstance(poll.parsed, Unreadable):
        return poll.parsed.reason, poll.parsed.message
    return None


def _headers(poll: Poll) -> Mapping[str, str]:
    return poll.result.headers


def _failed(
    poll: Poll, problem: tuple[str, str], known: Mapping[str, KnownItem], politeness: Politeness
) -> Outcome:
    """Validators stay untouched; what could be saved of a truncated document is kept."""
    state = poll.claim.state
    failures = state.consecutive_errors + 1
    gone = state.gone_count + 1 if problem[0] == "gone" else 0
    due = schedule.next_after_error(poll.now, failures, _headers(poll), poll.jitter, politeness)
    if gone >= _GONE_TWICE:
        due = poll.now + politeness.gone_interval * (1 + 0.1 * poll.jitter)
    after = state._replace(
        last_polled_at=poll.now,
        last_status=poll.result.status,
        error_class=problem[0],
        error_message=problem[1][:500],
        error_since=state.error_since or poll.now,
        consecutive_errors=failures,
        gone_count=gone,
        next_poll_at=due,
        polls=state.polls + 1,
    )
    document = poll.parsed if isinstance(poll.parsed, Document) else None
    changes = _changes(poll, document.entries[:-1], known) if document else _NOTHING
    if changes.new:
        after = after._replace(last_new_at=poll.now)
    return _outcome(
        poll, after, Status.ERROR, changes, host=_host_delay(poll, problem[0], politeness)
    )


def _host_delay(poll: Poll, reason: str, politeness: Politeness) -> HostDelay | None:
    """Back-off of the whole registrable domain; private hosts and bare names have none."""
    asked = schedule.retry_after(poll.now, _headers(poll), politeness)
    patient = reason in ("forbidden", "server_error", "challenge") and asked
    host = scope(poll.claim.feed.url, politeness.allow_private_hosts)
    if host is None or not (reason == "rate_limited" or patient):
        return None
    failures = poll.claim.host_failures + 1
    delay = asked or schedule.backoff(failures, poll.jitter, politeness)
    return HostDelay(host=host, not_before=poll.now + delay, failures=failures)


def scope(url: str, private_hosts: Collection[str] = ()) -> str | None:
    """The registrable domain that waits as one; None: the feed waits alone."""
    host = _host(url)
    return None if host in private_hosts else registrable_domain(host)


@lru_cache(maxsize=4096)
def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _unchanged(poll: Poll, politeness: Politeness) -> Outcome:
    answer, before = _answered(poll), poll.claim.state
    if _is_steady(poll.claim, answer):
        return _same(poll, answer, politeness)
    if answer.status == 304:
        kept: dict[str, Any] = {
            "etag": answer.etag or before.etag,
            "last_modified": answer.last_modified or before.last_modified,
        }
    else:
        kept = _validated(poll, answer)
    state = before._replace(
        unchanged_polls=before.unchanged_polls + 1,
        empty_polls=before.empty_polls + 1 if before.empty_polls else 0,
        error_message=before.error_message if before.error_class is None else None,
        **kept,
        **_good(poll, answer, politeness, before.median_gap, before.hints),
    )
    return _outcome(poll, state, Status.UNCHANGED, _NOTHING, answer=answer)


def _is_steady(claim: Claim, answer: Answer) -> bool:
    """Whether an unchanged feed taught us nothing at all: all that moves are times and counts."""
    state = claim.state
    return (
        answer.status == 304 == state.last_status
        and (answer.etag is None or answer.etag == state.etag)
        and (answer.last_modified is None or answer.last_modified == state.last_modified)
        and not answer.permanent
        and state.redirect_url is None
        and state.error_class is None
        and not (state.error_since or state.consecutive_errors or state.gone_count)
        and not (state.empty_polls or claim.host_failures)
    )


def _same(poll: Poll, answer: Answer, politeness: Politeness) -> Outcome:
    """The outcome of most polls, made the short way: half the time of the long one."""
    claim, now = poll.claim, poll.now
    before = claim.state
    due = _due(poll, answer, politeness, before.median_gap, before.hints)
    return Outcome(
        claim.feed,
        claim.owner,
        before,
        before.moved(now, due),
        Status.UNCHANGED,
        poll.started_at,
        now,
        answer.status,
        bytes=answer.wire_bytes,
    )


def _answered(poll: Poll) -> Answer:
    assert isinstance(poll.result, Answer)
    return poll.result


def _read(
    poll: Poll, document: Document, known: Mapping[str, KnownItem], politeness: Politeness
) -> Outcome:
    answer = _answered(poll)
    changes = _changes(poll, document.entries, known)
    before = poll.claim.state
    rhythm = schedule.gaps(
        [at for entry in document.entries if (at := entry.published_at) and at <= poll.now]
    )
    if document.count and not document.unfinished:
        kept = _validated(poll, answer)
    else:  # nothing to confirm: ask again for all of it
        kept = dict.fromkeys(("etag", "last_modified", "validator_url", "body_sha256"))
    gap, high = rhythm or (before.median_gap, before.p95_gap)
    state = before._replace(
        hints=document.hints,
        median_gap=gap,
        p95_gap=high,
        mean_bytes=_mean(before.mean_bytes, answer.wire_bytes),
        last_new_at=poll.now if changes.new else before.last_new_at,
        empty_polls=0 if document.count else before.empty_polls + 1,
        error_message=f"repaired: {document.repaired}"[:500] if document.repaired else None,
        **kept,
        **_good(poll, answer, politeness, gap, document.hints),
    )
    return _outcome(poll, state, Status.OK, changes, answer=answer, items=document.count)


def _mean(before: float | None, size: int) -> float:
    return float(size) if before is None else 0.8 * before + 0.2 * size


def _validated(poll: Poll, answer: Answer) -> dict[str, Any]:
    """What to send along next time."""
    return {
        "etag": answer.etag,
        "last_modified": answer.last_modified,
        "validator_url": answer.final_url,
        "body_sha256": poll.digest or None,
        "unconditional_at": poll.claim.state.unconditional_at if answer.conditional else poll.now,
    }


def _good(
    poll: Poll, answer: Answer, politeness: Politeness, gap: timedelta | None, hints: Hints
) -> dict[str, Any]:
    """What every good answer changes of the state: errors end, the next time is set."""
    return {
        "last_polled_at": poll.now,
        "last_success_at": poll.now,
        "last_status": answer.status,
        "error_class": None,
        "error_since": None,
        "consecutive_errors": 0,
        "gone_count": 0,
        "next_poll_at": _due(poll, answer, politeness, gap, hints),
        "polls": poll.claim.state.polls + 1,
        **_redirected(poll, answer),
    }


def _due(
    poll: Poll, answer: Answer, politeness: Politeness, gap: timedelta | None, hints: Hints
) -> datetime:
    """When to poll again after a good answer."""
    return schedule.next_regular(
        poll.now,
        schedule.interval(poll.claim.feed.interval, gap, politeness),
        hints,
        answer.headers,
        poll.jitter,
        politeness,
        first=poll.claim.state.last_success_at is None,
    )


def _redirected(poll: Poll, answer: Answer) -> dict[str, Any]:
    """Count sightings of a permanent redirect, at most one a day."""
    state = poll.claim.state
    if not answer.permanent or answer.final_url == answer.url:
        return {} if state.redirect_url is None else dict(_NO_REDIRECT)
    if state.redirect_url != answer.final_url or state.redirect_first_at is None:
        return {
            "redirect_url": answer.final_url,
            "redirect_first_at": poll.now,
            "redirect_count": 1,
        }
    if poll.now - state.redirect_first_at >= SIGHTING_GAP * state.redirect_count:
        return {"redirect_count": state.redirect_count + 1}
    return {}


def _adoption(poll: Poll, state: FeedState) -> tuple[FeedState, Feed, str | None]:
    """The feed's new address, once the redirect has proved to be permanent."""
    feed = poll.claim.feed
    if state.redirect_url is None or state.redirect_count < ADOPT_AFTER:
        return state, feed, None
    settled = state._replace(**_NO_REDIRECT)
    return settled, replace(feed, url=state.redirect_url), state.redirect_url


def _outcome(
    poll: Poll,
    state: FeedState,
    status: Status,
    changes: _Changes,
    *,
    answer: Answer | None = None,
    items: int = 0,
    host: HostDelay | None = None,
) -> Outcome:
    state, feed, adopted = _adoption(poll, state) if answer else (state, poll.claim.feed, None)
    if answer is not None and poll.claim.host_failures:
        name = scope(feed.url)
        host = HostDelay(host=name, not_before=poll.now, failures=0) if name else None
    return Outcome(
        feed=feed,
        owner=poll.claim.owner,
        before=poll.claim.state,
        state=state,
        status=status,
        started_at=poll.started_at,
        finished_at=poll.now,
        http_status=poll.result.status,
        new=changes.new,
        revisions=changes.revisions,
        moved=changes.moved,
        keys=changes.keys,
        items=items,
        bytes=poll.result.wire_bytes,
        host=host,
        adopted_url=adopted,
        adopted_because=f"permanent redirect seen {ADOPT_AFTER} times" if adopted else "",
    )


@dataclass(frozen=True, slots=True)
class _Changes:
    new: tuple[NewItem, ...] = ()
    revisions: tuple[Revision, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    keys: tuple[tuple[str, str], ...] = ()


_NOTHING = _Changes()


def _changes(poll: Poll, entries: Sequence[Entry], known: Mapping[str, KnownItem]) -> _Changes:
    named = names(poll.claim.feed, entries)
    new, revisions, moved = [], [], []
    keys: list[tuple[str, str]] = []
    for one, item in zip(named, identity.match(named, known), strict=True):
        if item is None:
            new.append(_new(poll, one, known))
            continue
        revision = _revision(one, item)
        if revision is not None:
            revisions.append(revision)
        if _has_moved(one.entry, item):
            moved.append((item.id, one.entry.url))
        keys.extend((key, item.id) for key in _own_keys(one) if key not in known)
    return _Changes(tuple(new), tuple(revisions), tuple(moved), tuple(keys))


def names(feed: Feed, entries: Sequence[Entry]) -> list[Named]:
    """The entries of a document of this feed, with their names."""
    return identity.name_entries(entries, by_title=urlsplit(feed.url).hostname == "news.google.com")


def _own_keys(one: Named) -> tuple[str, ...]:
    return (one.keys[0], one.weak) if one.weak else one.keys[:1]


def _new(poll: Poll, one: Named, known: Mapping[str, KnownItem]) -> NewItem:
    entry = one.entry
    feed_id = poll.claim.feed.id
    guid = one.guid
    if one.keys[0] in known:  # the guid names another article now
        guid = f"{guid}\n{entry.url}\n{entry.published_raw}"
    item = Item(
        feed_id=feed_id,
        guid=guid,
        url=entry.url,
        title=_title(entry),
        summary=entry.summary,
        language=entry.language,
        publisher=entry.publisher,
        author=entry.author,
        published_at=entry.published_at,
        published_raw=entry.published_raw,
        seen_at=poll.now,
    )
    taken = one.weak in known
    return NewItem(item=item, keys=one.keys[:1] if taken else _own_keys(one))


def _title(entry: Entry) -> str:
    return entry.title or shorten(entry.summary, 100) or shorten(entry.url, TITLE_LIMIT)


def _revision(one: Named, item: KnownItem) -> Revision | None:
    title = _title(one.entry)
    if (title, one.entry.summary) == (item.title, item.summary):
        return None
    if item.revisions >= MOST_REVISIONS:
        return None
    return Revision(item_id=item.id, title=title, summary=one.entry.summary)


def _has_moved(entry: Entry, item: KnownItem) -> bool:
    """Whether the link is another one, apart from tracking parameters."""
    if not entry.url or entry.url == item.url:
        return False
    same = identity.canonical_link(entry.url) == identity.canonical_link(item.url)
    return not same or urlsplit(entry.url).scheme != urlsplit(item.url).scheme
