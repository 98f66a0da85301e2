"""Charts as inline SVG: no script, no outside request, colours from the page's own palette."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TypeVar

from monitor.snapshots import wording
from monitor.snapshots.document import LevelStep, ReferenceEvent, Series
from monitor.snapshots.markup import Markup, element, join, number

THIN = 0.6  # coverage below which a day is hatched (method: section on missing data)
BLIND = 0.3  # coverage below which a day counts as not observed
_PIN_ROW = 19  # pixels between two rows of event numbers
_PIN_ROWS = 3
_LABEL_HEIGHT = 13
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The plot area: days from left to right, index from bottom to top, in SVG units."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    days: int
    ceiling: float  # index at the top edge

    @property
    def step(self) -> float:
        """Width of one day."""
        return (self.right - self.left) / max(1, self.days - 1)

    def x(self, day: float) -> float:
        """Horizontal position of a day number."""
        return self.left + day * self.step

    def y(self, value: float) -> float:
        """Vertical position of an index value, kept inside the plot."""
        share = min(1.0, max(0.0, value / self.ceiling))
        return self.bottom - share * (self.bottom - self.top)


def index_chart(
    series: Series,
    steps: Sequence[LevelStep],
    events: Sequence[ReferenceEvent],
    *,
    width: int = 1000,
    height: int = 340,
) -> Markup:
    """The index with its 80 % band, level zones, hatched gaps and numbered reference events.

    Args:
        series: At least one day.
        steps: The level scale, lowest first.
        events: Numbered in this order from 1; those outside the days are left out.
        width: SVG units; below 600 the labels move into the plot.
        height: SVG units.
    """
    narrow = width < 600
    pins = _pins(series, events, width - (44 if narrow else 132), narrow)
    frame = Frame(
        width=width,
        height=height,
        left=36 if narrow else 40,
        right=width - (8 if narrow else 92),
        top=8 + _PIN_ROW * (1 + max((row for _, _, row in pins), default=-1)),
        bottom=height - 26,
        days=len(series["days"]),
        ceiling=_ceiling(series),
    )
    return element(
        "svg",
        _zones(frame, steps, narrow),
        _values(frame),
        _dates(frame, series["days"], narrow),
        _gaps(frame, series),
        _band(frame, series),
        _event_lines(frame, pins),
        _line(frame, series),
        _last(frame, series),
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_label=describe(series),
        class_="narrow" if narrow else "wide",
    )


def small_chart(series: Series, *, width: int = 240, height: int = 64) -> Markup:
    """A line with its band and a rule at 100, stretched to whatever width it is given."""
    frame = Frame(
        width=width,
        height=height,
        left=0,
        right=width,
        top=3,
        bottom=height - 2,
        days=len(series["days"]),
        ceiling=_ceiling(series),
    )
    usual = frame.y(100)
    return element(
        "svg",
        _gaps(frame, series),
        element("line", x1=0, x2=width, y1=usual, y2=usual, class_="usual"),
        _band(frame, series),
        _line(frame, series),
        viewBox=f"0 0 {width} {height}",
        preserveAspectRatio="none",
        role="img",
        aria_label=describe(series),
        class_="small",
    )


def comparison_chart(
    before: Series, after: Series, steps: Sequence[LevelStep], *, width: int = 1000
) -> Markup:
    """The same series from two snapshots: the earlier dashed, the later solid with its band.

    Where both cover a day and differ, late items or another lexicon have moved it.
    """
    narrow = width < 600
    first = min(before["days"] + after["days"])
    last = max(before["days"] + after["days"])
    start = date.fromisoformat(first).toordinal()
    count = date.fromisoformat(last).toordinal() - start + 1
    days = [date.fromordinal(start + at).isoformat() for at in range(count)]
    old, new = _spread(before, days), _spread(after, days)
    frame = Frame(
        width=width,
        height=290,
        left=36 if narrow else 40,
        right=width - (8 if narrow else 92),
        top=8,
        bottom=264,
        days=count,
        ceiling=max(_ceiling(before), _ceiling(after)),
    )
    earlier = element(
        "polyline", points=_points(frame, old["index"], range(count)), class_="line before"
    )
    return element(
        "svg",
        _zones(frame, steps, narrow),
        _values(frame),
        _dates(frame, days, narrow),
        _gaps(frame, new),
        _band(frame, new),
        earlier,
        _line(frame, new),
        _last(frame, new),
        viewBox=f"0 0 {width} 290",
        role="img",
        aria_label=f"Before: {describe(before)} After: {describe(after)}",
        class_="narrow" if narrow else "wide",
    )


def _spread(series: Series, days: Sequence[str]) -> Series:
    """The series over more days; those it does not have are without value and not hatched."""
    offset = days.index(series["days"][0])
    after = len(days) - offset - len(series["days"])

    def padded(values: Sequence[_T], empty: _T) -> list[_T]:
        return [empty] * offset + list(values) + [empty] * after

    return Series(
        series=series["series"],
        name=series["name"],
        days=list(days),
        index=padded(series["index"], None),
        low80=padded(series["low80"], None),
        high80=padded(series["high80"], None),
        seen=padded(series["seen"], 0.0),
        expected=padded(series["expected"], 0.0),
        coverage=padded(series["coverage"], 1.0),
        state=padded(series["state"], "forming"),
        level=padded(series["level"], None),
    )


def hatches() -> Markup:
    """The patterns that charts refer to; once on a page, before the first chart."""
    return element("svg", _HATCHES, width="0", height="0", aria_hidden="true")


def describe(series: Series) -> str:
    """The chart in a sentence, for those who do not see it."""
    known = [
        (value, day)
        for value, day in zip(series["index"], series["days"], strict=True)
        if value is not None
    ]
    if not known:
        return f"{series['name']}: no values yet."
    highest, on = max(known)
    hidden = sum(1 for share in series["coverage"] if share < THIN)
    gaps = f" {wording.plural(hidden, 'day')} with too few feeds." if hidden else ""
    return (
        f"{series['name']}, {wording.day(known[0][1])} to {wording.day(known[-1][1])}: "
        f"from {wording.figure(known[0][0])} to {wording.figure(known[-1][0])}, "
        f"highest {wording.figure(highest)} on {wording.day(on)}; 100 is normal.{gaps}"
    )


def numbered(
    series: Series, events: Sequence[ReferenceEvent]
) -> list[tuple[int, int, ReferenceEvent]]:
    """Events inside the days of the series, as number, day number and event, by date."""
    position = {day: at for at, day in enumerate(series["days"])}
    inside = sorted((one for one in events if one["date"] in position), key=lambda one: one["date"])
    return [(at, position[one["date"]], one) for at, one in enumerate(inside, start=1)]


def _ceiling(series: Series) -> float:
    values = [value for value in series["index"] if value is not None]
    highs = [value for value in series["high80"] if value is not None]
    peak = max(values, default=100.0)
    return max(1.12 * peak, min(1.04 * max(highs, default=0.0), 1.8 * peak), 220.0)


def _pins(
    series: Series, events: Sequence[ReferenceEvent], room: float, narrow: bool
) -> list[tuple[int, int, int]]:
    """Number, day and row of each event; a row is taken when a neighbour would touch it."""
    step = room / max(1, len(series["days"]) - 1)
    apart = 17 if narrow else 20
    ends = [-1e9] * _PIN_ROWS
    placed = []
    for label, day, _ in numbered(series, events):
        at = day * step
        row = next((r for r, end in enumerate(ends) if at - end >= apart), ends.index(min(ends)))
        ends[row] = at
        placed.append((label, day, row))
    return placed


def _pattern(name: str, size: int, stroke: float) -> Markup:
    return element(
        "pattern",
        element("line", x1=0, x2=0, y1=0, y2=size, class_="hatch", stroke_width=stroke * 2),
        id=name,
        width=size,
        height=size,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


_HATCHES = element("defs", _pattern("hatch", 7, 1), _pattern("blind", 4, 1.6))


def _zones(frame: Frame, steps: Sequence[LevelStep], narrow: bool) -> Markup:
    tops = [step["above"] for step in steps[1:]] + [frame.ceiling]
    return join(
        *(
            _zone(frame, step, top, narrow)
            for step, top in zip(steps, tops, strict=True)
            if step["above"] < frame.ceiling
        )
    )


def _zone(frame: Frame, step: LevelStep, top: float, narrow: bool) -> Markup:
    high, low = frame.y(top), frame.y(step["above"])
    words = element(
        "text",
        f"{step['number']} {step['name']}",
        x=frame.left + 5 if narrow else frame.right + 8,
        y=(high + low) / 2 + 4,
        class_="on-plot" if narrow else None,
    )
    return join(
        element(
            "rect",
            x=frame.left,
            y=high,
            width=frame.right - frame.left,
            height=low - high,
            class_=f"zone f{step['number']}",
        ),
        words if low - high >= _LABEL_HEIGHT else None,
    )


def _values(frame: Frame) -> Markup:
    step = next(s for s in (50, 100, 200, 500, 1000, 2000, 5000, 1e9) if frame.ceiling / s <= 6)
    values = [step * k for k in range(int(frame.ceiling / step) + 1)]
    if 100 not in values:
        values.append(100)
    return join(*(_value(frame, value) for value in values))


def _value(frame: Frame, value: float) -> Markup:
    y = frame.y(value)
    return join(
        element(
            "line",
            x1=frame.left,
            x2=frame.right,
            y1=y,
            y2=y,
            class_="usual" if value == 100 else "rule",
        ),
        element("text", wording.figure(value), x=frame.left - 6, y=y + 4, text_anchor="end"),
    )


def _dates(frame: Frame, days: Sequence[str], narrow: bool) -> Markup:
    at_most = 4 if narrow else 9
    parsed = [date.fromisoformat(day) for day in days]
    ways = [[at for at, one in enumerate(parsed) if rule(one)] for rule in _DATE_RULES]
    chosen = next((way for way in ways if len(way) <= at_most), ways[-1])
    return join(*(_date(frame, at, days[at]) for at in chosen))


_DATE_RULES: tuple[Callable[[date], bool], ...] = (
    lambda day: day.toordinal() % 1 == 0,
    lambda day: day.toordinal() % 2 == 0,
    lambda day: day.weekday() == 0,
    lambda day: day.day in (1, 15),
    lambda day: day.day == 1,
    lambda day: day.day == 1 and day.month % 3 == 1,
    lambda day: day.day == 1 and day.month == 1,
)


def _date(frame: Frame, at: int, day: str) -> Markup:
    x = frame.x(at)
    anchor = "start" if x < frame.left + 14 else "end" if x > frame.right - 14 else "middle"
    text = wording.day(day, year=frame.days > 300)
    return join(
        element("line", x1=x, x2=x, y1=frame.bottom, y2=frame.bottom + 4, class_="rule"),
        element("text", text, x=x, y=frame.bottom + 18, text_anchor=anchor),
    )


def _gaps(frame: Frame, series: Series) -> Markup:
    fills = [
        "url(#blind)" if share < BLIND else "url(#hatch)" if share < THIN else ""
        for share in series["coverage"]
    ]
    return join(
        *(
            element(
                "rect",
                x=max(frame.left, frame.x(start - 0.5)),
                y=frame.top,
                width=min(frame.right, frame.x(end + 0.5)) - max(frame.left, frame.x(start - 0.5)),
                height=frame.bottom - frame.top,
                fill=fill,
            )
            for fill, start, end in _runs(fills)
            if fill
        )
    )


def _runs(keys: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Equal neighbours, as key, first and last position."""
    for key, group in groupby(enumerate(keys), key=lambda pair: pair[1]):
        positions = [at for at, _ in group]
        yield key, positions[0], positions[-1]


def _band(frame: Frame, series: Series) -> Markup:
    lows, highs = series["low80"], series["high80"]
    known = [
        "yes" if low is not None and high is not None else ""
        for low, high in zip(lows, highs, strict=True)
    ]
    shapes = []
    for key, start, end in _runs(known):
        if key and end > start:
            upper = _points(frame, highs, range(start, end + 1))
            lower = _points(frame, lows, range(end, start - 1, -1))
            shapes.append(element("polygon", points=f"{upper} {lower}", class_="band"))
    return join(*shapes)


def _line(frame: Frame, series: Series) -> Markup:
    """The index: solid, dashed where provisional, dotted where the last value is held."""
    values, states = series["index"], series["state"]
    kinds = [
        ""
        if values[at] is None or values[at - 1] is None
        else "held"
        if "blind" in (states[at], states[at - 1])
        else states[at]
        for at in range(1, len(values))
    ]
    return join(
        *(
            element(
                "polyline",
                points=_points(frame, values, range(start, end + 2)),
                class_=f"line {kind}",
            )
            for kind, start, end in _runs(kinds)
            if kind
        )
    )


def _points(frame: Frame, values: Sequence[float | None], positions: range) -> str:
    return " ".join(
        f"{number(round(frame.x(at), 1))},{number(round(frame.y(value), 1))}"
        for at in positions
        if (value := values[at]) is not None
    )


def _event_lines(frame: Frame, pins: Sequence[tuple[int, int, int]]) -> Markup:
    return join(*(_event_line(frame, *pin) for pin in pins))


def _event_line(frame: Frame, label: int, day: int, row: int) -> Markup:
    x, y = frame.x(day), 4 + row * _PIN_ROW
    wide = 18 if label > 9 else 15
    return join(
        element("line", x1=x, x2=x, y1=y + 15, y2=frame.bottom, class_="event"),
        element("rect", x=x - wide / 2, y=y, width=wide, height=15, rx=3.5, class_="pin"),
        element("text", str(label), x=x, y=y + 11.5, text_anchor="middle", class_="pin"),
    )


def _last(frame: Frame, series: Series) -> Markup:
    known = [at for at, value in enumerate(series["index"]) if value is not None]
    if not known:
        middle = (frame.left + frame.right) / 2
        return element(
            "text",
            "No values yet: the index needs more days of these feeds.",
            x=middle,
            y=(frame.top + frame.bottom) / 2,
            text_anchor="middle",
        )
    at = known[-1]
    value, level = series["index"][at], series["level"][at]
    assert value is not None
    hollow = series["state"][at] != "final"
    return element(
        "circle",
        cx=frame.x(at),
        cy=frame.y(value),
        r=5,
        class_="last hollow" if hollow else f"last f{level or 0}",
    )
