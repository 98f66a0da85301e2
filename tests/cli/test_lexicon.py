"""lexicon: shown, previewed, saved, gone back from."""

import json

import pytest

from tests.cli.test_commands import answer, run

__all__ = ["run"]

ODD = "Aruba airspace quuxed"
ADD = {"add": {"en/close": ["quuxed"]}, "weights": {"airspace": 3}}


@pytest.fixture
def file(run, tmp_path):
    """An archive of two items, imported, and a file of changes."""
    archive = tmp_path / "a.jsonl"
    lines = [
        {"url": f"https://p.example/{n}", "title": title, "published": "2025-12-03T10:00:00Z",
         "publisher": "Paper", "language": "en"}
        for n, title in enumerate((ODD, "Baseball final tonight"))
    ]  # fmt: skip
    archive.write_text("\n".join(json.dumps(one) for one in lines))
    answer(run, "import", archive, "--json")
    changes = tmp_path / "changes.json"
    changes.write_text(json.dumps(ADD))
    return changes


def test_a_change_is_previewed_and_nothing_is_saved(run, file):
    raw = answer(run, "lexicon", "preview", file, "--json")
    assert (raw["judged"], raw["newly_flagged"], raw["no_longer_flagged"]) == (3, 1, 0)
    (item,) = raw["items"]
    assert (item["title"], item["step"], item["people_said_relevant"]) == (ODD, "flagged", None)
    assert not item["before"]["relevant"]
    assert item["after"]["flags"][0]["evidence"]
    assert raw["precision"]["before"]["value"] is None
    assert len(raw["changes"]) == 2
    assert answer(run, "lexicon", "versions", "--json") == []
    status, out, err = run("lexicon", "preview", file, "--items", "2")
    assert status == 0
    assert "Of the newest 2 items, 1 would be newly flagged" in out
    assert "It changes no verdict" in out
    assert "Nobody has decided on an item yet" in out
    assert "“airspace” + “quuxed” now meets a rule for Airspace" in out
    assert "judging: 2 of 2" in err


def test_labels_give_precision_and_recall(run, file):
    from datetime import UTC, datetime

    from monitor.storage.engine import Database
    from monitor.storage.triage import Label, Triage, Verdict

    item = answer(run, "lexicon", "preview", file, "--json")["items"][0]["id"]
    database = Database(run.settings.database_url)
    Triage(database).add(
        Label(item_id=item, verdict=Verdict.CONFIRMED, by="ana", at=datetime.now(UTC))
    )
    database.dispose()
    status, out, _err = run("lexicon", "preview", file)
    assert status == 0
    assert "recall: 0.00 before, 1.00 after" in out
    assert "precision: – before, 1.00 after" in out


def test_a_change_is_saved_followed_and_gone_back_from(run, file):
    plain = answer(run, "lexicon", "show", "--json")
    assert (plain["changes"], plain["saved"]) == ({}, None)
    saved = answer(run, "lexicon", "save", file, "--note", "local word", "--json")
    assert saved["changes"] == ADD
    assert answer(run, "reassess", "--json")["now_flagged"] == 1
    (kept,) = answer(run, "lexicon", "versions", "--json")
    assert (kept["version"], kept["note"], kept["current"]) == (
        saved["version"], "local word", True,
    )  # fmt: skip
    assert kept["by"]
    assert kept["created_at"]
    shown = answer(run, "lexicon", "show", "--json")
    assert (shown["version"], shown["saved"]["version"]) == (saved["version"], saved["version"])
    assert answer(run, "lexicon", "revert", "shipped", "--json") == {
        "version": plain["version"], "changes": {},
    }  # fmt: skip
    status, out, _err = run("lexicon", "revert", saved["version"])
    assert (status, f"version {saved['version']} is in use" in out) == (0, True)
    status, out, _err = run("lexicon", "versions")
    assert "local word" in out
    status, out, _err = run("lexicon", "show")
    assert "“quuxed” added to the words for closing (English, close)" in out


def test_a_change_comes_from_standard_input_and_is_told_in_words(run):
    words = ("lexicon", "save", "-", "--note", "x")
    status, out, _err = run(*words, stdin=json.dumps(ADD).encode())
    assert status == 0
    assert "change   “quuxed” added to the words for closing (English, close)" in out
    assert "`reassess` judges stored items by it" in out


def test_nothing_saved_is_said(run):
    status, out, _err = run("lexicon", "versions")
    assert (status, "in use as shipped" in out) == (0, True)


def test_words_rules_and_indicators_are_shown(run):
    words = answer(run, "lexicon", "show", "en/close", "--json")
    assert "closed" in " ".join(words["phrases"])
    assert words["meaning"] == "closing"
    assert any(one.startswith("airspace.closed: It wants words") for one in words["rules"])
    rule = answer(run, "lexicon", "show", "airspace.closed", "--json")
    assert (rule["enabled"], rule["severity"]["cur"]) == (True, 4)
    indicator = answer(run, "lexicon", "show", "airspace", "--json")
    assert "airspace.closed" in indicator["rules"]
    status, out, _err = run("lexicon", "show", "airspace.closed")
    assert (status, "severity: Curaçao 4" in out) == (0, True)
    assert "concepts: airspace (airspace), closing (close), " in out


@pytest.mark.parametrize(
    ("words", "stdin", "message"),
    [
        (("show", "en/nothing"), b"", "no list of words"),
        (("show", "fr/close"), b"", "no list of words"),
        (("revert", "none"), b"", "no lexicon version 'none' was saved"),
        (("preview", "missing.json"), b"", "missing.json: cannot be read"),
        (("preview", "-"), b"{", "-: is no JSON"),
        (("preview", "-"), b"[]", "must be a JSON object"),
        (("preview", "-"), b"{}", "changes nothing"),
        (("save", "-", "--note", "x"), b"{}", "changes nothing"),
        (("save", "-", "--note", "x"), b'{"rules": {"none": {"enabled": false}}}', "is no rule"),
        (("preview", "-"), b'{"add": {"en/close": [""]}}', "an empty phrase matches nothing"),
    ],
)  # fmt: skip
def test_what_fails_is_one_line_and_status_1(run, words, stdin, message):
    status, _out, err = run("lexicon", *words, stdin=stdin)
    assert (status, message in err, err.count("\n")) == (1, True, 1)


@pytest.mark.parametrize(
    "words", [(), ("save", "x.json"), ("preview", "-", "--items", "0"), ("preview",), ("what",)]
)
def test_wrong_usage_is_status_2(run, words):
    assert run("lexicon", *words)[0] == 2
