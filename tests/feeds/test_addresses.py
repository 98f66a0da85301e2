"""Must 45 of the poller: only public addresses are reached, in whatever disguise."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from monitor.feeds.addresses import is_public
from monitor.feeds.answers import Answer
from monitor.feeds.fetch import Fetcher
from monitor.feeds.limits import Politeness
from tests.feeds.conftest import World, failure, fetch
from tests.feeds.hostile import Hostile, Reply, feed_of


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1",
        "198.18.0.1", "240.0.0.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1",
        "ff02::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::",
        "64:ff9b::7f00:1", "2001:db8::1", "not an address", "",
    ],
)  # fmt: skip
def test_45_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "190.4.64.1", "2a00:1450::1", "64:ff9b::808:808"])
def test_45_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "017700000001", "127.1", "0.0.0.0",
     "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"],
)  # fmt: skip
def test_45_loopback_in_any_notation_is_never_reached(
    world: World, server: Hostile, host: str
) -> None:
    world.politeness = replace(world.politeness, allow_private_hosts=())
    server.says("/feed", feed_of(1))
    assert failure(world, server.url("/feed", host)).reason == "address_refused"
    assert server.log == []


def test_45_a_redirect_to_a_private_address_is_refused(world: World, server: Hostile) -> None:
    to = server.url("/secret", "127.0.0.2")
    server.says("/feed", Reply(status=302, headers=[("Location", to)]))
    server.says("/secret", feed_of(1))
    assert failure(world, server.url()).reason == "address_refused"
    assert server.asked("/secret") == []


def test_45_a_name_that_turns_private_between_two_lookups_is_refused(
    world: World, server: Hostile
) -> None:
    """The resolver answers with an allowed address first and with a private one afterwards."""
    answers = [["127.0.0.1"], ["127.0.0.1"]]

    async def rebinding(host: str) -> list[str]:
        return answers.pop(0) if host == "trusted.com" else ["127.0.0.9"]

    world.lookup = rebinding
    world.politeness = replace(world.politeness, allow_private_hosts=("trusted.com",))
    to = server.url("/secret", "rebound.com")
    server.says("/feed", Reply(status=302, headers=[("Location", to)]))
    server.says("/secret", feed_of(1))
    found = failure(world, server.url("/feed", "trusted.com"))
    assert found.reason == "address_refused"
    assert "127.0.0.9" in found.message
    assert server.asked("/secret") == []


def test_45_one_private_address_among_public_ones_is_enough_to_refuse(
    world: World, server: Hostile
) -> None:
    async def mixed(_host: str) -> list[str]:
        return ["8.8.8.8", "127.0.0.1"]

    world.lookup = mixed
    assert failure(world, server.url("/feed", "paper.com")).reason == "address_refused"


def test_45_the_socket_itself_refuses_what_nobody_vetted(world: World) -> None:
    async def go() -> None:
        async with Fetcher(Politeness()) as fetcher:
            with pytest.raises(Exception, match=r"127\.0\.0\.1, which is not a public address"):
                fetcher._resolver.socket_for((2, 1, 6, "", ("127.0.0.1", 80)))

    asyncio.run(go())


def test_45_an_allowed_host_is_reached_and_its_name_alone(world: World, server: Hostile) -> None:
    async def lookup(_host: str) -> list[str]:
        return ["127.0.0.1"]

    world.lookup = lookup
    world.politeness = replace(world.politeness, allow_private_hosts=("nas.lan",))
    server.says("/feed", feed_of(1))
    assert isinstance(fetch(world, server.url("/feed", "nas.lan")), Answer)
    assert failure(world, server.url("/feed", "other.lan")).reason == "address_refused"
