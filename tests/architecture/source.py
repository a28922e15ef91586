"""The product's own source as syntax trees, for the house rules."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("app", "cli", "tenants", "schema", "services", "resolvers", "jobs", "migrations", "bench", "tests")
PRODUCT = ("app", "cli", "tenants", "schema", "services", "resolvers", "jobs")


@dataclass(frozen=True)
class Module:
    """One file: its dotted name, text and tree."""

    name: str
    text: str
    tree: ast.Module
    path: str = ""

    @property
    def room(self) -> str:
        return self.name.split(".", 1)[0]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """The whole tree; walking it takes longer than reading it, and every rule asks for it."""
        return tuple(ast.walk(self.tree))


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name, as far as it is written: `from a import b` is `a.b`."""

    name: str
    line: int


def module(name: str, text: str) -> Module:
    """A module from text, for the examples of a rule."""
    return Module(name, text, ast.parse(text))


@cache
def modules(*rooms: str) -> tuple[Module, ...]:
    """All modules of these rooms."""
    return tuple(found for room in rooms for found in _of_room(room))


def imports(module: Module) -> Iterator[Import]:
    """Everything it imports, also for types only: an arrow is an arrow."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                yield Import(f"{node.module}.{alias.name}", node.lineno)


def calls(module: Module) -> Iterator[ast.Call]:
    """Every call."""
    for node in module.nodes:
        if isinstance(node, ast.Call):
            yield node


def dotted(node: ast.expr) -> str:
    """`a.b.c` of a name or attribute; empty for anything else at its root."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=owner, attr=name):
            return f"{dotted(owner)}.{name}"
        case _:
            return ""


def is_within(name: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a dotted name is one of these or below one."""
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


@cache
def _of_room(room: str) -> tuple[Module, ...]:
    single = ROOT / f"{room}.py"
    paths = [single] if single.exists() else sorted((ROOT / room).rglob("*.py"))
    return tuple(_read(path) for path in paths)


def _read(path: Path) -> Module:
    relative = path.relative_to(ROOT)
    parts = relative.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text()
    return Module(name, text, ast.parse(text), str(relative))
