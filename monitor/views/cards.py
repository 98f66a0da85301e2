"""Cards: a story or an item as people read it, with its reasons; plain values only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from monitor.assess.model import Assessment, Flag
from monitor.storage.rows import ItemRow, StoryRow
from monitor.views.lens import DIRECTIONS, LANGUAGES, RELIABILITY, SEVERITIES, Lens, count, listed

LATE = timedelta(days=2)  # found so long after publication, both times are told
VOICES = 6  # items read of each story of a list, to find the one that speaks for it
EXCERPT = 320  # characters of a summary on a card; chosen by us: three lines on a desktop


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text; `mark` names the indicators whose evidence it is, "" for none."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One flag in words: what was found, and by which words and rules."""

    indicator: str
    name: str
    direction: str  # in words
    severity: int
    words: tuple[str, ...]  # as written in the source
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCard:
    """One item with everything that a reader may ask about it."""

    id: str
    story: str  # "" when it is in none
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    url: str  # "" when there is nothing that can be opened
    host: str
    publisher: str
    group: str
    source: str  # Admiralty letter and words
    language: str
    severity: int
    severity_word: str
    direction: str  # id
    direction_word: str
    reasons: tuple[Reason, ...]
    relevance: tuple[str, ...]
    relevance_value: float
    suppressed: tuple[tuple[str, str], ...]  # what was taken back and why, and the rule
    places: tuple[str, ...]
    when: str
    published: str
    first_seen: str
    event: str  # "" when the text gives none
    conflicts: tuple[str, ...]  # where the text contradicts the calendar
    deadlines: tuple[str, ...]
    joined: str
    revised: str  # "" when never revised
    flagged: bool
    change: tuple[tuple[str, str], ...] = ()  # what another lexicon would make of it: name, words


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCard:
    """One story in a list: its latest and most telling item, and the totals."""

    id: str
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    severity: int
    severity_word: str
    direction: str
    direction_word: str
    indicators: tuple[str, ...]  # names
    indicator_ids: tuple[str, ...]
    reasons: tuple[Reason, ...]
    relevance: tuple[str, ...]
    places: tuple[str, ...]
    publishers: str
    reports: str
    languages: str
    when: str
    exact: str
    event: str
    correction: bool
    url: str
    host: str


def pieces(text: str, field: str, flags: Iterable[Flag], lens: Lens) -> tuple[Piece, ...]:
    """The text cut where evidence begins and ends; joined again it is the text.

    Evidence that overlaps is shown as one stretch that names every indicator.
    """
    spans = [
        (max(0, proof.start), min(len(text), proof.end), lens.name(flag.indicator))
        for flag in flags
        for proof in flag.evidence
        if proof.field == field and proof.start < proof.end
    ]
    cuts = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end))})
    found: list[Piece] = []
    for start, end in pairwise(cut for cut in cuts if 0 <= cut <= len(text)):
        named = dict.fromkeys(name for a, b, name in spans if a <= start and end <= b)
        found.append(Piece(text=text[start:end], mark=listed(list(named))))
    return tuple(found)


def shortened(parts: Sequence[Piece], characters: int = EXCERPT) -> tuple[Piece, ...]:
    """The first `characters` of a marked text, cut at a word; evidence before the cut stays."""
    kept: list[Piece] = []
    room = characters
    for part in parts:
        if len(part.text) > room:
            cut = part.text[:room].rsplit(" ", 1)[0].rstrip(" ,;:")
            return (*kept, Piece(text=f"{cut} …", mark=part.mark))
        kept.append(part)
        room -= len(part.text)
    return tuple(kept)


def reasons(flags: Iterable[Flag], lens: Lens) -> tuple[Reason, ...]:
    """The flags in words, in the order of the assessment (strongest first)."""
    return tuple(
        Reason(
            indicator=flag.indicator,
            name=lens.name(flag.indicator),
            direction=DIRECTIONS[flag.direction.value],
            severity=flag.severity,
            words=tuple(dict.fromkeys(proof.text for proof in flag.evidence)),
            rules=tuple(dict.fromkeys(proof.rule for proof in flag.evidence)),
        )
        for flag in flags
    )


def item_card(row: ItemRow, lens: Lens, *, whole: bool = False) -> ItemCard:
    """One item as a card; `whole` keeps the summary uncut."""
    judged = row.assessment
    flags = judged.flags if judged else ()
    summary = pieces(row.summary, "summary", flags, lens)
    severity = judged.severity if judged else 0
    direction = judged.direction.value if judged else "neutral"
    url, host = openable(row.url)
    return ItemCard(
        id=row.id,
        story=row.story_id or "",
        title=pieces(row.title, "title", flags, lens),
        excerpt=summary if whole else shortened(summary),
        url=url,
        host=host,
        publisher=row.publisher or row.feed_title,
        group=row.group,
        source=source(row),
        language=_language(judged.language if judged else row.language),
        severity=severity,
        severity_word=SEVERITIES[severity],
        direction=direction,
        direction_word=DIRECTIONS[direction],
        reasons=reasons(flags, lens),
        relevance=judged.relevance.reasons if judged else (),
        relevance_value=judged.relevance.value if judged else 0.0,
        suppressed=_suppressed(judged, lens),
        places=_places(judged),
        when=lens.ago(row.sort_at),
        published=lens.exact(row.published_at) if row.published_at else "no date given",
        first_seen=lens.exact(row.seen_at),
        event=lens.day(judged.event_date) if judged and judged.event_date else "",
        conflicts=tuple(one.conflict for one in judged.event_dates if one.conflict)
        if judged
        else (),
        deadlines=tuple(f"{lens.day(one.due)}: “{one.evidence.text}”" for one in judged.deadlines)
        if judged
        else (),
        joined=row.joined_because,
        revised=f"{count(row.revisions, 'time')}, last {lens.exact(row.revised_at)}"
        if row.revised_at
        else "",
        flagged=row.flagged,
    )


def story_card(story: StoryRow, items: Sequence[ItemRow], lens: Lens) -> StoryCard:
    """One story as a card.

    Args:
        story: The totals.
        items: Some of its items, newest first; the most severe of them speaks for it.
        lens: The reader's clock and names.
    """
    voice = voice_of(items)
    judged = voice.assessment if voice else None
    flags = judged.flags if judged else ()
    title = pieces(voice.title, "title", flags, lens) if voice else (Piece(text=story.title),)
    publishers = list(dict.fromkeys(item.publisher or item.feed_title for item in items))
    others = max(0, story.groups - len(publishers[:3]))
    url, host = openable(voice.url if voice else "")
    return StoryCard(
        id=story.id,
        title=title,
        excerpt=shortened(pieces(voice.summary, "summary", flags, lens)) if voice else (),
        severity=story.severity,
        severity_word=SEVERITIES[story.severity],
        direction=story.direction,
        direction_word=DIRECTIONS[story.direction],
        indicators=tuple(lens.name(one) for one in story.indicators[:4]),
        indicator_ids=story.indicators,
        reasons=reasons(flags, lens),
        relevance=judged.relevance.reasons if judged else (),
        places=_places(judged),
        publishers=listed(publishers[:3]) + (f" and {others} more" if others else ""),
        reports=f"{count(story.items, 'report')} from "
        f"{count(story.groups, 'independent publisher')}",
        languages=" ".join(story.languages),
        when=_when(story, voice, lens),
        exact=lens.exact(story.last_seen_at),
        event=lens.day(story.event_date) if story.event_date else "",
        correction=story.correction_of is not None,
        url=url,
        host=host,
    )


def story_cards(
    stories: Sequence[StoryRow], items: Iterable[ItemRow], lens: Lens
) -> tuple[StoryCard, ...]:
    """Cards of several stories, each with its own items."""
    by_story: dict[str, list[ItemRow]] = {}
    for item in items:
        by_story.setdefault(item.story_id or "", []).append(item)
    return tuple(story_card(story, by_story.get(story.id, []), lens) for story in stories)


def source(row: ItemRow) -> str:
    """How reliable the source is, on the Admiralty scale, in words."""
    official = "official source, " if row.official else ""
    return f"{official}{row.reliability}: {RELIABILITY.get(row.reliability, 'not rated')}"


def openable(url: str) -> tuple[str, str]:
    """The address and its host, if a browser may open it; otherwise two empty texts."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "", ""
    return url, parts.hostname.removeprefix("www.")


def voice_of(items: Sequence[ItemRow]) -> ItemRow | None:
    """The item that speaks for its story: the most severe, then the one with most flags."""
    return max(items, key=_weight, default=None)


def _weight(item: ItemRow) -> tuple[int, int]:
    judged = item.assessment
    return (judged.severity, len(judged.flags)) if judged else (-1, 0)


def _when(story: StoryRow, voice: ItemRow | None, lens: Lens) -> str:
    """How long ago it was seen, and when it was published where that is long before."""
    seen = lens.ago(story.last_seen_at)
    published = voice.published_at if voice else None
    if published is None or story.last_seen_at - published < LATE:
        return seen
    return f"published {lens.short_day(lens.local(published).date())}, seen {seen}"


def _language(code: str | None) -> str:
    return LANGUAGES.get(code or "", "language not known")


def _suppressed(judged: Assessment | None, lens: Lens) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"{lens.name(one.indicator)}: {one.because}", one.rule)
        for one in _of(judged, "suppressed")
    )


def _places(judged: Assessment | None) -> tuple[str, ...]:
    named = {
        one.id: f"{one.name}, {one.distance_km:,.0f} km away" if one.distance_km >= 1 else one.name
        for one in _of(judged, "places")
    }
    return tuple(named.values())


def _of(judged: Assessment | None, part: str) -> tuple[Any, ...]:
    return getattr(judged, part) if judged else ()
