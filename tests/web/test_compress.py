import gzip
from pathlib import Path

import brotli
import pytest

from monitor.web.compress import CompressedFiles, accepted
from tests.web.parts import make_client, make_streamlit


@pytest.mark.parametrize(
    ("header", "way"),
    [
        (b"gzip, deflate, br, zstd", "br"),
        (b"gzip, deflate", "gzip"),
        (b"GZIP;q=0.5", "gzip"),
        (b"br;q=0, gzip", "gzip"),
        (b"br;q=0.000, gzip;q=0", None),
        (b"*", "br"),
        (b"br;q=0, *;q=0.1", "gzip"),
        (b"identity", None),
        (b"", None),
        (b"br;q=nonsense", "br"),
    ],
)
def test_the_best_encoding_that_is_taken_is_used(header: bytes, way: str | None):
    assert accepted(header) == way


@pytest.mark.parametrize("base", ["", "/monitor"])
@pytest.mark.parametrize(
    ("asked", "opened"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
def test_a_script_is_sent_compressed_and_whole(tmp_path: Path, base: str, asked: str, opened):
    client = make_client(None, tmp_path, base=base)
    path = f"{base}/static/js/index.abc.js"
    for _ in range(2):
        with client.stream("GET", path, headers={"Accept-Encoding": asked}) as answer:
            raw = b"".join(answer.iter_raw())
        assert opened(raw) == (tmp_path / "streamlit/static/js/index.abc.js").read_bytes()
        assert int(answer.headers["content-length"]) == len(raw)
        assert answer.headers["content-encoding"] == asked
        assert answer.headers["vary"] == "Accept-Encoding"
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_head_of_a_script_has_no_body(tmp_path: Path):
    answer = make_client(None, tmp_path).head("/static/js/other.js")
    assert answer.headers["content-encoding"] == "br"
    assert answer.content == b""


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        pytest.param("/static/js/index.abc.js", {"Accept-Encoding": "identity"}, id="not taken"),
        pytest.param("/static/js/index.abc.js", {"Range": "bytes=0-9"}, id="a part"),
        pytest.param("/static/js/tiny.js", {}, id="too small"),
        pytest.param("/static/media/font.woff2", {}, id="compressed already"),
        pytest.param("/static/js/../../index.html", {}, id="a way out"),
        pytest.param("/static/js/%2e%2e/%2e%2e/index.html", {}, id="a hidden way out"),
        pytest.param("/static/js/unknown.js", {}, id="unknown"),
    ],
)
def test_everything_else_is_left_to_streamlit(tmp_path: Path, path: str, headers: dict[str, str]):
    assert make_client(None, tmp_path).get(path, headers=headers).text == "the page itself"


def test_a_post_is_left_to_streamlit(tmp_path: Path):
    answer = make_client(None, tmp_path).post("/static/js/index.abc.js")
    assert "content-encoding" not in answer.headers


def test_what_every_page_loads_is_compressed_beforehand(tmp_path: Path):
    files = CompressedFiles(make_streamlit(tmp_path / "streamlit"))
    assert files.warm() == 2
    for name in ("index.abc.js", "PlotlyChart.xyz.js"):
        (tmp_path / "streamlit/static/js" / name).unlink()
        assert brotli.decompress(files.body(f"/static/js/{name}", "br")).startswith(b"console")


def test_a_folder_without_a_page_warms_nothing(tmp_path: Path):
    assert CompressedFiles(tmp_path).warm() == 0
