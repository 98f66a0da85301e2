"""serve: the dashboard with polling."""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
import time
import urllib.request
import webbrowser
from pathlib import Path

from monitor.cli import session
from monitor.config import ROOT
from monitor.errors import ConfigError, MonitorError

FIRST_START_SECONDS = 60


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the command."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--no-poll", action="store_true", help="another process polls")
    parser.add_argument("--open", action="store_true", help="open the browser, where there is one")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check what can go wrong, then hand over to Streamlit."""
    settings = session.configuration(args)
    with session.opened(args):
        pass  # a broken store is said here, in one line, before a browser opens
    _require_free(args.host, args.port)
    dashboard = ROOT / "dashboard.py"
    if not dashboard.exists():
        raise ConfigError(str(dashboard), "", "is missing; run from a complete checkout")
    address = f"http://{'127.0.0.1' if args.host in ('0.0.0.0', '::') else args.host}:{args.port}"  # noqa: S104 - compared, not bound
    print(f"Curaçao Security Monitor: open {address} (Ctrl+C stops it)", flush=True)
    if args.open and _has_screen():
        threading.Thread(target=_open_when_ready, args=(address,), daemon=True).start()
    return _streamlit(args, settings.path, settings.database_url)


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise MonitorError(
            f"port {port} on {host} cannot be used ({error.strerror}); "
            f"is the dashboard running already? Choose another: --port {port + 1}"
        ) from error


def _has_screen() -> bool:
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open_when_ready(address: str) -> None:
    until = time.monotonic() + FIRST_START_SECONDS
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.2)
        else:
            webbrowser.open(address)
            return


def _streamlit(args: argparse.Namespace, path: Path, database_url: str) -> int:
    """Run `streamlit run dashboard.py` in this process; it handles Ctrl+C and SIGTERM."""
    os.environ["MONITOR_CONFIG"] = str(path.resolve())
    os.environ["MONITOR_DATABASE_URL"] = database_url
    os.environ["MONITOR_POLL"] = "off" if args.no_poll else "on"
    os.chdir(ROOT)  # .streamlit/config.toml is read from here
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "dashboard.py",
        f"--server.address={args.host}",
        f"--server.port={args.port}",
        "--server.headless=true",
    ]
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 - no shell, our own words
