"""The child side of a cage: forks workers that read one document at a time under limits.

The parent process of the workers imports once and forks; a worker that dies (limits, crash,
recycling) is forked anew on the same socket and says hello, which tells the other side that
what it had asked is lost.
"""

from __future__ import annotations

import gc
import os
import resource
import socket
import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

Work = Callable[[Mapping[str, Any], bytes], Any]

FRAME = struct.Struct(">II")  # lengths of the JSON part and of the bytes after it
DONE, AGAIN = 0, 3  # exit states of a worker: the socket is closed; fork another one


def serve(arguments: Sequence[str], work: Work) -> None:
    """Run workers until their sockets are closed.

    Args:
        arguments: A JSON object {"fds": [...], "cpu_seconds", "memory_bytes", "recycle_after"}.
        work: Question and body to an answer that JSON can hold.
    """
    plan = orjson.loads(arguments[0])
    gc.collect()
    gc.freeze()  # shared pages stay shared
    children = {_fork(fd, plan, work): fd for fd in plan["fds"]}
    while children:
        child, status = os.wait()
        fd = children.pop(child)
        if os.waitstatus_to_exitcode(status) != DONE:
            children[_fork(fd, plan, work)] = fd


def _fork(fd: int, plan: Mapping[str, Any], work: Work) -> int:
    child = os.fork()
    if child:
        return child
    state = AGAIN
    try:
        for other in plan["fds"]:
            if other != fd:
                os.close(other)
        state = _work(socket.socket(fileno=fd), plan, work)
    except ConnectionError:
        state = DONE  # nobody listens any more
    except BaseException as error:  # noqa: BLE001 - whatever it was, this worker ends here
        sys.stderr.write(f"a parsing worker ended: {type(error).__name__}\n")
    os._exit(state)


def _work(line: socket.socket, plan: Mapping[str, Any], work: Work) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (plan["memory_bytes"], plan["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _send(line, {"hello": os.getpid()})
    for turn in range(plan["recycle_after"]):
        frame = _receive(line, FRAME.size)
        if frame is None:
            return DONE
        head, size = FRAME.unpack(frame)
        question = orjson.loads(_receive(line, head) or b"null")
        body = _receive(line, size) or b""
        _limit_cpu(plan["cpu_seconds"])
        answer = work(question, body)
        _send(line, {"answer": answer, "bye": turn + 1 == plan["recycle_after"]})
    return AGAIN


def _limit_cpu(seconds: float) -> None:
    """Seconds from now; the kernel counts in whole seconds since the process began."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _send(line: socket.socket, message: Mapping[str, Any]) -> None:
    data = orjson.dumps(message)
    line.sendall(FRAME.pack(len(data), 0) + data)


def _receive(line: socket.socket, size: int) -> bytes | None:
    """Exactly `size` bytes; None: the other side is gone."""
    pieces = []
    while size:
        piece = line.recv(min(size, 1 << 20))
        if not piece:
            return None
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
