"""Files and functions stay small enough to be read whole; at the soft limit a module becomes a package."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.architecture import source

if TYPE_CHECKING:
    from tests.architecture.source import Module

FILE_LINES = 450
TEST_FILE_LINES = 600
FUNCTION_LINES = 40

# Words that say nothing about what is inside.
EMPTY_NAMES = frozenset({
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "models",
    "base_utils",
})


def long_file(module: Module) -> list[str]:
    lines = module.text.count("\n")
    limit = TEST_FILE_LINES if module.room == "tests" else FILE_LINES
    return [f"{module.name}: {lines} lines"] if lines > limit else []


def long_functions(module: Module) -> list[str]:
    """A docstring does not count: laws are worth their lines."""
    return [
        f"{module.name}.{node.name}: {_body_lines(node)} lines"
        for node in module.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _body_lines(node) > FUNCTION_LINES
    ]


def imports_inside_functions(module: Module) -> list[str]:
    """An import inside a function hides an arrow or a cycle."""
    return [
        f"{module.name}:{inner.lineno}"
        for node in module.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def without_opening(module: Module) -> list[str]:
    """Two to five lines say what a module is for, so that a reader can stop there."""
    return [] if ast.get_docstring(module.tree) else [module.name]


def test_files_are_short() -> None:
    assert [line for module in source.modules(*source.ROOMS) for line in long_file(module)] == []


def test_functions_are_short() -> None:
    assert [line for module in source.modules(*source.PRODUCT) for line in long_functions(module)] == []


def test_imports_stand_at_the_top() -> None:
    assert [line for module in source.modules(*source.PRODUCT) for line in imports_inside_functions(module)] == []


def test_every_module_says_what_it_is_for() -> None:
    assert [line for module in source.modules(*source.PRODUCT) for line in without_opening(module)] == []


def test_no_module_has_an_empty_name() -> None:
    assert [
        module.name for module in source.modules(*source.ROOMS) if module.name.rsplit(".", 1)[-1] in EMPTY_NAMES
    ] == []


def test_long_file_is_found() -> None:
    assert long_file(source.module("services.big", "a = 1\n" * 451)) == ["services.big: 451 lines"]
    assert long_file(source.module("services.big", "a = 1\n" * 450)) == []


def test_long_function_is_found() -> None:
    body = "    a = 1\n"

    assert long_functions(source.module("services.big", "def f():\n" + body * 40)) == ["services.big.f: 41 lines"]
    assert long_functions(source.module("services.big", "def f():\n" + body * 39)) == []


def test_hidden_import_is_found() -> None:
    assert imports_inside_functions(source.module("a", "def f():\n    import os")) == ["a:2"]
    assert imports_inside_functions(source.module("a", "import os\ndef f():\n    pass")) == []


def test_silent_module_is_found() -> None:
    assert without_opening(source.module("a", "x = 1")) == ["a"]
    assert without_opening(source.module("a", '"""What it is for."""')) == []


def _body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    total = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total
