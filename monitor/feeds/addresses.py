"""Which addresses may be reached: public ones, and private hosts that the operator allowed."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Collection
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import tldextract
from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.feeds.answers import Stop

Lookup = Callable[[str], Awaitable[list[str]]]  # host name -> IP addresses as text

_NUMBERS = re.compile(r"(?:0[xX])?[0-9a-fA-F]+(?:\.(?:0[xX])?[0-9a-fA-F]+){0,3}")
_NAME = re.compile(r"(?=.{1,253}$)[\w-]{1,63}(?:\.[\w-]{1,63})*\.?")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SITE_LOCAL = ipaddress.ip_network("fec0::/10")
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # the list in the package


@lru_cache(maxsize=4096)
def is_public(address: str) -> bool:
    """Whether an IP address, in any notation Python reads, lies in the public internet.

    Loopback, private, link-local, carrier-grade NAT, unique-local, multicast, unspecified,
    documentation and reserved ranges are not public, also when wrapped as IPv4-mapped,
    6to4, Teredo or NAT64 addresses.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        return _is_public_v6(ip)
    return ip.is_global and not ip.is_multicast


def _is_public_v6(ip: ipaddress.IPv6Address) -> bool:
    inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
    if inner is None and ip in _NAT64:
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and ip not in _SITE_LOCAL


@lru_cache(maxsize=4096)
def literal(host: str) -> str | None:
    """The IP address that a URL's host spells out; None: it is a name."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        pass
    try:  # short, decimal, octal and hexadecimal forms of IPv4
        return socket.inet_ntoa(socket.inet_aton(host)) if _NUMBERS.fullmatch(host) else None
    except OSError:
        return None


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str | None:
    """`bbc.co.uk` for `feeds.bbc.co.uk`; None for IP addresses and names without public suffix."""
    if literal(host) is not None:
        return None
    found = _suffixes.extract_str(host.lower())
    return found.top_domain_under_public_suffix or None


def is_address(url: str) -> bool:
    """Whether an absolute URL can be one of a site: http or https, a host, and no spaces in it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or re.search(r"\s", url):
        return False
    return literal(host) is not None or _NAME.fullmatch(host) is not None


async def system_lookup(host: str) -> list[str]:
    """All addresses of a name, as the system's resolver gives them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class VettedResolver(AbstractResolver):
    """Looks names up and refuses those that lead to addresses that are not public.

    The connection goes to exactly the addresses returned here, and `socket_for` looks at
    each of them once more when it connects, so an answer that changes in between is refused.

    Args:
        allow_private_hosts: Host names or IP addresses, as written in URLs, that may be private.
        lookup: Name to addresses; the system's resolver when not given.
    """

    def __init__(self, allow_private_hosts: Collection[str] = (), lookup: Lookup = system_lookup):
        self._allowed = {host.lower().strip("[]") for host in allow_private_hosts}
        self._lookup = lookup
        self._granted: set[str] = {host for host in self._allowed if literal(host)}

    def allows(self, host: str) -> bool:
        """Whether the operator allowed this host to be private."""
        return host.lower().strip("[]") in self._allowed

    def check_host(self, host: str) -> None:
        """Refuse a URL whose host spells out an address that is not public.

        Raises:
            Stop: With reason `address_refused`.
        """
        address = literal(host)
        if address is not None and not is_public(address) and not self.allows(host):
            raise _refused(host, address)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Addresses to connect to, all of them vetted."""
        try:
            addresses = await self._lookup(host)
        except OSError as error:
            raise Stop("dns", f"{host} has no address: {error.strerror or error}") from error
        if not addresses:
            raise Stop("dns", f"{host} has no address")
        allowed = self.allows(host)
        for address in addresses:
            if not allowed and not is_public(address):
                raise _refused(host, address)
        if allowed:
            self._granted.update(addresses)
        found = [_result(host, address, port) for address in addresses]
        return [one for one in found if family in (socket.AF_UNSPEC, one["family"])]

    def socket_for(self, info: tuple[Any, ...]) -> socket.socket:
        """The socket for one address, made only when that address may be reached."""
        family, kind, protocol, _, target = info
        if not is_public(target[0]) and target[0] not in self._granted:
            raise _refused(target[0], target[0])
        return socket.socket(family=family, type=kind, proto=protocol)

    async def close(self) -> None:
        """Nothing is kept open."""


def _refused(host: str, address: str) -> Stop:
    return Stop(
        "address_refused",
        f"{host} leads to {address}, which is not a public address; "
        "add the host to allow_private_hosts if this is meant",
    )


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
    )
