"""What most polls lead to is decided the short way, which must lead where the long way leads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds import decide as deciding
from monitor.feeds.answers import Answer
from monitor.feeds.decide import Poll, decide
from monitor.feeds.entries import NO_HINTS, Hints
from monitor.feeds.limits import Politeness
from monitor.feeds.model import FeedState
from monitor.feeds.outcomes import Claim, Status
from tests.factories import make_feed

NOW = datetime(2025, 12, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FEED = make_feed(1)
MOVED = "https://moved.example/rss"
STEADY: dict[str, Any] = {
    "last_polled_at": NOW - DAY,
    "last_success_at": NOW - DAY,
    "next_poll_at": NOW,
    "polls": 4,
    "unchanged_polls": 3,
    "etag": b'"a"',
    "last_modified": b"Mon",
    "validator_url": FEED.url,
    "last_status": 304,
    "median_gap": DAY / 8,
}
UNSTEADY: dict[str, Any] = {  # each of these makes the next 304 teach something
    "last_status": 200,
    "error_class": "timeout",
    "error_since": NOW - DAY,
    "consecutive_errors": 2,
    "gone_count": 1,
    "empty_polls": 2,
    "redirect_url": MOVED,
}


def unchanged(state: FeedState, *, host_failures: int = 0, **answer: Any) -> Poll:
    values = {"url": FEED.url, "final_url": FEED.url, "status": 304, "headers": {}} | answer
    return Poll(
        claim=Claim(FEED, state, "one", NOW + DAY, host_failures=host_failures),
        result=Answer(conditional=True, **values),
        started_at=NOW,
        now=NOW + timedelta(seconds=2),
        jitter=0.3,
    )


STATES = st.builds(
    lambda changes: FeedState(FEED.id, **(STEADY | changes)),
    st.fixed_dictionaries(
        {},
        optional={name: st.just(value) for name, value in UNSTEADY.items()}
        | {
            "error_message": st.just("repaired: a tag was not closed"),
            "redirect_first_at": st.just(NOW - DAY),
            "redirect_count": st.integers(0, 3),
            "hints": st.sampled_from([NO_HINTS, Hints(7200.0, (13, 14), (2,))]),
            "median_gap": st.none(),
            "last_success_at": st.none(),
        },
    ),
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "etag": st.sampled_from([None, b'"a"', b'"b"']),
        "last_modified": st.sampled_from([None, b"Mon", b"Tue"]),
        "headers": st.sampled_from([{"cache-control": "max-age=9000"}, {"retry-after": "8000"}]),
        "permanent": st.booleans(),
        "final_url": st.sampled_from([FEED.url, MOVED]),
        "wire_bytes": st.integers(0, 9),
        "host_failures": st.integers(0, 2),
    },
)


@given(state=STATES, answer=ANSWERS)
def test_the_short_way_leads_where_the_long_way_leads(
    state: FeedState, answer: dict[str, Any]
) -> None:
    poll = unchanged(state, **answer)
    short = decide(poll, {}, Politeness())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deciding, "_is_steady", lambda _claim, _answer: False)
        assert decide(poll, {}, Politeness()) == short


def test_a_steady_feed_takes_the_short_way_and_any_other_the_long_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: list[bool] = []
    real = deciding._is_steady
    monkeypatch.setattr(
        deciding, "_is_steady", lambda *given: taken.append(real(*given)) or taken[-1]
    )
    for state in ({}, *({name: value} for name, value in UNSTEADY.items())):
        outcome = decide(unchanged(FeedState(FEED.id, **(STEADY | state))), {}, Politeness())
        assert outcome.status is Status.UNCHANGED
        assert (outcome.state.error_class, outcome.state.gone_count) == (None, 0)
    assert taken == [True, *(False for _ in UNSTEADY)]
