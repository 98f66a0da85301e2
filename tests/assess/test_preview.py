"""Trying a change before it is saved."""

from dataclasses import replace

import pytest

from monitor.assess.preview import Sample, Step, compare, preview
from monitor.errors import ConfigError
from tests.assess.conftest import SEEDS

SAMPLES = [
    Sample(id="1", title="Quuxed airspace over Aruba", relevant=True),
    Sample(id="2", title="Curaçao airspace closed", relevant=True),
    Sample(id="3", title="Blackout in Willemstad", relevant=False),
    Sample(id="4", title="New bakery in Punda"),
]


def test_the_texts_that_change_verdict_are_named():
    found = preview(SEEDS, {"add": {"en/close": ["quuxed"]}}, SAMPLES)
    assert [one.sample.id for one in found.changed] == ["1"]
    assert not found.changed[0].before.relevant
    assert found.changed[0].after.relevant
    assert found.judged == 4
    assert found.version_before != found.version_after


def test_precision_and_recall_are_measured_on_labels():
    found = preview(SEEDS, {"add": {"en/close": ["quuxed"]}}, SAMPLES)
    assert (found.recall_before.value, found.recall_after.value) == (0.5, 1.0)
    assert found.precision_before.value == pytest.approx(1 / 2)
    assert found.precision_after.value == pytest.approx(2 / 3)


def test_a_change_that_undoes_what_is_saved_is_compared_with_it():
    saved = {"add": {"en/close": ["quuxed"]}}
    found = preview(SEEDS, {}, SAMPLES, saved=saved)
    assert [one.sample.id for one in found.changed] == ["1"]
    assert not found.changed[0].after.relevant


def test_without_labels_nothing_is_measured():
    found = preview(SEEDS, {}, SAMPLES[3:])
    assert found.precision_before.value is None
    assert found.changed == ()


def test_a_change_that_names_nothing_is_refused():
    with pytest.raises(ConfigError):
        preview(SEEDS, {"add": {"en/nothing": ["x"]}}, SAMPLES)


def test_each_change_of_a_verdict_is_named_and_counted():
    changes = {
        "add": {"en/close": ["quuxed"]},
        "rules": {"airspace.closed": {"severity": {"cur": 3}}},
        "remove": {"en/outage": ["blackout*", "power cuts"], "nl/outage": ["blackout*"],
                   "pap/outage": ["blackout"]},
    }  # fmt: skip
    found = preview(SEEDS, changes, [*SAMPLES, replace(SAMPLES[1], id="5", counted=False)])
    assert {one.sample.id: one.step for one in found.changed} == {
        "1": Step.FLAGGED, "2": Step.OTHER, "3": Step.DROPPED, "5": Step.OTHER,
    }  # fmt: skip
    assert [found.count(step) for step in Step] == [1, 1, 1]  # the older one is not counted
    assert (found.judged, found.labelled) == (4, 4)


def test_progress_is_told_from_the_first_text_to_the_last(assessor):
    told = []
    compare(assessor, assessor, SAMPLES * 30, progress=lambda *step: told.append(step))
    assert told == [(0, 120), (100, 120), (120, 120)]
