"""Servers as a person starts them, each in a process of its own, for benches and browser tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from monitor.config import ROOT
from monitor.errors import MonitorError

START_SECONDS = 120


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment, without what an operator has set for the monitor."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    return kept | {"PYTHONPATH": str(ROOT)} | dict(changes or {})


def said(config: Path, *words: str) -> str:
    """What one of our commands prints.

    Raises:
        MonitorError: It failed; the message is what it said.
    """
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "--config", str(config), *words],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise MonitorError(done.stderr.strip())
    return done.stdout


def serve_command(config: Path, port: int, *words: str) -> list[str]:
    """Words that serve the dashboard of this configuration."""
    return [sys.executable, "-m", "monitor", "--config", str(config), "serve",
            "--port", str(port), *words]  # fmt: skip


def streamlit_command(script: str, port: int) -> list[str]:
    """Words that serve a script by Streamlit alone."""
    return [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}",
            "--server.address=127.0.0.1", "--server.headless=true",
            "--server.fileWatcherType=none", "--browser.gatherUsageStats=false"]  # fmt: skip


@contextmanager
def running(
    command: Sequence[str],
    port: int,
    *,
    log: Path,
    root: Path = ROOT,
    told: Mapping[str, str] | None = None,
) -> Iterator[int]:
    """Run a Streamlit server until the block ends; gives its process id once it answers.

    Args:
        command: Serves on 127.0.0.1 at `port`.
        log: Takes its output.
        root: Where it runs.
        told: Environment variables.

    Raises:
        MonitorError: It ended, or did not answer in time; the message is its output.
    """
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            command, cwd=root, env=environment(told), stdout=out, stderr=subprocess.STDOUT
        )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", process, log)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 - our own address
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise MonitorError(log.read_text(encoding="utf-8").strip()) from None
            time.sleep(0.02)
        else:
            return
