"""config.toml -> Config: what an operator sets, checked at the door."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import fields
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    model_validator,
)

from monitor import __version__
from monitor.errors import ConfigError
from monitor.feeds.limits import Politeness
from monitor.feeds.model import Feed, FeedKind, Pool, feed_id
from monitor.indicators.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
LONGEST = timedelta(days=36_500)  # a hundred years: what is longer is a slip
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(text: object) -> timedelta:
    """A span written as "90s", "15m", "6h" or "30d".

    Raises:
        ValueError: Anything else, or a span that is not above zero or longer than `LONGEST`.
    """
    if isinstance(text, timedelta):
        return text
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f'{text!r} is no span; write a number with s, m, h or d, as in "15m"')
    seconds = float(found[1]) * _UNITS[found[2]]
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"{text!r} is too long; write a span of at most {LONGEST.days}d")
    span = timedelta(seconds=seconds)
    if not span:
        raise ValueError(f"{text!r} is no time at all; write a span above zero")
    return span


def web_address(url: str) -> str:
    """The address itself, if it is http or https and names a host.

    Raises:
        ValueError: It cannot be fetched or opened.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(f"{url!r} is no web address; it must start with http:// or https://")
    return url


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone; write one such as America/Curacao")
    return name


_INDEX_WORDS = {"reference": "base_days", "half_life": "half_life_days", "burn_in": "burn_in_days"}


def index_settings(raw: object) -> Settings:
    """The [index] table: constants of docs/method.md by name; days may be written as spans.

    Raises:
        ValueError: An unknown constant, or one that cannot be used.
    """
    if isinstance(raw, Settings):
        return raw
    if not isinstance(raw, dict):
        raise ValueError("[index] must be a table")
    kinds = {one.name: one.type for one in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in raw.items():
        name = _INDEX_WORDS.get(key, key)
        if name not in kinds:
            raise ValueError(f"{key}: unknown key; remove it or correct its spelling")
        values[name] = _constant(value, kinds[name])
    try:
        return Settings(**values)
    except TypeError as error:
        raise ValueError(str(error)) from error


def _constant(value: object, kind: object) -> object:
    """A value as the settings want it: days as a number, lists as tuples, counts whole."""
    if isinstance(value, str):
        value = duration(value) / timedelta(days=1)
    if isinstance(value, list):
        return tuple(value)
    if kind == "int" and isinstance(value, int | float):
        return int(value)
    return value


Span = Annotated[timedelta, BeforeValidator(duration)]
Url = Annotated[str, AfterValidator(web_address)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Site(_Table):
    """What the installation calls itself."""

    title: str = "Curaçao Security Monitor"
    public_url: Url | None = None  # None: links use the address that the browser opened
    timezone: Annotated[str, AfterValidator(_zone)] = "America/Curacao"
    language: Literal["en", "nl", "es", "pap"] = "en"  # names of indicators; all else is English


class Storage(_Table):
    """Where items, judgements and snapshots are kept."""

    url: str = "sqlite:///data/monitor.db"


class Polling(_Table):
    """How politely the feeds are asked."""

    user_agent: str = "CuracaoSecurityMonitor/{version}"
    contact: str = ""
    workers: Annotated[int, Field(ge=1, le=64)] = 8
    min_interval: Span = timedelta(minutes=15)
    max_interval: Span = timedelta(hours=6)
    manual_interval: Span = timedelta(seconds=60)
    host_interval: Span = timedelta(seconds=1)
    host_connections: Annotated[int, Field(ge=1, le=8)] = 2
    allow_private_hosts: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Polling:
        if self.min_interval > self.max_interval:
            raise ValueError("min_interval is longer than max_interval; swap or correct them")
        return self


class Snapshots(_Table):
    """How long a shared link lives."""

    expire_after: Span = timedelta(days=30)


class Access(_Table):
    """Who may change things."""

    mode: Literal["open", "oidc"] = "open"
    editors: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()


class DeclaredFeed(_Table):
    """One [[feeds]] entry."""

    url: Url
    title: str = ""
    kind: FeedKind = FeedKind.RSS
    language: Literal["en", "nl", "es", "pap"] | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    group: str = ""
    pool: Pool = Pool.REGIONAL
    reliability: Literal["A", "B", "C", "D", "E", "F"] = "F"
    official: bool = False
    interval: Span | None = None
    selectors: dict[str, str] = Field(default_factory=dict)

    def feed(self) -> Feed:
        """The feed that this entry declares."""
        return Feed(
            id=feed_id(self.url),
            url=self.url,
            title=self.title or urlsplit(self.url).hostname or self.url,
            **{
                name: getattr(self, name)
                for name in DeclaredFeed.model_fields
                if name not in ("url", "title")
            },
        )


class Config(_Table):
    """Everything in config.toml, with the defaults filled in."""

    site: Site = Site()
    storage: Storage = Storage()
    polling: Polling = Polling()
    index: Annotated[Settings, PlainValidator(index_settings)] = Field(default_factory=Settings)
    snapshots: Snapshots = Snapshots()
    access: Access = Access()
    declared: tuple[DeclaredFeed, ...] = Field(default=(), alias="feeds")
    path: Path = Path("config.toml")  # ours: where it was read
    override: str = ""  # ours: --database of the command line

    @model_validator(mode="after")
    def _each_feed_once(self) -> Config:
        urls = [one.url for one in self.declared]
        twice = {url for url in urls if urls.count(url) > 1}
        if twice:
            raise ValueError(f"feeds: {', '.join(sorted(twice))} is declared twice; remove one")
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        """The site's time zone: local days are counted in it."""
        return ZoneInfo(self.site.timezone)

    @cached_property
    def feeds(self) -> tuple[Feed, ...]:
        """The declared feeds, in the file's order."""
        return tuple(one.feed() for one in self.declared)

    def declared_feed(self, name: str) -> Feed | None:
        """The feed that the file declares under this id; None: it declares none."""
        return next((one for one in self.feeds if one.id == name), None)

    @property
    def database_url(self) -> str:
        """Where the store is, with a SQLite path written out in full.

        A relative path counts from the folder of config.toml where it stands there, and from the
        present folder where --database or the environment names it.
        """
        named = self.override or os.environ.get("MONITOR_DATABASE_URL")
        if named:
            return _whole(named, Path.cwd())
        return _whole(self.storage.url, self.path.resolve().parent)

    def with_database(self, url: str) -> Config:
        """The same settings on another database."""
        return self.model_copy(update={"override": url})

    @cached_property
    def politeness(self) -> Politeness:
        """How the sites that we read are to be treated."""
        own = self.polling
        return Politeness(
            user_agent=self.user_agent,
            workers=own.workers,
            host_connections=own.host_connections,
            host_interval=own.host_interval,
            allow_private_hosts=own.allow_private_hosts,
            min_interval=own.min_interval,
            max_interval=own.max_interval,
            manual_interval=own.manual_interval,
        )

    @cached_property
    def user_agent(self) -> str:
        """How we introduce ourselves to the sites that we read, with a way to reach us."""
        name = self.polling.user_agent.replace("{version}", __version__)
        contact = self.polling.contact
        return f"{name} (+{contact})" if contact else name


def _whole(url: str, folder: Path) -> str:
    """The address of a SQLite file with its whole path; any other address as it is."""
    found = _SQLITE.fullmatch(url)
    return found[1] + str(folder / found[2]) if found else url


_SQLITE = re.compile(r"(sqlite(?:\+\w+)?:///)((?!file:|:memory:).+)")


def config_path(given: str | None = None) -> Path:
    """The file to read: the one given, else MONITOR_CONFIG, else config.toml of the project."""
    named = given or os.environ.get("MONITOR_CONFIG")
    if named:
        return Path(named)
    here = Path("config.toml")
    return here if here.exists() else ROOT / "config.toml"


def load(path: Path) -> Config:
    """Read and check a configuration.

    Raises:
        ConfigError: The file is missing, is not TOML, or holds an unknown key or an unusable
            value; the message names file, table and key.
    """
    name = str(path)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(name, "", "not found; give --config PATH or set MONITOR_CONFIG") from None
    except OSError as error:
        raise ConfigError(name, "", f"cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(name, "", f"is not valid TOML: {error}") from error
    for ours in ("path", "declared", "override"):
        if ours in raw:
            raise ConfigError(name, ours, "unknown key; remove it or correct its spelling")
    try:
        return Config(**raw, path=path)
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(name, _key(first["loc"], raw), _problem(first)) from error


def _key(location: tuple[int | str, ...], raw: dict[str, Any]) -> str:
    """Name of the key as the operator wrote it; feeds are named by their URL too."""
    parts = [str(part) for part in location]
    if len(location) > 1 and location[0] == "feeds" and isinstance(location[1], int):
        entry = raw["feeds"][location[1]]
        url = entry.get("url", "without url") if isinstance(entry, dict) else "not a table"
        return " ".join([f"[[feeds]] number {location[1] + 1} ({url})", ".".join(parts[2:])])
    if parts == ["index"]:
        return "[index]"
    if len(parts) == 2:
        return f"[{parts[0]}] {parts[1]}"
    return ".".join(parts)


def _problem(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "unknown key; remove it or correct its spelling"
    message = str(error["msg"]).removeprefix("Value error, ")
    given = error.get("input")
    simple = isinstance(given, str | int | float | bool) and repr(given) not in message
    return f"{message} (it says {given!r})" if simple else message
