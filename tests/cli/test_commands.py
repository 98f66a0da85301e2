"""The contracts of the commands: JSON shapes, exit status, one-line errors."""

import io
import json
import os
import socket
import sqlite3
import sys
from datetime import UTC, datetime, timedelta

import pytest

from monitor.cli import main
from monitor.storage import changes
from monitor.storage.engine import Database
from monitor.storage.feeds import Feeds

ATTACK = "US airstrike hits Caracas port, Venezuela says"


@pytest.fixture
def run(configure, capsys, monkeypatch):
    """Run a command against an installation of its own; gives status, output and errors."""
    settings = configure()
    monkeypatch.setenv("MONITOR_CONFIG", str(settings.path))

    def command(*words, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = main([str(word) for word in words])
        said = capsys.readouterr()
        return status, said.out, said.err

    command.settings = settings
    return command


def answer(run, *words, **more):
    status, out, err = run(*words, **more)
    assert status == 0, err
    return json.loads(out)


def test_an_empty_installation_already_knows_the_first_article(run):
    (item,) = answer(run, "items", "list", "--json")
    assert item["publisher"] == "Curaçao Chronicle"
    assert item["published"].startswith("2025-12-02")
    assert set(item) >= {
        "id", "feed", "url", "title", "summary", "language", "published", "first_seen",
        "event_date", "publisher", "group", "revisions", "assessment",
    }  # fmt: skip
    (story,) = answer(run, "stories", "list", "--json")
    shown = answer(run, "stories", "show", story["id"], "--json")
    assert [one["id"] for one in shown["members"]] == [item["id"]]


def test_classify_answers_every_line_and_a_bad_one_stops_nothing(run):
    lines = [
        json.dumps({"id": "a", "title": ATTACK, "published": "2025-12-02"}),
        "nonsense",
        json.dumps({"id": "b"}),
        json.dumps({"id": "c", "title": "x", "published": "soon"}),
        json.dumps({"id": 7, "title": "Curaçao wins the baseball final", "summary": None}),
        json.dumps(["no object"]),
    ]
    status, out, _err = run("classify", "--json-lines", stdin="\n".join(lines).encode())
    assert status == 0
    found = [json.loads(line) for line in out.splitlines()]
    assert [one["id"] for one in found] == ["a", None, "b", "c", 7, None]
    assert [("error" in one) for one in found] == [False, True, True, True, False, True]
    first = found[0]
    assert set(first) >= {
        "id", "language", "relevant", "relevance", "severity", "direction", "indicators", "flags",
        "suppressed", "places", "event_date", "deadlines", "lexicon_version",
    }  # fmt: skip
    assert first["relevant"]
    assert first["indicators"]
    for flag in first["flags"]:
        for proof in flag["evidence"]:
            assert ATTACK[proof["start"] : proof["end"]] == proof["text"]
    assert found[4]["relevant"] is False


def test_a_feed_is_checked_added_polled_paused_and_removed(run, site):
    url = site.rss("/feed", ATTACK, "Sun all week")
    seen = answer(run, "feeds", "check", url, "--json")
    assert seen["feeds"][0]["samples"][0]["assessment"]["relevant"]
    assert answer(run, "feeds", "list", "--json") == []
    added = answer(run, "feeds", "add", url, "--language", "en", "--json")
    assert (added["items"], added["language"]) == (2, "en")
    listed = answer(run, "items", "list", "--feed", added["id"][:6], "--flagged", "--json")
    assert [one["title"] for one in listed] == [ATTACK]
    assert listed[0]["feed"] == url
    status, out, _err = run("poll", "--once", "--json")
    assert (status, json.loads(out)["status"]) == (0, "skipped")  # nothing is due
    for verb, watched in (("pause", True), ("resume", True), ("remove", False), ("restore", True)):
        assert answer(run, "feeds", verb, added["id"], "--json")["watched"] is watched


def test_poll_prints_one_object_a_feed(run, site):
    url = site.rss("/feed", ATTACK)
    answer(run, "feeds", "add", url, "--unchecked", "--json")
    answer(run, "feeds", "add", site.address + "/none", "--unchecked", "--json")
    status, out, _err = run("poll", "--once", "--json")
    assert status == 0
    lines = {one["url"]: one for one in map(json.loads, out.splitlines())}
    fine, broken = lines[url], lines[site.address + "/none"]
    assert set(fine) >= {
        "feed", "url", "kind", "status", "http_status", "new", "revised", "items", "error",
        "next_poll_at",
    }  # fmt: skip
    assert (fine["status"], fine["http_status"], fine["new"]) == ("ok", 200, 1)
    assert broken["status"] == "error"
    assert broken["error"]["message"]


def test_poll_says_which_feeds_were_left_and_why(run, site):
    fed = answer(run, "feeds", "add", site.rss("/feed", ATTACK), "--json")["id"]
    (row,) = map(json.loads, run("poll", "--once", "--json")[1].splitlines())
    assert (row["feed"], row["status"], row["error"]) == (fed, "skipped", None)
    assert row["next_poll_at"] > "2025"
    assert "is next due " in run("poll", "--once", "--feed", fed)[2]
    run("feeds", "pause", fed)
    (row,) = map(json.loads, run("poll", "--feed", fed, "--force", "--json")[1].splitlines())
    assert (row["status"], row["error"]["class"]) == ("skipped", "paused")
    assert "not polled, it is paused" in run("poll", "--feed", fed, "--force")[2]


def test_a_link_that_nobody_could_open_is_not_made(run):
    status, out, err = run("snapshot", "create", "--signed-in")
    assert (status, out) == (1, "")
    assert "nobody can sign in here" in err
    assert answer(run, "snapshot", "list", "--json") == []


def test_revoking_without_a_key_says_what_is_missing(run, monkeypatch):
    monkeypatch.delenv("MONITOR_OWNER_KEY", raising=False)
    status, _out, err = run("snapshot", "revoke", "some")
    assert (status, "give --owner-key or set MONITOR_OWNER_KEY" in err) == (1, True)


def test_a_range_that_ends_before_it_begins_is_refused(run):
    status, _out, err = run("index", "--since", "2025-12-02", "--until", "2025-12-01")
    assert (status, "is after --until" in err) == (1, True)


def test_people_see_progress_and_a_summary(run, site):
    run("feeds", "add", site.rss("/feed", ATTACK), "--unchecked")
    status, out, err = run("poll", "--once")
    assert status == 0
    assert "1 feeds polled, 0 failed; 1 new items, 1 of them flagged" in out
    assert "polling: 1 of 1" in err


def test_an_address_that_is_no_feed_is_refused_with_what_it_leads_to(run, site):
    site.rss("/rss", ATTACK)
    site.pages["/"] = (
        "text/html",
        '<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>',
    )
    status, _out, err = run("feeds", "add", site.address + "/")
    assert status == 1
    assert site.address + "/rss" in err
    assert answer(run, "feeds", "discover", site.address + "/", "--json")["feeds"][0]["items"] == 1
    status, _out, err = run("feeds", "add", "ftp://x.example", "--unchecked")
    assert (status, "http://" in err) == (1, True)


ARTICLES = (ATTACK, "Sun will shine all week", "Baseball final is won", "A fourth of them")


def test_a_site_without_a_feed_is_offered_checked_and_added_as_a_listing(run, site):
    url = site.paper(*ARTICLES)
    pattern = "/post/local/[a-z0-9_-]+"
    found = answer(run, "feeds", "discover", url, "--json")
    assert found["error"]["class"] == "no_feed_found"
    assert found["listing"] == {"url": url, "link_pattern": pattern}
    status, out, _err = run("feeds", "discover", url)
    assert status == 0
    assert out.splitlines()[-1].endswith(
        f"feeds add {url} --kind listing --link-pattern '{pattern}'"
    )
    seen = answer(run, "feeds", "check", url, "--kind", "listing", "--json")
    (offer,) = seen["feeds"]
    assert (offer["kind"], offer["items"]) == ("listing", 4)
    assert [one["title"] for one in offer["samples"]] == list(ARTICLES[:3])
    first = offer["samples"][0]
    assert (first["published"], first["language"]) == ("2025-12-03T10:00:00+00:00", "en")
    assert first["assessment"]["relevant"]
    assert answer(run, "feeds", "list", "--json") == []
    _status, out, _err = run("feeds", "check", url, "--kind", "listing")
    assert "2025-12-03 10:00 UTC, en" in out
    assert f"link_pattern: {pattern}" in out
    status, _out, err = run("feeds", "add", url)
    assert (status, "--kind listing --link-pattern" in err) == (1, True)
    added = answer(run, "feeds", "add", url, "--kind", "listing", "--json")
    assert (added["kind"], added["items"], added["state"]) == ("listing", 3, "working")
    _status, out, _err = run("feeds", "export")
    assert f'type="link" text="Paper" title="Paper" url="{url}"' in out
    assert f'linkPattern="{pattern}"' in out


def test_a_link_pattern_of_ones_own_is_used_and_one_that_fits_nothing_is_refused(run, site):
    url = site.paper(*ARTICLES)
    words = ("feeds", "check", url, "--link-pattern")
    assert answer(run, *words, "/post/local/sun", "--json")["feeds"][0]["items"] == 1
    status, out, _err = run(*words, "/nothing")
    assert (status, "No link of the page fits the link pattern." in out) == (1, True)
    assert "can be watched as a listing" not in out
    status, _out, err = run("feeds", "add", url, "--kind", "listing", "--link-pattern", "/nothing")
    assert (status, "fits the link pattern" in err) == (1, True)
    assert answer(run, "feeds", "list", "--json") == []


def test_what_is_watched_already_is_said_to_be(run, site):
    url = site.rss("/feed", ATTACK)
    fed = answer(run, "feeds", "add", url, "--json")["id"]
    seen = answer(run, "feeds", "check", url, "--json")
    assert (seen["watched_as"], seen["feeds"][0]["watched_as"]) == (fed, fed)
    assert f"is watched already, as Loopback News ({fed})" in run("feeds", "check", url)[1]
    status, _out, err = run("feeds", "add", url + "/#top")
    assert status == 1
    site.pages["/"] = (
        "text/html",
        '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>',
    )
    assert "watched already, as Loopback News" in run("feeds", "discover", site.address + "/")[1]
    status, _out, err = run("feeds", "add", url)
    assert (status, f"already watched as Loopback News ({fed})" in err) == (1, True)


def test_words_that_are_no_address_are_told_so(run):
    status, out, _err = run("feeds", "check", "garbage words")
    assert (status, "garbage words: This is no address." in out) == (1, True)
    status, _out, err = run("feeds", "add", "garbage words")
    assert (status, "This is no address." in err) == (1, True)


def test_who_checks_an_address_is_not_told_that_it_is_polled_again(run):
    _status, out, _err = run("feeds", "check", "http://127.0.0.1:1/")
    assert "127.0.0.1:1 refused the connection" in out
    assert "tried again" not in out
    assert "Connect call failed" not in out


def test_the_list_says_the_words_of_the_feeds_page(run, site):
    fed = answer(run, "feeds", "add", site.rss("/feed", ATTACK), "--json")["id"]
    answer(run, "feeds", "add", site.address + "/none", "--unchecked", "--json")
    out = run("feeds", "list")[1]
    assert "working" in out
    assert "not polled yet" in out
    (row,) = [one for one in answer(run, "feeds", "list", "--json") if one["id"] == fed]
    assert (row["state"], row["items_per_week"]) == ("working", 1.0)
    assert row["silence_seconds"] >= 0
    assert row["median_gap_seconds"] is None
    run("feeds", "remove", fed)
    assert "removed" in run("feeds", "list", "--all")[1]


def test_feeds_that_are_only_known_are_not_watched(run):
    (row,) = answer(run, "feeds", "list", "--all", "--json")  # of the first article
    assert (row["state"], row["watched"]) == ("not watched", False)
    assert "not watched" in run("feeds", "list", "--all")[1]


def test_opml_goes_out_and_comes_back_with_problems_by_line(run, site, tmp_path):
    answer(run, "feeds", "add", site.rss("/feed", ATTACK), "--unchecked", "--json")
    _status, opml, _err = run("feeds", "export")
    assert site.address + "/feed" in opml
    file = tmp_path / "more.opml"
    file.write_text(
        '<opml version="2.0"><body>\n<outline type="rss" text="New" '
        'xmlUrl="https://news.example/rss"/>\n<outline type="rss" text="Bad" xmlUrl="nonsense"/>\n'
        "</body></opml>"
    )
    status, out, err = run("feeds", "import", file, "--json")
    assert status == 1
    assert json.loads(out)["added"] == ["https://news.example/rss"]
    assert "line 3" in err
    _status, toml, _err = run("feeds", "export", "--format", "toml")
    assert "[[feeds]]" in toml


def test_import_reports_bad_lines_and_keeps_the_rest(run, tmp_path):
    file = tmp_path / "archive.jsonl"
    good = {"url": "https://p.example/1", "title": ATTACK, "published": "2025-12-01"}
    file.write_text(json.dumps(good) + "\n{\n")
    status, out, err = run("import", file, "--json")
    assert status == 1
    assert json.loads(out)["new"] == 1
    assert "line 2" in err
    status, _out, err = run("import", tmp_path / "none.jsonl")
    assert (status, "none.jsonl: cannot be read" in err) == (1, True)


def test_the_index_has_its_columns_in_json_and_csv(run):
    rows = answer(run, "index", "--indicator", "risk", "--json")
    assert set(rows[-1]) == {
        "day", "series", "index", "low80", "high80", "seen", "expected", "coverage", "level",
        "state",
    }  # fmt: skip
    assert rows[-1]["state"] in ("forming", "blind")
    _status, out, _err = run("index", "--csv", "--all")
    assert out.splitlines()[0] == "day,series,index,low80,high80,seen,expected,coverage,level,state"
    status, _out, err = run("index", "--indicator", "weather")
    assert (status, "no series 'weather'" in err) == (1, True)
    assert answer(run, "index", "--as-of", "2001-01-01", "--json") == []


def test_a_snapshot_is_made_verified_exported_compared_and_revoked(run, tmp_path):
    made = answer(run, "snapshot", "create", "--note", "for the desk", "--json")
    assert set(made) == {"id", "url", "owner_key", "sha256", "expires_at"}
    _status, listing, _err = run("snapshot", "list", "--json")
    token = made["url"].rsplit("/", 1)[1]
    assert token not in listing
    assert answer(run, "snapshot", "show", made["id"], "--json")["sha256"] == made["sha256"]
    file = tmp_path / "s.json"
    for form, start in (("json", b"{"), ("html", b"<!"), ("csv", b""), ("png", b"\x89PNG")):
        target = tmp_path / f"s.{form}"
        status, _out, err = run(
            "snapshot", "export", made["id"], "--format", form, "--output", target
        )
        assert status == 0, err
        assert target.read_bytes().startswith(start)
    assert answer(run, "snapshot", "verify", file, "--json")["valid"]
    assert answer(run, "snapshot", "verify", made["id"], "--json")["valid"]
    spoilt = file.read_bytes().replace(b"for the desk", b"for the disk")
    (tmp_path / "t.json").write_bytes(spoilt)
    status, out, _err = run("snapshot", "verify", tmp_path / "t.json")
    assert status == 1
    assert out
    later = answer(run, "snapshot", "create", "--json")
    status, out, _err = run("snapshot", "diff", file, later["id"])
    assert status == 0
    status, _out, err = run("snapshot", "revoke", made["id"], "--owner-key", "wrong")
    assert (status, "not the owner key" in err) == (1, True)
    status, _out, _err = run("snapshot", "revoke", made["id"], "--owner-key", made["owner_key"])
    assert status == 0
    status, _out, err = run("snapshot", "show", made["id"])
    assert (status, "revoked" in err) == (1, True)


def test_a_backup_comes_back_in_an_empty_store(run, tmp_path):
    run("items", "list")
    kept = answer(run, "backup", tmp_path / "b.gz", "--json")["rows"]
    other = f"sqlite:///{tmp_path / 'other.db'}"
    assert answer(run, "--database", other, "restore", tmp_path / "b.gz", "--json")["rows"] == kept
    assert len(answer(run, "items", "list", "--json", "--database", other)) == 1
    status, _out, err = run("restore", tmp_path / "b.gz")
    assert (status, "is not empty" in err) == (1, True)


def test_the_doctor_finds_nothing_wrong_and_names_what_is(run):
    run("items", "list")
    found = answer(run, "doctor", "--json")
    assert all(one["fine"] for one in found)
    run.settings.path.with_name("m.db").unlink()
    for suffix in ("-wal", "-shm"):
        run.settings.path.with_name("m.db" + suffix).unlink(missing_ok=True)
    run.settings.path.with_name("m.db").write_text("this is no database " * 300)
    status, out, _err = run("doctor")
    assert status == 1
    assert "is no SQLite database" in out


def test_reassess_says_what_changed(run):
    run("items", "list")
    assert answer(run, "reassess", "--json")["judged"] == 0


def test_broken_settings_and_a_locked_store_are_one_line_each(run):
    run("items", "list")
    lock = sqlite3.connect(run.settings.path.with_name("m.db"), isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    run.settings.path.write_text(
        '[storage]\nurl = "sqlite:///m.db"\n[[feeds]]\nurl = "https://new.example/rss"\n'
    )
    status, _out, err = run("items", "list")
    lock.close()
    assert (status, err.count("\n")) == (1, 1)
    assert "locked by another process" in err
    run.settings.path.write_text("[polling]\nspeed = 1\n")
    status, _out, err = run("items", "list")
    assert (status, err.count("\n")) == (1, 1)
    assert "[polling] speed: unknown key" in err


def test_a_port_in_use_is_named_with_another_one(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, _out, err = run("serve", "--port", port)
    assert status == 1
    assert f"port {port}" in err
    assert f"--port {port + 1}" in err


@pytest.mark.parametrize(
    ("words", "status"),
    [
        pytest.param(["--help"], 0, id="help"),
        pytest.param(["items", "list", "--help"], 0, id="help of a command"),
        pytest.param(["--version"], 0, id="version"),
        pytest.param([], 2, id="no command"),
        pytest.param(["bogus"], 2, id="unknown command"),
        pytest.param(["items", "list", "--since", "soon"], 2, id="bad day"),
        pytest.param(["stories", "show", "none"], 1, id="unknown story"),
        pytest.param(["backfill", "x", "--pages", "0"], 2, id="no pages"),
        pytest.param(["feeds", "pause", "none"], 1, id="unknown feed"),
        pytest.param(["snapshot", "show", "none"], 1, id="unknown snapshot"),
        pytest.param(["snapshot", "verify", "none"], 1, id="neither file nor id"),
        pytest.param(["snapshot", "revoke", "none", "--owner-key", "x"], 1, id="nothing to revoke"),
    ],
)
def test_exit_status_tells_usage_from_failure(run, words, status):
    got, _out, err = run(*words)
    assert got == status
    if status == 1:
        assert err.startswith("curacao-monitor: ")
        assert err.count("\n") == 1


def test_tables_are_for_people(run):
    for words in (["items", "list"], ["stories", "list"], ["feeds", "list"], ["snapshot", "list"]):
        status, out, _err = run(*words)
        assert status == 0
        assert out


def test_serve_opens_the_database_that_it_checked(run, tmp_path, monkeypatch):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("MONITOR_DATABASE_URL", "MONITOR_CONFIG", "MONITOR_POLL"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    monkeypatch.setattr("monitor.cli.serve.os.chdir", lambda _folder: None)
    monkeypatch.setattr("monitor.cli.serve.os.execv", lambda *_: None)
    run("serve", "--database", "sqlite:///mine.db", "--port", "0")
    assert (folder / "mine.db").exists()
    assert os.environ["MONITOR_DATABASE_URL"] == f"sqlite:///{folder}/mine.db"


def test_a_feed_follows_the_file_again(run):
    path = run.settings.path
    path.write_text(path.read_text() + '[[feeds]]\nurl = "https://a.example/rss"\ntitle = "A"\n')
    (feed,) = answer(run, "feeds", "list", "--json")
    database = Database(run.settings.database_url)
    Feeds(database).edit(feed["id"], {"title": "Mine"}, by="ana", now=datetime.now(UTC))
    database.dispose()
    assert answer(run, "feeds", "list", "--json")[0]["edited"] == ["title"]
    found = answer(run, "feeds", "use-file", feed["id"], "--json")
    assert (found["title"], found["edited"]) == ("A", [])
    assert run("feeds", "use-file", feed["id"])[1] == f"A: follows {path} again\n"
    path.write_text(path.read_text().split("[[feeds]]")[0])
    status, _out, err = run("feeds", "use-file", feed["id"])
    assert (status, "does not declare it" in err) == (1, True)


def test_what_takes_long_keeps_who_began_it_and_when(run, tmp_path):
    archive = tmp_path / "archive.jsonl"
    archive.write_text(json.dumps({"url": "https://p.example/1", "title": ATTACK}))
    run("import", archive)
    run("reassess")
    with run.settings.path.open("a") as more:
        more.write('[[feeds]]\nurl = "http://127.0.0.1:9/rss"\n')
    run("backfill", "http://127.0.0.1:9/rss")  # nobody answers there
    run("backup", tmp_path / "b.gz")
    other = f"sqlite:///{tmp_path / 'other.db'}"
    run("restore", tmp_path / "b.gz", "--database", other)
    database = Database(other)
    acts = changes.latest(database)
    database.dispose()
    assert {one.what for one in acts} >= {
        "items imported",
        "items judged again",
        "older items asked for",
        "backup restored",
    }
    assert all(one.by.endswith("terminal)") or one.by == "terminal" for one in acts)
    assert all(datetime.now(UTC) - one.at < timedelta(minutes=5) for one in acts)
