"""What two reports of one development share, whatever their words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from monitor.stories.signature import GroupingItem, is_correction, signature, tokens

AT = datetime(2025, 12, 3, 12, tzinfo=UTC)


def item(title: str, summary: str = "", **changes: object) -> GroupingItem:
    values = {"id": "i", "title": title, "summary": summary, "seen_at": AT}
    return GroupingItem(**values | changes)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("11 killed, 1,200 barrels", {"11", "1200"}),
        ("In 2025 at 12:30, 3 men", set()),
        ("4.000 soldados, 15 barcos", {"4000", "15"}),
    ],
)
def test_numbers_leave_out_years_clock_times_and_single_digits(text, numbers):
    assert signature(item(text)).numbers == numbers


@pytest.mark.parametrize(
    ("text", "vessels"),
    [
        ("USS Jason Dunham leaves", {"jason dunham"}),
        ("Zr.Ms. Den Helder meert aan", {"den helder"}),
        ("el petrolero Skipper fue retenido", {"skipper"}),
        ("the tanker was seized", set()),
    ],
)
def test_ships_are_known_by_their_prefix_or_kind(text, vessels):
    assert signature(item(text)).vessels == vessels


@pytest.mark.parametrize(
    ("text", "flights"),
    [("KL 735 turned back", {"735"}), ("vuelo 1112 de JetBlue", {"1112"}), ("no flight", set())],
)
def test_flights_are_known_by_their_number(text, flights):
    assert signature(item(text)).flights == flights


def test_names_are_capitalised_words_without_accents():
    assert signature(item("maduro and Nicolás Maduro")).names == {"nicolas", "maduro"}


def test_names_of_places_are_not_people():
    found = signature(item("Maduro in Venezuela", places=("venezuela",)))
    assert (found.names, found.people) == ({"maduro", "venezuela"}, {"maduro"})


def test_keys_pair_every_indicator_with_every_place():
    found = signature(item("x", indicators=("airspace", "ultimatum"), places=("curacao",)))
    assert found.keys == {("airspace", "curacao"), ("ultimatum", "curacao")}


def test_tokens_are_folded_and_leave_out_the_little_words():
    assert tokens(item("Espácio aéreo – será cerrado", "en Curaçao")) == (
        "espacio",
        "aereo",
        "sera",
        "cerrado",
        "curacao",
    )


def test_tokens_are_bounded():
    assert len(tokens(item(" ".join(f"w{n}" for n in range(500))))) == 80


@pytest.mark.parametrize(
    "title",
    [
        "Correction: airspace is open",
        "RECTIFICATIE: luchtruim open",
        "Fe de errata: el espacio aéreo sigue abierto",
        "Rectificación: espacio aéreo abierto",
        "Korekshon: espasio aéreo habrí",
        "Government corrects earlier post on airspace",
        "Ministry says earlier statement was wrong",
    ],
)
def test_a_correction_says_so(title):
    assert is_correction(item(title))


@pytest.mark.parametrize(
    "title", ["Correctional officers strike", "Airspace closed", "New course correction for tanker"]
)
def test_other_titles_correct_nothing(title):
    assert not is_correction(item(title))


def test_a_correction_in_the_lead_counts_too():
    assert is_correction(item("Airspace open", "Correction: an earlier post said otherwise"))


def test_a_time_in_another_zone_is_refused():
    local = AT.astimezone(timezone(timedelta(hours=-4)))
    with pytest.raises(ValueError, match="seen_at must be in UTC"):
        item("x", seen_at=local)
