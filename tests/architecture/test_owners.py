"""Some things happen in one file only. Whoever looks for them then knows where, and nobody forgets half of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.architecture import source

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.architecture.source import Module


def commits(module: Module) -> list[str]:
    """Only `tenants.session` ends a transaction: a commit elsewhere would let half a verb become true."""
    return [
        f"{module.name}:{call.lineno}"
        for call in source.calls(module)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    ] + [
        f"{module.name}:{node.lineno}" for node in _texts(module) if node.value.strip().rstrip(";").upper() == "COMMIT"
    ]


def reads_environment(module: Module) -> list[str]:
    """Only `tenants.settings` reads the environment: a setting that is read in two places has two meanings."""
    return [
        f"{module.name}:{node.lineno}"
        for node in module.nodes
        if isinstance(node, ast.Attribute) and source.dotted(node) in {"os.environ", "os.getenv", "os.environb"}
    ] + [f"{module.name}:{found.line}" for found in source.imports(module) if found.name in {"os.environ", "os.getenv"}]


def reads_clock(module: Module) -> list[str]:
    """Only `tenants.clock` reads the wall time: with the clock as a value, no test sleeps."""
    now = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    return [
        f"{module.name}:{call.lineno}"
        for call in source.calls(module)
        if source.dotted(call.func).removeprefix("datetime.datetime.") in now
        or source.dotted(call.func).removeprefix("datetime.") in now
    ]


def sends_messages(module: Module) -> list[str]:
    """Only `jobs.relay` hands a message to the broker: anything else would send what was never committed."""
    return [
        f"{module.name}:{call.lineno}"
        for call in source.calls(module)
        if isinstance(call.func, ast.Attribute)
        and (call.func.attr in {"send_with_options", "enqueue"} or source.dotted(call.func).endswith("actor.send"))
    ]


def makes_guarded_plans(module: Module) -> list[str]:
    """Only the guard makes a `GuardedPlan`: the executor takes nothing else, so no read escapes the permissions."""
    return [
        f"{module.name}:{call.lineno}"
        for call in source.calls(module)
        if source.dotted(call.func).split(".")[-1] == "GuardedPlan"
        or (source.dotted(call.func).split(".")[-1] in {"replace", "__new__"} and "GuardedPlan" in ast.unparse(call))
    ]


def opens_connections(module: Module) -> list[str]:
    """Only the floor opens database connections: there is no way to get one without naming a tenant or a cell."""
    return [
        f"{module.name}:{call.lineno}"
        for call in source.calls(module)
        if source.dotted(call.func) in {"asyncpg.connect", "asyncpg.create_pool", "sa.create_engine", "create_engine"}
    ]


def normalises_text(module: Module) -> list[str]:
    """Only `schema.metadata.normal_text` asks for a normal form: the library's time grows with the square of marks."""
    return [
        f"{module.name}:{call.lineno}"
        for call in source.calls(module)
        if source.dotted(call.func) == "unicodedata.normalize"
    ]


Rule: TypeAlias = "Callable[[Module], list[str]]"

OWNERS: dict[Rule, frozenset[str]] = {
    commits: frozenset({"tenants.session"}),
    reads_environment: frozenset({"tenants.settings"}),
    reads_clock: frozenset({"tenants.clock"}),
    sends_messages: frozenset({"jobs.relay"}),
    makes_guarded_plans: frozenset({"services.query.guard"}),
    opens_connections: frozenset({"tenants.connection"}),
    normalises_text: frozenset({"schema.metadata.normal_text"}),
}

EXCEPTIONS: dict[Rule, frozenset[str]] = {
    # Reads the millisecond that goes into an id, not a moment of the business.
    reads_clock: frozenset({"tenants.ids"}),
    # Takes apart what has its normal form already, so no marks are left to be sorted.
    normalises_text: frozenset({"schema.metadata.naming"}),
}

EXAMPLES: tuple[tuple[Rule, str, str], ...] = (
    (commits, "connection.commit()", "session.savepoint()"),
    (commits, 'execute("COMMIT")', 'execute("SELECT 1")'),
    (reads_environment, "import os\nos.environ['A']", "import os\nos.getpid()"),
    (reads_environment, "from os import environ", "from os import path"),
    (reads_clock, "datetime.now(UTC)", "work.now"),
    (reads_clock, "import time\ntime.time()", "import time\ntime.monotonic()"),
    (sends_messages, "actor.send(1)", "outbox.put(work, message)"),
    (makes_guarded_plans, "GuardedPlan(plan)", "guard.guarded(plan)"),
    (makes_guarded_plans, "object.__new__(GuardedPlan)", "object.__new__(Plan)"),
    (opens_connections, "asyncpg.connect(url)", "databases.lease(cell, login)"),
    (normalises_text, "unicodedata.normalize('NFC', text)", "normal('NFC', text)"),
)


@pytest.mark.parametrize("rule", OWNERS, ids=lambda rule: rule.__name__)
def test_it_happens_in_its_own_file_only(rule: Rule) -> None:
    """The reason stands at the rule."""
    allowed = OWNERS[rule] | EXCEPTIONS.get(rule, frozenset())

    elsewhere = [
        line for module in source.modules(*source.PRODUCT) if module.name not in allowed for line in rule(module)
    ]

    assert elsewhere == []


@pytest.mark.parametrize(("rule", "bad", "good"), EXAMPLES)
def test_rule_tells_bad_from_good(rule: Rule, bad: str, good: str) -> None:
    assert len(rule(source.module("services.records.create", bad))) == 1
    assert rule(source.module("services.records.create", good)) == []


def _texts(module: Module) -> list[_Text]:
    return [
        _Text(node.value, node.lineno)
        for node in module.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


class _Text:
    def __init__(self, value: str, lineno: int) -> None:
        self.value = value
        self.lineno = lineno
