"""What pages share: settings, store, clock, who is looking; the only place that keeps things."""

from __future__ import annotations

import gc
import threading
from datetime import UTC, datetime

import streamlit as st

from monitor.assess.assessor import Assessor
from monitor.assess.changes import Vocabulary
from monitor.config import SEEDS, Config
from monitor.cycle.installation import INSTALLATION, Opened
from monitor.cycle.intake import Intake
from monitor.storage.store import Store
from monitor.views.lens import Lens

GATE = threading.BoundedSemaphore(2)  # scripts share one interpreter lock: more only starve routes


_SETTLED = threading.Event()


def settle() -> None:
    """After the first page: what the process keeps from now on is never searched for garbage.

    Streamlit collects garbage after every run; without this half of a rerun's time goes there.
    """
    if not _SETTLED.is_set():
        _SETTLED.set()
        gc.collect()
        gc.freeze()


def opened() -> Opened:
    """The same as behind the routes and the poller: one lexicon in memory, one pool of connections.

    It is there before the first reader, so that no rerun looks through it for garbage. Pages
    read by `store()`; whoever changes something takes a `pens.take()`.
    """
    return INSTALLATION.opened()


def settings() -> Config:
    """config.toml as it stands now.

    Raises:
        ConfigError: It cannot be used.
    """
    return opened().config


def store() -> Store:
    """The store named by the settings, for reading: it takes no changes.

    Raises:
        ConfigError: The settings cannot be used.
        StorageError: The database cannot be opened.
    """
    return opened().readable


def assessor() -> Assessor:
    """The judge, with the lexicon in use."""
    return opened().intake.assessor


@st.cache_resource(show_spinner=False, max_entries=1)
def vocabulary() -> Vocabulary:
    """Words, rules and weights as shipped."""
    return Vocabulary.load(SEEDS)


def intake() -> Intake:
    """What judges items, to ask it; what it is to file or save goes through a `pens.take()`."""
    return opened().intake


def now() -> datetime:
    """The clock, in UTC."""
    return datetime.now(UTC)


def lens() -> Lens:
    """The reader's clock, by the minute so that views can be kept, and the names."""
    now_open = opened()
    language = now_open.config.site.language
    names = {
        one.id: one.names.get(language, one.id)
        for one in now_open.intake.assessor.indicators.values()
    }
    moment = now().replace(second=0, microsecond=0)
    return Lens(now=moment, zone=now_open.config.zone, names=names)


def is_dark() -> bool:
    """The reader looks at the dark theme."""
    return st.context.theme.type == "dark"
