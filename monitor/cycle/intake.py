"""From an item to a judged, grouped and stored one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.assess.assessor import Assessor
from monitor.assess.changes import usable
from monitor.assess.model import Assessment
from monitor.cycle import measuring
from monitor.cycle.measuring import Measured
from monitor.cycle.sparing import spare
from monitor.errors import ConfigError
from monitor.feeds.model import Feed
from monitor.indicators.settings import Settings
from monitor.indicators.tripwires import Rules
from monitor.items import Item
from monitor.storage.items import Judged, StoredItem
from monitor.storage.store import Store
from monitor.stories.grouping import WINDOW, Grouper, Join
from monitor.stories.groups import Groups
from monitor.stories.signature import GroupingItem

LOG = logging.getLogger("monitor.polling")
_AT_ONCE = 500
_SLACK = timedelta(hours=6)  # items of one batch come a little out of order


def judged_of(item: Item, feed: Feed) -> dict[str, Any]:
    """What is judged of an item, as `Assessor.assess` takes it; the feed fills the gaps."""
    return {
        "title": item.title,
        "summary": item.summary,
        "language": item.language or feed.language,
        "published": item.sort_at,
        "publisher": item.publisher or feed.title,
        "url": item.url,
    }


@dataclass(slots=True)
class Reassessed:
    """What a new judgement changed."""

    judged: int = 0
    now_flagged: int = 0
    no_longer_flagged: int = 0

    def count(self, before: Assessment | None, after: Assessment) -> None:
        """Add one item; `before` is None when it had no judgement."""
        was = before is not None and before.relevant
        self.judged += 1
        self.now_flagged += after.relevant and not was
        self.no_longer_flagged += was and not after.relevant


class Intake:
    """Judges items and files them, in the transaction that stores them.

    Args:
        store: Where they go; it also says how the shipped lexicon was changed.
        seeds: Folder of the shipped lexicon.
        groups: Publishers, owners and wire agencies.
        rules: Tripwires.
        index: Constants of the index.
    """

    def __init__(
        self,
        *,
        store: Store,
        seeds: Path,
        groups: Groups,
        rules: Rules,
        index: Settings,
    ) -> None:
        self.store = store
        self.seeds = seeds
        self.saved = store.lexicons.current()
        self.changes = self.saved  # those of them that are in force
        self.left_out: tuple[str, ...] = ()  # saved changes that the shipped files know no more
        self.assessor = self._load()
        self.groups = groups
        self.rules = rules
        self.index = index
        self._grouper: Grouper | None = None
        self._grouping = threading.Lock()  # pages and the poller share the running stories
        self._running = measuring.Running()
        self._one_at_a_time = threading.Lock()
        self._told: set[tuple[str, str]] = set()  # faults: item and lexicon version

    def renew(self) -> None:
        """Forget the running stories: another process, or a person, may have changed them."""
        self._grouper = None

    def follow_lexicon(self) -> bool:
        """Use the lexicon that was saved last, maybe by another process.

        Returns:
            Whether it has changed.
        """
        saved = self.store.lexicons.current()
        if saved == self.saved:
            return False
        self.saved = saved
        self.assessor = self._load()
        return True

    def _load(self) -> Assessor:
        """The judgement in use; what a new release has taken away does not stop it."""
        self.changes, self.left_out = self.saved, ()
        try:
            return Assessor.load(self.seeds, self.changes)
        except ConfigError:
            self.changes, self.left_out = usable(self.seeds, self.saved)
            for problem in self.left_out:
                LOG.warning("%s; this saved change of the lexicon is left out", problem)
            return Assessor.load(self.seeds, self.changes)

    def judge(self, item: Item, feed: Feed) -> Judged:
        """Assess one item and find whose voice it is."""
        assessment = self.assessor.assess(**judged_of(item, feed))
        group = self.groups.resolve(
            publisher=item.publisher or feed.title,
            url=item.url,
            feed_group=feed.group,
            author=item.author,
            text=f"{item.title}\n{item.summary}",
        )
        return Judged(item=item, group=group.name, assessment=assessment)

    def try_to_judge(self, item: Item, feed: Feed) -> Judged | None:
        """The same, where one item that the program cannot judge must not stop the others.

        Returns:
            None: judging failed. The fault is logged once; the item can be stored without a
            judgement and is tried again with those that a crash left.
        """
        try:
            return self.judge(item, feed)
        except Exception as error:  # noqa: BLE001 - logged with its trace, below
            self._tell(item, error)
            return None

    def _tell(self, item: Item, error: Exception) -> None:
        """Log a fault, once for each item and lexicon."""
        told = (item.id, self.assessor.version)
        if told not in self._told:
            self._told.add(told)
            words = "item %s (%s) could not be judged; the others go on"
            LOG.error(words, item.id, item.url, exc_info=error)

    def file(self, connection: Any, judged: Sequence[Judged], now: datetime) -> None:
        """Store judgements and stories of items that this transaction has just stored.

        Raises:
            StorageError: Nothing was stored.
        """
        if not judged:
            return
        try:
            with self._grouping:
                joins = [self._join(one) for one in sorted(judged, key=_order)]
            self.store.items.judge(connection, judged, now)
            self.store.measures.add_joins(connection, joins, now=now)
        except BaseException:
            self.renew()  # the running stories would remember items that were never stored
            raise

    def judge_pending(self, now: datetime) -> int:
        """Judge items whose text was revised, or that a crash left without a judgement.

        Returns:
            How many.

        Raises:
            StorageError: What was judged before stays.
        """
        done = Reassessed()
        waiting = self.store.items.unjudged()
        for start in range(0, len(waiting), _AT_ONCE):
            self._judge_again(waiting[start : start + _AT_ONCE], now, done)
        return done.judged

    def reassess(
        self,
        now: datetime,
        *,
        since: datetime | None = None,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> Reassessed:
        """Judge again what this version of the lexicon has not judged; older judgements stay.

        Args:
            since: Only items published since then.
            progress: Called with how many of how many are done; what it raises ends the work.

        Raises:
            StorageError: What was judged before stays; call again to go on.
        """
        version, done = self.assessor.version, Reassessed()
        total = self.store.items.count_pending(version, since=since)
        progress(0, total)
        after: StoredItem | None = None
        days: set[date] = set()
        try:
            while part := self.store.items.pending(
                version, since=since, after=after, limit=_AT_ONCE
            ):
                self._judge_again(part, now, done)
                days |= {one.item.seen_at.astimezone(self.store.zone).date() for one in part}
                after = part[-1]
                progress(done.judged, max(total, done.judged))
        finally:  # whoever stops halfway leaves measures that fit what was judged
            if days:
                self.renew()
                self.remeasure(now, days, everything=True)
        return done

    def _judge_again(self, part: Sequence[StoredItem], now: datetime, done: Reassessed) -> None:
        """Judge stored items; one that cannot be judged keeps what it has."""
        feeds = {one.feed.id: one.feed for one in self.store.feeds.all()}
        tried = [(one, self.try_to_judge(one.item, feeds[one.item.feed_id])) for one in part]
        pairs = [(before, after) for before, after in tried if after is not None]

        def store(some: Sequence[tuple[StoredItem, Judged]]) -> None:
            self._store_again(some, now)
            for before, after in some:
                done.count(before.assessment, after.assessment)

        spare(pairs, store, lambda pair, error: self._tell(pair[0].item, error))

    def _store_again(self, pairs: Sequence[tuple[StoredItem, Judged]], now: datetime) -> None:
        """Items that are in a story stay there, and its totals follow."""
        judged = [after for _before, after in pairs]
        stories = {before.item.id: before.story_id for before, _after in pairs}
        with self.store.database.write() as connection:
            self.file(connection, [one for one in judged if not stories[one.item.id]], now)
            self.store.items.judge(connection, [one for one in judged if stories[one.item.id]], now)
            grown = [story for story in stories.values() if story]
            self.store.measures.refresh_stories(connection, grown)

    def remeasure(
        self, now: datetime, days: Iterable[date] = (), *, everything: bool = False
    ) -> Measured | None:
        """Bring exposures, kept readings and levels up to date; see `measuring.remeasure`.

        Args:
            everything: Compute all days anew, whatever is remembered.

        Raises:
            StorageError: What is kept stays as it was.
        """
        with self._one_at_a_time:
            if everything:
                self._running = measuring.Running()
            return measuring.remeasure(
                self.store,
                self.assessor.indicators,
                self.index,
                self.rules,
                now=now,
                names={one.id: one.names["en"] for one in self.assessor.indicators.values()},
                days=days,
                running=self._running,
            )

    def measured(self, as_of: datetime) -> Measured | None:
        """The index as it was known at a moment; nothing is stored."""
        return measuring.measured(
            self.store, self.assessor.indicators, self.index, self.rules, as_of=as_of
        )

    def _join(self, one: Judged) -> Join:
        grouper = self._grouper
        if grouper is None:
            since = one.item.seen_at - WINDOW - _SLACK
            grouper = self._grouper = Grouper(self.store.measures.window(since))
        return grouper.add(grouping_item(one))


def grouping_item(one: Judged) -> GroupingItem:
    """What grouping compares."""
    made = one.assessment
    return GroupingItem(
        id=one.item.id,
        title=one.item.title,
        summary=one.item.summary,
        language=made.language,
        seen_at=one.item.seen_at,
        published_at=one.item.published_at,
        group=one.group,
        indicators=made.indicators if made.relevant else (),
        places=tuple(dict.fromkeys(place.id for place in made.places)),
        severity=made.severity,
        direction=made.direction.value,
    )


def _order(one: Judged) -> tuple[datetime, str]:
    return one.item.seen_at, one.item.id
