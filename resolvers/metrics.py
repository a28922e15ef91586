"""What this door counts: requests by outcome and how long they took. No label holds a tenant or a document."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from starlette.responses import Response

REQUESTS = Counter(
    "kezhi_graphql_requests_total", "GraphQL requests by kind of operation and outcome.", ["kind", "outcome"]
)
SECONDS = Histogram(
    "kezhi_graphql_seconds",
    "Time from the first byte of a request to the last of its answer.",
    ["kind"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def exposition() -> Response:
    """All numbers of this process in Prometheus' text form."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
