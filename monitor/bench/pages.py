"""The bench of the pages: a real browser, cold each time, beside an empty Streamlit page.

Figures are medians of rounds in which every contestant takes its turn, so that ratios hold on a
busy machine too.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from monitor.bench import planted, servers, sessions, visits
from monitor.bench.report import Line
from monitor.config import ROOT

ROUNDS = 5
SESSIONS, EVERY_SECONDS, FOR_SECONDS = 50, 5.0, 40.0
_EMPTY = """\
import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure(go.Scatter(x=[1, 2, 3], y=[2, 1, 3])))
"""
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
Figures = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The servers that are visited."""

    empty: str
    ours: str
    link: str
    pid: int  # of our server


def lines(rounds: int = ROUNDS) -> list[Line]:
    """Measure everything.

    Args:
        rounds: Cold visits of each kind; medians count.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as held:
        place = Path(folder)
        config = _furnish(place)
        starts = _starts(place, config, rounds)
        ground = _ground(place, config, held)
        figures = starts | _visited(ground, rounds) | _reruns(ground) | _crowd(ground)
    return _lines(figures)


def _furnish(place: Path) -> Path:
    """A store with four months of planted items."""
    config = place / "config.toml"
    config.write_text('[storage]\nurl = "sqlite:///m.db"\n', encoding="utf-8")
    archive = place / "archive.jsonl"
    archive.write_bytes(b"\n".join(planted.lines(now=datetime.now(UTC), days=120, per_day=20)))
    servers.said(config, "import", str(archive))
    (place / "empty.py").write_text(_EMPTY, encoding="utf-8")
    return config


def _ground(place: Path, config: Path, held: ExitStack) -> Ground:
    empty, ours = servers.free_port(), servers.free_port()
    held.enter_context(
        servers.running(
            servers.streamlit_command("empty.py", empty), empty, log=place / "empty.log", root=place
        )
    )
    pid = held.enter_context(
        servers.running(
            servers.serve_command(config, ours, "--no-poll"), ours, log=place / "ours.log"
        )
    )
    made = json.loads(servers.said(config, "snapshot", "create", "--json"))
    address = f"http://127.0.0.1:{ours}"
    return Ground(
        empty=f"http://127.0.0.1:{empty}",
        ours=address,
        link=f"{address}/s/{made['url'].partition('/s/')[2]}",
        pid=pid,
    )


def _starts(place: Path, config: Path, rounds: int) -> Figures:
    """Seconds from starting the server to the first chart in a browser that waits for it."""
    contestants: dict[str, Callable[[int], tuple[list[str], Path]]] = {
        "start_empty": lambda port: (servers.streamlit_command("empty.py", port), place),
        "start": lambda port: (servers.serve_command(config, port, "--no-poll"), ROOT),
    }
    found: dict[str, list[float]] = defaultdict(list)
    with sync_playwright() as playwright:
        browser = visits.launch(playwright, _browser(playwright.chromium.executable_path))
        for _ in range(rounds):
            for name, words in contestants.items():
                port = servers.free_port()
                command, root = words(port)
                begin = time.perf_counter()
                with servers.running(command, port, log=place / "start.log", root=root):
                    with visits.cold(browser) as (page, _wire):
                        visits.until_shown(page, f"http://127.0.0.1:{port}", visits.CHART)
                    found[name].append(time.perf_counter() - begin)
    return _medians(found)


def _visited(ground: Ground, rounds: int) -> Figures:
    with sync_playwright() as playwright:
        browser = visits.launch(playwright, _browser(playwright.chromium.executable_path))
        found: dict[str, list[float]] = defaultdict(list)
        _visit(browser, ground, defaultdict(list))  # the first visit also warms the servers
        for _ in range(rounds):
            _visit(browser, ground, found)
    return _medians(found)


def _visit(browser: Browser, ground: Ground, found: dict[str, list[float]]) -> None:
    with visits.cold(browser) as (page, wire):
        found["empty"].append(visits.until_shown(page, ground.empty, visits.CHART))
        page.wait_for_timeout(500)
        found["empty_megabytes"].append(wire.megabytes)
    with visits.cold(browser) as (page, wire):
        found["situation"].append(visits.until_shown(page, ground.ours, visits.CHART))
        page.wait_for_timeout(1500)
        found["megabytes"].append(wire.megabytes)
        found["requests"].append(wire.requests)
        found["filter"].append(visits.until_filtered(page))
    with visits.cold(browser) as (page, wire):
        found["link"].append(visits.until_shown(page, ground.link, ".chart svg.wide"))
        found["link_megabytes"].append(wire.megabytes)


def _reruns(ground: Ground) -> Figures:
    """A lone session's reruns, in seconds, taking turns."""
    ours, empty = [], []
    for _ in range(ROUNDS):
        ours += sessions.rerun_seconds(ground.ours, 4)
        empty += sessions.rerun_seconds(ground.empty, 4)
    return {"rerun": statistics.median(ours), "rerun_empty": statistics.median(empty)}


def _crowd(ground: Ground) -> Figures:
    load = sessions.crowd(
        ground.ours, ground.link, ground.pid,
        sessions=SESSIONS, every=EVERY_SECONDS, seconds=FOR_SECONDS,
    )  # fmt: skip
    return {
        "crowd_p50": statistics.median(load.reruns),
        "crowd_p95": _p95(load.reruns),
        "crowd_route_p95": _p95(load.routes),
        "crowd_memory": load.megabytes_each,
    }


def _lines(figures: Figures) -> list[Line]:
    def seconds(name: str) -> str:
        return f"{figures[name]:.2f} s"

    beside = f"{seconds('situation')} / {seconds('empty')}"
    started = f"{seconds('start')} / {seconds('start_empty')}"
    rerun = f"{1000 * figures['rerun']:.0f} / {1000 * figures['rerun_empty']:.0f} ms"
    return [
        Line(what="Situation / empty page, first chart, cold browser", at_most=1.5,
             figure=figures["situation"] / figures["empty"], detail=beside),
        Line(what="bytes of the first visit", at_most=3.2, unit="MB", figure=figures["megabytes"],
             detail=f"empty page {figures['empty_megabytes']:.2f} MB"),
        Line(what="filter change until the chart shows it", at_most=0.5, unit="s",
             figure=figures["filter"]),
        Line(what="snapshot link / Situation, cold browser", at_most=0.25,
             figure=figures["link"] / figures["situation"],
             detail=f"{seconds('link')}, {figures['link_megabytes']:.2f} MB"),
        Line(what="script rerun, Situation / empty page", figure=figures["rerun"]
             / figures["rerun_empty"], detail=rerun),
        Line(what="server start to first chart, ours / empty", figure=figures["start"]
             / figures["start_empty"], detail=started),
        Line(what=f"{SESSIONS} sessions, a rerun every {EVERY_SECONDS:g} s: p95", at_most=0.3,
             unit="s", figure=figures["crowd_p95"], detail=f"median {seconds('crowd_p50')}"),
        Line(what="a snapshot opened meanwhile: p95", at_most=0.3, unit="s",
             figure=figures["crowd_route_p95"]),
        Line(what="memory a session", at_most=2.0, unit="MB", figure=figures["crowd_memory"]),
    ]  # fmt: skip


def _browser(own: str) -> str:
    """Path of a browser: CHROMIUM, one on the PATH, else Playwright's own download."""
    named = (os.environ.get("CHROMIUM"), *map(shutil.which, _BROWSERS))
    return next((path for path in named if path), own)


def _medians(found: Mapping[str, Sequence[float]]) -> dict[str, float]:
    return {name: statistics.median(values) for name, values in found.items()}


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
