"""The timeline of a snapshot of stories: one mark a story, by day and severity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.assess.words import SEVERITIES
from monitor.snapshots import wording
from monitor.snapshots.document import Choice, Document, Dot
from monitor.snapshots.map_svg import shape
from monitor.snapshots.markup import Markup, element, join, number

_LANE = 42  # SVG units for one severity
_TOP = 8
_CLOCKS = {"seen": "by the day it was first seen", "event": "by the day of the event, where known"}


def card(document: Document) -> Markup | None:
    """The timeline, wide for screens and paper, narrow for phones; nothing where there is none."""
    dots = document.get("timeline")
    if not dots:
        return None
    clock = _CLOCKS[document.get("choice", Choice()).get("by", "event")]
    return element(
        "section",
        element(
            "div",
            element("h2", "Timeline"),
            element("span", f"one mark a story, {clock}", class_="soft"),
            class_="head",
        ),
        _drawing(document, dots, 1000),
        _drawing(document, dots, 380),
        class_="card chart",
    )


def day_of(dot: Dot, zone: str) -> date:
    """The local day on which a mark stands."""
    if "T" not in dot["at"]:
        return date.fromisoformat(dot["at"])
    return datetime.fromisoformat(dot["at"]).astimezone(ZoneInfo(zone)).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plot:
    """Days from left to right, severities from bottom to top, in SVG units."""

    left: float
    right: float
    first: date
    last: date
    lanes: tuple[int, ...]  # severities, the gravest first

    @property
    def bottom(self) -> float:
        return _TOP + len(self.lanes) * _LANE

    def x(self, day: date) -> float:
        """Days before the first stand on the edge."""
        share = max(0, (day - self.first).days) / max(1, (self.last - self.first).days)
        return self.left + share * (self.right - self.left)

    def y(self, severity: int) -> float:
        return _TOP + (self.lanes.index(severity) + 0.5) * _LANE


def _drawing(document: Document, dots: Sequence[Dot], width: int) -> Markup:
    zone, narrow = document["timezone"], width < 600
    frozen = datetime.fromisoformat(document["created_at"]).astimezone(ZoneInfo(zone)).date()
    plot = _Plot(
        left=86 if narrow else 110,
        right=width - (12 if narrow else 16),
        first=frozen - timedelta(days=document.get("choice", Choice()).get("days", 30)),
        last=max([frozen, *(day_of(one, zone) for one in dots)]),
        lanes=tuple(sorted({1, 2, 3, 4} | {one["severity"] for one in dots}, reverse=True)),
    )
    return element(
        "svg",
        *(_lane(severity, plot) for severity in plot.lanes),
        *_dates(plot, 3 if narrow else 8),
        *_marks(dots, zone, plot),
        viewBox=f"0 0 {width} {number(plot.bottom + 24)}",
        role="img",
        aria_label=_described(dots),
        class_="narrow" if narrow else "wide",
    )


def _lane(severity: int, plot: _Plot) -> Markup:
    y, words = plot.y(severity), f"{severity} {SEVERITIES[severity]}"
    return join(
        element("line", x1=plot.left, x2=plot.right, y1=y, y2=y, class_="rule"),
        element("text", words, x=plot.left - 10, y=y + 4, text_anchor="end"),
    )


def _dates(plot: _Plot, pieces: int) -> list[Markup]:
    span = max(1, (plot.last - plot.first).days)
    steps = dict.fromkeys(round(span * at / pieces) for at in range(pieces + 1))
    return [_date(plot.first + timedelta(days=at), plot, span) for at in steps]


def _date(day: date, plot: _Plot, span: int) -> Markup:
    anchor = "start" if day == plot.first else "end" if day >= plot.last else "middle"
    words = wording.day(day.isoformat(), year=span > 300)
    return element("text", words, x=plot.x(day), y=plot.bottom + 16, text_anchor=anchor)


def _marks(dots: Sequence[Dot], zone: str, plot: _Plot) -> list[Markup]:
    """Marks of one day and severity stand beside each other on it, the gravest drawn last."""
    places: dict[tuple[date, int], list[Dot]] = {}
    for one in sorted(dots, key=lambda dot: dot["severity"]):
        places.setdefault((max(plot.first, day_of(one, zone)), one["severity"]), []).append(one)
    return [
        _mark(one, zone, plot.x(day), plot.y(severity) + _aside(at, len(here)))
        for (day, severity), here in places.items()
        for at, one in enumerate(here)
    ]


def _aside(at: int, of: int) -> float:
    return ((at + 0.5) / of - 0.5) * _LANE * 0.64 if of > 1 else 0.0


def _mark(one: Dot, zone: str, x: float, y: float) -> Markup:
    when = wording.day(day_of(one, zone).isoformat())
    words = f"{one['title']} ({when}, {wording.plural(one['reports'], 'report')})"
    return element(
        "g", element("title", words), shape(one["severity"], round(x, 1), round(y, 1), 6)
    )


def _described(dots: Sequence[Dot]) -> str:
    counted = Counter(one["severity"] for one in dots)
    words = ", ".join(
        f"{counted[severity]} {SEVERITIES[severity]}" for severity in sorted(counted, reverse=True)
    )
    return f"Timeline of {wording.plural(len(dots), 'story', 'stories')}: {words}."
