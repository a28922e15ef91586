"""Every module has its tests where a reader looks first: `services/records/create.py` in
`tests/services/records/test_create.py`. A module without a mirror is either listed here with its reason, or not tested.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.architecture import source

if TYPE_CHECKING:
    from tests.architecture.source import Module

# Name → where it is proven instead, or why there is nothing to prove.
WITHOUT_MIRROR = {
    "cli.child": "tests/cli/test_processes.py: it only lives as a child",
    "cli.first_steps": "tests/cli/test_dev.py",
    "cli.serve": "tests/cli/test_parser.py",
    "cli.__main__": "tests/cli/test_parser.py",
    "jobs.follow_ups": "tests/journeys/test_follow_up_reminder.py",
}
# Tables and types hold data only; what uses them proves them.
DATA_ONLY = ("schema.tables", "schema.types")


def mirror_of(module: Module) -> str:
    """Where the tests of a module are."""
    *folders, last = module.name.split(".")
    return "/".join(["tests", *folders, f"test_{last.strip('_')}.py"])


def has_behaviour(module: Module) -> bool:
    """Whether it defines a function that does something."""
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _is_stub(node) for node in module.nodes)


def _is_stub(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Only a docstring or an ellipsis; a call whose answer nobody takes does something."""
    return all(isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Constant) for inner in node.body)


def needs_mirror(module: Module) -> bool:
    return (
        not module.path.endswith("__init__.py")
        and not source.is_within(module.name, DATA_ONLY)
        and module.name not in WITHOUT_MIRROR
        and has_behaviour(module)
    )


def test_every_module_has_its_tests() -> None:
    missing = [
        module.name
        for module in source.modules(*source.PRODUCT)
        if needs_mirror(module) and not (source.ROOT / mirror_of(module)).exists()
    ]

    assert missing == []


def test_no_exception_is_outdated() -> None:
    names = {module.name for module in source.modules(*source.PRODUCT)}

    assert set(WITHOUT_MIRROR) - names == set()


def test_mirror_of_a_module() -> None:
    assert mirror_of(source.module("services.records.create", "")) == "tests/services/records/test_create.py"
    assert needs_mirror(source.module("services.records.create", "def f() -> int:\n    return 1"))
    assert needs_mirror(source.module("services.records.create", "async def f() -> None:\n    await g()"))
    assert not needs_mirror(source.module("services.records.errors", "class Taken(Exception):\n    code = 1"))
    assert not needs_mirror(source.module("services.records.create", 'def f() -> int:\n    """One."""\n    ...'))
