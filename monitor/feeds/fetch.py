"""The one guarded HTTP client; nothing else in this program fetches from outside."""

from __future__ import annotations

import asyncio
import errno
import re
import ssl
from collections.abc import Coroutine, Mapping
from functools import lru_cache
from itertools import chain
from types import TracebackType
from typing import Any, Self
from urllib.parse import urldefrag, urljoin, urlsplit

import aiohttp
from aiohttp.client_reqrep import ClientRequest
from yarl import URL

from monitor.feeds.addresses import Lookup, VettedResolver, system_lookup
from monitor.feeds.answers import Answer, Failure, Stop, Validators
from monitor.feeds.decoding import ACCEPTED, Chain
from monitor.feeds.lanes import Lanes, Turn
from monitor.feeds.limits import FetchLimits, Politeness

FEED_TYPES = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.3"
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_KEPT_OPEN = 5.0  # seconds that an idle connection waits for the next feed of its site
_ERROR_BODY = 64 * 1024  # of a refusal we read no more than this, to keep the connection


class Fetcher:
    """Fetches with deadlines, caps, vetted addresses and manners; use as `async with`.

    No cookies, no Referer, no proxy from the environment, redirects followed by hand.

    Args:
        politeness: User agent, spacing, and the private hosts that may be reached.
        limits: Deadlines and caps of one request.
        lookup: Name to addresses; the system's resolver when not given.
    """

    def __init__(
        self,
        politeness: Politeness | None = None,
        limits: FetchLimits | None = None,
        *,
        lookup: Lookup = system_lookup,
    ) -> None:
        self.politeness = politeness or Politeness()
        self.limits = limits or FetchLimits()
        self._resolver = VettedResolver(self.politeness.allow_private_hosts, lookup)
        self.lanes = Lanes(
            workers=self.politeness.workers,
            slow_workers=self.limits.slow_workers,
            slow_after=self.limits.slow_after_seconds,
            host_connections=self.politeness.host_connections,
            host_interval=self.politeness.host_interval.total_seconds(),
        )
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=self.politeness.workers + self.limits.slow_workers,
            resolver=self._resolver,
            socket_factory=self._resolver.socket_for,
            ttl_dns_cache=60,
            keepalive_timeout=_KEPT_OPEN,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            request_class=_ExactRequest,
            headers={
                "User-Agent": self.politeness.agent,
                "Accept": FEED_TYPES,
                "Accept-Encoding": ACCEPTED,
            },
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            auto_decompress=False,
            trust_env=False,
            max_line_size=self.limits.header_bytes,
            max_field_size=self.limits.header_bytes,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()

    def turn(self, url: str) -> Turn:
        """Wait for the turn of this address's site; `fetch` within it."""
        return self.lanes.turn(url)

    async def get(self, url: str, *, accept: str = "") -> Answer | Failure:
        """Fetch one address when its site's turn has come."""
        async with self.turn(url):
            return await self.fetch(url, accept=accept)

    async def fetch(
        self, url: str, *, validators: Validators | None = None, accept: str = ""
    ) -> Answer | Failure:
        """Fetch one address at once; the caller holds its turn.

        Args:
            url: http or https.
            validators: Sent only to the address that they belong to.
            accept: Accept header; feed types when empty.
        """
        headers = {"Accept": accept} if accept else {}
        result = await self._attempt(url, validators, headers)
        if isinstance(result, Failure) and result.reason == "bad_encoding":
            headers["Accept-Encoding"] = "identity"
            result = await self._attempt(url, validators, headers)
        return result

    async def _attempt(
        self, url: str, validators: Validators | None, headers: Mapping[str, str]
    ) -> Answer | Failure:
        trip = _Trip(url, asyncio.get_running_loop().time(), self.limits)
        try:
            async with asyncio.timeout_at(trip.first_byte) as clock:
                return await self._follow(trip, clock, validators, headers)
        except Stop as stop:
            return trip.failure(stop.reason, stop.message, stop.partial)
        except TimeoutError:
            return trip.failure("timeout", f"no complete answer within {self._patience(trip)}")
        except (aiohttp.ClientError, ValueError, OSError) as error:
            return trip.failure(*_explain(error))

    def _patience(self, trip: _Trip) -> str:
        if trip.status is None:
            return f"{self.limits.first_byte_seconds:g} s to the first byte"
        return f"{self.limits.total_seconds:g} s"

    async def _follow(
        self,
        trip: _Trip,
        clock: asyncio.Timeout,
        validators: Validators | None,
        headers: Mapping[str, str],
    ) -> Answer:
        seen: set[str] = set()
        permanent = True
        while True:
            self._check(trip.at)
            seen.add(trip.at)
            conditions = _conditions(validators, trip.at)
            response = await self._open(trip, clock, {**headers, **conditions})
            try:
                target = self._target(trip, response)
                if target is None:
                    body = await self._body(trip, response)
                    return _answer(trip, response, body, permanent and len(seen) > 1, conditions)
                await self._drain(response)
            except BaseException:
                response.close()
                raise
            response.release()
            permanent = permanent and response.status in _PERMANENT
            permanent = permanent and not (
                trip.at.startswith("https:") > target.startswith("https:")
            )
            self._check_hop(target, seen)
            trip.hop(target, asyncio.get_running_loop().time(), self.limits)
            clock.reschedule(trip.first_byte)

    def _check(self, url: str) -> None:
        host = _host(url)
        if host is None:
            raise Stop("bad_url", f"{url!r} is no http or https address")
        self._resolver.check_host(host)

    def _check_hop(self, target: str, seen: set[str]) -> None:
        if target in seen:
            raise Stop("redirect_loop", f"the server sends us in a circle at {target}")
        if len(seen) > self.limits.redirects:
            raise Stop("redirect_loop", f"more than {self.limits.redirects} redirects")

    async def _open(
        self, trip: _Trip, clock: asyncio.Timeout, headers: Mapping[str, str]
    ) -> aiohttp.ClientResponse:
        assert self._session is not None, "use the Fetcher in `async with`"
        response = await self._session.get(_parsed(trip.at), headers=headers, allow_redirects=False)
        if response.status == 200 or response.status in _REDIRECTS:
            clock.reschedule(trip.end)
        trip.status = response.status
        size = sum(map(len, chain.from_iterable(response.raw_headers)))
        if size > self.limits.header_bytes:
            response.close()
            raise Stop("too_large", f"{size} bytes of headers")
        trip.headers = response.headers
        return response

    @staticmethod
    def _target(trip: _Trip, response: aiohttp.ClientResponse) -> str | None:
        if response.status not in _REDIRECTS:
            return None
        location = trip.headers.get("location", "").strip()
        if not location:
            raise Stop("bad_redirect", f"status {response.status} without a Location")
        target = urldefrag(urljoin(trip.at, location)).url
        if urlsplit(target).scheme not in ("http", "https"):
            raise Stop("bad_redirect", f"redirect to {target[:200]!r}, which is not http or https")
        return target

    async def _body(self, trip: _Trip, response: aiohttp.ClientResponse) -> bytes:
        if response.status != 200:
            if not response.content.at_eof():
                await self._drain(response)
            return b""
        limit = self.limits.body_bytes
        if (response.content_length or 0) > limit:
            raise Stop("too_large", f"the answer has {response.content_length} bytes")
        layers = Chain(trip.headers.get("content-encoding", ""), limit)
        out = bytearray()
        try:
            while data := await response.content.readany():
                trip.wire_bytes += len(data)
                if trip.wire_bytes > limit:
                    raise Stop("too_large", f"the answer has more than {limit} bytes")
                out += layers.feed(data)
        except aiohttp.ClientPayloadError as error:
            raise Stop(
                "truncated", f"the answer stops in the middle: {error}", bytes(out)
            ) from error
        layers.finish()
        return bytes(out)

    @staticmethod
    async def _drain(response: aiohttp.ClientResponse) -> None:
        """Read what little a refusal says, so that its connection can be used again."""
        left = _ERROR_BODY
        try:
            while left > 0 and (data := await response.content.readany()):
                left -= len(data)
        except aiohttp.ClientPayloadError:
            left = 0
        if left <= 0:
            response.close()


@lru_cache(maxsize=4096)
def _host(url: str) -> str | None:
    """The host of an http or https address; None: it is no such address."""
    parts = urlsplit(url)
    return parts.hostname or None if parts.scheme in ("http", "https") else None


@lru_cache(maxsize=4096)
def _parsed(url: str) -> URL:
    """An address as the client library keeps it; feeds are asked for again and again."""
    return URL(url)


class _Trip:
    """Where one request has got to, so that a failure can say so."""

    def __init__(self, url: str, now: float, limits: FetchLimits) -> None:
        self.url = url
        self.headers: Mapping[str, str] = {}
        self.wire_bytes = 0
        self.end = now + limits.total_seconds  # when its time is up, by the clock of the loop
        self.hop(urldefrag(url).url if "#" in url else url, now, limits)

    def hop(self, url: str, now: float, limits: FetchLimits) -> None:
        """Go to another address."""
        self.at = url
        self.status: int | None = None
        self.first_byte = min(now + limits.first_byte_seconds, self.end)

    def failure(self, reason: str, message: str, partial: bytes = b"") -> Failure:
        return Failure(
            url=self.url,
            reason=reason,
            message=message,
            status=self.status,
            headers=self.headers,
            final_url=self.at,
            partial=partial,
            wire_bytes=self.wire_bytes,
        )


def _answer(
    trip: _Trip,
    response: aiohttp.ClientResponse,
    body: bytes,
    permanent: bool,
    conditions: Mapping[str, str],
) -> Answer:
    return Answer(
        trip.url,
        trip.at,
        response.status,
        trip.headers,
        _exact(trip.headers.get("ETag")),
        _exact(trip.headers.get("Last-Modified")),
        tuple(response.headers.getall("Link", ())),
        body,
        trip.wire_bytes,
        permanent,
        bool(conditions),
    )


def _exact(value: str | None) -> bytes | None:
    """The bytes of a header as they came, UTF-8 or not."""
    return None if value is None else value.encode("utf-8", "surrogateescape")


def _conditions(validators: Validators | None, url: str) -> dict[str, str]:
    if validators is None or validators.url != url:
        return {}
    found = {}
    if validators.etag:
        found["If-None-Match"] = validators.etag.decode("utf-8", "surrogateescape")
    if validators.last_modified:
        found["If-Modified-Since"] = validators.last_modified.decode("utf-8", "surrogateescape")
    return found


def _explain(error: Exception) -> tuple[str, str]:
    """The class and the sentence for an error of the client library."""
    text = str(error) or type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "dns", f"{error.host} has no address"
    if isinstance(error, (aiohttp.ClientSSLError, ssl.SSLError)):
        return "tls", f"no safe connection: {_certificate(error) or text}"
    if isinstance(error, (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError)):
        return "truncated", f"the connection broke: {text}"
    if isinstance(error, (aiohttp.InvalidURL, ValueError)):
        return "bad_url", f"not an address that can be fetched: {text}"
    if isinstance(error, aiohttp.ClientResponseError):
        reason = "too_large" if "bytes" in text and "400" in text else "bad_http"
        return reason, f"the server does not speak HTTP properly: {text[:300]}"
    return "connect", _unconnected(error)


def _certificate(error: Exception) -> str:
    cause = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    return str(getattr(cause, "verify_message", ""))


def _unconnected(error: Exception) -> str:
    """Why a server did not take the call, without the insides of the client library."""
    cause = getattr(error, "os_error", error)
    found = re.search(r"Errno (\d+)", str(cause))  # several addresses were tried
    number = getattr(cause, "errno", None) or int(found[1] if found else 0)
    name = f"{getattr(error, 'host', '')}:{getattr(error, 'port', '')}".strip(":") or "the server"
    return f"{name} {_UNCONNECTED.get(number, 'does not take our call')}"


_UNCONNECTED = {
    errno.ECONNREFUSED: "refused the connection",
    errno.ECONNRESET: "broke the connection off",
    errno.EHOSTUNREACH: "cannot be reached from here",
    errno.ENETUNREACH: "cannot be reached from here",
    errno.ETIMEDOUT: "did not take the call in time",
}


class _ExactRequest(ClientRequest):
    """Sends header values byte for byte, also when they are not UTF-8."""

    def send(self, conn: Any) -> Coroutine[Any, Any, aiohttp.ClientResponse]:
        """Send the request; only what is not ASCII takes another way."""
        exact = self._marked()
        return self._send_exact(conn, exact) if exact else super().send(conn)

    def _marked(self) -> dict[bytes, bytes]:
        """Put marks in place of values that are not UTF-8; what each of them stands for."""
        exact = {}
        for name in ("If-None-Match", "If-Modified-Since"):
            value = self.headers.get(name, "")
            if value.isascii():
                continue
            raw = value.encode("utf-8", "surrogateescape")
            if raw != value.encode("utf-8", "replace"):
                mark = f"monitor-raw-{name}"
                exact[mark.encode()] = raw
                self.headers[name] = mark
        return exact

    async def _send_exact(self, conn: Any, exact: Mapping[bytes, bytes]) -> aiohttp.ClientResponse:
        protocol = conn.protocol
        transport = protocol.transport
        protocol.transport = _ExactTransport(transport, exact)
        try:
            return await super().send(conn)
        finally:
            protocol.transport = transport


class _ExactTransport:
    """Writes marked header values as the bytes they stand for."""

    def __init__(self, transport: asyncio.Transport, exact: Mapping[bytes, bytes]) -> None:
        self._transport = transport
        self._exact = exact

    def write(self, data: bytes) -> None:
        for mark, raw in self._exact.items():
            data = data.replace(mark, raw)
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
