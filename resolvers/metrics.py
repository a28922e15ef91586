"""What this door counts: requests by outcome and how long they took. No label holds a tenant or a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response

from tenants.clock import utc_now
from tenants.durations import Durations

if TYPE_CHECKING:
    from prometheus_client import Metric

_OK = "OK"


class Requests(Collector):
    """Requests by outcome, in plain numbers for the reason of `tenants.durations`."""

    def __init__(self) -> None:
        # How many, by code, and since when each is counted.
        self._counts: dict[str, int] = {}
        self._since: dict[str, float] = {}
        self._begin(_OK)

    def _begin(self, code: str) -> None:
        self._counts[code] = 0
        self._since[code] = utc_now().timestamp()

    def note(self, code: str) -> None:
        """One more with this code."""
        if code not in self._counts:
            self._begin(code)
        self._counts[code] += 1

    def collect(self) -> Iterator[Metric]:
        """The numbers of this moment."""
        family = CounterMetricFamily(
            "kezhi_graphql_requests", "GraphQL requests by the code of their first error, or OK.", labels=["code"]
        )
        for code, number in self._counts.items():
            family.add_metric([code], number, self._since[code])
        yield family


_REQUESTS = Requests()
REGISTRY.register(_REQUESTS)
_SECONDS = Durations(
    "kezhi_graphql_seconds",
    "Time from the head of a request to the last byte of its answer.",
    (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
).of()


def count(code: str | None, seconds: float) -> None:
    """One request is answered."""
    _REQUESTS.note(_OK if code is None else code)
    _SECONDS.note(seconds)


def exposition() -> Response:
    """All numbers of this process in the text form of Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
