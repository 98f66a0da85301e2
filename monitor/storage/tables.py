"""The schema: every table and index, and what null means in each column.

Times are whole microseconds since 1970 in UTC (`Moment`), days are local dates of the site's
zone as ISO text, so that SQLite and PostgreSQL sort and compare them alike.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware UTC time, stored as microseconds since 1970."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> int | None:
        """Microseconds since 1970; None stays null."""
        return _number(value)

    def process_result_value(self, value: int | None, _dialect: Any) -> datetime | None:
        """The aware UTC time that was stored."""
        return _moment(value)

    def bind_processor(self, _dialect: Any) -> Any:
        """What `process_bind_param` does, without a call in between: a poll binds thousands."""
        return _number

    def result_processor(self, _dialect: Any, _coltype: Any) -> Any:
        """What `process_result_value` does, without a call in between."""
        return _moment


def _number(value: datetime | None) -> int | None:
    return None if value is None else (value - _EPOCH) // _MICROSECOND


def _moment(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + value * _MICROSECOND


metadata = sa.MetaData()
Text, Integer, Float, Boolean = sa.Text, sa.Integer, sa.Float, sa.Boolean
Json = sa.JSON(none_as_null=True)


def _table(name: str, *columns: Any) -> sa.Table:
    return sa.Table(name, metadata, *columns)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, Text, primary_key=True)


def _row_number() -> sa.Column[int]:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("n", number, primary_key=True, autoincrement=True)


def _need(name: str, kind: Any, default: Any = None) -> sa.Column[Any]:
    if default is None:
        return sa.Column(name, kind, nullable=False)
    return sa.Column(name, kind, nullable=False, default=default)


def _partial(name: str, column: str, *, where: str) -> sa.Index:
    """An index of the few rows that a background job looks for."""
    return sa.Index(name, column, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


meta = _table("meta", _key("key"), _need("value", Text))  # schema version and small facts
serials = _table(  # how often something was written, see serials.py
    "serials",
    _key("name"),
    _need("n", sa.BigInteger),
    sa.Column("at", Moment),  # null: when does not matter
)

# --- feeds -------------------------------------------------------------------------------------
feeds = _table(
    "feeds",
    _key("id"),
    _need("url", Text),
    _need("original_url", Text),  # as first added; identity of the feed
    _need("title", Text),
    _need("kind", Text),
    sa.Column("language", Text),  # null: mixed or unknown
    sa.Column("country", Text),  # null: more than one
    _need("group_name", Text, ""),
    _need("pool", Text, "regional"),
    _need("reliability", Text, "F"),
    _need("official", Boolean, False),
    sa.Column("interval_seconds", Integer),  # null: from the feed's own rhythm
    _need("selectors", Json),
    _need("origin", Text),  # "file" or "page"
    _need("paused", Boolean, False),
    _need("in_file", Boolean, False),  # declared in config.toml now
    sa.Column("edited", Json),  # null: as the file says; else the keys that a person changed
    sa.Column("removed_at", Moment),  # null: watched; else the tombstone of a removed feed
    sa.Column("removed_by", Text),  # null: not removed
    _need("added_at", Moment),
    _need("added_by", Text, ""),
)
feed_states = _table(
    "feed_states",
    sa.Column("feed_id", Text, sa.ForeignKey("feeds.id"), primary_key=True),
    sa.Column("etag", sa.LargeBinary),  # null: none known
    sa.Column("last_modified", sa.LargeBinary),
    sa.Column("validator_url", Text),
    sa.Column("body_sha256", Text),
    sa.Column("unconditional_at", Moment),
    sa.Column("last_polled_at", Moment),  # null: never
    sa.Column("last_success_at", Moment),
    sa.Column("last_new_at", Moment),
    sa.Column("last_status", Integer),  # null: no answer yet
    sa.Column("error_class", Text),  # null: fine
    sa.Column("error_message", Text),
    sa.Column("error_since", Moment),
    _need("consecutive_errors", Integer, 0),
    _need("empty_polls", Integer, 0),
    _need("gone_count", Integer, 0),
    sa.Column("next_poll_at", Moment),  # null: due now
    sa.Column("redirect_url", Text),
    sa.Column("redirect_first_at", Moment),
    _need("redirect_count", Integer, 0),
    sa.Column("median_gap", Float),  # seconds; null: too few items
    sa.Column("p95_gap", Float),  # seconds
    sa.Column("mean_bytes", Float),
    _need("polls", Integer, 0),
    _need("unchanged_polls", Integer, 0),
    sa.Column("hints", Json),  # [ttl seconds, hours, days] to skip; null: it asked nothing
    sa.Column("lease_owner", Text),  # null: nobody is polling it
    sa.Column("lease_until", Moment),
    sa.Index("feed_states_due", "next_poll_at"),
)
host_states = _table(  # back-off of a registrable domain, shared by its feeds
    "host_states",
    _key("host"),
    _need("not_before", Moment),
    _need("failures", Integer, 0),
)
feed_urls = _table(  # history of adopted addresses
    "feed_urls",
    _row_number(),
    sa.Column("feed_id", Text, sa.ForeignKey("feeds.id"), nullable=False),
    _need("url", Text),
    _need("adopted_at", Moment),
    _need("because", Text),
    sa.Index("feed_urls_feed", "feed_id"),
)
polls = _table(
    "polls",
    _row_number(),
    sa.Column("feed_id", Text, sa.ForeignKey("feeds.id"), nullable=False),
    _need("started_at", Moment),
    _need("finished_at", Moment),
    _need("status", Text),  # ok, unchanged, error, skipped
    sa.Column("http_status", Integer),  # null: no answer
    _need("new", Integer, 0),
    _need("revised", Integer, 0),
    _need("items", Integer, 0),
    _need("bytes", Integer, 0),
    sa.Column("error_class", Text),  # null: fine
    sa.Column("error_message", Text),
    sa.Index("polls_feed", "feed_id", "started_at"),
    sa.Index("polls_started", "started_at"),
)
leases = _table("leases", _key("name"), _need("owner", Text), _need("until", Moment))

# --- items -------------------------------------------------------------------------------------
items = _table(
    "items",
    _row_number(),  # full text refers to it; never leaves storage
    sa.Column("id", Text, nullable=False, unique=True),
    sa.Column("feed_id", Text, sa.ForeignKey("feeds.id"), nullable=False),
    _need("guid", Text),
    _need("url", Text),
    _need("title", Text),
    _need("summary", Text),
    sa.Column("language", Text),  # as declared; null: not said
    _need("publisher", Text),
    _need("author", Text),
    _need("group_name", Text),  # publisher group, wire credits resolved
    sa.Column("published_at", Moment),  # null: the feed gave no usable date
    _need("published_raw", Text),
    _need("seen_at", Moment),
    _need("sort_at", Moment),  # min(published, seen + 1 h)
    sa.Column("revised_at", Moment),  # null: never revised
    _need("revisions", Integer, 0),
    sa.Column("story_id", Text),  # null: not grouped yet
    sa.Column("assessed_version", Text),  # null: not assessed yet
    _need("flagged", Boolean, False),
    sa.Index("items_feed_newest", "feed_id", "seen_at", "sort_at", "id"),
    sa.Index("items_newest", "sort_at", "id"),
    sa.Index("items_seen", "seen_at", "id"),
    sa.Index("items_flagged", "flagged", "sort_at", "id"),
    sa.Index("items_story", "story_id", "sort_at"),
    _partial("items_unjudged", "seen_at", where="assessed_version IS NULL"),
    _partial("items_ungrouped", "seen_at", where="story_id IS NULL"),
)
item_keys = _table(  # every name by which a feed has called an item
    "item_keys",
    _key("feed_id"),
    _key("key"),
    _need("item_id", Text),
    _need("last_listed_at", Moment),
    sa.Index("item_keys_item", "item_id"),
)
revisions = _table(
    "revisions",
    _row_number(),
    sa.Column("item_id", Text, sa.ForeignKey("items.id"), nullable=False),
    _need("revised_at", Moment),
    _need("title", Text),  # as it stood before
    _need("summary", Text),
    sa.Index("revisions_item", "item_id"),
)

# --- judgement ---------------------------------------------------------------------------------
assessments = _table(
    "assessments",
    sa.Column("item_id", Text, sa.ForeignKey("items.id"), primary_key=True),
    _key("lexicon_version"),
    _need("assessed_at", Moment),
    _need("relevant", Boolean),
    _need("relevance", Float),
    _need("severity", Integer),
    _need("direction", Text),
    _need("language", Text),
    sa.Column("event_date", Text),  # null: the text gives none
    _need("body", Json),  # Assessment.as_json
)
flags = _table(  # flags of the present assessments; hot and narrow
    "flags",
    sa.Column("item_id", Text, sa.ForeignKey("items.id"), primary_key=True),
    _key("indicator"),
    _key("direction"),
    _need("kind", Text),
    _need("severity", Integer),
    _need("day", Text),  # local day first seen
    _need("published_day", Text),
    sa.Column("event_date", Text),
    _need("seen_at", Moment),
    sa.Column("story_id", Text),  # null: not grouped yet
    _need("group_name", Text),
    _need("proximity", Float),
    _need("relevance", Float),
    sa.Index("flags_indicator", "indicator", "day", "severity", "story_id"),
    sa.Index("flags_day", "day", "indicator"),
    sa.Index("flags_story", "story_id"),
)
flag_days = _table(  # flags of a day that is over, packed; see flagdays.py
    "flag_days",
    _key("day"),  # local day that the flags count to
    _need("serial", sa.BigInteger),  # of the flags that were packed
    _need("catch_up_days", Integer),  # by which they count to the day
    _need("body", sa.LargeBinary),
)
deadlines = _table(
    "deadlines",
    sa.Column("item_id", Text, sa.ForeignKey("items.id"), primary_key=True),
    _key("due"),  # ISO date, or date and time with offset
    _need("due_at", Moment),  # end of the day where only a date is given
    _need("phrase", Text),
    _need("indicator", Text),
    sa.Column("story_id", Text),
    sa.Column("outcome", Text),  # null: open; else what a person noted
    sa.Column("outcome_by", Text),
    sa.Column("outcome_at", Moment),
    sa.Index("deadlines_due", "due_at"),
)
triage = _table(  # analysts' labels; append-only, undo is a later row
    "triage",
    _row_number(),
    sa.Column("item_id", Text, sa.ForeignKey("items.id"), nullable=False),
    _need("verdict", Text),  # confirmed, not_relevant, corrected, undone
    sa.Column("indicators", Json),  # null: as assessed
    sa.Column("severity", Integer),  # null: as assessed
    sa.Column("direction", Text),  # null: as assessed
    _need("note", Text, ""),
    _need("by", Text),
    _need("at", Moment),
    sa.Index("triage_item", "item_id", "n"),
)
lexicon_versions = _table(
    "lexicon_versions",
    _key("version"),
    _need("created_at", Moment),
    _need("by", Text),
    _need("note", Text),
    _need("changes", Json),  # overrides of the shipped lexicon
    _need("current", Boolean, False),
)

# --- stories -----------------------------------------------------------------------------------
stories = _table(
    "stories",
    _key("id"),
    _need("title", Text),
    _need("first_seen_at", Moment),
    _need("last_seen_at", Moment),
    _need("items", Integer, 0),
    _need("groups", Integer, 0),
    _need("severity", Integer, 0),
    _need("direction", Text, "neutral"),
    _need("flagged", Boolean, False),
    _need("relevance", Float, 0.0),
    _need("corroboration", Float, 0.0),  # 0 to 1, noisy-OR over groups
    _need("languages", Text, ""),  # e.g. "en es"
    _need("indicators", Text, ""),  # ids, strongest first
    sa.Column("event_date", Text),
    sa.Column("correction_of", Text),  # story it corrects or withdraws; null: none
    sa.Index("stories_newest", "flagged", "last_seen_at", "id"),
    sa.Index("stories_severest", "flagged", "severity", "last_seen_at", "id"),
    sa.Index("stories_all_newest", "last_seen_at", "id"),
    sa.Index("stories_all_severest", "severity", "last_seen_at", "id"),
    _partial("stories_correcting", "correction_of", where="correction_of IS NOT NULL"),
)
story_marks = _table(  # flagged stories by indicator and language, see marks.py
    "story_marks",
    _key("story_id"),
    _key("indicator"),  # "": any
    _key("language"),  # "": any
    _need("severity", Integer),
    _need("direction", Text),
    _need("last_seen_at", Moment),
    sa.Index("story_marks_newest", "indicator", "language", "last_seen_at", "story_id"),
    sa.Index(
        "story_marks_severest", "indicator", "language", "severity", "last_seen_at", "story_id"
    ),
)
story_joins = _table(  # why an item is in its story
    "story_joins",
    sa.Column("item_id", Text, sa.ForeignKey("items.id"), primary_key=True),
    _need("story_id", Text),
    _need("rule", Text),
    _need("because", Text),
    _need("similarity", Float),
    sa.Column("with_item_id", Text),  # null: it opened the story
    _need("manual", Boolean, False),  # a person moved it; never moved back
    _need("by", Text, ""),
    _need("at", Moment),
    sa.Index("story_joins_story", "story_id"),
)

# --- measures ----------------------------------------------------------------------------------
exposures = _table(  # what a publisher group published on a local day, and if it was watched
    "exposures",
    _key("day"),
    _key("group_name"),
    _need("pool", Text),
    _need("stories", Integer, 0),
    _need("polls_ok", Integer, 0),
    _need("polls_all", Integer, 0),
    sa.Column("last_success_at", Moment),
    _need("observed", Boolean, False),
    _need("because", Text, ""),  # why it does not count as observed
)
readings = _table(  # cached index values; can be recomputed from the rows above at any time
    "readings",
    _key("series"),
    _key("day"),
    _need("body", Json),
    _need("computed_at", Moment),
    _need("serial", sa.BigInteger),  # of the write it came with
    sa.Index("readings_serial", "serial"),
)
level_changes = _table(
    "level_changes",
    _row_number(),
    _need("at", Moment),
    _need("day", Text),
    _need("old", Integer),
    _need("new", Integer),
    _need("because", Text),
)

# --- snapshots ---------------------------------------------------------------------------------
snapshots = _table(
    "snapshots",
    _key("id"),  # public, short; not the secret
    sa.Column("token", Text, unique=True),  # null once revoked: the link is gone for good
    _need("owner_key_sha256", Text),
    _need("kind", Text),  # situation, indicators, stories, brief
    _need("created_at", Moment),
    _need("expires_at", Moment),
    sa.Column("revoked_at", Moment),
    _need("author", Text),
    _need("note", Text),
    _need("audience", Text),  # open or signed_in
    _need("sha256", Text),
    _need("document", sa.LargeBinary),  # canonical JSON, exactly as hashed
    sa.Index("snapshots_newest", "created_at"),
)
changes = _table(  # who changed what and when
    "changes",
    _row_number(),
    _need("at", Moment),
    _need("by", Text),
    _need("what", Text),
    _need("subject", Text),
    _need("detail", Json),
    sa.Index("changes_newest", "at"),
)

DERIVED = (story_marks, flag_days)
"""Tables that hold nothing new; they are made again from the others."""
