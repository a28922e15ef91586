"""Spans by OpenTelemetry: recorded and batched by its SDK, sent to a collector as OTLP in JSON over HTTP.

The SDK sends from a thread of its own and drops what it has no room for, so a collector that is slow or away costs no
request anything. Its own exporters would bring a dozen packages for one POST. Imported only where there is a collector.
"""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags, set_span_in_context

from tenants.telemetry import SPANS
from tenants.tracing import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import Span as OtelSpan
    from opentelemetry.trace import Tracer

    from tenants.tracing import Parent, Span, Told

_SERVICE = "kezhi"
_SEND_SECONDS = 10.0
_KINDS = {Kind.SERVER: SpanKind.SERVER, Kind.INTERNAL: SpanKind.INTERNAL, Kind.CLIENT: SpanKind.CLIENT}


class Exported:
    """Records traces and sends them to a collector."""

    def __init__(self, endpoint: str) -> None:
        # Nothing of the environment: a resource may name the machine, its user and its command line.
        self._provider = TracerProvider(resource=Resource({"service.name": _SERVICE}), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(Collector(endpoint)))
        self._tracer = self._provider.get_tracer(_SERVICE)

    def begin(self, name: str, parent: Parent | None) -> Span:
        """The first step of this process."""
        context = None
        if parent is not None:
            flags = TraceFlags(TraceFlags.SAMPLED)
            above = SpanContext(parent.trace_id, parent.span_id, is_remote=True, trace_flags=flags)
            context = set_span_in_context(NonRecordingSpan(above))
        return _Recorded(self._tracer, self._tracer.start_span(name, context, SpanKind.SERVER))

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


class _Recorded:
    __slots__ = ("_span", "_tracer")

    def __init__(self, tracer: Tracer, span: OtelSpan) -> None:
        self._tracer = tracer
        self._span = span

    def tell(self, name: str, value: Told) -> None:
        self._span.set_attribute(name, value)

    def child(self, name: str, kind: Kind) -> Span:
        above = set_span_in_context(self._span)
        return _Recorded(self._tracer, self._tracer.start_span(name, above, _KINDS[kind]))

    def end(self, failure: type[BaseException] | None) -> None:
        if failure is not None:
            # Not its text: that may hold what a customer wrote.
            self._span.set_attribute("error.type", failure.__name__)
            self._span.set_status(StatusCode.ERROR)
        self._span.end()


class Collector(SpanExporter):
    """Where spans are sent to."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch; what the collector does not take is lost, and counted."""
        body = json.dumps(_request(spans)).encode()
        request = urllib.request.Request(  # noqa: S310 - the settings let http and https pass
            self._endpoint, body, {"content-type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=_SEND_SECONDS):  # noqa: S310
                pass
        except OSError:
            SPANS.labels("lost").inc(len(spans))
            return SpanExportResult.FAILURE
        SPANS.labels("sent").inc(len(spans))
        return SpanExportResult.SUCCESS


def _request(spans: Sequence[ReadableSpan]) -> dict[str, object]:
    """An `ExportTraceServiceRequest` in the JSON of OTLP: ids in hexadecimal, 64-bit numbers as texts."""
    scope = {"scope": {"name": _SERVICE}, "spans": [_span(each) for each in spans]}
    return {"resourceSpans": [{"resource": {"attributes": _told({"service.name": _SERVICE})}, "scopeSpans": [scope]}]}


def _span(span: ReadableSpan) -> dict[str, object]:
    parent = {"parentSpanId": f"{span.parent.span_id:016x}"} if span.parent is not None else {}
    return {
        "traceId": f"{span.context.trace_id:032x}",
        "spanId": f"{span.context.span_id:016x}",
        **parent,
        "name": span.name,
        # The protocol counts from one; its zero is a kind that was not said.
        "kind": span.kind.value + 1,
        "startTimeUnixNano": str(span.start_time),
        "endTimeUnixNano": str(span.end_time),
        "attributes": _told(span.attributes or {}),
        "status": {"code": span.status.status_code.value},
    }


def _told(told: Mapping[str, object]) -> list[dict[str, object]]:
    return [{"key": name, "value": _value(value)} for name, value in told.items()]


def _value(value: object) -> dict[str, object]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case _:
            return {"stringValue": str(value)}
