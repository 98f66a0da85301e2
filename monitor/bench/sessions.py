"""Many open sessions without many browsers: each speaks Streamlit's websocket protocol itself.

A page is asked for by one small message and is complete when `script_finished` comes.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp

SCRIPT_FINISHED = 6  # field of ForwardMsg in streamlit/proto/ForwardMsg.proto
_RERUN = 11  # field rerun_script of BackMsg
_QUERY = 1  # field query_string of ClientState
Socket: TypeAlias = "aiohttp.ClientWebSocketResponse[Any]"
_PATIENCE = aiohttp.ClientWSTimeout(ws_close=5)


@dataclass(slots=True)
class Load:
    """What many sessions and a reader of a snapshot saw."""

    reruns: list[float] = field(default_factory=list)  # seconds
    routes: list[float] = field(default_factory=list)  # seconds
    megabytes_each: float = 0.0


def request(query: str) -> bytes:
    """The message that asks for a run with this query string."""
    text = query.encode()
    state = bytes([_QUERY << 3 | 2, len(text)]) + text
    return bytes([_RERUN << 3 | 2, len(state)]) + state


def fields(message: bytes) -> set[int]:
    """Numbers of the fields at the top of a protobuf message."""
    found, at = set(), 0
    while at < len(message):
        tag, at = _varint(message, at)
        found.add(tag >> 3)
        if tag & 7 == 0:
            _value, at = _varint(message, at)
        elif tag & 7 == 2:
            size, at = _varint(message, at)
            at += size
        else:
            at += 8 if tag & 7 == 1 else 4
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


async def _run(socket: Socket, query: str) -> float:
    """Seconds until the script has finished."""
    begin = time.perf_counter()
    await socket.send_bytes(request(query))
    while True:
        if SCRIPT_FINISHED in fields(await socket.receive_bytes()):
            return time.perf_counter() - begin


def rerun_seconds(address: str, count: int) -> list[float]:
    """How long one lone session waits for each of so many reruns, after two to warm up."""

    async def alone() -> list[float]:
        async with aiohttp.ClientSession() as client:
            socket = await _connect(client, address)
            return [await _run(socket, "") for _ in range(count + 2)][2:]

    return asyncio.run(alone())


def _connect(
    client: aiohttp.ClientSession, address: str
) -> aiohttp.client._WSRequestContextManager:
    url = address.replace("http", "ws", 1) + "/_stcore/stream"
    return client.ws_connect(url, protocols=["streamlit"], max_msg_size=0, timeout=_PATIENCE)


def crowd(
    address: str, route: str, pid: int, *, sessions: int, every: float, seconds: float
) -> Load:
    """So many sessions rerun in turn while someone opens a snapshot twice a second.

    Args:
        route: Full address that the other reader opens.
        pid: Of the server, for its memory.
        every: Seconds between two reruns of one session.
        seconds: How long.
    """
    return asyncio.run(_crowd(address, route, pid, sessions, every, seconds))


async def _crowd(
    address: str, route: str, pid: int, sessions: int, every: float, seconds: float
) -> Load:
    load = Load()
    chance = random.Random(1)  # noqa: S311 - the same arrivals in every run
    before = _resident(pid)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        sockets = [await _connect(client, address) for _ in range(sessions)]
        for socket in sockets:
            await _run(socket, "")
        load.megabytes_each = (_resident(pid) - before) / sessions / 1e6
        until = time.perf_counter() + seconds
        await asyncio.gather(
            *(_reader(one, load, every, until, chance.uniform(0, every)) for one in sockets),
            _opener(client, route, load, until),
        )
        for socket in sockets:
            await socket.close()
    return load


async def _reader(socket: Socket, load: Load, every: float, until: float, pause: float) -> None:
    await asyncio.sleep(pause)
    while time.perf_counter() < until:
        took = await _run(socket, "")
        load.reruns.append(took)
        await asyncio.sleep(max(0.0, every - took))


async def _opener(client: aiohttp.ClientSession, route: str, load: Load, until: float) -> None:
    while time.perf_counter() < until:
        begin = time.perf_counter()
        async with client.get(route) as answer:
            await answer.read()
            answer.raise_for_status()
        load.routes.append(time.perf_counter() - begin)
        await asyncio.sleep(0.5)


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds; Linux only."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
