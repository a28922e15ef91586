"""Asks the questions of one kind, one at a time over one connection, and tells how long each took."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from time import perf_counter_ns
from typing import TYPE_CHECKING

from bench.reads import processor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.reads.data import Loaded
    from bench.reads.servers import Server
    from bench.search.questions import Kind

_MILLION = 1e6
_WARM = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: milliseconds until the answer was there, and those that PostgreSQL's processor worked for it."""

    text: str
    took: float
    worked: float
    found: int


@dataclass(frozen=True, slots=True)
class Measured:
    """All questions of a kind."""

    kind: Kind
    asked: Sequence[Asked]


def measure(server: Server, postgres: int, loaded: Loaded, kind: Kind) -> Measured:
    """Every question once, after some of them have warmed the caches of the server."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {
        "Content-Type": "application/json",
        "X-Tenant": loaded.placement.slug,
        "Authorization": f"Bearer {loaded.tokens[kind.person]}",
    }

    def ask(text: str) -> Asked:
        body = json.dumps({"query": kind.document, "variables": {"text": text}})
        before, began = processor.nanoseconds(postgres), perf_counter_ns()
        line.request("POST", "/graphql", body, headers)
        answer = line.getresponse().read()
        took, worked = perf_counter_ns() - began, processor.nanoseconds(postgres) - before
        told = json.loads(answer)
        if "errors" in told:
            # Numbers of an error would look like those of a very fast server.
            raise RuntimeError(f"{text}: {told['errors']}\n{server.child.last_words()}")
        (found,) = told["data"].values()
        return Asked(
            text, took / _MILLION, worked / _MILLION, len(found["nodes"] if isinstance(found, dict) else found)
        )

    for text in kind.texts[:_WARM]:
        ask(text)
    asked = [ask(text) for text in kind.texts]
    line.close()
    return Measured(kind, asked)
