import json
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.cycle.importing import import_lines, read_line
from tests.factories import NOW

ZONE = ZoneInfo("America/Curacao")


def line(**values):
    return json.dumps(values).encode()


def article(n, **values):
    usual = {
        "url": f"https://paper{n}.example/a",
        "title": f"US airstrike reported near Caracas, residents flee ({n})",
        "published": "2025-12-01T10:00:00Z",
        "publisher": f"Paper {n}",
        "language": "en",
    }
    return line(**usual | values)


def test_items_are_judged_grouped_and_stored_once(open_at):
    _settings, intake = open_at()
    lines = [article(1), article(2), b"", article(1)]
    report = import_lines(intake, lines, zone=ZONE, now=NOW)
    assert (report.lines, report.new, report.known, report.flagged) == (3, 2, 1, 2)
    again = import_lines(intake, lines, zone=ZONE, now=NOW)
    assert (again.new, again.known) == (0, 3)
    found = [one for one in intake.store.items.listed() if "airstrike" in one.item.title]
    assert len({one.story_id for one in found}) == 1
    assert len({one.group for one in found}) == 2


def test_first_seen_is_as_given_else_the_publication(open_at):
    _settings, intake = open_at()
    lines = [article(1), article(2, first_seen="2025-12-02T00:00:00Z")]
    import_lines(intake, lines, zone=ZONE, now=NOW)
    seen = {one.item.publisher: one.item.seen_at for one in intake.store.items.listed()}
    assert seen["Paper 1"].isoformat() == "2025-12-01T10:00:00+00:00"
    assert seen["Paper 2"].isoformat() == "2025-12-02T00:00:00+00:00"


def test_what_is_found_after_midnight_stands_behind_the_day_that_counts_it(open_at):
    _settings, intake = open_at()
    late = {"published": "2025-12-01T22:50:00-04:00", "first_seen": "2025-12-02T00:10:00-04:00"}
    import_lines(intake, [article(1, **late)], zone=ZONE, now=NOW)
    counted = intake.store.measures.mentions(date(2025, 12, 1), date(2025, 12, 1))
    assert len(counted) > 0
    assert len(intake.store.reading.flagged_on("2025-12-01")) == 1
    assert [
        one.title
        for one in intake.store.reading.items_by_id(intake.store.reading.flagged_on("2025-12-02"))
        if "Caracas" in one.title
    ] == []


def test_nothing_is_first_seen_in_the_future(open_at):
    _settings, intake = open_at()
    ahead = "2099-01-01T00:00:00Z"
    lines = [article(1, published=ahead), article(2, first_seen=ahead)]
    report = import_lines(intake, lines, zone=ZONE, now=NOW)
    assert report.bad == [(2, "first_seen: 2099-01-01T00:00:00+00:00 lies in the future")]
    assert report.new == 1
    assert intake.store.reading.totals(now=NOW).newest_seen_at == NOW


def test_the_days_of_an_archive_have_a_measured_index(open_at):
    _settings, intake = open_at()
    lines = [
        article(n, published=(NOW - timedelta(days=n)).isoformat(), publisher=f"Paper {n % 3}")
        for n in range(60)
    ]
    import_lines(intake, lines, zone=ZONE, now=NOW)
    readings = intake.store.measures.readings("risk")
    assert len(readings) >= 60
    assert readings[-1].index is not None


def test_a_bad_line_is_reported_with_its_number_and_stops_nothing(open_at):
    _settings, intake = open_at()
    lines = [b"{", line(url="https://x.example"), b"[]", article(1), article(2, published="soon")]
    report = import_lines(intake, lines, zone=ZONE, now=NOW)
    assert report.new == 1
    problems = dict(report.bad)
    assert problems[1].startswith("is no JSON")
    assert problems[2] == "has no title"
    assert problems[3] == "is no JSON object"
    assert "published" in problems[5]


def test_progress_reaches_the_end(open_at):
    _settings, intake = open_at()
    told = []
    import_lines(intake, [article(n) for n in range(5)], zone=ZONE, now=NOW, progress=told.append)
    assert told[-1] == 5


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        pytest.param("2025-12-02", "2025-12-02T16:00:00+00:00", id="a day: its local middle"),
        pytest.param("2025-12", "2025-12-01T16:00:00+00:00", id="a month: its first day"),
        pytest.param("2025-12-02T08:00:00", "2025-12-02T12:00:00+00:00", id="local time"),
        pytest.param("2025-12-02T08:00:00+01:00", "2025-12-02T07:00:00+00:00", id="with offset"),
    ],
)
def test_dates_are_read_as_people_write_them(published, expected):
    one = read_line(article(1, published=published), zone=ZONE, now=NOW)
    assert one.published_at.isoformat() == expected


def test_hostile_text_is_plain_when_it_is_stored():
    raw = article(1, title="<b>Strike</b><script>alert(1)</script>", url="javascript:alert(1)")
    one = read_line(raw, zone=ZONE, now=NOW)
    assert one.title == "Strike"
    assert one.url == ""


def test_an_item_without_date_counts_as_seen_now():
    one = read_line(line(title="T", language="fr"), zone=ZONE, now=NOW + timedelta(days=1))
    assert one.seen_at == NOW + timedelta(days=1)
    assert (one.language, one.publisher, one.published_at) == (None, "archive", None)


def test_a_number_for_a_title_is_refused():
    with pytest.raises(ValueError, match="title is no text but 3"):
        read_line(line(title=3), zone=ZONE, now=NOW)


def test_everything_is_judged_again_in_parts_and_progress_is_told(open_at, monkeypatch):
    _settings, intake = open_at()
    import_lines(intake, [article(n) for n in range(5)], zone=ZONE, now=NOW)
    with intake.store.database.write() as connection:
        ids = [one.item.id for one in intake.store.items.listed()]
        intake.store.items.forget_judgement(connection, ids)
    monkeypatch.setattr("monitor.cycle.intake._AT_ONCE", 2)
    told = []
    done = intake.reassess(NOW, progress=lambda *numbers: told.append(numbers))
    assert (done.judged, intake.store.items.unjudged()) == (6, [])  # with the shipped first article
    assert told == [(0, 6), (2, 6), (4, 6), (6, 6)]
    assert intake.reassess(NOW).judged == 0
