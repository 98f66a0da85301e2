import io
from pathlib import Path

import pytest
from PIL import Image

from monitor.errors import ConfigError
from monitor.snapshots.render_png import SIZE, png_bytes
from tests.snapshots.documents import make_document, make_series

FONTS = Path(__file__).parents[2] / "seeds" / "fonts"


def colours(data: bytes, box: tuple[int, int, int, int]) -> set[tuple[int, int, int]]:
    image = Image.open(io.BytesIO(data)).convert("RGB").crop(box)
    return {colour for _, colour in image.getcolors(1 << 20)}


def test_the_picture_has_the_size_of_a_link_preview():
    image = Image.open(io.BytesIO(png_bytes(make_document(), FONTS)))
    assert (image.format, image.size) == ("PNG", SIZE)


@pytest.mark.parametrize(("level", "red"), [(0, 0x2F), (2, 0xEF), (4, 0x8E)])
def test_the_badge_has_the_colour_of_the_level(level: int, red: int):
    document = make_document()
    document["level"].update(number=level)
    found = colours(png_bytes(document, FONTS), (86, 182, 110, 186))
    assert all(abs(colour[0] - red) <= 8 for colour in found)


def test_another_title_and_another_level_give_another_picture():
    one = png_bytes(make_document(), FONTS)
    assert one == png_bytes(make_document(), FONTS)
    assert one != png_bytes(make_document(title="Other"), FONTS)


def test_a_very_long_title_is_cut_to_fit():
    data = png_bytes(make_document(title="word " * 60), FONTS)
    assert colours(data, (1140, 80, 1200, 150)) == {(255, 255, 255)}


@pytest.mark.parametrize(
    "series",
    [
        pytest.param([], id="none"),
        pytest.param([make_series(n=1)], id="one day"),
        pytest.param([make_series(n=2, index=[None, None])], id="no values"),
        pytest.param([make_series(n=4, index=[1.0, 2.0, None, 3.0])], id="a gap"),
        pytest.param([make_series(n=3, low80=[None] * 3, high80=[None] * 3)], id="no band"),
    ],
)
def test_a_short_or_broken_series_still_gives_a_picture(series):
    assert png_bytes(make_document(series=series), FONTS).startswith(b"\x89PNG")


def test_a_missing_font_is_named(tmp_path: Path):
    with pytest.raises(ConfigError, match="cannot be read as a font"):
        png_bytes(make_document(), tmp_path)
