"""The whole house as a person starts it, in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from monitor.bench import servers
from monitor.config import ROOT

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


def configured(folder: Path, settings: str = LOOPBACK_ONLY) -> Path:
    """A config.toml in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "config.toml"
    path.write_text(settings, encoding="utf-8")
    return path


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[House]:
    """`python -m monitor serve` with this folder's config.toml, until the block ends."""
    port = servers.free_port()
    command = servers.serve_command(folder / "config.toml", port, *words)
    with servers.running(command, port, log=folder / "server.log"):
        yield House(address=f"http://127.0.0.1:{port}", folder=folder)


@contextmanager
def streamlit(folder: Path, *, root: Path = ROOT) -> Iterator[House]:
    """`streamlit run dashboard.py`, which looks at nothing before a browser comes."""
    port = servers.free_port()
    told = {"MONITOR_CONFIG": str(folder / "config.toml"), "PYTHONPATH": str(root)}
    command = servers.streamlit_command("dashboard.py", port)
    with servers.running(command, port, log=folder / "server.log", root=root, told=told):
        yield House(address=f"http://127.0.0.1:{port}", folder=folder)
