"""Persons count by the office they hold on the day."""

from datetime import UTC, date, datetime

import pytest

from monitor.assess.actors import Actors
from monitor.errors import ConfigError


@pytest.mark.parametrize(
    ("year", "title"),
    [(2022, "president of Colombia"), (2027, None)],
)
def test_an_office_is_held_from_day_to_day(assessor, year, title):
    petro = assessor.lexicon.actors.persons["person/petro"]
    office = petro.office(date(year, 12, 1))
    assert (office.title if office else None) == title


def test_without_a_day_the_latest_office_counts(assessor):
    persons = assessor.lexicon.actors.persons
    assert persons["person/rutte"].office(None).title == "prime minister of the Netherlands"
    assert persons["person/cabello"].office(None) is None


def reasons(assessor, year):
    moment = datetime(year, 6, 1, tzinfo=UTC)
    return assessor.assess(
        title="Rutte warns Venezuela over border", published=moment
    ).relevance.reasons


def test_a_former_minister_is_named_without_office(assessor):
    assert "Mark Rutte, prime minister of the Netherlands" in reasons(assessor, 2020)
    assert "Mark Rutte" in reasons(assessor, 2025)


def test_a_surname_shared_with_a_bank_is_not_the_president(assessor):
    read = assessor.read(title="Maduro & Curiel's Bank opens branch")
    assert not read.persons


@pytest.mark.parametrize(
    "text",
    ['[a]\nname = "A"', '[a]\nname = "A"\nnames = ["a"]\noffices = [["x", "y", "soon", ""]]'],
)
def test_a_bad_person_is_named(tmp_path, text):
    file = tmp_path / "persons.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match="a: bad person"):
        Actors.load(file)


def test_an_unreadable_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        Actors.load(tmp_path / "persons.toml")
