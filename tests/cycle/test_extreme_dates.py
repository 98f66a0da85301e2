"""Dates from the year 1 to 9999, in all zones, from the text of a feed to the stored item."""

from __future__ import annotations

import contextlib
import itertools
import json
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitor.assess.assessor import Assessor
from monitor.cli.classify import answer
from monitor.config import SEEDS, load
from monitor.cycle.importing import import_lines
from monitor.cycle.polling import Poller
from monitor.cycle.start import open_intake, open_store
from monitor.feeds import documents, schedule
from monitor.feeds.answers import Answer
from monitor.feeds.dates import parse_date
from monitor.feeds.discovery import Found
from monitor.feeds.limits import Politeness
from monitor.feeds.model import FeedKind
from monitor.items import counts_at, read_moment
from monitor.views.lens import Lens
from tests.factories import NOW, make_feed
from tests.feeds.hostile import rss, rss_item

ZONE = ZoneInfo("America/Curacao")
NUMBERS = itertools.count(1)
FAR = "31 Dec 9999 23:59:59 GMT"
TITLES = (
    "Venezuela closes its airspace to Curaçao {}",
    "Deadline for Venezuela to open its airspace: {}",
    "Trump gives Maduro until {} to leave Venezuela",
    "US gave Venezuela three years to leave, airspace closed since {}",
)
DAYS = ("tomorrow", "Friday", "last Monday", "48 hours", "29 February", "1 January", "999 years")

zones = st.builds(
    timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23))
) | st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
ENDS = ("0001-01-01T00:00:00", "1900-01-01T00:00:00", "2999-12-31T23:00:00", "9999-12-31T23:59:59")
corners = [datetime.fromisoformat(one) for one in ENDS]
moments = st.datetimes(corners[0], corners[-1]) | st.sampled_from(corners)


@st.composite
def dates(draw: st.DrawFn) -> str:
    """A date as feeds write it."""
    moment, zone = draw(moments), draw(zones)
    shape = draw(st.sampled_from(("iso", "iso day", "rfc 822", "named", "numeric", "compact")))
    if shape == "iso day":
        return moment.date().isoformat()
    if shape == "named":
        return f"{moment.day} december {moment.year:04}"
    if shape == "numeric":
        return f"{moment.day}/{moment.month}/{moment.year:04} 23:59 -12:00"
    if shape == "compact":
        return f"{moment.year:04}{moment.month:02}{moment.day:02}"
    aware = moment.replace(tzinfo=zone)
    try:
        return aware.isoformat() if shape == "iso" else format_datetime(aware)
    except OverflowError:  # the zone cannot tell its offset so near to the ends
        return f"{moment.isoformat()}+14:00"


titles = st.builds(str.format, st.sampled_from(TITLES), st.sampled_from(DAYS) | dates())


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """One installation for all examples."""
    path = tmp_path_factory.mktemp("extreme") / "config.toml"
    path.write_text('[storage]\nurl = "sqlite:///m.db"\n')
    config = load(path)
    store = open_store(config, now=NOW)
    yield config, open_intake(config, store, now=NOW)
    store.close()


ways = settings(suppress_health_check=list(HealthCheck))


@ways
@given(published=dates(), title=titles, header=dates())
@example(published=FAR, title=TITLES[0].format("tomorrow"), header=FAR)
@example(
    published="", title=TITLES[1].format("9999-12-31"), header="Fri, 31 Dec 9999 23:59:59 -0500"
)
def test_any_date_of_a_feed_ends_as_a_stored_and_judged_item(house, published, title, header):
    config, intake = house
    n = next(NUMBERS)
    body = rss(rss_item(n, title=title, pubDate=published))
    asked = {"kind": FeedKind.RSS, "content_type": "", "base_url": "", "language": "en"}
    headers = {"expires": header, "date": header, "retry-after": header, "last-modified": header}
    feed = make_feed(n, origin="page")
    reply = Answer(url=feed.url, final_url=feed.url, status=200, headers=headers, body=body)
    found = Found(
        url=feed.url, kind=FeedKind.RSS, document=documents.read(asked, body), answer=reply
    )
    intake.store.feeds.add(feed, by="test", now=NOW)
    Poller(config, intake, clock=lambda: NOW).take_over(feed, found)
    (stored,) = intake.store.items.listed(feed_id=feed.id)
    assert stored.item.title == title
    assert stored.assessment is not None
    assert stored.assessment.relevant
    lens = Lens(now=NOW, zone=ZoneInfo("Pacific/Kiritimati"), names={})
    assert lens.exact(stored.item.published_at or NOW)
    (row,) = [one for one in intake.store.reading.feeds(now=NOW) if one.id == feed.id]
    assert row.next_poll_at < NOW + timedelta(days=2)


@ways
@given(lines=st.lists(st.fixed_dictionaries(
    {"title": titles, "published": dates()}, optional={"first_seen": dates(), "summary": titles}
), min_size=1, max_size=5))  # fmt: skip
@example(lines=[{"title": TITLES[0].format("tomorrow"), "published": "9999-12-31T23:59:59Z"}])
@example(lines=[{"title": TITLES[0].format("tomorrow"), "published": "0001-01-01T00:00:00+14:00"}])
def test_any_date_of_an_archive_is_stored_or_named_as_bad(house, lines):
    _config, intake = house
    n = next(NUMBERS)
    good = {"title": f"Airspace closed over Curaçao {n}", "published": "2025-12-01"}
    texts = [json.dumps(one | {"publisher": f"Paper {n}"}).encode() for one in [*lines, good]]
    report = import_lines(intake, texts, zone=ZONE, now=NOW)
    assert report.new + report.known + len(report.bad) == len(texts)
    assert report.new >= 1
    assert max(one.item.seen_at for one in intake.store.items.listed()) <= NOW


@pytest.fixture(scope="module")
def assessor():
    return Assessor.load(SEEDS)


@ways
@given(published=dates(), title=titles, summary=titles)
def test_any_date_gets_a_judgement_or_an_error_in_its_place(assessor, published, title, summary):
    raw = {"id": 7, "title": title, "summary": summary, "published": published}
    made = answer(assessor, json.dumps(raw).encode(), zone=ZONE, now=NOW)
    assert made["id"] == 7
    assert ("error" in made) or made["relevant"]


@ways
@given(moment=moments, zone=zones, title=titles)
def test_no_moment_of_publication_stops_the_judgement(assessor, moment, zone, title):
    assert assessor.assess(title=title, published=moment.replace(tzinfo=zone)).relevant


@ways
@given(text=dates())
def test_what_is_read_as_a_date_can_be_counted_with(text):
    found = [parse_date(text)]
    with contextlib.suppress(ValueError):
        found.append(read_moment(text, ZONE))
    for one in found:
        if one is not None:
            assert one - timedelta(days=400_000) < counts_at(one, NOW) <= NOW + timedelta(hours=1)
            assert one.astimezone(timezone(timedelta(hours=23)))


@ways
@given(value=dates(), date=dates())
def test_no_date_in_a_header_stops_the_schedule(value, date):
    headers = {"retry-after": value, "expires": value, "date": date, "age": value}
    assert schedule.freshness(headers) >= timedelta()
    assert schedule.retry_after(NOW, headers, Politeness()) <= Politeness().retry_after_cap


def test_a_date_still_to_come_is_not_believed_when_days_are_counted_from_it(house):
    config, intake = house
    feed = make_feed(next(NUMBERS), origin="page")
    title = "Venezuela will close its airspace to Curaçao on Friday"
    body = rss(rss_item(1, title=title, pubDate="Mon, 22 Dec 2098 10:00:00 GMT"))
    asked = {"kind": FeedKind.RSS, "content_type": "", "base_url": "", "language": "en"}
    reply = Answer(url=feed.url, final_url=feed.url, status=200, headers={}, body=body)
    found = Found(
        url=feed.url, kind=FeedKind.RSS, document=documents.read(asked, body), answer=reply
    )
    intake.store.feeds.add(feed, by="test", now=NOW)
    Poller(config, intake, clock=lambda: NOW).take_over(feed, found)
    (stored,) = intake.store.items.listed(feed_id=feed.id)
    assert stored.item.published_at == datetime(2098, 12, 22, 10, tzinfo=UTC)
    assert stored.assessment.event_date == "2025-12-05"  # the Friday after it was first seen
