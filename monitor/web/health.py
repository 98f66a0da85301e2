"""`/healthz` says whether the service is ready, or why not; `/metrics` counts for Prometheus."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import orjson
from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.errors import MonitorError
from monitor.web.sources import Sources

_PATIENCE = 5.0  # seconds; a probe should not wait longer for a locked store
_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_HEADERS = {"Cache-Control": "no-store"}


def routes(sources: Sources, *, base: str = "") -> list[Route]:
    """The two addresses."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    registry.register(_Measured(sources))

    async def healthz(_request: Request) -> Response:
        return _health(await _troubles(sources))

    def metrics(_request: Request) -> Response:
        return Response(generate_latest(registry), headers=_HEADERS | {"Content-Type": _TYPE})

    return [Route(f"{base}/healthz", healthz), Route(f"{base}/metrics", metrics)]


async def _troubles(sources: Sources) -> list[str]:
    try:
        found = await asyncio.wait_for(asyncio.to_thread(sources.troubles), _PATIENCE)
    except TimeoutError:
        return [f"the store did not answer within {_PATIENCE:.0f} s"]
    except MonitorError as error:
        return [str(error)]
    return list(found)


def _health(troubles: list[str]) -> Response:
    body = {"status": "not ready" if troubles else "ready", "because": troubles}
    return Response(
        orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE),
        503 if troubles else 200,
        media_type="application/json",
        headers=_HEADERS,
    )


class _Measured(Collector):
    """Reads the numbers when Prometheus asks."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def describe(self) -> list[Metric]:
        """Nothing in advance: registering must not read the store."""
        return []

    def collect(self) -> Iterator[Metric]:
        """One family a name, each with its labelled values."""
        try:
            measures = self._sources.measures()
        except MonitorError:
            measures = ()
        yield GaugeMetricFamily("monitor_store_up", "1: the store answers", bool(measures))
        families: dict[str, GaugeMetricFamily] = {}
        for one in measures:
            labels = one.labels or {}
            family = families.setdefault(
                one.name, GaugeMetricFamily(one.name, one.help, labels=list(labels))
            )
            family.add_metric(list(labels.values()), one.value)
        yield from families.values()
