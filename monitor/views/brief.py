"""Brief: what does my colleague need at 07:00? One page since a chosen time, and as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from monitor.indicators.measure import Reading
from monitor.indicators.settings import Settings, Watched
from monitor.snapshots.document import Since
from monitor.storage.measures import LevelChange, Measures
from monitor.storage.reading import Reading as Queries
from monitor.storage.rows import StoryFilter
from monitor.views import board, deadlines, feeds
from monitor.views.board import Standing
from monitor.views.cards import VOICES, StoryCard, story_cards
from monitor.views.deadlines import DueCard
from monitor.views.lens import LEVELS, SEVERITIES, Lens, count, listed

STORIES = 8
DUE = 6
SILENT = 10
SINCE: dict[Since, str] = {
    "yesterday": "Yesterday 07:00",
    "day": "24 hours",
    "three": "3 days",
    "week": "7 days",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One page."""

    title: str
    since: str
    standing: Standing
    changed: tuple[str, ...]  # sentences, most important first
    stories: tuple[StoryCard, ...]
    more: str
    due: tuple[DueCard, ...]
    silent: tuple[str, ...]
    more_silent: str  # "" when all are named
    text: str  # for a message


def begins(choice: str, lens: Lens) -> datetime:
    """The moment from which on the brief tells."""
    if choice == "yesterday":
        day = lens.today - timedelta(days=1)
        return datetime.combine(day, time(7), lens.zone)
    return lens.now - {"three": timedelta(days=3), "week": timedelta(days=7)}.get(
        choice, timedelta(days=1)
    )


def load(
    queries: Queries,
    lens: Lens,
    measures: Measures,
    *,
    watched: Mapping[str, Watched],
    settings: Settings,
    choice: str = "day",
) -> Brief:
    """What is different from the chosen moment on."""
    since = begins(choice, lens)
    recent = board.by_series(measures.readings(since=board.start_of(lens, board.SPARK_DAYS)))
    headline = recent.get(board.HEADLINE, [])
    changes = measures.level_changes(20)
    standing = board.standing(headline, changes, settings, lens, measures.explained())
    chosen = StoryFilter(since=since)
    number = queries.count_stories(chosen)
    rows = queries.severest_stories(chosen, limit=STORIES)
    stories = story_cards(rows, queries.items_of([row.id for row in rows], limit=VOICES), lens)
    due = deadlines.upcoming(queries, lens, show=DUE).cards
    silent = feeds.silent(queries.feeds(now=lens.now), lens)
    changed = (
        *_levels(changes, since, lens),
        *_index(headline, since, lens),
        *_indicators(recent, watched, since, lens),
        _told(number, rows[0].severity if rows else 0),
    )
    more = count(number - len(stories), "more flagged story", "more flagged stories")
    title = f"Brief of {lens.exact(lens.now)}"
    view = Brief(
        title=title,
        since=lens.exact(since),
        standing=standing,
        changed=changed,
        stories=stories,
        more=more if number > len(stories) else "",
        due=due,
        silent=silent[:SILENT],
        more_silent=count(len(silent) - SILENT, "more silent source") if silent[SILENT:] else "",
        text="",
    )
    return Brief(**{name: getattr(view, name) for name in Brief.__slots__} | {"text": text(view)})


def _levels(changes: Sequence[LevelChange], since: datetime, lens: Lens) -> list[str]:
    found = [one for one in changes if one.at >= since]
    return [
        f"{lens.exact(one.at)}: level {LEVELS[one.old]} to {LEVELS[one.new]}. {one.because}"
        for one in found
    ] or ["The level has not changed."]


def _index(headline: Sequence[Reading], since: datetime, lens: Lens) -> list[str]:
    day = lens.local(since).date()
    before = [one.index for one in headline if one.day <= day and one.index is not None]
    if not headline or headline[-1].index is None or not before:
        return []
    then, now = before[-1], headline[-1].index
    way = "unchanged" if abs(now - then) < 1 else f"from {then:,.0f} to {now:,.0f}"
    return [f"Index {way} (100 is normal)."]


def _indicators(
    recent: Mapping[str, Sequence[Reading]],
    watched: Mapping[str, Watched],
    since: datetime,
    lens: Lens,
) -> list[str]:
    day = lens.local(since).date()
    louder, quieter, lost = [], [], []
    for name in watched:
        rows = recent.get(name, ())
        before = [one for one in rows if one.day <= day]
        if not rows or not before:
            continue
        old, new = board.board_state(before[-1]), board.board_state(rows[-1])
        if new == "unknown":
            lost += [lens.name(name)] if old != "unknown" else []
        elif _RANK[new] > _RANK[old]:
            louder.append(f"{lens.name(name)} ({new})")
        elif _RANK[new] < _RANK[old]:
            quieter.append(f"{lens.name(name)} ({new})")
    told = [f"Louder: {listed(louder)}."] if louder else []
    told += [f"Quieter: {listed(quieter)}."] if quieter else []
    return told + ([f"Without a value now, which is not calm: {listed(lost)}."] if lost else [])


_RANK = {"unknown": 0, "quiet": 0, "watch": 1, "warning": 2}


def _told(number: int, worst: int) -> str:
    if not number:
        return "No flagged story was seen."
    seen = count(number, "flagged story was seen", "flagged stories were seen")
    return f"{seen}, the worst of severity {worst} {SEVERITIES[worst]}."


def text(view: Brief) -> str:
    """The brief as plain text for a message: no markup, short lines, links in full."""
    lines = [
        view.title,
        f"Level: {view.standing.name} ({view.standing.sub})",
        view.standing.sentence,
        "",
        f"Since {view.since}:",
        *(f"- {sentence}" for sentence in view.changed),
    ]
    if view.stories:
        lines += ["", "Flagged stories:"]
        lines += [line for story in view.stories for line in _story_lines(story)]
        lines += [f"- and {view.more}"] if view.more else []
    if view.due:
        lines += ["", "Deadlines ahead:"]
        lines += [
            f"- {card.due} ({card.countdown}): {card.title}. “{card.phrase}”" for card in view.due
        ]
    if view.silent:
        lines += ["", "Silent sources:", *(f"- {name}" for name in view.silent)]
        lines += [f"- and {view.more_silent}"] if view.more_silent else []
    return "\n".join(lines)


def _story_lines(story: StoryCard) -> list[str]:
    title = "".join(piece.text for piece in story.title)
    lines = [f"- [{story.severity} {story.severity_word}] {title} ({story.reports})"]
    return lines + ([story.url] if story.url else [])
