"""Content decoding while streaming, with a running cap on what comes out."""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # ships no types

from monitor.feeds.answers import Stop

ACCEPTED = "gzip, deflate, br"
_STEP = 1 << 16
_MOST_LAYERS = 2


class Decoder(Protocol):
    """One layer of encoding."""

    def feed(self, data: bytes) -> bytes:
        """What `data` adds to the output."""

    def finish(self) -> None:
        """Raise Stop when the stream ended too early."""


class _Capped:
    """Counts the output of one layer."""

    def __init__(self, limit: int) -> None:
        self._left = limit

    def count(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise Stop("too_large", "the answer is larger than the limit once it is unpacked")
        return data


class _Zlib(_Capped):
    """gzip with any number of members, zlib, and raw deflate."""

    def __init__(self, limit: int, *, gzip: bool) -> None:
        super().__init__(limit)
        self._gzip = gzip
        self._bits = 31 if gzip else 15
        self._unpack = zlib.decompressobj(self._bits)
        self._begun = False
        self._trailing = False

    def feed(self, data: bytes) -> bytes:
        out = []
        while data and not self._trailing:
            piece = self._some(data)
            out.append(self.count(piece))
            data = self._unpack.unconsumed_tail
            if self._unpack.eof:
                data = self._unpack.unused_data
                self._next_member(data)
        return b"".join(out)

    def _some(self, data: bytes) -> bytes:
        try:
            piece = self._unpack.decompress(data, _STEP)
        except zlib.error as error:
            if self._gzip or self._begun:
                raise Stop("bad_encoding", f"the packed answer is damaged: {error}") from error
            self._begun = True  # some servers send deflate without its zlib frame
            self._unpack = zlib.decompressobj(-15)
            return self._some(data)
        self._begun = True
        return piece

    def _next_member(self, rest: bytes) -> None:
        if self._gzip and rest[:2] == b"\x1f\x8b":
            self._unpack = zlib.decompressobj(self._bits)
        else:
            self._trailing = True

    def finish(self) -> None:
        if self._begun and not self._unpack.eof:
            raise Stop("bad_encoding", "the packed answer ends too early")


class _Brotli(_Capped):
    """Brotli."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._unpack = brotli.Decompressor()
        self._begun = False

    def feed(self, data: bytes) -> bytes:
        out = []
        self._begun = self._begun or bool(data)
        try:
            out.append(self.count(self._unpack.process(data, output_buffer_limit=_STEP)))
            while not self._unpack.can_accept_more_data():
                out.append(self.count(self._unpack.process(b"", output_buffer_limit=_STEP)))
        except brotli.error as error:
            raise Stop("bad_encoding", f"the packed answer is damaged: {error}") from error
        return b"".join(out)

    def finish(self) -> None:
        if self._begun and not self._unpack.is_finished():
            raise Stop("bad_encoding", "the packed answer ends too early")


class _Plain(_Capped):
    """No encoding; gzip that nobody announced is unpacked all the same."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._limit = limit
        self._inner: _Zlib | None = None
        self._first = True

    def feed(self, data: bytes) -> bytes:
        if self._first and data:
            self._first = False
            if data[:3] == b"\x1f\x8b\x08":
                self._inner = _Zlib(self._limit, gzip=True)
        self.count(data)
        return data if self._inner is None else self._inner.feed(data)

    def finish(self) -> None:
        if self._inner is not None:
            self._inner.finish()


class Chain:
    """The layers of one answer, outermost first, each with its own cap.

    Args:
        encoding: The Content-Encoding header; unknown names are read as no encoding.
        limit: Bytes that any layer may give.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        names = [name.strip().lower() for name in encoding.split(",") if name.strip()]
        if len(names) > _MOST_LAYERS:
            raise Stop("bad_encoding", f"the answer is packed {len(names)} times over")
        layers = [_layer(name, limit) for name in reversed(names)]
        self._layers: list[Decoder] = [*layers, _Plain(limit)] if names else [_Plain(limit)]

    def feed(self, data: bytes) -> bytes:
        """What `data` adds to the unpacked answer."""
        for layer in self._layers:
            data = layer.feed(data)
        return data

    def finish(self) -> None:
        """Raise Stop with reason `bad_encoding` when a layer ended too early."""
        for layer in self._layers:
            layer.finish()


def _layer(name: str, limit: int) -> Decoder:
    if name in ("gzip", "x-gzip"):
        return _Zlib(limit, gzip=True)
    if name == "deflate":
        return _Zlib(limit, gzip=False)
    return _Brotli(limit) if name == "br" else _Plain(limit)
