"""The whole house as a person starts it: `python -m monitor serve` in a folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90
LOOPBACK_ONLY = """\
[polling]
allow_private_hosts = ["127.0.0.1"]
host_interval = "0.01s"
[storage]
url = "sqlite:///m.db"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A running dashboard."""

    address: str
    folder: Path

    @property
    def database_url(self) -> str:
        """Its store."""
        return f"sqlite:///{self.folder / 'm.db'}"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(**changes: str) -> dict[str, str]:
    """This process's environment without an operator's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    return kept | {"PYTHONPATH": str(ROOT)} | changes


def configured(folder: Path, settings: str = LOOPBACK_ONLY) -> Path:
    """A config.toml in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "config.toml"
    path.write_text(settings, encoding="utf-8")
    return path


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[House]:
    """Serve what config.toml in this folder says until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "monitor", "--config", str(folder / "config.toml"),
               "serve", "--port", str(port), *words]  # fmt: skip
    with running(command, port, folder):
        yield House(address=f"http://127.0.0.1:{port}", folder=folder)


@contextmanager
def streamlit(folder: Path, *, root: Path = ROOT) -> Iterator[House]:
    """The same by `streamlit run dashboard.py`, which looks at nothing before a browser comes."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py",
               f"--server.port={port}", "--server.headless=true"]  # fmt: skip
    told = {"MONITOR_CONFIG": str(folder / "config.toml"), "PYTHONPATH": str(root)}
    with running(command, port, folder, root=root, told=told):
        yield House(address=f"http://127.0.0.1:{port}", folder=folder)


@contextmanager
def running(
    command: list[str],
    port: int,
    folder: Path,
    *,
    root: Path = ROOT,
    told: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Run a server until the block ends; its output is in `server.log`."""
    log = folder / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=root, env=environment(**(told or {})), stdout=out, stderr=out
        )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", process, log)
        yield
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
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        else:
            return
