"""Which requests are traced, and which steps belong to which; by default nothing is, whatever a caller says."""

from __future__ import annotations

import asyncio

import pytest

from tenants.settings import TracingSettings
from tenants.tracing import UNTRACED, Kind, Parent, Tracing, parent_of, step
from tests.builders.spans import Keeping

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SAMPLED, NOT_SAMPLED = f"00-{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}-00"


@pytest.mark.parametrize(
    ("traceparent", "parent"),
    [
        (SAMPLED, Parent(int(TRACE, 16), int(SPAN, 16), is_sampled=True)),
        (NOT_SAMPLED, Parent(int(TRACE, 16), int(SPAN, 16), is_sampled=False)),
        (f"00-{TRACE}-{SPAN}-03", Parent(int(TRACE, 16), int(SPAN, 16), is_sampled=True)),
        (f" 00-{TRACE}-{SPAN}-01 ", Parent(int(TRACE, 16), int(SPAN, 16), is_sampled=True)),
        (f"cc-{TRACE}-{SPAN}-01-what-is-new", Parent(int(TRACE, 16), int(SPAN, 16), is_sampled=True)),
        (f"00-{TRACE}-{SPAN}-01-more", None),
        (f"ff-{TRACE}-{SPAN}-01", None),
        (f"00-{'0' * 32}-{SPAN}-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        (f"00-{TRACE.upper()}-{SPAN}-01", None),
        (f"00-{TRACE}-{SPAN}", None),
        ("", None),
        ("00-" + "1" * 100_000, None),
    ],
)
def test_parent_is_what_the_header_names(traceparent: str, parent: Parent | None) -> None:
    assert parent_of(traceparent) == parent


@pytest.mark.parametrize(
    "settings",
    [TracingSettings(), TracingSettings(endpoint="http://127.0.0.1:9/v1/traces"), TracingSettings(ratio=1.0)],
)
async def test_without_collector_or_ratio_a_caller_cannot_have_itself_traced(settings: TracingSettings) -> None:
    tracing = Tracing.open(settings)

    with tracing.request(SAMPLED) as request:
        assert request is UNTRACED
        assert step("statement") is UNTRACED
        assert request.is_traced is False
        request.tell("nobody", "listens")
    await tracing.close()


def test_chance_decides_for_who_has_no_parent() -> None:
    recorder, drawn = Keeping(), iter([0.009, 0.01, 0.5])
    tracing = Tracing(recorder, 0.01, draw=lambda: next(drawn))

    assert [tracing.request(each).is_traced for each in ("", "", "no traceparent")] == [True, False, False]


def test_a_caller_that_is_traced_decides_for_us() -> None:
    recorder = Keeping()
    tracing = Tracing(recorder, 0.01, draw=lambda: 0.0)

    assert tracing.request(SAMPLED).is_traced is True
    assert tracing.request(NOT_SAMPLED).is_traced is False
    assert [each.parent for each in recorder.begun] == [parent_of(SAMPLED)]


def test_steps_belong_to_the_one_around_them() -> None:
    recorder = Keeping()
    tracing = Tracing(recorder, 1.0)

    with tracing.request("") as request:
        with step("operation") as operation, step("statement", Kind.CLIENT):
            operation.tell("kezhi.cost", 7)
        with step("operation"):
            pass
        request.tell("kezhi.code", "OK")

    (first,) = recorder.begun
    assert (first.name, first.told, first.ended) == ("request", {"kezhi.code": "OK"}, [None])
    assert [(each.name, each.kind, each.told) for each in first.children] == [
        ("operation", Kind.INTERNAL, {"kezhi.cost": 7}),
        ("operation", Kind.INTERNAL, {}),
    ]
    assert [(each.name, each.kind) for each in first.children[0].children] == [("statement", Kind.CLIENT)]
    assert step("afterwards") is UNTRACED


def test_of_a_failure_only_its_kind_is_told() -> None:
    recorder = Keeping()

    with pytest.raises(LookupError, match="secret"), Tracing(recorder, 1.0).request(""), step("statement"):
        raise LookupError("secret")

    (first,) = recorder.begun
    assert (first.ended, first.children[0].ended) == ([LookupError], [LookupError])
    assert first.told == {}


async def test_requests_beside_each_other_do_not_mix() -> None:
    recorder = Keeping()
    tracing = Tracing(recorder, 1.0)
    both_inside = asyncio.Barrier(2)

    async def ask(name: str) -> None:
        with tracing.request(""):
            await both_inside.wait()
            with step(name):
                await both_inside.wait()

    await asyncio.gather(ask("one"), ask("other"))

    assert [[each.name for each in first.children] for first in recorder.begun] == [["one"], ["other"]]


async def test_closing_sends_what_is_left() -> None:
    recorder = Keeping()

    await Tracing(recorder, 1.0).close()

    assert recorder.is_closed is True
