from __future__ import annotations

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


def test_exposition_is_what_prometheus_reads() -> None:
    answer = exposition()

    assert answer.media_type is not None
    assert answer.media_type.startswith("text/plain; version=")
    assert b"# TYPE kezhi_graphql_seconds histogram" in answer.body
