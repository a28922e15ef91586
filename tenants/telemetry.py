"""Logs and metrics. Tenant and request id are bound once, at the edge, and then stand in every line.

No log line and no label carries a customer's words: tenants appear by their id, schemas by their opaque name.
"""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from prometheus_client import Counter, Gauge
from structlog.contextvars import bound_contextvars

from tenants import exception_text
from tenants.durations import Durations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.context import TenantId

TRANSACTION_SECONDS = Durations(
    "kezhi_transaction_seconds",
    "Time from the lease of a connection to the end of the transaction.",
    (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0),
    label="kind",
)
TRANSACTION_FAILURES = Counter(
    "kezhi_transaction_failures_total", "Transactions that were rolled back, by what was raised.", ("kind", "error")
)
TRANSACTION_RETRIES = Counter(
    "kezhi_transaction_retries_total", "Transactions that were run again, by reason.", ("reason",)
)
SPANS = Counter("kezhi_spans_total", "Spans of traces that a collector took, and that it did not.", ("outcome",))
TENANTS_LEARNT = Counter(
    "kezhi_tenants_learnt_total", "How often a connection of this process was asked for a tenant for the first time."
)
TURNS_AWAITED = Gauge("kezhi_turns_awaited", "Units of work of this process that wait for their turn at a cell.")
CONNECTIONS = Gauge("kezhi_connections", "Server connections of this process, by what they do.", ("state",))


def configure_logs(*, json: bool) -> None:
    """One line for each event on the standard error stream: JSON for machines, plain text for people."""
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(exception_text.render),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


@contextmanager
def bound(*, request_id: str, tenant: TenantId | None = None) -> Iterator[None]:
    """Everything logged inside carries the request and the tenant."""
    names = {"request_id": request_id} if tenant is None else {"request_id": request_id, "tenant": str(tenant)}
    with bound_contextvars(**names):
        yield
