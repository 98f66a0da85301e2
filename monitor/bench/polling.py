"""The bench of the poller: a thousand feeds on loopback, ours beside the floor and the peers.

CPU is that of the whole process tree; memory is the sum of the tree's resident sets
(RSS, which counts shared pages once per process) and of its proportional sets (PSS). Where two
are close (unchanged rounds of ours and the floor, first polls without and with hostile feeds)
they take turns, because a machine is not equally fast all the time, and the median of the pairs
counts.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from monitor.bench.feedserver import HOSTILE
from monitor.bench.report import Line

_ABSENT = "newsboat not installed"
_BESIDE_HOSTILE = f"ours with {len(HOSTILE)} hostile"
_SAME_ROUNDS = 5
_PAIRS = 25  # unchanged rounds of ours and of the floor in turn
_HOSTILE_PAIRS = 5  # first polls without and with hostile feeds in turn
_TICK = os.sysconf("SC_CLK_TCK")
_TARGETS = (  # name, value, at most
    ("first poll, CPU, ours / floor", "cold_cpu_of_floor", 1.4),
    ("first poll, CPU, ours / reader", "cold_cpu_of_reader", 1.0),
    ("first poll, wall, ours / reader", "cold_wall_of_reader", 1.0),
    ("first poll, CPU, ours / newsboat", "cold_cpu_of_newsboat", 1.0),
    ("first poll, wall, ours / newsboat", "cold_wall_of_newsboat", 1.0),
    ("all unchanged, CPU, ours / floor", "same_cpu_of_floor", 2.0),
    ("all unchanged, CPU, ours / reader", "same_cpu_of_reader", 1 / 3),
    ("honest feeds beside hostile ones, wall, with / without", "hostile_wall_ratio", 1.1),
    ("connections", "connections", 40),
    ("memory of the tree, MB (RSS)", "memory_mb", 250),
)


def run(feeds: int = 1000, items: int = 20, rounds: int = 3) -> dict[str, Any]:
    """Measure and print.

    Args:
        feeds: Two thirds RSS, one third Atom, of about 36 KB.
        items: In each.
        rounds: The first poll is repeated so often with fresh stores; medians count.

    Returns:
        Figures of every contestant, and `ratios` with the targets' values.
    """
    names = ["floor", "ours", "reader"]
    if shutil.which("newsboat"):
        names.append("newsboat")
    with _server(feeds, items) as port:
        runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
        for turn in range(rounds):
            for name in names if turn == 0 else names[:3]:
                runs[name].append(_contest(name, port, feeds, []))
        hostile = _contest("ours", port, feeds, list(HOSTILE))
        paired = {
            "same_cpu_of_floor": _same_of_floor(port, feeds),
            "hostile_wall_ratio": _beside_hostile(port, feeds),
        }
    found = {name: _median(many) for name, many in runs.items()} | {_BESIDE_HOSTILE: hostile}
    ratios = _ratios(found) | paired
    result = {"feeds": feeds, "items": items, "contestants": found, "ratios": ratios}
    _print(result)
    return result


@contextmanager
def _server(feeds: int, items: int) -> Iterator[int]:
    command = [sys.executable, "-m", "monitor.bench.feedserver", str(feeds), str(items)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        assert process.stdin is not None
        process.stdin.close()


def _ask(port: int, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def _contest(name: str, port: int, feeds: int, extra: list[str]) -> dict[str, Any]:
    """One contestant: first poll, twice all unchanged, one feed in a hundred changed."""
    with tempfile.TemporaryDirectory() as folder:
        with _contestant(name, port, feeds, folder, extra) as process:
            with _watching(process.pid) as peak:
                found = {}
                for title, version in (("cold", 0), ("second", 0), ("same", 0), ("changed", 2)):
                    often = _SAME_ROUNDS if title == "same" and name in ("ours", "floor") else 1
                    found[title] = _middle([_round(process, port, version) for _ in range(often)])
            found["memory"] = dict(peak)
        found["disk"] = {"mb": sum(f.stat().st_size for f in Path(folder).iterdir()) / 1e6}
    return found


def _same_of_floor(port: int, feeds: int) -> float:
    """CPU of ours as a multiple of the floor's while nothing changes, both measured in turn."""
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as other,
        _contestant("ours", port, feeds, folder, []) as ours,
        _contestant("floor", port, feeds, other, []) as floor,
    ):
        for process in (ours, ours, floor, floor):
            _round(process, port, 0)
        rounds = [(_round(ours, port, 0), _round(floor, port, 0)) for _ in range(_PAIRS)]
    # Ours asks for everything anew once a week of its clock, which is no unchanged round.
    pairs = [(one, least) for one, least in rounds if one["not_modified"] == feeds]
    return statistics.median(float(one["cpu"] / least["cpu"]) for one, least in pairs)


def _beside_hostile(port: int, feeds: int) -> float:
    """Seconds until all honest feeds are stored, beside hostile ones as a multiple of without."""
    seconds: tuple[list[float], list[float]] = [], []
    for _ in range(_HOSTILE_PAIRS):
        for found, extra in zip(seconds, ([], list(HOSTILE)), strict=True):
            with (
                tempfile.TemporaryDirectory() as folder,
                _contestant("ours", port, feeds, folder, extra) as process,
            ):
                found.append(float(_round(process, port, 0)["honest_seconds"]))
    return statistics.median(other / one for one, other in zip(*seconds, strict=True))


@contextmanager
def _contestant(
    name: str, port: int, feeds: int, folder: str, extra: list[str]
) -> Iterator[subprocess.Popen[str]]:
    """A contestant that is ready for its rounds."""
    command = [
        sys.executable, "-m", "monitor.bench.pollers", name, str(port), str(feeds), folder, *extra,
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.stdin.close()


def _round(process: subprocess.Popen[str], port: int, version: int) -> dict[str, Any]:
    """One poll of all feeds by a contestant that is ready."""
    assert process.stdin is not None
    assert process.stdout is not None
    _ask(port, f"/reset?{version}")
    before = _cpu(process.pid)
    process.stdin.write("go\n")
    process.stdin.flush()
    one: dict[str, Any] = json.loads(process.stdout.readline())
    one["cpu"] = _cpu(process.pid) - before
    return one | {key: _ask(port, "/stats")[key] for key in ("most_open", "not_modified")}


def _middle(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


# --- process trees ----------------------------------------------------------------------------
def _tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for one in found:
        try:
            for thread in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (thread / "children").read_text().split()]
        except OSError:
            continue
    return found


def _cpu(pid: int) -> float:
    """Seconds used by a tree: of live processes to the nanosecond, of dead ones to a tick.

    The clock of another process is what clock_getcpuclockid(3) gives for it.
    """
    total = 0.0
    for one in _tree(pid):
        try:
            values = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            total += time.clock_gettime(~one << 3 | 2)
        except OSError:
            continue
        total += sum(int(values[n]) for n in (13, 14)) / _TICK  # of children that ended
    return total


def _memory(pid: int) -> dict[str, float]:
    total = {"rss_mb": 0.0, "pss_mb": 0.0}
    for one in _tree(pid):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            key = {"Rss:": "rss_mb", "Pss:": "pss_mb"}.get(line.split()[0])
            if key:
                total[key] += int(line.split()[1]) / 1024
    return total


@contextmanager
def _watching(pid: int) -> Iterator[dict[str, float]]:
    peak = {"rss_mb": 0.0, "pss_mb": 0.0}
    end = threading.Event()

    def watch() -> None:
        while not end.wait(0.2):
            for key, value in _memory(pid).items():
                peak[key] = max(peak[key], value)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        end.set()
        thread.join()


# --- figures ----------------------------------------------------------------------------------
def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {part: _middle([run[part] for run in runs]) for part in runs[0]}


def _ratios(found: dict[str, Any]) -> dict[str, float]:
    ours, floor, reader = found["ours"], found["floor"], found["reader"]
    bad = found[_BESIDE_HOSTILE]
    return {
        **_of_newsboat(ours, found.get("newsboat")),
        "cold_cpu_of_floor": ours["cold"]["cpu"] / floor["cold"]["cpu"],
        "cold_cpu_of_reader": ours["cold"]["cpu"] / reader["cold"]["cpu"],
        "cold_wall_of_reader": ours["cold"]["seconds"] / reader["cold"]["seconds"],
        "same_cpu_of_reader": ours["same"]["cpu"] / reader["same"]["cpu"],
        "connections": max(bad[part]["most_open"] for part in ("cold", "same")),
        "memory_mb": max(ours["memory"]["rss_mb"], bad["memory"]["rss_mb"]),
    }


def _of_newsboat(ours: dict[str, Any], newsboat: dict[str, Any] | None) -> dict[str, float]:
    """The ratios to newsboat; not a number where it is not installed."""
    if newsboat is None:
        return {"cold_cpu_of_newsboat": math.nan, "cold_wall_of_newsboat": math.nan}
    return {
        "cold_cpu_of_newsboat": ours["cold"]["cpu"] / newsboat["cold"]["cpu"],
        "cold_wall_of_newsboat": ours["cold"]["seconds"] / newsboat["cold"]["seconds"],
    }


def lines() -> list[Line]:
    """The ratios against their targets, for `curacao-monitor bench`."""
    ratios = run()["ratios"]
    return [_line(text, ratios[key], most) for text, key, most in _TARGETS]


def _line(text: str, figure: float, at_most: float) -> Line:
    if math.isnan(figure):
        return Line(what=text, figure=figure, detail=_ABSENT)
    return Line(what=text, figure=figure, at_most=at_most)


def _print(result: dict[str, Any]) -> None:
    print(f"{result['feeds']} feeds of {result['items']} items, loopback; wall s / CPU s")
    print(f"{'':22}{'cold':>15}{'same':>15}{'1 % changed':>15}{'RSS':>6}{'PSS':>6}{'disk':>6}")
    for name, one in result["contestants"].items():
        cells = "".join(
            f"{one[part]['seconds']:8.2f} /{one[part]['cpu']:5.2f}"
            for part in ("cold", "same", "changed")
        )
        memory = f"{one['memory']['rss_mb']:6.0f}{one['memory']['pss_mb']:6.0f}"
        print(f"{name:22}{cells}{memory}{one['disk']['mb']:6.0f}")
    for text, key, most in _TARGETS:
        value = result["ratios"][key]
        if math.isnan(value):
            print(f"{text:56}{_ABSENT}")
            continue
        verdict = "" if value <= most else "  MISSED"
        print(f"{text:56}{value:8.2f}  (at most {most:.2f}){verdict}")


if __name__ == "__main__":
    run()
