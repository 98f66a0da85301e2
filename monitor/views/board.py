"""Board: readings in words, small series, and what moved the headline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.indicators import composite
from monitor.indicators.explain import Explained
from monitor.indicators.measure import Reading, State
from monitor.indicators.settings import Settings, Watched
from monitor.snapshots import wording
from monitor.storage.measures import LevelChange
from monitor.views.lens import LEVELS, Lens

HEADLINE = composite.HEADLINE
COMPOSITES = {
    "risk": "Overall",
    "act": "Acts",
    "threat": "Threats",
    "deesc": "De-escalation",
}
SPARK_DAYS = 30
MOVE_DAYS = wording.BOARD_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the headline stands, in words and numbers."""

    level: int | None  # None: no value yet
    name: str
    sub: str
    sentence: str
    index: float | None
    low: float | None
    high: float | None
    coverage: float
    state: str  # final, provisional, forming, blind, empty
    because: str  # why the level last changed; "" when it never did
    steps: tuple[tuple[str, float], ...]  # name and index from which it begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One indicator on the board."""

    id: str
    name: str
    state: str  # quiet, watch, warning, unknown
    word: str
    index: str
    detail: str
    spark: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One line of what moved the headline."""

    indicator: str
    name: str
    way: str  # up, down
    words: str
    weight: float


def standing(
    readings: Sequence[Reading],
    changes: Sequence[LevelChange],
    settings: Settings,
    lens: Lens,
    explained: Explained | None = None,
) -> Standing:
    """The headline's latest reading in words.

    Args:
        readings: Of the headline series, oldest first.
        changes: Of the level, newest first.
        settings: Constants of the index.
        lens: The reader's clock.
        explained: Why the headline of its day is what it is.
    """
    steps = tuple(zip(LEVELS, (0.0, *settings.thresholds), strict=True))
    if not readings:
        return Standing(
            level=None,
            name="No value yet",
            sub="the first poll has not been measured",
            sentence="The index begins when the first feeds have been polled.",
            index=None,
            low=None,
            high=None,
            coverage=0.0,
            state="empty",
            because="",
            steps=steps,
        )
    last = readings[-1]
    forming = last.index is None
    return Standing(
        level=None if forming else last.level,
        name="Baseline forming" if forming else LEVELS[last.level],
        sub=_sub(last, readings, changes, lens),
        sentence=_sentence(last, settings, explained),
        index=last.index,
        low=last.low80,
        high=last.high80,
        coverage=last.coverage,
        state=last.state.value,
        because=_because(last, changes, lens),
        steps=steps,
    )


def _because(last: Reading, changes: Sequence[LevelChange], lens: Lens) -> str:
    if _logged(last, changes) is None:
        return ""
    return f"{lens.short_day(changes[0].day)}: {changes[0].because}"


def _sub(
    last: Reading, readings: Sequence[Reading], changes: Sequence[LevelChange], lens: Lens
) -> str:
    """The level in a number, and since when where that is known.

    Where a window of readings begins is no date of the level: the log of changes says it, or a
    change inside the window, or nobody.
    """
    if last.index is None:
        return "no level yet"
    found = _logged(last, changes) or _seen_change(last, readings)
    where = f"level {last.level} of 4"
    if found is None:
        return where
    before, day = found
    way = "up" if last.level > before else "down"
    return f"{where}, {way} from {LEVELS[before]} on {lens.short_day(day)}"


def _logged(last: Reading, changes: Sequence[LevelChange]) -> tuple[int, date] | None:
    """The level before and the day of the change, as written down when it happened."""
    if not changes or changes[0].new != last.level:
        return None
    return changes[0].old, changes[0].day


def _seen_change(last: Reading, readings: Sequence[Reading]) -> tuple[int, date] | None:
    """The same as the readings show it; None: it lies before the first of them."""
    since = last.day
    for one in reversed([one for one in readings if one.index is not None]):
        if one.level != last.level:
            return one.level, since
        since = one.day
    return None


def _sentence(last: Reading, settings: Settings, explained: Explained | None) -> str:
    if last.index is None:
        days = settings.forming_days + settings.guard_days
        return (
            f"What is normal must first be learnt: {days} observed days are needed before the "
            "index means something. Flagged stories are complete from the first day."
        )
    if explained is not None and explained.day == last.day:
        said = last.state in (State.BLIND, State.FORMING)  # the kept sentence ends with it
        return (
            explained.sentence if said else f"{explained.sentence} {_trust(last, settings)}".strip()
        )
    low, high = last.low80 or 0.0, last.high80 or 0.0
    text = (
        f"Index {last.index:,.0f}, likely between {low:,.0f} and {high:,.0f}: "
        f"{last.index / 100:,.1f} times what these sources show in normal times."
    )
    return f"{text} {_trust(last, settings)}".strip()


def _trust(last: Reading, settings: Settings) -> str:
    covered = f"{last.coverage:.0%}"
    if last.state is State.BLIND:
        return f"Only {covered} of the expected evidence can be observed: the level is held."
    if last.coverage < settings.hatched_below:
        return f"Only {covered} of the expected evidence can be observed: read it with care."
    if last.state is State.FORMING:
        return "The baseline is still forming."
    ends = sum((last.low80 or 0) > threshold for threshold in settings.thresholds)
    tops = sum((last.high80 or 0) > threshold for threshold in settings.thresholds)
    if ends != tops:
        return f"The range reaches from {LEVELS[ends]} to {LEVELS[tops]}."
    return ""


def cells(
    series: Mapping[str, Sequence[Reading]], names: Sequence[str], lens: Lens
) -> tuple[Cell, ...]:
    """The board: warnings first, then early signs, then the quiet ones, each by name."""
    order = {"warning": 0, "watch": 1, "quiet": 2, "unknown": 3}
    found = [_cell(name, series.get(name, ()), lens) for name in names]
    return tuple(sorted(found, key=lambda cell: (order[cell.state], cell.name)))


def _cell(name: str, readings: Sequence[Reading], lens: Lens) -> Cell:
    last = readings[-1] if readings else None
    state = board_state(last)
    words = {"warning": "warning", "watch": "watch", "quiet": "quiet", "unknown": "no baseline"}
    known = last is not None and last.index is not None
    recent = readings[-MOVE_DAYS:]
    seen, expected = sum(one.seen for one in recent), sum(one.expected for one in recent)
    return Cell(
        id=name,
        name=lens.name(name),
        state=state,
        word=words[state],
        index=f"{last.index:,.0f}" if known and last and last.index is not None else "–",
        detail=wording.seen(seen, expected),
        spark=tuple(one.index for one in readings[-SPARK_DAYS:]),
    )


def loud(shown: Sequence[Cell]) -> str:
    """How many indicators stand out, in a sentence; unknown is not called quiet."""
    unknown = sum(cell.state == "unknown" for cell in shown)
    above = sum(cell.state in ("warning", "watch") for cell in shown)
    if unknown == len(shown):
        return "No indicator has a baseline yet: what is usual must first be learnt."
    said = (
        f"{above} of {len(shown)} indicators {'is' if above == 1 else 'are'} above what is usual."
        if above
        else "No single indicator stands out from what is usual."
    )
    if not unknown:
        return said
    return f"{said} {unknown} {'has' if unknown == 1 else 'have'} no baseline yet."


def board_state(last: Reading | None) -> str:
    """Quiet, watch (an early sign or Guarded), warning (Elevated or more), or unknown."""
    if last is None or last.index is None:
        return "unknown"
    if last.level >= 2:
        return "warning"
    return "watch" if last.watch or last.level == 1 else "quiet"


def moves(
    series: Mapping[str, Sequence[Reading]],
    watched: Mapping[str, Watched],
    lens: Lens,
    *,
    limit: int = 5,
) -> tuple[Move, ...]:
    """What pushed the headline in the last week, strongest first.

    An indicator pushes by its weight times what was seen above (or below) what was expected.
    """
    found = []
    for name, readings in series.items():
        recent = readings[-MOVE_DAYS:]
        seen, expected = sum(one.seen for one in recent), sum(one.expected for one in recent)
        push = (seen - expected) * (watched[name].weight if name in watched else 0.0)
        if abs(seen - expected) >= 0.5 and push:
            words = wording.seen(seen, expected)
            way = "up" if push > 0 else "down"
            found.append(
                Move(indicator=name, name=lens.name(name), way=way, words=words, weight=push)
            )
    found.sort(key=lambda move: -abs(move.weight))
    return tuple(found[:limit])


def change(readings: Sequence[Reading], *, days: int = MOVE_DAYS) -> float | None:
    """Index now less the index so many days before; None when one of them is not known."""
    by_day = {one.day: one.index for one in readings}
    if not readings:
        return None
    now, then = readings[-1].index, by_day.get(readings[-1].day - timedelta(days=days))
    return None if now is None or then is None else now - then


def by_series(readings: Sequence[Reading]) -> dict[str, list[Reading]]:
    """Readings by series, each in the order given."""
    found: dict[str, list[Reading]] = {}
    for one in readings:
        found.setdefault(one.series, []).append(one)
    return found


def start_of(lens: Lens, days: int) -> date:
    """First local day of a range that ends today."""
    return lens.today - timedelta(days=days - 1)
