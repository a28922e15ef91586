"""SQL is made in few places and only from literals, registry names and bound values.

These rules are the reason that no value of a caller can ever become part of a statement.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tests.architecture import source

if TYPE_CHECKING:
    from tests.architecture.source import Module

_STATEMENT = re.compile(
    r"(?i)\b(select\s.+\sfrom|insert\s+into|update\s.+\sset|delete\s+from|create\s+table|alter\s+table|drop\s+table"
    r"|grant\s.+\sto|revoke\s.+\sfrom|set\s+local|truncate\s)\b"
)
# Words of statements as they are written there: upper case, which no English sentence has.
_LOUD = re.compile(
    r"\b(SELECT|INSERT INTO|UPDATE [A-Za-z_\"{]+ SET|DELETE FROM|CREATE TABLE|ALTER TABLE|SET LOCAL|GRANT|REVOKE)\b"
)

# asyncpg sends text without parameters by the simple protocol, where several statements may stand in one message.
SIMPLE_PROTOCOL = frozenset({"tenants.connection"})


def sql_from_expressions(module: Module) -> list[str]:
    """`sql(...)` takes a literal: the type checker wants it, and this holds where the checker is told to look away."""
    return [
        f"{module.name}:{call.lineno}"
        for call in source.calls(module)
        if source.dotted(call.func).split(".")[-1] == "sql" and call.args and not _is_literal(call.args[0])
    ]


def formatted_statements(module: Module) -> list[str]:
    """An f-string with a statement in it is the door through which values become SQL."""
    return [
        f"{module.name}:{node.lineno}"
        for node in module.nodes
        if isinstance(node, ast.JoinedStr)
        and _LOUD.search("".join(str(part.value) for part in node.values if isinstance(part, ast.Constant)))
    ]


def words_of_sql(module: Module) -> list[str]:
    """A door asks services; a statement in it would pass the guard by."""
    return [
        f"{module.name}:{node.lineno}"
        for node in module.nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _LOUD.search(node.value)
        and _STATEMENT.search(node.value)
    ]


def makes_fragments_by_hand(module: Module) -> list[str]:
    """`Fragment(...)` is made by the functions of `tenants.sql` only."""
    return [
        f"{module.name}:{call.lineno}"
        for call in source.calls(module)
        if source.dotted(call.func).split(".")[-1] == "Fragment"
    ]


def test_sql_takes_literals_only() -> None:
    assert [line for module in source.modules(*source.PRODUCT) for line in sql_from_expressions(module)] == []


def test_no_statement_is_formatted() -> None:
    assert [line for module in source.modules(*source.PRODUCT) for line in formatted_statements(module)] == []


def test_doors_hold_no_statement() -> None:
    assert [line for module in source.modules("resolvers", "app", "cli") for line in words_of_sql(module)] == []


def test_fragments_are_made_in_one_place() -> None:
    assert [
        line
        for module in source.modules(*source.PRODUCT)
        if module.name != "tenants.sql"
        for line in makes_fragments_by_hand(module)
    ] == []


def test_expression_in_sql_is_found() -> None:
    assert sql_from_expressions(source.module("a", "sql(text)")) == ["a:1"]
    assert sql_from_expressions(source.module("a", "sql(f'a {b}')")) == ["a:1"]
    assert sql_from_expressions(source.module("a", "sql('a ' 'b')")) == []
    assert sql_from_expressions(source.module("a", "sql('a' if b else 'c')")) == []


def test_formatted_statement_is_found() -> None:
    assert formatted_statements(source.module("a", "x = f'SELECT {a} FROM b'")) == ["a:1"]
    assert formatted_statements(source.module("a", "x = f'please select {a} from the list'")) == []


def test_statement_in_a_door_is_found() -> None:
    assert words_of_sql(source.module("resolvers.a", "x = 'SELECT a FROM b'")) == ["resolvers.a:1"]
    assert words_of_sql(source.module("resolvers.a", "x = 'Select a customer from the list'")) == []


def test_fragment_made_by_hand_is_found() -> None:
    assert makes_fragments_by_hand(source.module("a", "Fragment(('x',))")) == ["a:1"]
    assert makes_fragments_by_hand(source.module("a", "sql('x')")) == []


def _is_literal(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str()):
            return True
        case ast.IfExp(body=body, orelse=other):
            return _is_literal(body) and _is_literal(other)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _is_literal(left) and _is_literal(right)
        case _:
            return False
