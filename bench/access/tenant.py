"""The tenant of the benchmark: customers of many owners, and three people who see very different parts of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from bench.inside.stage import ORIGIN, Stage, analyzed
from bench.reads.data import CUSTOMER, FEW, PERSON, USERS, Sizes, as_administrator, load, record_id
from services import identity, roles, sharing
from services.identity.sessions import open_session
from tenants.context import SYSTEM, Principal, PrincipalKind
from tenants.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Mapping

    import asyncpg

    from tenants.context import DefinitionWork, Work
    from tenants.placement import Placement
    from tenants.settings import Settings

ADMIN, WIDE, NARROW = "everything", "20 owners, shares and a rule", "10 records"
_ROWS: Mapping[str, int] = {ADMIN: USERS, WIDE: USERS + 1, NARROW: USERS + 2}
# Records shared with the one who is measured, and with others, whose shares stand in the same table.
_SHARED, _SHARED_WITH_OTHERS = 100, 50_000
# People who own nothing: a tenant of this size has more of them than owners.
_FURTHER = 1_800


@dataclass(frozen=True, slots=True)
class Shop:
    """The stage, who reads on it, and the role whose rights are changed."""

    stage: Stage
    readers: Mapping[str, Principal]
    role_id: UUID


async def open_shop(settings: Settings, installation: Installation, customers: int) -> Shop:
    """Fill an empty server."""
    loaded = await load(settings, Sizes(customers=customers, contacts=0, opportunities=0, activities=0))
    stage = Stage(installation, loaded.placement, tuple(record_id(PERSON, row) for row in _ROWS.values()))
    role_id = await installation.transactions.define(loaded.placement, SYSTEM, ORIGIN, _rule)
    await stage.write(lambda work: _share(work, customers))
    connection = await as_administrator(settings, loaded.placement)
    try:
        await _fill(connection, loaded.placement, customers)
    finally:
        await connection.close()
    await analyzed(stage)
    return Shop(stage, {name: await _sign_in(stage, row) for name, row in _ROWS.items()}, role_id)


async def _rule(work: DefinitionWork) -> UUID:
    """A role that opens what a filter chooses: here every fourth customer."""
    role_id = await roles.create_role(work, {"name": "bench_rule"})
    said = {"object": "customer", "reach": "read", "filter": {"level": {"eq": "a"}}}
    await roles.open_records(work, role_id, said, if_version=None)
    await identity.assign_role(work, user_id=record_id(PERSON, _ROWS[WIDE]), role_id=role_id)
    return role_id


async def _share(work: Work, customers: int) -> None:
    for number in range(min(_SHARED, customers)):
        shared = record_id(CUSTOMER, number * 7919 % customers)
        with_whom = record_id(PERSON, _ROWS[WIDE])
        await sharing.share_record(work, {"recordId": str(shared), "userId": str(with_whom), "reach": "read"})


async def _fill(connection: asyncpg.Connection[asyncpg.Record], placement: Placement, customers: int) -> None:
    """What the verbs would do too, and take minutes for."""
    few = [record_id(CUSTOMER, number * customers // FEW) for number in range(FEW)]
    owner = record_id(PERSON, _ROWS[NARROW])
    schema = placement.schema
    await connection.execute(f"UPDATE {schema}.customer SET owner_id = $1 WHERE id = ANY ($2)", owner, few)
    await connection.copy_records_to_table(
        "user",
        schema_name=schema,
        columns=["id", "email", "name", "name_sort"],
        records=[
            (record_id(PERSON, 10_000 + number), f"more{number}@bench.example", f"more {number}", f"more {number}")
            for number in range(_FURTHER)
        ],
    )
    await connection.copy_records_to_table(
        "record_share",
        schema_name=schema,
        columns=["id", "object_number", "record_id", "user_id", "reach"],
        records=[
            (
                record_id(0, number),
                CUSTOMER,
                record_id(CUSTOMER, number * 31 % customers),
                record_id(PERSON, number % USERS),
                "read",
            )
            for number in range(min(_SHARED_WITH_OTHERS, customers))
        ],
    )


async def _sign_in(stage: Stage, row: int) -> Principal:
    user_id, lifetimes = record_id(PERSON, row), stage.installation.settings.tokens
    session = await stage.write(lambda work: open_session(work, lifetimes, user_id=user_id, zone=None))
    return Principal(PrincipalKind.USER, user_id, session.id)
