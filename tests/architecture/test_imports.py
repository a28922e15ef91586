"""Arrows point one way: `app, cli → resolvers | jobs → services → schema → tenants`.

A room that imports upwards cannot be read, tested or replaced without the rooms above it; the first such import is cheap
to avoid and the hundredth cannot be taken out.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

import pytest

from tests.architecture import source
from tests.architecture.source import Module


@dataclass(frozen=True)
class Arrow:
    """What the modules below one name may import of ours, and what of others they may not."""

    folder: str
    ours: tuple[str, ...]
    never: tuple[str, ...] = ()


DOORS = ("strawberry", "starlette", "graphql", "uvicorn", "dramatiq")

# The first row that fits a module counts.
ARROWS = (
    Arrow("app", ("resolvers", "jobs", "services", "schema", "tenants")),
    Arrow("cli", ("app", "cli", "resolvers", "jobs", "services", "schema", "tenants")),
    Arrow(
        "resolvers",
        ("resolvers", "services", "schema.sdl", "schema.types", "schema.metadata", "tenants"),
        never=("sqlalchemy", "asyncpg", "dramatiq"),
    ),
    Arrow("jobs", ("jobs", "services", "tenants"), never=("strawberry", "starlette", "graphql")),
    Arrow("services", ("services", "schema.tables", "schema.metadata", "tenants"), never=DOORS),
    Arrow("schema.sdl", ("schema.sdl", "schema.types", "schema.metadata"), never=("sqlalchemy", "asyncpg")),
    Arrow("schema.types", ("schema.sdl", "schema.types", "schema.metadata"), never=("sqlalchemy", "asyncpg")),
    Arrow(
        "schema.metadata", ("schema.metadata", "schema.tables", "tenants.errors", "tenants.sql", "tenants.ids"), DOORS
    ),
    Arrow("schema.tables", ("schema.tables",), never=(*DOORS, "asyncpg")),
    Arrow("schema", (), never=DOORS),
    Arrow("tenants", ("tenants",), never=DOORS),
    Arrow("migrations.tenant.env", ("schema.tables", "tenants.settings", "migrations")),
    Arrow("migrations.catalog.env", ("tenants", "migrations")),
    Arrow("migrations.cell.env", ("tenants", "migrations")),
    # A revision is frozen history: code of today would rewrite it.
    Arrow("migrations", ()),
)

# Low to high; a lower one never imports a higher one. Nouns that are not listed stand above all of these.
SERVICE_ORDER = (
    ("messages", "events", "outbox", "timers", "jobs", "audit", "expressions", "verbs"),
    ("metadata", "permissions", "identity"),
    ("query",),
    ("records", "idempotency"),
)

# Data without verbs that several rooms speak in; everything else is reached through a package's front door.
VOCABULARY = ("services.query.plan", "services.permissions.policy")


def upward_imports(module: Module) -> list[str]:
    arrow = next((row for row in ARROWS if source.is_within(module.name, (row.folder,))), None)
    if arrow is None:
        return []
    return [
        f"{module.name}:{found.line} imports {found.name}"
        for found in source.imports(module)
        if (found.name.split(".", 1)[0] in source.ROOMS and not source.is_within(found.name, arrow.ours))
        or source.is_within(found.name, arrow.never)
    ]


def service_level(name: str) -> int:
    noun = name.split(".")[1]
    return next((level for level, nouns in enumerate(SERVICE_ORDER) if noun in nouns), len(SERVICE_ORDER))


def climbing_services(module: Module) -> list[str]:
    if module.name.count(".") == 0:
        return []
    return [
        f"{module.name}:{found.line} imports {found.name}"
        for found in source.imports(module)
        if found.name.startswith("services.") and service_level(found.name) > service_level(module.name)
    ]


def past_the_front_door(module: Module, packages: frozenset[str]) -> list[str]:
    """`packages` are the dotted names of service packages."""
    found_reaches = []
    for node in module.nodes:
        if not isinstance(node, ast.ImportFrom) or node.module is None or node.module in VOCABULARY:
            continue
        target = node.module
        package = ".".join(target.split(".")[:2])
        if package in packages and target != package and not source.is_within(module.name, (package,)):
            found_reaches.append(f"{module.name}:{node.lineno} reaches into {target}")
    return found_reaches


def test_no_room_imports_upwards() -> None:
    """The table of who may import whom."""
    assert [line for module in source.modules(*source.PRODUCT, "migrations") for line in upward_imports(module)] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tenants.session", "from schema.tables import base"),
        ("services.records.create", "from resolvers import records"),
        ("services.records.create", "import strawberry"),
        ("resolvers.records", "import sqlalchemy as sa"),
        ("jobs.relay", "from schema.sdl import printer"),
        ("schema.tables.audit", "from tenants import ids"),
        ("schema.types.identity", "from services import identity"),
        ("migrations.tenant.versions.0001_first", "from schema.tables import base"),
        ("services.query.guard", "if True:\n    from jobs import relay"),
    ],
)
def test_upward_import_is_found(name: str, text: str) -> None:
    assert len(upward_imports(source.module(name, text))) == 1


def test_downward_import_is_accepted() -> None:
    assert upward_imports(source.module("resolvers.records", "from services import records")) == []


def test_services_import_only_their_own_level_and_below() -> None:
    """A lower engine that knows a higher one makes a cycle; the higher one registers a handler instead."""
    assert [line for module in source.modules("services") for line in climbing_services(module)] == []


def test_climbing_service_is_found() -> None:
    assert climbing_services(source.module("services.query.guard", "from services import records")) == [
        "services.query.guard:1 imports services.records"
    ]
    assert climbing_services(source.module("services.records.create", "from services import query")) == []


def test_service_packages_are_entered_by_the_front_door() -> None:
    """What `__init__` re-exports may be relied on; the files behind it may move."""
    packages = frozenset(
        module.name
        for module in source.modules("services")
        if module.path.count("/") == 2 and module.path.endswith("__init__.py")
    )

    assert [line for module in source.modules(*source.PRODUCT) for line in past_the_front_door(module, packages)] == []


def test_reaching_behind_the_front_door_is_found() -> None:
    packages = frozenset({"services.records"})

    bad = source.module("resolvers.records", "from services.records.create import insert")
    good = source.module("resolvers.records", "from services.records import create\nfrom services import records")

    assert past_the_front_door(bad, packages) == ["resolvers.records:1 reaches into services.records.create"]
    assert past_the_front_door(good, packages) == []
