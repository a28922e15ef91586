"""[H2] A histogram that costs little is read like the library's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from tenants.durations import Durations

STEPS = (0.001, 0.25, 1, 10)
SECONDS = st.one_of(st.sampled_from(STEPS), st.floats(min_value=0, max_value=20))


def told(registry: CollectorRegistry) -> list[bytes]:
    """Without when it began, which ours does not tell."""
    return [line for line in generate_latest(registry).splitlines() if b"_created" not in line]


@given(st.lists(st.tuples(st.sampled_from(("read", "write")), SECONDS)))
def test_what_is_told_is_what_the_library_tells(noted: list[tuple[str, float]]) -> None:
    mine, theirs = CollectorRegistry(), CollectorRegistry()
    ours = Durations("waited_seconds", "How long.", STEPS, label="kind", registry=mine)
    histogram = Histogram("waited_seconds", "How long.", ("kind",), buckets=STEPS, registry=theirs)

    for kind, seconds in noted:
        ours.of(kind).note(seconds)
        histogram.labels(kind).observe(seconds)

    assert told(mine) == told(theirs)


@given(st.lists(SECONDS))
def test_without_a_label_there_is_one_kind(noted: list[float]) -> None:
    mine, theirs = CollectorRegistry(), CollectorRegistry()
    ours = Durations("waited_seconds", "How long.", STEPS, registry=mine).of()
    histogram = Histogram("waited_seconds", "How long.", buckets=STEPS, registry=theirs)

    for seconds in noted:
        ours.note(seconds)
        histogram.observe(seconds)

    assert told(mine) == told(theirs)


def test_kinds_are_named_where_there_is_a_label_and_nowhere_else() -> None:
    registry = CollectorRegistry()
    with pytest.raises(ValueError, match="waited_seconds"):
        Durations("waited_seconds", "How long.", STEPS, registry=registry).of("read")
    with pytest.raises(ValueError, match="taken_seconds"):
        Durations("taken_seconds", "How long.", STEPS, label="kind", registry=registry).of()
