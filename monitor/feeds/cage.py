"""The parent side: hands documents to worker processes that cannot hurt this one."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import orjson

from monitor.feeds.caged import FRAME
from monitor.feeds.limits import ParseLimits


class Died(Exception):  # noqa: N818 - says what happened to the worker
    """The worker was killed by a limit or crashed; the question is lost, the cage goes on."""


class Cage:
    """Worker processes with limits on CPU, memory and time; starts when first asked.

    Args:
        module: Run as `python -m module`; its main part calls `caged.serve`.
        limits: Of one question.
    """

    def __init__(self, module: str, limits: ParseLimits | None = None) -> None:
        self._module = module
        self._limits = limits or ParseLimits()
        self._process: subprocess.Popen[bytes] | None = None
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._workers: list[_Worker] = []
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.close()
        if self._process is not None:
            await asyncio.to_thread(_end, self._process)

    async def ask(self, question: Mapping[str, Any], body: bytes) -> Any:
        """The answer of a worker.

        Raises:
            Died: A limit was reached, or the worker crashed; another one takes its place.
        """
        if self._process is None:
            await self._start()
        worker = await self._idle.get()
        try:
            return await worker.ask(question, body)
        finally:
            self._idle.put_nowait(worker)

    async def _start(self) -> None:
        async with self._starting:
            if self._process is not None:
                return
            pairs = [socket.socketpair() for _ in range(self._limits.workers)]
            fds = [theirs.fileno() for _, theirs in pairs]
            plan = {
                "fds": fds,
                "cpu_seconds": self._limits.cpu_seconds,
                "memory_bytes": self._limits.memory_bytes,
                "recycle_after": self._limits.recycle_after,
            }
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", self._module, orjson.dumps(plan).decode()],
                pass_fds=fds,
                env=_environment(),
                stdin=subprocess.DEVNULL,
            )
            for ours, theirs in pairs:
                theirs.close()
                reader, writer = await asyncio.open_connection(
                    sock=ours, limit=self._limits.answer_bytes
                )
                worker = _Worker(reader, writer, self._limits)
                self._workers.append(worker)
                self._idle.put_nowait(worker)
            self._process = process


def _environment() -> dict[str, str]:
    """Only what Python needs: no database address or other secret goes to the workers."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class _Worker:
    """One line to a worker process, and whichever process is at its end now."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limits: ParseLimits
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._limits = limits
        self._pid: int | None = None  # None: the next one has not said hello

    def close(self) -> None:
        if self._pid is not None:
            _kill(self._pid, signal.SIGTERM)
        self._writer.close()

    async def ask(self, question: Mapping[str, Any], body: bytes) -> Any:
        if self._pid is None:
            await self._hello(await self._message())
        head = orjson.dumps(question)
        self._writer.writelines((FRAME.pack(len(head), len(body)), head, body))
        try:
            async with asyncio.timeout(self._limits.wall_seconds):
                message = await self._message()
        except (TimeoutError, asyncio.CancelledError) as error:
            await self._put_down()
            if isinstance(error, TimeoutError):
                raise Died(f"no answer within {self._limits.wall_seconds:g} s") from error
            raise
        if "hello" in message:
            await self._hello(message)
            raise Died("the worker reached its limit of time or memory, or crashed")
        if message["bye"]:
            self._pid = None
        return message["answer"]

    async def _put_down(self) -> None:
        """End a worker that is still busy; whatever it says meanwhile is not for the next."""
        if self._pid is not None:
            _kill(self._pid, signal.SIGKILL)
        self._pid = None
        while True:
            message = await self._message()
            if "hello" in message:
                return await self._hello(message)

    async def _hello(self, message: Mapping[str, Any]) -> None:
        self._pid = int(message["hello"])

    async def _message(self) -> dict[str, Any]:
        try:
            head, _ = FRAME.unpack(await self._reader.readexactly(FRAME.size))
            if head > self._limits.answer_bytes:
                raise Died("the worker's answer is too large")
            found: dict[str, Any] = orjson.loads(await self._reader.readexactly(head))
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise Died("the parsing process is gone") from error
        return found


def _kill(pid: int, how: int) -> None:
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return
