"""An archive played again as it was first seen: items to mentions and exposures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from hashlib import sha256

from monitor.assess.model import Assessment
from monitor.indicators.rows import Exposure, Mention
from monitor.items import booked_day
from monitor.stories.grouping import Grouper
from monitor.stories.groups import Group, Groups
from monitor.stories.signature import GroupingItem

SILENT_AFTER = timedelta(days=7)
"""An archive tells of no polls: a publisher without an item for so long was not observed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveItem:
    """One line of an archive."""

    title: str
    summary: str = ""
    url: str = ""
    publisher: str = ""
    language: str | None = None
    published_at: datetime | None = None  # UTC
    seen_at: datetime  # UTC
    line: int = 0  # where it stands in the archive, from 1; 0: not said

    @property
    def id(self) -> str:
        """The same for the same line."""
        parts = (self.url, self.title, self.seen_at.isoformat())
        return sha256("\n".join(parts).encode()).hexdigest()[:16]


Assess = Callable[[ArchiveItem], Assessment | None]


def replay(
    items: Iterable[ArchiveItem],
    assess: Assess,
    groups: Groups,
    *,
    zone: tzinfo,
    catch_up_days: int = 3,
) -> tuple[list[Mention], list[Exposure]]:
    """Mentions and exposures of an archive; every line is judged and grouped as if it came now.

    Args:
        items: In any order; lines that are the same count once.
        assess: Judgement of one line; None leaves it out.
        zone: In which local days are counted.
    """
    grouper, mentions = Grouper(), list[Mention]()
    firsts: dict[tuple[str, str], date] = {}
    known: dict[str, Group] = {}
    ordered = {one.id: one for one in sorted(items, key=lambda one: (one.seen_at, one.id))}
    for item in ordered.values():
        made = assess(item)
        if made is None:
            continue
        text = f"{item.title}\n{item.summary}"
        group = groups.resolve(publisher=item.publisher, url=item.url, text=text)
        known.setdefault(group.name, group)
        story = grouper.add(_grouping_item(item, made, group.name)).story_id
        day = _booked(item, zone, catch_up_days)
        key = (group.name, story)
        firsts[key] = min(firsts.get(key, day), day)
        mentions.extend(_mentions(item, made, group.name, story, day))
    return mentions, _exposures(firsts, known)


def _grouping_item(item: ArchiveItem, made: Assessment, group: str) -> GroupingItem:
    return GroupingItem(
        id=item.id,
        title=item.title,
        summary=item.summary,
        language=made.language,
        seen_at=item.seen_at,
        published_at=item.published_at,
        group=group,
        indicators=made.indicators if made.relevant else (),
        places=tuple(dict.fromkeys(one.id for one in made.places)),
        severity=made.severity,
        direction=made.direction.value,
    )


def _booked(item: ArchiveItem, zone: tzinfo, catch_up_days: int) -> date:
    seen = item.seen_at.astimezone(zone).date()
    published = (item.published_at or item.seen_at).astimezone(zone).date()
    return booked_day(seen, published, catch_up_days=catch_up_days)


def _mentions(
    item: ArchiveItem, made: Assessment, group: str, story: str, day: date
) -> list[Mention]:
    if not made.relevant or made.historical:
        return []
    return [
        Mention(
            day=day,
            seen_at=item.seen_at,
            item_id=item.id,
            story_id=story,
            group=group,
            indicator=flag.indicator,
            direction=flag.direction.value,
            kind=flag.kind.value,
            severity=flag.severity,
            proximity=made.proximity,
        )
        for flag in made.flags
    ]


def _exposures(
    firsts: dict[tuple[str, str], date],
    known: dict[str, Group],
) -> list[Exposure]:
    counts = Counter((group, day) for (group, _story), day in firsts.items())
    last = max(firsts.values(), default=None)
    rows: list[Exposure] = []
    for name, group in sorted(known.items()):
        days = sorted(day for owner, day in counts if owner == name)
        newest, day = days[0], days[0]
        while last is not None and day <= last:
            newest = day if counts[name, day] else newest
            is_observed = day - newest <= SILENT_AFTER
            rows.append(
                Exposure(
                    day=day,
                    group=name,
                    pool=group.pool,
                    reliability=group.reliability,
                    official=group.official,
                    stories=counts[name, day],
                    observed=is_observed,
                    because="" if is_observed else "archive without an item for a week",
                )
            )
            day += timedelta(1)
    return rows
