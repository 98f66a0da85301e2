"""The shipped judgement, loaded once."""

from pathlib import Path

import pytest

from monitor.assess.assessor import Assessor

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="session")
def assessor() -> Assessor:
    return Assessor.load(SEEDS)
