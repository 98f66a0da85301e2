from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.chromium import NoBrowserError, find, may_skip


def test_the_browser_that_a_person_names_comes_first(tmp_path: Path):
    named, own = tmp_path / "named", tmp_path / "own"
    named.touch()
    own.touch()
    found = find(str(own), {"CHROMIUM": str(named)}, lambda name: f"/nowhere/{name}")
    assert found == str(named)


def test_a_browser_on_the_path_comes_before_a_download(tmp_path: Path):
    there, own = tmp_path / "google-chrome", tmp_path / "own"
    there.touch()
    own.touch()
    assert find(str(own), {}, lambda name: str(tmp_path / name)) == str(there)


def test_playwrights_own_download_is_the_last_choice(tmp_path: Path):
    own = tmp_path / "own"
    own.touch()
    assert find(str(own), {}, lambda _name: None) == str(own)


def test_without_a_browser_the_message_says_how_to_get_one():
    with pytest.raises(NoBrowserError, match=r"apt install chromium.*playwright install chromium"):
        find("/nowhere/chrome", {}, lambda _name: None)


@pytest.mark.parametrize(("told", "allowed"), [({}, True), ({"CI": "true"}, False)])
def test_ci_never_leaves_the_browser_tests_out(told: dict[str, str], allowed: bool):
    assert may_skip(told) is allowed
