"""Places under load: never more taken than there are, none lost when those who wait give up."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds.lanes import Lanes

URLS = ("https://one.example/a", "https://one.example/b", "https://two.example/c")


@settings(max_examples=60, deadline=None)
@given(
    visits=st.lists(
        st.tuples(st.sampled_from(URLS), st.integers(0, 4), st.none() | st.integers(0, 6)),
        max_size=25,
    ),
    workers=st.integers(1, 3),
    connections=st.integers(1, 2),
)
def test_places_are_neither_exceeded_nor_lost(
    visits: list[tuple[str, int, int | None]], workers: int, connections: int
) -> None:
    """Each visit stays some steps of the loop, some are cancelled after some steps."""

    async def go() -> None:
        lanes = Lanes(workers=workers, host_connections=connections, host_interval=0)
        inside: list[str] = []

        async def visit(url: str, steps: int) -> None:
            async with lanes.turn(url):
                inside.append(url)
                assert len(inside) <= workers
                assert sum(URLS.index(one) // 2 == URLS.index(url) // 2 for one in inside) <= (
                    connections
                )
                try:
                    for _ in range(steps):
                        await asyncio.sleep(0)
                finally:
                    inside.remove(url)

        async def impatient(task: asyncio.Task[None], steps: int) -> None:
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()

        tasks = [asyncio.create_task(visit(url, steps)) for url, steps, _ in visits]
        enders = [
            impatient(task, left)
            for task, (_, _, left) in zip(tasks, visits, strict=True)
            if left is not None
        ]
        async with asyncio.timeout(5):
            await asyncio.gather(*enders)
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            faults = [one for one in ended if isinstance(one, Exception)]
            assert faults == []
            await asyncio.gather(*(visit(url, 1) for url in URLS * workers))  # all still free

    asyncio.run(go())


def test_those_who_wait_come_in_their_order() -> None:
    async def go() -> list[int]:
        lanes = Lanes(workers=1, host_connections=1, host_interval=0)
        came: list[int] = []

        async def visit(number: int) -> None:
            async with lanes.turn(URLS[0]):
                came.append(number)
                await asyncio.sleep(0)

        await asyncio.gather(*(visit(number) for number in range(6)))
        return came

    assert asyncio.run(go()) == [0, 1, 2, 3, 4, 5]


def test_a_free_place_is_taken_without_waiting() -> None:
    async def go() -> None:
        lanes = Lanes(workers=2, host_connections=2, host_interval=0)
        first, second, third = (lanes.turn(URLS[0]) for _ in range(3))
        for turn in (first, second):
            with pytest.raises(StopIteration):
                turn.__aenter__().send(None)  # type: ignore[attr-defined] - ends without a wait
        waiting = asyncio.ensure_future(third.__aenter__())
        await asyncio.sleep(0)
        assert not waiting.done()
        await first.__aexit__()
        await waiting
        await second.__aexit__()
        await third.__aexit__()

    asyncio.run(go())
