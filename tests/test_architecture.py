"""The rules of the house that import-linter cannot say."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = [
    ROOT / "dashboard.py",
    *sorted(
        path
        for folder in ("monitor", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if "__pycache__" not in path.parts
    ),
]

# Library -> where it may be imported.
HOMES = {
    "streamlit": r"(dashboard\.py|pages/.*)",
    "sqlalchemy": r"monitor/storage/.*",
    "feedparser": r"monitor/(feeds/(parse\w*|strict)|bench/.*)\.py",
    "plotly": r"monitor/(charts/.*|web/app)\.py",
    "pandas": r"monitor/(indicators|views|charts|bench)/.*|monitor/web/app\.py|pages/.*",
    "aiohttp": r"monitor/(feeds/(fetch|lanes|addresses|answers)|bench/.*)\.py",
    "starlette": r"(monitor/web/.*|dashboard\.py)",
}


@cache
def imports(path):
    """Libraries that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(one.name.split(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("library", sorted(HOMES))
def test_each_library_stays_in_its_room(library):
    strangers = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if library in imports(path)
        and not re.fullmatch(HOMES[library], path.relative_to(ROOT).as_posix())
    ]
    assert strangers == []


def test_no_module_is_longer_than_five_hundred_lines():
    long = {
        path.relative_to(ROOT).as_posix(): count
        for path in MODULES
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert long == {}


def test_pages_are_thin():
    long = {
        path.name: count
        for path in (ROOT / "pages").glob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 110
    }
    assert long == {}


def test_the_project_names_no_path_of_a_machine_and_locks_hold_no_addresses():
    for path in [*MODULES, ROOT / "README.md", ROOT / "config.toml", ROOT / "Makefile"]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(^|[^\w.])/(work|home|root)/", text), path
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param('"escalatory": "', id="directions"),
        pytest.param('"background", "notable"', id="severities"),
        pytest.param('"Guarded", "Elevated"', id="levels"),
        pytest.param('HEADLINE = "', id="headline"),
        pytest.param('"es": "Spanish"', id="languages"),
    ],
)
def test_what_people_read_everywhere_is_worded_in_one_place(words):
    copies = [
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        for line in path.read_text(encoding="utf-8").splitlines()
        if words.lower() in line.lower() and "_ARROWS" not in line
    ]
    assert len(copies) == 1
