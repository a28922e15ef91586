"""What this door counts: requests by outcome and how long they took. No label holds a tenant or a document."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest
from starlette.responses import Response

from tenants.durations import Durations

REQUESTS = Counter(
    "kezhi_graphql_requests_total", "GraphQL requests by the code of their first error, or OK.", ["code"]
)
_SECONDS = Durations(
    "kezhi_graphql_seconds",
    "Time from the head of a request to the last byte of its answer.",
    (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
).of()
# The label of almost all requests, looked up once.
_OK = REQUESTS.labels("OK")


def count(code: str | None, seconds: float) -> None:
    """One request is answered."""
    (_OK if code is None else REQUESTS.labels(code)).inc()
    _SECONDS.note(seconds)


def exposition() -> Response:
    """All numbers of this process in the text form of Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
