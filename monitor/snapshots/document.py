"""The frozen document: everything that a snapshot's page shows, as plain JSON values.

A view fills a `Document`, `freeze` cleans it, `canonical.seal` hashes it. Nothing in this room
reads the store: a snapshot looks the same after every item is gone.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, Any, Literal, NotRequired, cast

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from monitor.errors import MonitorError

SCHEMA = "curacao-monitor/snapshot"
VERSION = 2  # 2: what was chosen, what is not known; every part that 1 has not may be missing
_READ = (1, VERSION)
EXCERPT_CHARACTERS = 300  # chosen by us: enough to judge by, never the article
_DECIMALS = 4  # more would be noise; fewer bytes to share
_EXACT = ConfigDict(extra="forbid", strict=True)


def _a_day(text: str) -> str:
    date.fromisoformat(text)
    if len(text) != len("2025-12-02"):
        raise ValueError("not a date like 2025-12-02")
    return text


def _a_moment(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("not a time with its offset, like 2025-12-02T12:00:00Z")
    return text


def _a_month_or_day(text: str) -> str:
    _a_day(f"{text}-01" if len(text) == len("2025-12") else text)
    return text


def _a_day_or_moment(text: str) -> str:
    return _a_moment(text) if "T" in text else _a_day(text)


Day = Annotated[str, AfterValidator(_a_day)]  # ISO date
Moment = Annotated[str, AfterValidator(_a_moment)]  # ISO date and time with offset
MonthOrDay = Annotated[str, AfterValidator(_a_month_or_day)]  # ISO date or YYYY-MM
DayOrMoment = Annotated[str, AfterValidator(_a_day_or_moment)]
Degree = Annotated[int, Field(ge=0, le=4)]  # of severity, or of a level
Share = Annotated[float, Field(ge=0, le=1)]
Kind = Literal["situation", "indicators", "stories", "brief"]
State = Literal["final", "provisional", "forming", "blind"]
Board = Literal["quiet", "watch", "warning", "unknown"]
Since = Literal["yesterday", "day", "three", "week"]
Compare = Literal["none", "before", "year"]
Audience = Literal["open", "signed_in"]


class SnapshotError(MonitorError):
    """A file or a dict is no snapshot document; the text says what is wrong with it."""


@with_config(_EXACT)
class LevelStep(TypedDict):
    """One step of the scale; `above` is the index at which it starts (0 for the first)."""

    number: Degree
    name: str
    above: float


@with_config(_EXACT)
class Level(TypedDict):
    """The level at the moment of freezing, and why."""

    number: Degree | None  # 0 Normal to 4 Severe; None: no value yet (edition 1 wrote 0)
    name: str
    sub: NotRequired[str]  # the level in a number, and since when where that is known
    sentence: str  # the reason in one sentence
    index: float | None  # 100 = normal; None: no value yet
    low80: float | None
    high80: float | None
    coverage: Share
    state: State
    tripwire: str | None  # why the level last changed, in words; None: it never did
    steps: list[LevelStep]  # the whole scale, lowest first


@with_config(_EXACT)
class Series(TypedDict):
    """One line of a chart: lists of one length, oldest day first.

    The first series of a document is the headline (`risk`); sub-indices and indicators follow.
    None in `index`, `low80`, `high80`, `level` means: no value on that day.
    """

    series: str  # "risk", "act", "threat", "deescalation" or an indicator id
    name: str
    days: list[Day]  # local to the site, none left out
    index: list[float | None]
    low80: list[float | None]
    high80: list[float | None]
    seen: list[float]
    expected: list[float]
    coverage: list[Share]  # below 0.6 hatched, below 0.3 blind
    state: list[State]
    level: list[Degree | None]


@with_config(_EXACT)
class IndicatorRow(TypedDict):
    """One row of the indicator board."""

    id: str
    name: str
    state: Board  # unknown: no baseline yet (edition 1 wrote quiet; see `state_of`)
    index: float | None
    low: float | None
    high: float | None
    seen: float
    expected: float


@with_config(_EXACT)
class Contribution(TypedDict):
    """One line of "what moved it", strongest first."""

    indicator: str
    name: str
    share: float  # of what was seen in the headline's window, 0 to 1; negative: it calmed
    words: str


@with_config(_EXACT)
class ReferenceEvent(TypedDict):
    """A dated fact that annotates the chart and never feeds the index."""

    date: Day
    text: str
    direction: str
    source: str
    url: str


@with_config(_EXACT)
class Reason(TypedDict):
    """Why a story was flagged: the indicator and the words that made the rule fire."""

    indicator: str
    name: str
    words: list[str]  # evidence, as written in the source
    direction: NotRequired[str]
    severity: NotRequired[Degree]


@with_config(_EXACT)
class FrozenStory(TypedDict):
    """One story with excerpt and link, never the full article."""

    id: str
    title: str
    url: str  # http(s), or "" when there is none that can be opened
    publishers: list[str]
    groups: int  # independent publisher groups
    items: int
    severity: Degree
    direction: str
    indicators: list[str]
    reasons: list[Reason]
    relevance: list[str]  # why it concerns Curaçao, in words
    excerpt: str  # at most EXCERPT_CHARACTERS
    language: str
    published_at: Moment | None
    first_seen_at: Moment
    last_seen_at: NotRequired[Moment]
    event_date: MonthOrDay | None
    places: NotRequired[list[str]]


@with_config(_EXACT)
class Marker(TypedDict):
    """One place on the map."""

    name: str
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    severity: Degree  # the highest of its stories
    stories: list[str]  # ids of `FrozenStory`
    number: NotRequired[int]  # stories there, also those that the list has no room for


@with_config(_EXACT)
class FrozenDeadline(TypedDict):
    """A date by which a text says something must or will happen."""

    due: DayOrMoment
    phrase: str
    indicator: str
    story: str  # id, or ""
    title: str
    outcome: str | None  # None: open
    reports: NotRequired[int]  # that name it (edition 1 has one entry for each)


@with_config(_EXACT)
class SilentFeed(TypedDict):
    """A feed that should have said something and did not."""

    title: str
    since: Moment | None  # None: it never answered
    because: str


@with_config(_EXACT)
class FeedSummary(TypedDict):
    """How many feeds stood behind the numbers."""

    watched: int
    healthy: int
    failing: int
    silent: int
    paused: int


@with_config(_EXACT)
class Choice(TypedDict, total=False):
    """What was chosen on the page, so that the same can be asked again; missing: its default."""

    days: int  # length of the range
    flagged: bool
    indicators: list[str]  # ids; any of these
    severity: Degree  # at least
    direction: str
    language: str
    words: str  # of the search
    by: Literal["event", "seen"]  # clock of the timeline
    at_most: int  # stories listed
    since: Since  # of the brief
    indicator: str  # the one series shown in full
    compare: Compare


@with_config(_EXACT)
class Figure(TypedDict):
    """One figure of the page, as it stood there."""

    label: str
    value: str
    note: str


@with_config(_EXACT)
class Dot(TypedDict):
    """One mark of the timeline."""

    at: DayOrMoment  # a local day where the event date is known and asked for
    severity: Degree
    direction: str
    title: str
    story: str
    reports: int


@with_config(_EXACT)
class Focus(TypedDict):
    """The one series that was shown in full; its values are in `series` under the same id."""

    series: str
    name: str
    about: str
    facts: list[str]
    sentence: str
    comparison: str  # "" when nothing was compared
    compared: Series | None  # the other period, moved onto these days


@with_config(_EXACT)
class Document(TypedDict):
    """Everything that the page showed. All times are ISO 8601 in UTC, ending in Z."""

    schema: str  # SCHEMA
    version: int  # VERSION
    kind: Kind
    site: str
    timezone: str  # of the local days and of the times that readers see
    title: str
    note: str
    author: str
    created_at: Moment
    expires_at: Moment
    computed_at: Moment
    newest_evidence_at: Moment | None  # None: no item at all
    view: dict[str, str]  # what was chosen on the page, in words
    choice: NotRequired[Choice]  # the same, to be asked again
    lead: NotRequired[str]  # the page's own first sentence
    figures: NotRequired[list[Figure]]
    made_of: NotRequired[list[Figure]]  # what the index of the day is the sum of
    focus: NotRequired[Focus]
    timeline: NotRequired[list[Dot]]
    listed: NotRequired[str]  # which stories these are, and of how many
    level: Level
    headlines: list[str]  # sentences, most important first; for a brief: what changed
    series: list[Series]
    board: list[IndicatorRow]
    contributions: list[Contribution]
    events: list[ReferenceEvent]
    stories: list[FrozenStory]
    markers: list[Marker]
    deadlines: list[FrozenDeadline]
    silent_feeds: list[SilentFeed]
    feeds: FeedSummary
    settings: dict[str, Any]  # constants of the index, plain JSON values
    lexicon_version: str
    code_version: str


_ADAPTER: TypeAdapter[Document] = TypeAdapter(Document)
_SERIES_LISTS = ("index", "low80", "high80", "seen", "expected", "coverage", "state", "level")
# C0 and C1 controls except tab and line feed, soft hyphen, zero-width and bidi controls, lone
# surrogates, line and paragraph separators, byte order mark, interlinear marks, tag characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def state_of(row: IndicatorRow) -> Board:
    """Where an indicator stands; without a value nothing is known of it, in old snapshots too."""
    return "unknown" if row["index"] is None else row["state"]


def level_of(level: Level) -> int | None:
    """The level's number; None while there is no value, in old snapshots too."""
    return None if level["index"] is None else level["number"]


def stories_at(marker: Marker) -> int:
    """How many stories name the place, also those that the list has no room for."""
    return marker.get("number", len(marker["stories"]))


def is_narrowed(document: Document) -> bool:
    """It shows a selection of stories, so that not everything newer belongs to it."""
    choice = document.get("choice", Choice())
    kept = ("indicators", "severity", "direction", "language", "words", "indicator")
    return any(choice.get(name) for name in kept)


def shown_series(document: Document) -> Series | None:
    """The series of the large chart: the one shown in full, otherwise the headline."""
    focus = document.get("focus")
    wanted = focus["series"] if focus else None
    found = (one for one in document["series"] if wanted in (None, one["series"]))
    return next(found, None)


def clean(text: str) -> str:
    """The text without characters that hide or reorder what stands beside them."""
    return _INVISIBLE.sub("", text)


def safe_url(url: str) -> str:
    """The address when a reader may open it (http or https), otherwise nothing."""
    tidy = clean(url).strip()
    return tidy if re.match(r"https?://[^\s/?#]", tidy, re.IGNORECASE) else ""


def shorten(text: str, characters: int = EXCERPT_CHARACTERS) -> str:
    """The text cut at a word, with an ellipsis, to at most `characters`."""
    flat = " ".join(clean(text).split())
    if len(flat) <= characters:
        return flat
    cut = flat[: characters - 1]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > characters // 2 else cut).rstrip(" ,;:") + "…"


def freeze(document: Document) -> Document:
    """The document as it will be kept: clean text, short excerpts, openable links, finite numbers.

    Raises:
        SnapshotError: A part is missing or of the wrong type.
    """
    tidy = check(_plain(document))
    for story in tidy["stories"]:
        story["excerpt"] = shorten(story["excerpt"])
        story["url"] = safe_url(story["url"])
    for event in tidy["events"]:
        event["url"] = safe_url(event["url"])
    return tidy


def check(raw: object) -> Document:
    """The value as a document, when it is one.

    Raises:
        SnapshotError: It is of another schema or version, or a part is missing or wrong.
    """
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise SnapshotError(f"this is no snapshot: its schema is not {SCHEMA!r}")
    if raw.get("version") not in _READ:
        raise SnapshotError(
            f"snapshot version {raw.get('version')!r} is unknown to this program, which reads up "
            f"to version {VERSION}; open it with the program that made it, or a newer one"
        )
    try:
        document = _ADAPTER.validate_python(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SnapshotError(f"snapshot: {where}: {first['msg']}") from error
    _check_series(document)
    return document


def _check_series(document: Document) -> None:
    focus = document.get("focus")
    compared = focus["compared"] if focus else None
    for one in [*document["series"], *([compared] if compared else [])]:
        days = [date.fromisoformat(day).toordinal() for day in one["days"]]
        if any(later - earlier != 1 for earlier, later in pairwise(days)):
            raise SnapshotError(f"snapshot: series {one['series']}: its days have a gap")
        lists = cast("dict[str, list[Any]]", one)
        for name in _SERIES_LISTS:
            if len(lists[name]) != len(one["days"]):
                raise SnapshotError(
                    f"snapshot: series {one['series']}: {len(lists[name])} values in {name} "
                    f"for {len(one['days'])} days"
                )


def _plain(value: Any) -> Any:
    """A copy made of clean text, finite rounded numbers, lists and dicts."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float):
        return round(float(value), _DECIMALS) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {clean(str(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
