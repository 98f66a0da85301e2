import gc
import sys
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.web.app import base_path
from tests.web.parts import make_client, make_surroundings


def test_polling_starts_before_the_first_request_and_stops_after_the_last(tmp_path: Path):
    said = []

    def start():
        said.append("started")
        return lambda: said.append("stopped")

    with make_client(None, tmp_path, start_polling=start) as client:
        assert said == ["started"]
        client.get("/")
    assert said == ["started", "stopped"]


def test_what_readers_need_is_loaded_and_frozen_first(tmp_path: Path):
    sys.modules.pop("this_is_preloaded", None)
    (tmp_path / "this_is_preloaded.py").write_text("LOADED = True")
    sys.path.insert(0, str(tmp_path))
    try:
        with make_client(None, tmp_path, preload=["this_is_preloaded"]):
            assert sys.modules["this_is_preloaded"].LOADED
            assert gc.get_freeze_count() > 0
    finally:
        sys.path.remove(str(tmp_path))
        gc.unfreeze()


@pytest.mark.parametrize(
    ("configured", "prefix"), [("", ""), ("/", ""), ("monitor", "/monitor"), ("/a/b/", "/a/b")]
)
def test_the_base_path_becomes_a_prefix(configured: str, prefix: str):
    assert base_path(configured) == prefix


@pytest.mark.parametrize("base", ["", "/monitor"])
def test_every_route_stands_below_the_base_path(tmp_path: Path, base: str):
    parts = make_surroundings(None, tmp_path / "streamlit", base=base)
    assert all(route.path.startswith(f"{base}/") for route in parts.routes)
    assert set(parts.as_arguments()) == {"routes", "middleware", "lifespan"}


def test_without_streamlits_files_the_start_says_so(tmp_path: Path):
    (tmp_path / "streamlit").mkdir()
    with pytest.raises(ConfigError, match="reinstall streamlit"):
        make_client(None, tmp_path)
