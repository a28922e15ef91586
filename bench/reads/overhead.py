"""Part `overhead`: what a warm operation costs in the process, without a database; and what an unseen document costs.

Processor time of one thread in one process, so colleagues on the machine hardly matter. The transaction is replaced by
one that answers from memory at once; everything before and behind it is the product's own.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from statistics import median
from time import perf_counter, thread_time_ns
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from app import make_doors
from bench.reads import data, load, processor, servers
from bench.reads.data import ORIGIN
from bench.reads.queries import QUERIES
from bench.reads.results import Section, table
from bench.reads.servers import Place
from bench.reads.stage import staged
from bench.verdicts import Result
from resolvers.http import open_context
from resolvers.operations import Request
from services import query as reads
from tenants.installation import Installation
from tenants.session import Session

if TYPE_CHECKING:
    from app import Doors
    from bench.reads.data import Loaded
    from bench.reads.options import Options
    from bench.reads.queries import Query
    from bench.reads.servers import Server
    from resolvers.context import RequestContext
    from tenants.context import ReadWork
    from tenants.settings import Settings
    from tenants.sql import BoundSql
    from tenants.transactions import Transactions

Piece: TypeAlias = Callable[[], Awaitable[object]]

_SMALLER = 100
_WARM_US, _COLD_MS = 50.0, 15.0
_ROUNDS, _CALLS, _COLD_TIMES = 9, 400, 15
_FEW_ROUNDS, _FEW_CALLS, _FEW_COLD = 1, 10, 1


@dataclass(frozen=True, slots=True)
class Warm:
    """Microseconds of one operation, by what they are spent on; `whole` is measured by itself."""

    caller: float
    document: float
    plan: float
    statement: float
    whole: float
    door: float


@dataclass(frozen=True, slots=True)
class Cold:
    """Milliseconds of one document that was never seen, over HTTP, and how much of it the server's processor worked."""

    took: float
    worked: float


class _Memory(Session):
    """A session that answers every statement at once."""

    async def fetch(self, bound: BoundSql) -> list[Any]:  # rows of a statement that nobody ran
        """What a statement of ours answers."""
        assert bound.text
        return [{"fresh": True, "session_ok": True, "body": b"{}"}]

    async def answer(self, bound: BoundSql) -> list[Any]:  # the same as the server sends it
        """What a statement of ours answers."""
        assert bound.text
        return [(b"\x01", b"\x01", b"{}")]


class _InMemory:
    """Units of work that have no transaction."""

    def __init__(self, work: ReadWork) -> None:
        self._work = work

    async def read(self, *given: Any, deferred: bool = False) -> object:  # as the product calls it
        """Do the verb."""
        assert deferred
        return await given[-1](self._work)

    async def write(self, *_: Any) -> object:  # as the product calls it
        """Only a foreign token would be noted."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class _Idle:
    """The doors of a process whose transactions are in memory, and who asks."""

    doors: Doors
    headers: Mapping[str, str]
    work: ReadWork


def measure(options: Options) -> Section:
    """Warm in this process, cold over HTTP."""
    with staged(is_quick=options.is_quick) as stage:
        loaded = asyncio.run(data.load(stage.settings, data.Sizes().divided(_SMALLER)))
        rounds, calls = (_FEW_ROUNDS, _FEW_CALLS) if options.is_quick else (_ROUNDS, _CALLS)
        warm = asyncio.run(_warm(stage.settings, loaded, rounds, calls))
        place = Place(stage.servers.database_url, stage.environ, loaded, stage.folder, stage.core)
        times = _FEW_COLD if options.is_quick else _COLD_TIMES
        with servers.kezhi(place) as (kezhi, *_):
            cold = {query.name: _cold(kezhi, query, loaded, times) for query in QUERIES}
    return Section("overhead", "Overhead of a warm operation, and a cold one", _text(warm, cold), _judged(warm, cold))


async def _warm(settings: Settings, loaded: Loaded, rounds: int, calls: int) -> dict[str, Warm]:
    headers = {"x-tenant": loaded.placement.slug, "authorization": f"Bearer {loaded.tokens['admin']}"}
    async with Installation.open(settings) as installation:
        context = await open_context(installation, headers, ORIGIN)
        # Once in earnest, so that the tenant's registry and the caller's rights are at hand.
        await _run(make_doors(installation), context, Request(QUERIES[0].kezhi, {"id": str(loaded.big_customers[0])}))
        work = await context.read(_itself)
        memory = replace(work, session=_Memory(work.session._connection, work.session.schema))  # noqa: SLF001 - never used
        transactions = cast("Transactions", _InMemory(memory))
        idle = _Idle(make_doors(replace(installation, transactions=transactions)), headers, memory)
        found = {}
        for each in QUERIES:
            pieces = await _pieces(idle, each, loaded)
            taken = [[await _timed(piece, calls) for piece in pieces] for _ in range(rounds)]
            found[each.name] = Warm(*(median(column) for column in zip(*taken, strict=True)))
        return found


async def _itself(work: ReadWork) -> ReadWork:
    return work


async def _run(doors: Doors, context: RequestContext, request: Request) -> None:
    operation = await doors.graphql.preparation.prepare(context, request, reads_only=True)
    await doors.graphql.queries.run(operation, context)


async def _pieces(idle: _Idle, query: Query, loaded: Loaded) -> tuple[Piece, ...]:
    """What is timed, in the order of `Warm`."""
    doors, headers = idle.doors, idle.headers
    context = await open_context(doors.installation, headers, ORIGIN)
    request = Request(query.kezhi, query.variables(loaded.big_customers)[0])
    preparation, queries = doors.graphql.preparation, doors.graphql.queries
    operation = await preparation.prepare(context, request, reads_only=True)
    compiled = queries._compile(operation, context)  # noqa: SLF001 - one piece of what `run` does
    values = compiled.values(operation.variables.coerced)

    async def planned() -> None:
        made = queries._compile(operation, context)  # noqa: SLF001
        context.spending.charge(made.price.of(made.values(operation.variables.coerced)))
        context.spending.cost = 0

    async def whole() -> None:
        await _run(doors, context, request)
        context.spending.cost = 0

    return (
        lambda: open_context(doors.installation, headers, ORIGIN),
        lambda: preparation.prepare(context, request, reads_only=True),
        planned,
        lambda: reads.read(idle.work, compiled.plan, values),
        whole,
        _asgi(doors, headers, request),
    )


def _asgi(doors: Doors, headers: Mapping[str, str], request: Request) -> Piece:
    """The whole ASGI call: headers, JSON, token, operation, answer."""
    content = json.dumps({"query": request.text, "variables": request.variables}).encode()
    given = {**headers, "content-type": "application/json", "content-length": str(len(content)), "host": "127.0.0.1"}
    scope = {
        "type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "client": ("127.0.0.1", 1),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip
    body = {"type": "http.request", "body": content, "more_body": False}

    async def receive() -> dict[str, object]:
        return body

    async def send(message: Mapping[str, object]) -> None:
        # A refusal would be quick.
        assert message.get("status", HTTPStatus.OK) == HTTPStatus.OK

    # Any: the framework's own loose types.
    return lambda: doors.graphql.post(scope, receive, cast("Any", send))


async def _timed(piece: Piece, calls: int) -> float:
    await piece()
    began = thread_time_ns()
    for _ in range(calls):
        await piece()
    return (thread_time_ns() - began) / 1000 / calls


def _cold(server: Server, query: Query, loaded: Loaded, times: int) -> Cold:
    took, worked = [], []
    for number in range(times):
        document = query.kezhi.replace(query.name, f"Cold{number}", 1)
        body = {"query": document, "variables": query.variables(loaded.big_customers)[0]}
        request = server.request(body, query.name, loaded)
        before, began = processor.nanoseconds(server.child.process.pid), perf_counter()
        load.answer(server.port, request)
        took.append((perf_counter() - began) * 1000)
        worked.append((processor.nanoseconds(server.child.process.pid) - before) / 1e6)
    return Cold(median(took), median(worked))


def _text(warm: Mapping[str, Warm], cold: Mapping[str, Cold]) -> str:
    rows = [
        ("caller: tenant, token", [each.caller for each in warm.values()]),
        ("document, validation, coercion, limits of input", [each.document for each in warm.values()]),
        ("compiled operation, values, cost and budgets", [each.plan for each in warm.values()]),
        ("guard, statement, parameters", [each.statement for each in warm.values()]),
        ("**cache + coercion + guard + limits, measured as one**", [each.whole for each in warm.values()]),
        ("the whole ASGI call, without the database", [each.door for each in warm.values()]),
    ]
    milliseconds = [
        ("until the answer", [each.took for each in cold.values()]),
        ("processor of the server", [each.worked for each in cold.values()]),
    ]
    return "\n\n".join([
        "In this process, with a transaction that answers from memory at once. Medians.",
        "### Warm, µs of processor time\n\n"
        + table(["", *warm], [[title, *(f"{value:.1f}" for value in values)] for title, values in rows]),
        "A document that was never seen, on a process that is warm otherwise; the statement is planned anew as well.",
        "### Cold, ms\n\n"
        + table(["", *cold], [[title, *(f"{value:.1f}" for value in values)] for title, values in milliseconds]),
    ])


def _judged(warm: Mapping[str, Warm], cold: Mapping[str, Cold]) -> list[Result]:
    slowest, coldest = max(warm, key=lambda name: warm[name].whole), max(cold, key=lambda name: cold[name].took)
    return [
        Result("warm overhead of Q1, µs", warm["Q1"].whole, _WARM_US, is_ceiling=True),
        Result(f"warm overhead of the slowest ({slowest}), µs", warm[slowest].whole, _WARM_US, is_ceiling=True),
        Result(f"cold operation, the slowest ({coldest}), ms", cold[coldest].took, _COLD_MS, is_ceiling=True),
    ]
