from __future__ import annotations

from datetime import UTC, datetime

import pytest
from prometheus_client import REGISTRY

from resolvers.metrics import count, exposition


def requests(code: str) -> float:
    return REGISTRY.get_sample_value("kezhi_graphql_requests_total", {"code": code}) or 0.0


def test_requests_are_counted_by_the_code_of_their_first_error() -> None:
    ok, refused = requests("OK"), requests("TOO_DEEP")

    count(None, 0.01)
    count("TOO_DEEP", 0.01)
    count("TOO_DEEP", 0.01)

    assert (requests("OK") - ok, requests("TOO_DEEP") - refused) == (1, 2)


def test_a_code_is_counted_since_it_first_came() -> None:
    before = datetime.now(UTC).timestamp()

    count("FIRST_OF_ITS_KIND", 0.01)
    since = REGISTRY.get_sample_value("kezhi_graphql_requests_created", {"code": "FIRST_OF_ITS_KIND"})
    count("FIRST_OF_ITS_KIND", 0.01)

    assert since is not None
    assert before <= since <= datetime.now(UTC).timestamp()
    assert REGISTRY.get_sample_value("kezhi_graphql_requests_created", {"code": "FIRST_OF_ITS_KIND"}) == since


def test_requests_are_counted_by_how_long_they_took() -> None:
    names = ("kezhi_graphql_seconds_count", "kezhi_graphql_seconds_sum")
    before = [REGISTRY.get_sample_value(name) or 0.0 for name in names]

    count(None, 0.25)
    count("TOO_DEEP", 0.5)

    after = [REGISTRY.get_sample_value(name) or 0.0 for name in names]
    assert [now - then for now, then in zip(after, before, strict=True)] == pytest.approx([2, 0.75])


def test_exposition_is_what_prometheus_reads() -> None:
    answer = exposition()

    assert answer.media_type is not None
    assert answer.media_type.startswith("text/plain; version=")
    assert b"# TYPE kezhi_graphql_seconds histogram" in answer.body
