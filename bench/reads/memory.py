"""Part `memory`: one API process and a thousand tenants, one after another: what each further one adds, and where it ends.

First tenants of equal metadata, then those with metadata of their own, then the latter once more: what was pushed out is
asked for again, and nothing may have grown.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.reads import crowd, load, processor, servers
from bench.reads.curve import slope, sparkline, thinned
from bench.reads.data import CUSTOMER, Sizes, record_id
from bench.reads.queries import QUERIES, Query
from bench.reads.results import Section, table
from bench.reads.stage import staged
from bench.verdicts import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bench.reads.crowd import Member
    from bench.reads.options import Options

EQUAL, OWN = 100, 1_000
_FEW_EQUAL, _FEW_OWN = 2, 2
_SIZES = Sizes(customers=20, contacts=40, opportunities=40, activities=40)
# The process learns its own trade from the first ones; they are no measure of the others.
_LEARNING = 10
# So many schemas of its own are kept; the tenants up to there show what a cached one takes.
_CACHED = 120
# With a filter in its variables, as clients write it: the type of a variable belongs to the tenant's own schema.
_FILTERED = Query(
    "filter",
    "customers by a filter that is a variable",
    "query Filtered($filter: CustomerFilter) { customers(first: 20, filter: $filter) { nodes { id name } } }",
)
_FILTER = {"level": {"in": ["a", "b"]}, "not": {"region": {"isEmpty": True}}}
_ASKED = ("Q2", "Q6", "Q7", _FILTERED.name)
# The memory that the chart gives to an API process.
_BOUND_MB, _ENOUGH = 1024.0, 2
_EQUAL_MB, _OWN_MB, _EVICTED_MB, _LEVEL = 0.25, 5.0, 0.05, 1.05
_COUNTER = re.compile(r'^kezhi_cache_(\w+?)(?:_total)?\{cache="(\w+)"\} (\S+)$', re.MULTILINE)
_POINTS = 12


@dataclass(frozen=True, slots=True)
class Walk:
    """The memory of the process in MB after each tenant of one walk through them, and what its caches counted meanwhile."""

    title: str
    resident: tuple[float, ...]
    built: float
    evicted: float
    processor_ms: float


def measure(options: Options) -> Section:
    """Make the tenants, ask for each, watch."""
    equal, own = (_FEW_EQUAL, _FEW_OWN) if options.is_quick else (EQUAL, OWN)
    with staged(is_quick=options.is_quick) as stage:
        members = asyncio.run(crowd.gather(stage.settings, equal=equal, own=own, sizes=_SIZES))
        with servers.api(stage.folder, stage.environ, stage.core) as (child, port):
            ways = (
                ("equal metadata", members[:equal]),
                ("metadata of their own", members[equal:]),
                ("the latter again", members[equal:]),
            )
            walks = [_walk(title, some, child.process.pid, port) for title, some in ways]
            caches = _caches(port)
    return Section("memory", "Memory of one API process, by tenants", _text(walks, caches), judged(walks))


def requests_of(member: Member, asked: Sequence[str] = _ASKED) -> Iterator[bytes]:
    """Whole HTTP requests of its administrator."""
    for query in (*QUERIES, _FILTERED):
        if query.name in asked:
            variables = query.variables([record_id(CUSTOMER, 0)])[0] if query.is_keyed else {"filter": _FILTER}
            body = {"query": query.kezhi, "variables": variables}
            yield _request(member, json.dumps(body).encode())


def _request(member: Member, content: bytes) -> bytes:
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Tenant: {member.placement.slug}\r\n"
        f"Authorization: Bearer {member.token}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def _walk(title: str, members: Sequence[Member], process: int, port: int) -> Walk:
    resident = []
    before, worked = _caches(port), processor.nanoseconds(process)
    for each in members:
        for request in requests_of(each):
            answer = load.answer(port, request)
            if b'"errors"' in answer:
                raise RuntimeError(f"{each.placement.slug} was refused: {answer[:400]!r}")
        resident.append(processor.memory(process))
        if resident[-1] > _ENOUGH * _BOUND_MB:
            # It has failed already, and the rest would only take the machine's memory.
            break
    after = _caches(port)
    built, evicted = (
        after["schemas"][name] - before.get("schemas", {}).get(name, 0.0) for name in ("misses", "evictions")
    )
    took = (processor.nanoseconds(process) - worked) / 1e6 / len(resident) / len(_ASKED)
    return Walk(title, tuple(resident), built, evicted, took)


def _caches(port: int) -> dict[str, dict[str, float]]:
    """What the caches tell at `/metrics`: name → hits, misses, evictions, entries, weight."""
    text = load.answer(port, b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").decode()
    return counters(text)


def counters(text: str) -> dict[str, dict[str, float]]:
    """The caches of an exposition in the text form of Prometheus."""
    found: dict[str, dict[str, float]] = {}
    for what, cache, value in _COUNTER.findall(text):
        found.setdefault(cache, {})[what] = float(value)
    return found


def _text(walks: Sequence[Walk], caches: Mapping[str, Mapping[str, float]]) -> str:
    curves = [
        [
            each.title, str(len(each.resident)), sparkline(each.resident),
            ", ".join(f"{value:.0f}" for value in thinned(each.resident, _POINTS)),
            f"{each.built:,.0f} / {each.evicted:,.0f}", f"{each.processor_ms:.1f}",
        ]
        for each in walks
    ]  # fmt: skip
    head = ["walk", "tenants", "curve", "MB", "schemas built / pushed out", "processor, ms a request"]
    names = ("entries", "weight", "hits", "misses", "evictions")
    kept = [[name, *(f"{found.get(each, 0):,.0f}" for each in names)] for name, found in sorted(caches.items())]
    told = (
        f"Every tenant is asked {len(_ASKED)} queries ({', '.join(_ASKED)}) by its administrator, one after another; memory "
        "is what the process has for itself. A tenant with metadata of its own shares no shape with anybody. A walk ends "
        f"where the process has {_ENOUGH} times what it may have."
    )
    return "\n\n".join([told, table(head, curves), "What its caches hold at the end:", table(["cache", *names], kept)])


def judged(walks: Sequence[Walk]) -> list[Result]:
    """The three walks against the targets."""
    equal, own, again = (each.resident for each in walks)
    learnt = min(_LEARNING, len(equal) // 2)
    cached, late = own[:_CACHED], own[len(own) // 2 :]
    return [
        Result("memory per further tenant of equal metadata, MB", _each(equal[learnt:]), _EQUAL_MB, is_ceiling=True),
        Result("with metadata of its own, while cached, MB", _each(cached), _OWN_MB, is_ceiling=True),
        Result("with metadata of its own, once others are pushed out, MB", _each(late), _EVICTED_MB, is_ceiling=True),
        Result("walked again, memory at the end / before", again[-1] / own[-1], _LEVEL, is_ceiling=True),
        Result(f"memory after {len(equal) + len(own):,} tenants, MB", max(again), _BOUND_MB, is_ceiling=True),
    ]


def _each(resident: Sequence[float]) -> float:
    return slope(range(len(resident)), resident)
