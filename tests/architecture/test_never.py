"""What is never done here, because each of these has cost somebody a night."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.architecture import source

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.architecture.source import Module

Rule: TypeAlias = "Callable[[Module], list[str]]"


def catches_everything(module: Module) -> list[str]:
    """Only the doors catch what was not foreseen, to log and mask it; anywhere else it hides a defect."""
    return [
        f"{module.name}:{handler.lineno}"
        for handler in module.nodes
        if isinstance(handler, ast.ExceptHandler)
        and (handler.type is None or source.dotted(handler.type) in {"Exception", "BaseException"})
        and not _goes_on(handler)
    ]


def loads_rows_one_by_one(module: Module) -> list[str]:
    """There is one read path; a dataloader beside it would be a second one, without the guard."""
    return [
        f"{module.name}:{found.line}"
        for found in source.imports(module)
        if "dataloader" in found.name.lower() or found.name.startswith(("sqlalchemy.orm", "aiodataloader"))
    ]


def defers_work(module: Module) -> list[str]:
    """A comment about work to come is a promise to nobody; an issue is one to somebody."""
    words = ("TO" + "DO", "FIX" + "ME", "XX" + "X:")
    return [
        f"{module.name}:{number}"
        for number, line in enumerate(module.text.splitlines(), start=1)
        if any(word in line for word in words)
    ]


def names_an_issue(module: Module) -> list[str]:
    """Numbers of a tracker mean nothing to whoever reads the code later; the reason does."""
    marks = ("issue" + " #", "issue" + "s/", "Closes" + " #")
    return [
        f"{module.name}:{number}"
        for number, line in enumerate(module.text.splitlines(), start=1)
        if any(mark in line for mark in marks)
    ]


def sleeps(module: Module) -> list[str]:
    """A test that sleeps is slow when it passes and wrong when the machine is busy; races get a tool."""
    return [
        f"{module.name}:{call.lineno}"
        for call in source.calls(module)
        if source.dotted(call.func) in {"time.sleep", "asyncio.sleep", "anyio.sleep"}
        and not (call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0)
    ]


def pretends(module: Module) -> list[str]:
    """A test with our own code patched out proves the patch."""
    return [
        f"{module.name}:{found.line}"
        for found in source.imports(module)
        if found.name.split(".")[0] in {"mock", "pytest_mock"} or found.name.startswith("unittest.mock")
    ]


PRODUCT_RULES: dict[Rule, frozenset[str]] = {
    catches_everything: frozenset({
        "resolvers.files",
        "resolvers.http",
        "resolvers.mutations",
        "resolvers.sdl",
        "resolvers.token_endpoint",
        "jobs.actor",
    }),
    loads_rows_one_by_one: frozenset(),
    defers_work: frozenset(),
    names_an_issue: frozenset(),
}
TEST_RULES: dict[Rule, frozenset[str]] = {
    # Waits for a process of the operating system, which cannot be asked to tell when it is ready.
    sleeps: frozenset({"tests.builders.processes"}),
    pretends: frozenset(),
    names_an_issue: frozenset(),
}

EXAMPLES: tuple[tuple[Rule, str, str], ...] = (
    (catches_everything, "try:\n    a()\nexcept Exception:\n    log()", "try:\n    a()\nexcept OSError:\n    log()"),
    (catches_everything, "try:\n    a()\nexcept:\n    log()", "try:\n    a()\nfinally:\n    log()"),
    (
        catches_everything,
        "try:\n    a()\nexcept BaseException:\n    return",
        "try:\n    a()\nexcept BaseException:\n    undo()\n    raise",
    ),
    (loads_rows_one_by_one, "from strawberry.dataloader import DataLoader", "from strawberry import field"),
    (defers_work, "a = 1  # TO" + "DO later", "a = 1  # to do so later"),
    (names_an_issue, "# see issue" + " #12", "# issues a token"),
    (sleeps, "time.sleep(1)", "asyncio.sleep(0)"),
    (pretends, "from unittest.mock import patch", "from unittest import case"),
)


@pytest.mark.parametrize("rule", PRODUCT_RULES, ids=lambda rule: rule.__name__)
def test_product_never_does_it(rule: Rule) -> None:
    """The reason stands at the rule."""
    modules = [module for module in source.modules(*source.PRODUCT) if module.name not in PRODUCT_RULES[rule]]

    assert [line for module in modules for line in rule(module)] == []


@pytest.mark.parametrize("rule", TEST_RULES, ids=lambda rule: rule.__name__)
def test_tests_never_do_it(rule: Rule) -> None:
    """The reason stands at the rule."""
    modules = [module for module in source.modules("tests") if module.name not in TEST_RULES[rule]]

    assert [line for module in modules for line in rule(module)] == []


@pytest.mark.parametrize(("rule", "bad", "good"), EXAMPLES)
def test_rule_tells_bad_from_good(rule: Rule, bad: str, good: str) -> None:
    assert len(rule(source.module("services.records.create", bad))) == 1
    assert rule(source.module("services.records.create", good)) == []


def _goes_on(handler: ast.ExceptHandler) -> bool:
    """Undoes something and lets the failure go on."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None
