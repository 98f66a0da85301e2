"""What a level rests on: one sentence, the stories in it, and what was left out of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.indicators.contributions import contributions, seen_parts
from monitor.indicators.headline import Headline
from monitor.indicators.measure import Measures, Reading, State
from monitor.indicators.settings import LEVELS, Settings

DAYS = 7
TOP = 3
CARRYING = 6
"""Stories named that carry most of an index (chosen by us)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that the sentence says."""

    series: str
    day: date
    index: float | None
    low80: float | None
    high80: float | None
    seen: int  # story-mentions in the last seven days
    expected: float
    counted_groups: int  # observed and known well enough, on the day
    watched_groups: int
    top: tuple[tuple[str, int], ...]  # indicator and story-mentions, most first
    groups: int  # publisher groups that contributed
    driver: str | None
    without_driver: float | None
    coverage: float
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one story carries of an index."""

    story_id: str
    points: float  # of the index, from all publisher groups that tell it


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why the headline of the last day is what it is; the points sum up to its index."""

    day: date
    sentence: str
    stories: tuple[Share, ...]  # that carry most of it, most first
    others: float  # index points of all other stories
    usual: float  # index points of the pull to normal
    notes: tuple[tuple[date, str], ...]  # what was left out in the last seven days, and why


def explained(
    measures: Measures, head: Headline, names: Mapping[str, str] | None = None
) -> Explained:
    """Why the headline of the last day is what it is."""
    day = measures.last
    points: defaultdict[str, float] = defaultdict(float)
    usual = others = 0.0
    for part in contributions(measures, "risk", day):
        if part.what == "story":
            points[part.story_id] += part.points
        elif part.what == "prior":
            usual = part.points
        else:
            others = part.points
    ranked = sorted(points.items(), key=lambda one: (-one[1], one[0]))
    return Explained(
        day=day,
        sentence=_reason(measures, head, names),
        stories=tuple(Share(story_id=who, points=worth) for who, worth in ranked[:CARRYING]),
        others=others + sum(worth for _who, worth in ranked[CARRYING:]),
        usual=usual,
        notes=tuple(one for one in measures.notes if one[0] > day - timedelta(DAYS)),
    )


def facts(measures: Measures, day: date, series: str = "risk") -> Facts:
    """The facts about one series on one day; counts are of the seven days up to it.

    Raises:
        KeyError: No such series, or the day lies outside the measurement.
    """
    reading = next(iter(measures.readings(series, day, day)), None)
    if reading is None:
        raise KeyError(f"{day} is not between {measures.first} and {measures.last}")
    since = max(measures.first, day - timedelta(DAYS - 1))
    days = [since + timedelta(n) for n in range((day - since).days + 1)]
    counted = f"{series}_count" if f"{series}_count" in measures.names else series
    parts = seen_parts(measures, counted, days)
    place, column = (day - measures.first).days, measures.series(counted)
    top = Counter(part.indicator for part in parts)
    expected = measures.track.expected[place - len(days) + 1 : place + 1, column].sum()
    return Facts(
        series=series,
        day=day,
        index=reading.index,
        low80=reading.low80,
        high80=reading.high80,
        seen=len(parts),
        expected=float(expected),
        counted_groups=int(measures.counted[place].sum()),
        watched_groups=int(measures.grid.watched[place].sum()),
        top=tuple(sorted(top.items(), key=lambda one: (-one[1], one[0]))[:TOP]),
        groups=len({part.group for part in parts}),
        driver=reading.driver if is_driven(reading, measures.settings) else None,
        without_driver=reading.without_driver,
        coverage=reading.coverage,
        state=reading.state,
    )


def sentence(known: Facts, names: Mapping[str, str] | None = None) -> str:
    """The facts in words.

    Args:
        names: Indicator id to its name in the reader's language; ids without one stand as they are.
    """
    label = _label(known.series, names or {})
    counts = _counts(known, names or {})
    if known.index is None or known.low80 is None or known.high80 is None:
        return f"{label}: not known yet, what is normal is still being learnt. {counts}"
    parts = [
        f"{label} {known.index:.0f}, {_band(known.low80, known.high80)} (100 is normal).",
        counts,
    ]
    if known.driver is not None and known.without_driver is not None:
        parts.append(f"Without {known.driver} alone it would be {known.without_driver:.0f}.")
    if known.state is State.FORMING:
        parts.append("What is normal is still being learnt.")
    if known.state is State.BLIND:
        parts.append(f"Only {known.coverage:.0%} of the sources were observed: the level is held.")
    return " ".join(parts)


def level_sentence(
    measures: Measures, head: Headline, names: Mapping[str, str] | None = None
) -> str:
    """Why the level of the last day is what it is."""
    return f"Level {head.now} {LEVELS[head.now]}. {_reason(measures, head, names)}"


def _reason(measures: Measures, head: Headline, names: Mapping[str, str] | None) -> str:
    text = sentence(facts(measures, measures.last), names)
    raising = next((one for one in head.active if one.floor > head.index_level[-1]), None)
    return text if raising is None else f"Held by a tripwire: {raising.because}. {text}"


def is_driven(reading: Reading, settings: Settings) -> bool:
    """Whether one publisher group carries so much of the value that it must be said."""
    if reading.index is None or reading.without_driver is None:
        return False
    return abs(reading.index - reading.without_driver) > settings.driven_above * reading.index


def _label(series: str, names: Mapping[str, str]) -> str:
    if series == "risk":
        return "Index"
    return f"Index of {names.get(series, series)}"


def _counts(known: Facts, names: Mapping[str, str]) -> str:
    text = (
        f"In seven days {_many(known.seen, 'flagged report')}, where {known.expected:.1f} are "
        f"usual from the {known.counted_groups} of {known.watched_groups} publishers that count"
    )
    if not known.top:
        return f"{text}."
    top = ", ".join(f"{names.get(name, name)} ({count})" for name, count in known.top)
    return f"{text}. Most: {top}, told by {_many(known.groups, 'publisher')}."


def _band(low: float, high: float) -> str:
    return f"likely between {low:.0f} and {high:.0f}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
