"""The tenant that all sequences happen in, and how a machine that knows nothing of event loops has its verbs run there.

The tenant has roles and people, and none of a pack's objects: what a change costs grows with everything that is defined.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

from schema.tables.change_sets import change_set, publication
from schema.tables.dictionaries import dictionary, dictionary_entry
from schema.tables.layouts import layout
from schema.tables.metadata import (
    choice_option,
    field_definition,
    index_definition,
    number_counter,
    object_definition,
    validation_rule,
)
from schema.tables.permissions import department
from schema.tables.type_changes import type_change
from schema.tables.views import saved_view
from services import packs
from tenants.clock import utc_now
from tenants.context import Moving
from tenants.errors import Fault, Refused
from tenants.sql import SCHEMA, BoundSql, ident, render, sql
from tenants.transactions import Transactions
from tests.builders.tenants import Tenant, make_tenant

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Coroutine

    from tenants.context import DefinitionWork, ReadWork, Work
    from tenants.installation import Installation
    from tenants.provisioning import Provisioner

T = TypeVar("T")
NEVER: Collection[str] = frozenset()
STAFF = {"admin": ("admin", ""), "sales": ("sales", "east"), "manager": ("manager", "west")}
_GRACE = timedelta(days=31)
_DEFINED = (
    publication, change_set, type_change, saved_view, layout, dictionary_entry, dictionary, validation_rule, index_definition, choice_option, number_counter,
    field_definition, object_definition,
)  # fmt: skip


@dataclass
class Stage:
    """Verbs of the administrator, one after the other. `later` is the same tenant when every time of grace is over."""

    tenant: Tenant
    later: Tenant
    loop: asyncio.AbstractEventLoop
    # Whom fields of persons and departments may name.
    people: list[str]
    departments: list[str]
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Wait for it, in the thread of the machine."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def read(self, verb: Callable[[ReadWork], Awaitable[T]]) -> T:
        return self.run(self.tenant.read(verb, person="admin"))

    def define(
        self, name: str, verb: Callable[[DefinitionWork], Awaitable[T]], *, may: Collection[str] = NEVER
    ) -> T | None:
        """What a change of definitions came to; nothing where it was refused for one of the reasons that it may have."""
        return self._attempt(name, self.tenant.define(verb, person="admin"), may)

    def define_later(
        self, name: str, verb: Callable[[DefinitionWork], Awaitable[T]], *, may: Collection[str] = NEVER
    ) -> T | None:
        """The same when every time of grace is over."""
        return self._attempt(name, self.later.define(verb, person="admin"), may)

    def write(self, name: str, verb: Callable[[Work], Awaitable[T]], *, may: Collection[str] = NEVER) -> T | None:
        """What a write came to, or nothing."""
        return self._attempt(name, self.tenant.write(verb, person="admin"), may)

    def _attempt(self, name: str, verb: Coroutine[object, object, T], may: Collection[str]) -> T | None:
        try:
            made = self.run(verb)
        except Fault as fault:
            codes = codes_of(fault)
            if not codes <= set(may):
                raise
            self.refused.update(f"{name} {code}" for code in codes)
            return None
        self.done[name] += 1
        return made

    def sweep(self) -> None:
        """Take away all that a sequence defined, so that the next one is not slower for it."""
        self.run(self.tenant.define(_forget))


def codes_of(fault: Fault) -> set[str]:
    """Why something was refused."""
    return {each.fault.code for each in fault.violations} if isinstance(fault, Refused) else {fault.code}


async def open_stage(installation: Installation, provisioner: Provisioner) -> Stage:
    crm = packs.load("crm")
    roles = (
        replace(
            each, grants=tuple(grant for grant in each.grants if grant.object_name == packs.EVERY_OBJECT), actions=()
        )
        for each in crm.roles
    )
    tenant = await make_tenant(
        installation, provisioner, pack=replace(crm, objects=(), roles=tuple(roles)), staff=STAFF
    )
    transactions = Transactions(
        installation.databases,
        installation.cache,
        clock=lambda: utc_now() + _GRACE,
        limits=installation.settings.transactions,
    )
    later = replace(tenant, installation=replace(installation, transactions=transactions))
    people = [str(tenant.user_id(each)) for each in ("sales", "manager")]
    found = await tenant.read(lambda work: work.session.rows(sa.select(department.c.id)))
    return Stage(tenant, later, asyncio.get_running_loop(), people, [str(row["id"]) for row in found])


async def _forget(work: DefinitionWork) -> None:
    found = await work.session.fetch(
        BoundSql(
            "SELECT relname, relkind = 'r' AS is_table FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace"
            " WHERE n.nspname = $1 AND relkind IN ('r', 'S') AND relname ~ '^(x|l|sq)_'",
            (work.session.schema,),
        )
    )
    for row in found:
        kind = sql("TABLE") if row["is_table"] else sql("SEQUENCE")
        dropped = sql("DROP {kind} {schema}.{name} CASCADE", kind=kind, schema=SCHEMA, name=ident(row["relname"]))
        await work.session.run(render(dropped).bound(work.session.schema, {}))
    for table in _DEFINED:
        await work.session.execute(sa.delete(table))
    work.moves.add(Moving.METADATA)
