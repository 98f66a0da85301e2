"""What pages share: settings, store, clock, who is looking; the only place that keeps things."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from monitor import config
from monitor.assess.assessor import Assessor
from monitor.config import Config
from monitor.cycle.intake import Intake
from monitor.cycle.start import open_intake, open_store
from monitor.storage.store import Store
from monitor.views.lens import Lens

GATE = threading.BoundedSemaphore(2)  # scripts share one interpreter lock: more only starve routes


@dataclass(frozen=True, slots=True)
class _Opened:
    config: Config
    store: Store
    intake: Intake


@st.cache_resource(show_spinner=False, max_entries=4)
def _open(path: str, changed_at: float, url: str) -> _Opened:
    """Settings and store of one state of config.toml; errors are not kept."""
    del changed_at, url  # part of the key only
    settings = config.load(Path(path))
    store = open_store(settings, now=now())
    return _Opened(
        config=settings,
        store=store,
        intake=open_intake(settings, store, now=now()),
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


def is_dark() -> bool:
    """The reader looks at the dark theme."""
    return st.context.theme.type == "dark"
