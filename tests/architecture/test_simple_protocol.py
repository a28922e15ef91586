"""The simple protocol takes several statements in one message; nothing that a caller had a part in may ever reach it.

One method of the floor sends it, and only the floor calls that method, with texts of its own whose places are filled with
checked names. Everything else goes through the extended protocol, which takes one statement.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.architecture import source

if TYPE_CHECKING:
    from tests.architecture.source import Module

CONNECTION = "tenants.connection"
SENDER = "control"


def raw_sends(module: Module) -> list[str]:
    """Functions of the connection's module that send text without preparing it, or have it sent, by name."""
    return [
        function.name
        for function in module.nodes
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for named in ast.walk(function)
        if isinstance(named, ast.Attribute) and named.attr in {"execute", "executemany"}
    ]


def control_calls(module: Module) -> list[str]:
    return [
        f"{module.name}:{call.lineno}"
        for call in source.calls(module)
        if isinstance(call.func, ast.Attribute) and call.func.attr == SENDER
    ]


def formatted_scripts(module: Module) -> list[str]:
    """A script put together from anything but literals, `fill` and `literal`."""
    return [
        f"{module.name}:{call.lineno}"
        for call in source.calls(module)
        if isinstance(call.func, ast.Attribute) and call.func.attr == SENDER
        for argument in call.args
        if any(map(_formats, ast.walk(argument)))
    ]


def _formats(node: ast.AST) -> bool:
    match node:
        case ast.FormattedValue(value=ast.Call(func=ast.Name(id="literal"))):
            return False
        case ast.FormattedValue() | ast.Mod():
            return True
        case ast.Call(func=ast.Attribute(attr="format")):
            return True
        case _:
            return False


def test_one_method_sends_it() -> None:
    (connection,) = [module for module in source.modules("tenants") if module.name == CONNECTION]

    assert raw_sends(connection) == [SENDER]


def test_only_the_floor_calls_it() -> None:
    above = [module for module in source.modules(*source.PRODUCT) if module.room != "tenants"]

    assert [line for module in above for line in control_calls(module)] == []


def test_scripts_are_filled_with_checked_names_only() -> None:
    assert [line for module in source.modules("tenants") for line in formatted_scripts(module)] == []


def test_second_sender_is_found() -> None:
    text = (
        "class C:\n    async def control(self): await self.execute(t)\n    async def more(self): await self.execute(t)"
    )

    assert raw_sends(source.module(CONNECTION, text)) == ["control", "more"]


def test_call_from_above_is_found() -> None:
    assert control_calls(source.module("services.a", "connection.control(text)")) == ["services.a:1"]
    assert control_calls(source.module("services.a", "session.fetch(bound)")) == []


def test_formatted_script_is_found() -> None:
    assert formatted_scripts(source.module("tenants.a", "c.control(f'DROP {x}')")) == ["tenants.a:1"]
    assert formatted_scripts(source.module("tenants.a", "c.control('DROP {}'.format(x))")) == ["tenants.a:1"]
    assert formatted_scripts(source.module("tenants.a", "c.control(fill('DROP @x@', names))")) == []
