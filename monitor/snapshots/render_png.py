"""The link preview: 1200 x 630 pixels with title, level, index and its range, and the time."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from monitor.errors import ConfigError
from monitor.snapshots import wording
from monitor.snapshots.document import Document, Series, level_of

SIZE = (1200, 630)  # what messengers and networks show whole
_INK, _SOFT, _PAPER, _LINE = "#0c171e", "#4d5c65", "#ffffff", "#dbe1de"
_ACCENT, _BAND = "#17506b", "#d5e1e7"
_FILLS = ("#2f75a0", "#8cbfd3", "#efc64a", "#cc5f1c", "#8e1b3c")
_INK_ON = ("#ffffff", "#0c171e", "#0c171e", "#0c171e", "#ffffff")
_LEFT, _RIGHT = 64, 1136
_CHART = (330, 540)  # top and bottom
_SHARPER = 2  # lines are drawn twice as large and shrunk: Pillow does not smooth them


class Lettering:
    """The shipped font in the weights that the picture uses."""

    def __init__(self, file: Path) -> None:
        """Read the font.

        Raises:
            ConfigError: The file is missing or no font.
        """
        try:
            self._data = file.read_bytes()
            ImageFont.truetype(io.BytesIO(self._data), 12)
        except OSError as error:
            raise ConfigError(str(file), "", f"cannot be read as a font ({error})") from error

    def font(self, size: int, weight: int = 400) -> ImageFont.FreeTypeFont:
        """The font at a size in pixels and a weight from 100 to 900."""
        font = ImageFont.truetype(io.BytesIO(self._data), size)
        font.set_variation_by_axes([weight])
        return font


def png_bytes(document: Document, fonts: Path) -> bytes:
    """The preview as PNG.

    Args:
        document: What to show.
        fonts: The folder of the shipped font.

    Raises:
        ConfigError: The font is missing.
    """
    lettering = Lettering(fonts / "inter-latin.ttf")
    image = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 12), fill=_fill(document)[0])
    _words(draw, document, lettering)
    if document["series"]:
        _chart(image, document["series"][0])
    _foot(draw, document, lettering)
    out = io.BytesIO()
    image.quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()


def _words(draw: ImageDraw.ImageDraw, document: Document, lettering: Lettering) -> None:
    level = document["level"]
    draw.text((_LEFT, 48), document["site"], fill=_ACCENT, font=lettering.font(26, 650))
    title = lettering.font(50, 720)
    draw.text((_LEFT, 84), _fitted(document["title"], title), fill=_INK, font=title)
    badge = lettering.font(56, 740)
    text = level["name"]
    wide = badge.getlength(text)
    ground, ink = _fill(document)
    draw.rounded_rectangle((_LEFT, 178, _LEFT + wide + 56, 272), 16, fill=ground)
    draw.text((_LEFT + 28, 190), text, fill=ink, font=badge)
    beside = _LEFT + wide + 84
    reach = wording.span(level["low80"], level["high80"])
    draw.text(
        (beside, 182),
        f"Index {wording.figure(level['index'])}",
        fill=_INK,
        font=lettering.font(42, 680),
    )
    small = f"80 % range {reach} · 100 = normal" if reach else "100 = normal"
    draw.text((beside, 236), small, fill=_SOFT, font=lettering.font(26))


def _fill(document: Document) -> tuple[str, str]:
    """Colours of the level and of the words on it; plain while there is none."""
    number = level_of(document["level"])
    return (_LINE, _INK) if number is None else (_FILLS[number], _INK_ON[number])


def _foot(draw: ImageDraw.ImageDraw, document: Document, lettering: Lettering) -> None:
    zone = document["timezone"]
    when = f"Frozen {wording.moment(document['created_at'], zone)}, {zone}"
    draw.text((_LEFT, 572), when, fill=_SOFT, font=lettering.font(24))


def _fitted(text: str, font: ImageFont.FreeTypeFont) -> str:
    room = _RIGHT - _LEFT
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(text + "…") > room:
        text = text[:-1]
    return text.rstrip() + "…"


def _chart(image: Image.Image, series: Series) -> None:
    """The index with its band, drawn large and shrunk into place."""
    wide, high = (_RIGHT - _LEFT) * _SHARPER, (_CHART[1] - _CHART[0]) * _SHARPER
    canvas = Image.new("RGB", (wide, high), _PAPER)
    draw = ImageDraw.Draw(canvas)
    top = max([value for value in series["high80"] if value is not None], default=0)
    ceiling = max(top, *(value or 0 for value in series["index"]), 150.0)
    last = max(1, len(series["days"]) - 1)

    def spot(at: int, value: float) -> tuple[float, float]:
        return at / last * (wide - 16) + 4, high - 8 - value / ceiling * (high - 20)

    usual = spot(0, 100)[1]
    draw.line((0, usual, wide, usual), fill=_LINE, width=3)
    for start, end in _known(series):
        days = range(start, end + 1)
        upper = [spot(at, series["high80"][at] or 0.0) for at in days]
        lower = [spot(at, series["low80"][at] or 0.0) for at in reversed(days)]
        line = [spot(at, series["index"][at] or 0.0) for at in days]
        draw.polygon([*upper, *lower], fill=_BAND)
        draw.line(line, fill=_ACCENT, width=8, joint="curve")
        x, y = line[-1]
        if end == len(series["days"]) - 1:
            draw.ellipse((x - 11, y - 11, x + 11, y + 11), fill=_ACCENT)
    small = canvas.resize((wide // _SHARPER, high // _SHARPER), Image.Resampling.LANCZOS)
    image.paste(small, (_LEFT, _CHART[0]))


def _known(series: Series) -> list[tuple[int, int]]:
    """First and last day of each stretch of at least two days with index and band."""
    whole = [
        None not in values
        for values in zip(series["index"], series["low80"], series["high80"], strict=True)
    ]
    edges = [
        at
        for at in range(len(whole) + 1)
        if (at < len(whole) and whole[at]) != (at > 0 and whole[at - 1])
    ]
    starts, ends = edges[::2], edges[1::2]
    return [(start, end - 1) for start, end in zip(starts, ends, strict=True) if end - start > 1]
