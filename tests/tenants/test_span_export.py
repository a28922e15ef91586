"""What a collector is sent: OTLP in JSON, with nothing of the machine; and what happens if it takes nothing."""

from __future__ import annotations

import json
from typing import Any

from prometheus_client import REGISTRY

from tenants.settings import TracingSettings
from tenants.span_export import Exported
from tenants.tracing import Kind, Tracing, step
from tests.builders.collector import collecting, told

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("kezhi_spans_total", {"outcome": outcome}) or 0.0


async def test_a_trace_arrives_as_otlp() -> None:
    sent = counted("sent")
    with collecting() as collected:
        tracing = Tracing.open(TracingSettings(collected.endpoint, 1.0))
        with tracing.request(f"00-{TRACE}-{SPAN}-01") as request, step("statement", Kind.CLIENT) as statement:
            statement.tell("db.system.name", "postgresql")
            request.tell("http.response.status_code", 200)
            request.tell("is_good", True)
        await tracing.close()

    inner, outer = collected.spans
    assert collected.media == ["application/json"]
    assert json.loads(collected.bodies[0])["resourceSpans"][0]["resource"] == {
        "attributes": [{"key": "service.name", "value": {"stringValue": "kezhi"}}]
    }
    assert (outer["name"], outer["kind"], outer["parentSpanId"]) == ("request", 2, SPAN)
    assert (inner["name"], inner["kind"], inner["parentSpanId"]) == ("statement", 3, outer["spanId"])
    assert {inner["traceId"], outer["traceId"]} == {TRACE}
    assert outer["attributes"] == [
        {"key": "http.response.status_code", "value": {"intValue": "200"}},
        {"key": "is_good", "value": {"boolValue": True}},
    ]
    assert told(inner) == {"db.system.name": "postgresql"}
    assert int(outer["startTimeUnixNano"]) <= int(inner["startTimeUnixNano"]) <= int(inner["endTimeUnixNano"])
    assert inner["status"] == {"code": 0}
    assert counted("sent") - sent == 2


def test_a_trace_of_ours_has_no_parent() -> None:
    with collecting() as collected:
        recorder = Exported(collected.endpoint)
        recorder.begin("request", None).end(None)
        recorder.close()

    (span,) = collected.spans
    assert "parentSpanId" not in span
    assert len(span["traceId"]) == 32


def test_a_failure_is_told_by_its_kind() -> None:
    with collecting() as collected:
        recorder = Exported(collected.endpoint)
        recorder.begin("request", None).end(LookupError)
        recorder.close()

    span: dict[str, Any] = collected.spans[0]
    assert (told(span), span["status"]) == ({"error.type": "LookupError"}, {"code": 2})


def test_what_a_collector_does_not_take_is_lost_and_counted() -> None:
    lost = counted("lost")
    with collecting(status=503) as collected:
        recorder = Exported(collected.endpoint)
        recorder.begin("request", None).end(None)
        recorder.close()
    gone = Exported(collected.endpoint)
    gone.begin("request", None).end(None)
    gone.close()

    assert counted("lost") - lost == 2
