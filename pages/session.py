"""What pages share: settings, store, clock, who is looking; the only place that keeps things."""

from __future__ import annotations

import getpass
import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

import streamlit as st

from monitor import config
from monitor.assess.assessor import Assessor
from monitor.config import SEEDS, Config
from monitor.cycle.intake import Intake
from monitor.cycle.start import open_intake, open_store
from monitor.snapshots.coastline import Coastline
from monitor.storage.rows import StoryFilter
from monitor.storage.store import Store
from monitor.views import chronology
from monitor.views.chronology import Fact
from monitor.views.lens import Lens

GATE = threading.BoundedSemaphore(2)  # scripts share one interpreter lock: more only starve routes
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Opened:
    config: Config
    store: Store
    intake: Intake
    facts: tuple[Fact, ...]
    coast: Coastline


@st.cache_resource(show_spinner=False, max_entries=4)
def _open(path: str, changed_at: float, url: str) -> _Opened:
    """Settings, store and shipped files of one state of config.toml; errors are not kept."""
    del changed_at, url  # part of the key only
    settings = config.load(Path(path))
    store = open_store(settings, now=now())
    return _Opened(
        config=settings,
        store=store,
        intake=open_intake(settings, store, now=now()),
        facts=chronology.read(SEEDS / "chronology.jsonl"),
        coast=Coastline.load(SEEDS / "coastline.geojson"),
    )


def _opened() -> _Opened:
    path = config.config_path()
    changed_at = path.stat().st_mtime if path.exists() else 0.0
    return _open(str(path), changed_at, os.environ.get("MONITOR_DATABASE_URL", ""))


def settings() -> Config:
    """config.toml as it stands now.

    Raises:
        ConfigError: It cannot be used.
    """
    return _opened().config


def store() -> Store:
    """The store named by the settings.

    Raises:
        ConfigError: The settings cannot be used.
        StorageError: The database cannot be opened.
    """
    return _opened().store


def assessor() -> Assessor:
    """The judge, with the lexicon in use."""
    return _opened().intake.assessor


def intake() -> Intake:
    """What judges and files items."""
    return _opened().intake


def facts() -> tuple[Fact, ...]:
    """The shipped chronology."""
    return _opened().facts


def coast() -> Coastline:
    """The shipped coastline."""
    return _opened().coast


def now() -> datetime:
    """The clock, in UTC."""
    return datetime.now(UTC)


def lens() -> Lens:
    """The reader's clock, by the minute so that views can be kept, and the names."""
    opened = _opened()
    language = opened.config.site.language
    names = {
        one.id: one.names.get(language, one.id)
        for one in opened.intake.assessor.indicators.values()
    }
    moment = now().replace(second=0, microsecond=0)
    return Lens(now=moment, zone=opened.config.zone, names=names)


@st.cache_resource(show_spinner=False, max_entries=256, ttl=600)
def _kept(name: str, key: str, _held: tuple[Any, Callable[[], Any]]) -> tuple[Any, Any]:
    """A value beside what it was made from: as long as these live, their identity means them."""
    del name, key
    return _held[0], _held[1]()


def kept(load: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """What `load` gives, computed once a minute and once for every change in the store.

    The first argument may be the store's queries and the second the lens; the rest is the key.
    """
    version = store().reading.version()
    minute = int(now().timestamp() // 60)
    named = {name: _identity(one) for name, one in kwargs.items()}
    key = repr((version, minute, [_identity(one) for one in args], sorted(named.items())))
    name = f"{load.__module__}.{load.__qualname__}"
    held = ((args, kwargs), lambda: load(*args, **kwargs))
    return cast("_T", _kept(name, key, held)[1])


def _identity(one: object) -> object:
    """What tells a value apart: plain values by what they say, long-lived objects by themselves.

    A lens changes by the minute only, and that is part of the key already.
    """
    if isinstance(one, Lens):
        return "lens"
    if isinstance(one, str | int | float | bool | StoryFilter | type(None)):
        return one
    if isinstance(one, tuple) and all(isinstance(part, str) for part in one):
        return one
    return id(one)


def figure(make: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """A chart, drawn once for every view it is made from (views are kept themselves)."""
    named = {name: _identity(one) for name, one in kwargs.items()}
    key = repr(([_identity(one) for one in args], sorted(named.items())))
    held = ((args, kwargs), lambda: make(*args, **kwargs))
    return cast("_T", _kept(f"{make.__module__}.{make.__qualname__}", key, held)[1])


def is_dark() -> bool:
    """The reader looks at the dark theme."""
    return st.context.theme.type == "dark"


def who() -> str:
    """The name under which changes are kept: the signed-in address, else this machine's user."""
    if settings().access.mode == "oidc":
        return str(getattr(st.user, "email", "") or "")
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local"


def can_edit() -> bool:
    """This reader may change things: alone on this machine, or a signed-in editor."""
    access = settings().access
    if access.mode == "oidc":
        return bool(who()) and who() in {*access.editors, *access.admins}
    return st.get_option("server.address") in LOOPBACK


def read_only_reason() -> str:
    """Why nothing can be changed, and what would allow it; "" when it can."""
    if can_edit():
        return ""
    if settings().access.mode == "oidc":
        return "You can look but not change. An administrator can add you to [access] editors."
    return (
        "You can look but not change: this dashboard is open to the network without sign-in. "
        'To edit, open it from 127.0.0.1 or set [access] mode = "oidc" in config.toml.'
    )


def address() -> str:
    """Where colleagues reach this dashboard, without a slash at the end."""
    configured = settings().site.public_url
    if configured:
        return configured.rstrip("/")
    opened = st.context.url or "http://127.0.0.1:8501"
    parts = urlsplit(opened)
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{parts.scheme}://{parts.netloc}" + (f"/{base}" if base else "")


@st.cache_resource(show_spinner=False, max_entries=1)
def evaluation() -> dict[str, Any] | None:
    """Figures of the judgement that came with the program; None: there are none."""
    path = SEEDS / "evaluation.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
