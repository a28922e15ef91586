"""A small registry of two objects and the database it stands in, for tests of the compiler alone.

The tables are made by the real DDL writer; rows are put in as they are, because here the write path is not the point.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from schema.metadata import ddl
from schema.metadata.companions import columns
from schema.metadata.definitions import ChoiceDefinition, FieldDefinition, ObjectDefinition, assemble
from schema.metadata.fields import Choice, Field, Label, Relation
from schema.tables import audit, identity, metadata, permissions
from schema.tables.base import tenant_metadata
from services.permissions.loading import unrestricted
from services.query import executor
from tenants.cache import TenantCache
from tenants.cells import CELL_SCHEMA, cell_metadata
from tenants.context import SYSTEM, Origin, Principal, PrincipalKind, ReadWork, TenantId, TenantSettings, Versions
from tenants.ids import IdMaker
from tenants.placement import Placement
from tenants.session import Session
from tests.services.query.asking import ask

if TYPE_CHECKING:
    from schema.metadata.registry import Registry
    from services.permissions import Policy
    from tenants.connection import Connection
    from tenants.file_tokens import FileKeys
    from tenants.secret_keys import SecretKeys

SCHEMA = "t_query"
NOW = datetime(2026, 3, 31, 18, 30, 15, 123456, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
PLACEMENT = Placement(TenantId(UUID(int=1)), "query", "cn", "cell_1", SCHEMA, "runtime")
ALICE, BOB, CAROL, SESSION_ID = (UUID(int=number) for number in (11, 12, 13, 21))
COMPANY, DEAL = 100, 101
# Imported for the tables that they put into the MetaData.
TABLES = (audit, identity, metadata, permissions)


def person(user_id: UUID = ALICE) -> Principal:
    return Principal(PrincipalKind.USER, user_id, session_id=SESSION_ID)


def record_id(number: int, count: int) -> UUID:
    """A UUIDv7 of an object, the same on every run."""
    return UUID(int=(1_700_000_000_000 + count << 80) | (7 << 76) | (number << 64) | (2 << 62) | count)


def _field(number: int, name: str, type_: str, *, keys: Sequence[str] = (), **shape: object) -> FieldDefinition:
    choices = tuple(
        ChoiceDefinition(UUID(int=number * 100 + place), key, Label(f"{key}中", key.upper()))
        for place, key in enumerate(keys)
    )
    field = Field(name, type_, choices=tuple(Choice(each.key) for each in choices), **shape)  # type: ignore[arg-type]
    column = f"{name.lower()}_id" if field.type.is_relation else f"f_{name.lower()}"
    return FieldDefinition(UUID(int=number), field, number, column, Label(name, name), choices=choices)


def _object(number: int, name: str, plural: str, *given: FieldDefinition, indexed: Collection[str]) -> ObjectDefinition:
    fields = tuple(replace(each, field=replace(each.field, is_indexed=each.field.name in indexed)) for each in given)
    return ObjectDefinition(
        UUID(int=number),
        number,
        name,
        plural,
        f"x_{name}",
        Label(name, name),
        Label(plural, plural),
        fields,
        title_field=fields[0].name,
    )


INDEXED = frozenset({"name", "score", "staff", "foundedOn", "title", "amount"})


def make_registry(indexed: Collection[str] = INDEXED) -> Registry:
    """Two objects; which of their fields are indexed decides how pages are read, never what is on them."""
    company = _object(
        COMPANY,
        "company",
        "companies",
        _field(20, "name", "text", options=(("search", True), ("sortKey", "pinyin"))),
        _field(21, "industry", "choice", keys=("software", "food", "retail")),
        _field(22, "revenue", "currency"),
        _field(23, "score", "decimal"),
        _field(24, "staff", "integer"),
        _field(25, "foundedOn", "date"),
        _field(26, "seenAt", "dateTime"),
        _field(27, "vip", "boolean"),
        _field(28, "tags", "tags"),
        _field(29, "phone", "phone", options=(("search", True),)),
        _field(30, "parent", "relation", relation=Relation("company", "children")),
        _field(31, "note", "longText"),
        indexed=indexed,
    )
    deal = _object(
        DEAL,
        "deal",
        "deals",
        _field(20, "title", "text", options=(("search", True),)),
        _field(21, "company", "relation", relation=Relation("company", "deals")),
        _field(22, "stage", "choice", keys=("open", "won", "lost")),
        _field(23, "amount", "currency"),
        _field(24, "closeOn", "date"),
        _field(25, "secret", "text", audit_reads=True),
        _field(26, "team", "persons"),
        _field(27, "site", "geolocation"),
        _field(28, "place", "address"),
        indexed=indexed,
    )
    return assemble((company, deal), version=1)


async def build(connection: Connection, registry: Registry) -> None:
    """Roles, schema, fixed tables and record tables, as the owner of everything."""
    copied = sa.MetaData(schema=SCHEMA)
    for table in tenant_metadata.sorted_tables:
        table.to_metadata(copied)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy's own
    await connection.control(f"CREATE ROLE {SCHEMA}; CREATE SCHEMA {SCHEMA}")
    await connection.control(f"CREATE SCHEMA {CELL_SCHEMA}")
    for table in (*cell_metadata.sorted_tables, *copied.sorted_tables):
        await connection.control(str(CreateTable(table).compile(dialect=dialect)))
    for statement in ddl.changes(None, registry):
        await connection.control(statement.text(SCHEMA))
    await connection.control(f"INSERT INTO {SCHEMA}.state (schema_version) VALUES ('1')")  # noqa: S608 - fixed names
    await connection.control("SET search_path = pg_catalog")


@dataclass(frozen=True)
class World:
    """One database with rows, and what a test asks of it."""

    connection: Connection
    registry: Registry
    system: Principal = SYSTEM
    secrets: SecretKeys | None = None
    file_keys: FileKeys | None = None

    def work(self, principal: Principal = SYSTEM, *, kind: type[ReadWork] = ReadWork) -> ReadWork:
        return kind(
            placement=PLACEMENT,
            principal=principal,
            origin=Origin("request", "en"),
            session=Session(self.connection, SCHEMA),
            cache=TenantCache(),
            versions=Versions(1, 1),
            settings=TenantSettings("Query", "Asia/Shanghai", "zh", "CN", "CNY"),
            now=NOW,
            zone=ZONE,
            ids=IdMaker(),
            secrets=self.secrets,
            file_keys=self.file_keys,
        )

    async def ask(
        self,
        text: str,
        variables: Mapping[str, object] | None = None,
        *,
        policy: Policy | None = None,
        principal: Principal = SYSTEM,
        work: ReadWork | None = None,
    ) -> Any:  # the answer has the shape of the question
        """The answer to a GraphQL query, through binder, guard, compiler and executor."""
        wanted, values = ask(self.registry, text, variables)
        rights = unrestricted(1) if policy is None else policy
        return json.loads(await executor.answer(work or self.work(principal), self.registry, rights, wanted, values))

    def searched(self, object_name: str, **given: str) -> dict[str, object]:
        """The columns of searched fields, as the write path fills them."""
        names = self.registry.names[object_name].fields
        return {
            names[name].column + (f"_{part}" if part else ""): each
            for name, stored in given.items()
            for part, each in columns(self._field(object_name, name), stored).items()
        }

    def _field(self, object_name: str, name: str) -> Field:
        field = self.registry.shape.field(object_name, name)
        assert field is not None
        return field

    async def insert(self, object_name: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Rows by column; a column that a row leaves out is empty."""
        columns = tuple(dict.fromkeys(name for row in rows for name in row))
        names = ", ".join(f'"{name}"' for name in columns)
        places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
        await self.connection.executemany(
            f"INSERT INTO {SCHEMA}.x_{object_name} ({names}) VALUES ({places})",  # noqa: S608 - fixed names
            [tuple(row.get(name) for name in columns) for row in rows],
        )

    def new_id(self, object_name: str) -> UUID:
        """A fresh id of an object."""
        return IdMaker().new(self.registry.names[object_name].number)

    async def sign_in(self, user_id: UUID) -> None:
        """A user with an open session."""
        await self.execute(
            "INSERT INTO t_query.user (id, email, name, name_sort) VALUES ($1, $2, 'n', 'n')", user_id, str(user_id)
        )
        await self.execute("INSERT INTO t_query.session (id, user_id) VALUES ($1, $2)", SESSION_ID, user_id)

    async def execute(self, text: LiteralString, *arguments: object) -> None:
        """One statement as the owner of everything."""
        await self.connection.execute(text, *arguments)
