"""Reference events: read with care, chosen without crowding."""

from datetime import date, timedelta

import pytest

from monitor.config import SEEDS
from monitor.errors import ConfigError
from monitor.views import chronology
from monitor.views.chronology import Fact


def fact(day, *, direct=False):
    return Fact(date=day, text=str(day), source="S", url="", direction="escalatory", direct=direct)


def test_the_shipped_facts_can_be_read_and_are_in_order():
    facts = chronology.read(SEEDS / "chronology.jsonl")
    assert len(facts) > 40
    assert [one.date for one in facts] == sorted(one.date for one in facts)
    assert all(one.url.startswith("http") for one in facts)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.jsonl"):
        chronology.read(tmp_path / "none.jsonl")


def test_a_bad_line_is_named_by_its_number(tmp_path):
    file = tmp_path / "facts.jsonl"
    file.write_text('\n{"date": "yesterday"}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="line 2"):
        chronology.read(file)


def test_what_concerns_curacao_goes_first_and_neighbours_give_way(lens):
    first = date(2025, 9, 1)
    near, direct = fact(first + timedelta(days=1)), fact(first + timedelta(days=2), direct=True)
    far = fact(first + timedelta(days=60))
    found = chronology.pins((near, direct, far), lens, first=first, last=date(2025, 12, 1))
    assert [(pin.number, pin.date) for pin in found] == [(1, direct.date), (2, far.date)]
    assert found[0].direction == "escalating"


def test_no_more_pins_than_a_chart_can_carry(lens):
    first = date(2024, 1, 1)
    facts = [fact(first + timedelta(days=30 * number)) for number in range(24)]
    found = chronology.pins(facts, lens, first=first, last=date(2026, 1, 1))
    assert len(found) == chronology.PINS
