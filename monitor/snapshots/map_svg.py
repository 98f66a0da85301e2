"""The map: countries, towns, and a marker for each place, by severity in shape and colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians, sin, sqrt

from monitor.assess.words import SEVERITIES
from monitor.snapshots import wording
from monitor.snapshots.coastline import Box, Coastline, Point
from monitor.snapshots.document import Marker, stories_at
from monitor.snapshots.markup import Markup, element, join, number

_LETTER = 6.9  # mean width of a letter at 12 px, for keeping labels apart
_LINE = 14
_DECIMALS = {"region": 2, "islands": 4}  # of a degree: about half a pixel in either drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Longitude and latitude to SVG units, true to shape at the middle of the box."""

    box: Box
    x0: float
    y0: float
    scale: float  # units per degree of latitude

    @classmethod
    def fit(cls, box: Box, *, width: float, x0: float = 0, y0: float = 0) -> Projection:
        """The box drawn `width` wide, its north-west corner at `x0`, `y0`."""
        west, south, east, north = box
        squeeze = cos(radians((south + north) / 2))
        return cls(box=box, x0=x0, y0=y0, scale=width / ((east - west) * squeeze))

    @property
    def squeeze(self) -> float:
        """Units per degree of longitude, over those of latitude."""
        return cos(radians((self.box[1] + self.box[3]) / 2))

    @property
    def width(self) -> float:
        """Of the drawn box."""
        return (self.box[2] - self.box[0]) * self.squeeze * self.scale

    @property
    def height(self) -> float:
        """Of the drawn box."""
        return (self.box[3] - self.box[1]) * self.scale

    def at(self, longitude: float, latitude: float) -> Point:
        """The place in SVG units."""
        x = self.x0 + (longitude - self.box[0]) * self.squeeze * self.scale
        return x, self.y0 + (self.box[3] - latitude) * self.scale


class Labels:
    """Writes names where no other name or marker stands yet; keeps what it has used."""

    def __init__(self, projection: Projection) -> None:
        self._left, self._top = projection.x0, projection.y0
        self._right = projection.x0 + projection.width
        self._bottom = projection.y0 + projection.height
        self._taken: list[Box] = []

    def block(self, left: float, top: float, right: float, bottom: float) -> None:
        """Keep names off a marker or a frame."""
        self._taken.append((left, top, right, bottom))

    def write(self, text: str, x: float, y: float, *, gap: float, css: str) -> Markup | None:
        """The name beside, above or below the point; None when there is no room."""
        wide = len(text) * _LETTER
        for dx, dy in ((gap, 4), (-gap - wide, 4), (-wide / 2, -gap - 2), (-wide / 2, gap + 11)):
            box = (x + dx, y + dy - _LINE + 3, x + dx + wide, y + dy + 3)
            if self._free(box):
                self._taken.append(box)
                return element("text", text, x=x + dx, y=y + dy, class_=css)
        return None

    def _free(self, box: Box) -> bool:
        left, top, right, bottom = box
        across = self._left <= left and right <= self._right
        down = self._top <= top and bottom <= self._bottom
        return (
            across
            and down
            and not any(
                left < r and right > x and top < b and bottom > y for x, y, r, b in self._taken
            )
        )


def land_defs(coastline: Coastline) -> Markup:
    """The land of both layers, once on a page; `region_map` and `island_map` refer to it."""
    return element(
        "svg",
        element(
            "defs",
            *(
                element("path", id=f"land-{layer}", d=_outline(coastline, layer, digits))
                for layer, digits in _DECIMALS.items()
            ),
        ),
        width="0",
        height="0",
        aria_hidden="true",
    )


def region_map(
    coastline: Coastline, markers: Sequence[Marker], *, width: int = 1000, inset: bool = True
) -> Markup:
    """The southern Caribbean, with the three islands enlarged in its empty north-west."""
    region = Projection.fit(coastline.region, width=width)
    labels = Labels(region)
    parts: list[Markup | None] = []
    if inset:
        islands = Projection.fit(coastline.islands, width=width * 0.41, x0=12, y0=12)
        labels.block(0, 0, islands.width + 24, islands.height + 24)
        parts = [_leader(region, islands), _inset(coastline, islands, markers)]
    return element(
        "svg",
        _sea(region),
        _land(region, "region"),
        *parts,
        _places(region, coastline, markers, labels, "region"),
        viewBox=f"0 0 {number(region.width)} {number(round(region.height))}",
        role="img",
        aria_label=_describe(markers),
        class_="wide" if inset else "narrow",
    )


def island_map(coastline: Coastline, markers: Sequence[Marker], *, width: int = 380) -> Markup:
    """Aruba, Curaçao and Bonaire alone."""
    islands = Projection.fit(coastline.islands, width=width)
    return element(
        "svg",
        _inset(coastline, islands, markers),
        viewBox=f"0 0 {number(islands.width)} {number(round(islands.height))}",
        role="img",
        aria_label=_describe([one for one in markers if _in_box(coastline.islands, one)]),
        class_="narrow",
    )


def elsewhere(coastline: Coastline, markers: Iterable[Marker]) -> list[Marker]:
    """Places that the map does not reach."""
    return [one for one in markers if not _in_box(coastline.region, one)]


def shape(severity: int, x: float, y: float, size: float = 8) -> Markup:
    """The sign of a severity: circle, diamond, triangle, octagon; told apart without colour."""
    css = f"mark f{severity}"
    if severity <= 1:
        return element("circle", cx=x, cy=y, r=size * 0.75, class_=css)
    if severity == 2:
        return _polygon(css, (x, y - size), (x + size, y), (x, y + size), (x - size, y))
    if severity == 3:
        tall = size * sqrt(3) / 2
        return _polygon(css, (x, y - tall), (x + size * 1.1, y + tall), (x - size * 1.1, y + tall))
    turns = [radians(22.5 + 45 * corner) for corner in range(8)]
    return _polygon(css, *((x + size * cos(turn), y + size * sin(turn)) for turn in turns))


def _polygon(css: str, *points: Point) -> Markup:
    text = " ".join(f"{number(round(x, 1))},{number(round(y, 1))}" for x, y in points)
    return element("polygon", points=text, class_=css)


def _outline(coastline: Coastline, layer: str, digits: int) -> str:
    """Rings as relative integer moves, `digits` decimals of a degree; y grows southwards."""
    scale = 10**digits
    return "".join(
        _ring([(round(x * scale), -round(y * scale)) for x, y in ring])
        for land in coastline.lands
        if land.layer == layer
        for polygon in land.polygons
        for ring in polygon
    )


def _ring(points: Sequence[tuple[int, int]]) -> str:
    moves = [f"M{points[0][0]} {points[0][1]}l"]
    for (x0, y0), (x1, y1) in pairwise(points):
        if (x0, y0) != (x1, y1):
            moves.append(f"{x1 - x0} {y1 - y0} ")
    return "".join(moves).rstrip() + "z"


def _land(projection: Projection, layer: str) -> Markup:
    x, y = projection.at(0, 0)
    per_unit = projection.scale / 10 ** _DECIMALS[layer]
    move = f"translate({x:.2f} {y:.2f}) scale({projection.squeeze * per_unit:.6f} {per_unit:.6f})"
    return element("use", href=f"#land-{layer}", transform=move, class_="land")


def _sea(projection: Projection) -> Markup:
    return element(
        "rect",
        x=projection.x0,
        y=projection.y0,
        width=projection.width,
        height=projection.height,
        class_="sea",
        rx=8,
    )


def _inset(coastline: Coastline, islands: Projection, markers: Sequence[Marker]) -> Markup:
    labels = Labels(islands)
    inside = element(
        "svg",
        element(
            "g",
            _land(islands, "islands"),
            _places(islands, coastline, markers, labels, "islands"),
            transform=f"translate({number(-islands.x0)} {number(-islands.y0)})",
        ),
        x=islands.x0,
        y=islands.y0,
        width=number(round(islands.width, 1)),
        height=number(round(islands.height, 1)),
    )
    frame = element(
        "rect",
        x=islands.x0,
        y=islands.y0,
        width=islands.width,
        height=islands.height,
        class_="frame",
        rx=8,
    )
    return join(_sea(islands), inside, frame)


def _leader(region: Projection, islands: Projection) -> Markup:
    """The rectangle on the big map that the inset enlarges, and two lines to it."""
    west, south, east, north = islands.box
    (left, top), (right, bottom) = region.at(west, north), region.at(east, south)
    under = islands.y0 + islands.height
    return join(
        element("line", x1=left, y1=top, x2=islands.x0, y2=under, class_="frame"),
        element("line", x1=right, y1=top, x2=islands.x0 + islands.width, y2=under, class_="frame"),
        element("rect", x=left, y=top, width=right - left, height=bottom - top, class_="frame"),
    )


def _places(
    projection: Projection,
    coastline: Coastline,
    markers: Sequence[Marker],
    labels: Labels,
    layer: str,
) -> Markup:
    inside = [one for one in markers if _in_box(projection.box, one)]
    by_rank = sorted(inside, key=lambda one: (one["severity"], stories_at(one)))
    spots = [(one, *projection.at(one["lon"], one["lat"])) for one in by_rank]
    for _, x, y in spots:
        labels.block(x - 8, y - 8, x + 8, y + 8)
    names = [
        labels.write(_named(one), x, y, gap=12, css="place")
        for one, x, y in reversed(spots)
        if layer == "islands" or not _in_box(coastline.islands, one)
    ]
    marked = {one["name"] for one in inside}
    towns = [
        _town(labels, town.name, *projection.at(town.longitude, town.latitude))
        for town in coastline.towns
        if town.layer == layer and town.name not in marked
    ]
    lands = [
        labels.write(land.name, *projection.at(land.longitude, land.latitude), gap=0, css="country")
        for land in coastline.names
        if land.layer == layer and land.name not in marked
    ]
    shapes = [_shape_with_title(one, x, y) for one, x, y in spots]
    return join(*lands, *towns, *shapes, *names)


def _in_box(box: Box, marker: Marker) -> bool:
    west, south, east, north = box
    return west <= marker["lon"] <= east and south <= marker["lat"] <= north


def _named(marker: Marker) -> str:
    count = stories_at(marker)
    return f"{marker['name']} · {count}" if count > 1 else marker["name"]


def _town(labels: Labels, name: str, x: float, y: float) -> Markup | None:
    words = labels.write(name, x, y, gap=6, css="town")
    return None if words is None else join(element("circle", cx=x, cy=y, r=2, class_="town"), words)


def _shape_with_title(marker: Marker, x: float, y: float) -> Markup:
    words = (
        f"{marker['name']}: {SEVERITIES[marker['severity']]}, "
        f"{wording.plural(stories_at(marker), 'story', 'stories')}"
    )
    return element("g", element("title", words), shape(marker["severity"], x, y))


def _describe(markers: Sequence[Marker]) -> str:
    if not markers:
        return "Map of the southern Caribbean without a marked place."
    worst = sorted(markers, key=lambda one: -one["severity"])
    words = ", ".join(f"{one['name']} ({SEVERITIES[one['severity']]})" for one in worst[:8])
    return f"Map of the southern Caribbean: {words}."
