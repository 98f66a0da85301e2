"""Keeping what was computed: views by the minute and by what is stored, charts by their views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import streamlit as st

from monitor.storage.rows import StoryFilter
from monitor.views.lens import Lens
from pages import session

_P = ParamSpec("_P")
_T = TypeVar("_T")


@st.cache_resource(show_spinner=False, max_entries=256, ttl=600)
def _kept(name: str, key: str, _held: tuple[Any, Callable[[], Any]]) -> tuple[Any, Any]:
    """A value beside what it was made from: as long as these live, their identity means them."""
    del name, key
    return _held[0], _held[1]()


def kept(load: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """What `load` gives, computed once a minute and once for every change in the store.

    The first argument may be the store's queries and the second the lens; the rest is the key.
    """
    version = session.store().reading.version()
    minute = int(session.now().timestamp() // 60)
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
