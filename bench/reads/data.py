"""The data of the benchmark: a tenant of the CRM pack whose record tables are filled by `INSERT … SELECT generate_series`.

Everything follows from row numbers, so two runs read the same records. Only here are records written past the verbs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from services import identity, packs
from services.identity.sessions import open_session
from tenants import preparation, provisioning
from tenants.administration import administrator
from tenants.claims import NewTenant
from tenants.context import SYSTEM, Origin
from tenants.installation import Installation
from tenants.settings import TokenSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.context import DefinitionWork
    from tenants.placement import Placement
    from tenants.settings import Settings

USERS = 200
# The members of the manager's department; every user owns one record in `USERS`.
TEAM = 20
# One customer in a hundred has a fifth of everything: those are the ones a page is opened of.
BIG = 100
# What the user `few` owns of the opportunities.
FEW = 10
CUSTOMER, CONTACT, OPPORTUNITY, ACTIVITY, PERSON = 101, 102, 103, 104, 0
ORIGIN = Origin("bench")
_LONG_LIVED = TokenSettings(access_seconds=24 * 3600)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many records of each object."""

    customers: int = 50_000
    contacts: int = 200_000
    opportunities: int = 100_000
    activities: int = 200_000

    def divided(self, by: int) -> Sizes:
        """The same in small."""
        return Sizes(self.customers // by, self.contacts // by, self.opportunities // by, self.activities // by)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Where the data is, and the access tokens of who reads it."""

    placement: Placement
    tokens: Mapping[str, str]
    big_customers: tuple[UUID, ...]


def record_id(number: int, row: int) -> UUID:
    """The id of a row: of the right version, with the object's number, in the order of the rows."""
    return UUID(f"0190{row:08x}7{number:03x}8000{row:012x}")


async def load(settings: Settings, sizes: Sizes) -> Loaded:
    """Prepare an empty server, make the tenant, its people and its records."""
    await preparation.prepare(settings)
    pack = packs.load("crm")
    new = NewTenant(slug="bench", name="bench")
    placement = await provisioning.provision(settings, new, lambda place: packs.render(pack, place.schema))
    connection = await as_administrator(settings, placement)
    try:
        for statement in _people(placement.schema):
            await connection.execute(statement)
        for statement in _records(placement.schema, sizes):
            await connection.execute(statement)
    finally:
        await connection.close()
    async with Installation.open(settings) as installation:
        tokens = {name: await _token(installation, placement, row) for name, row in _READERS.items()}
    big = tuple(record_id(CUSTOMER, row) for row in range(max(1, sizes.customers // BIG)))
    return Loaded(placement, tokens, big)


_READERS = {"admin": USERS, "manager": USERS + 1, "few": USERS + 2}


async def as_administrator(settings: Settings, placement: Placement) -> asyncpg.Connection[asyncpg.Record]:
    """A connection to the tenant's database that may do everything."""
    address = administrator(settings.database, placement.cell)
    return await asyncpg.connect(
        host=address.host, port=address.port, database=address.database, user=address.user, password=address.password
    )


async def _token(installation: Installation, placement: Placement, row: int) -> str:
    async def opened(work: DefinitionWork) -> identity.OpenSession:
        return await open_session(work, _LONG_LIVED, user_id=record_id(PERSON, row), zone=None)

    session = await installation.transactions.define(placement, SYSTEM, ORIGIN, opened)
    return (await identity.issue(installation.keys, placement, _LONG_LIVED, session)).access_token


def _id(number: int, row: str) -> str:
    """The SQL of `record_id`."""
    return f"('0190' || lpad(to_hex({row}), 8, '0') || '7{number:03x}8000' || lpad(to_hex({row}), 12, '0'))::uuid"


def _people(schema: str) -> list[str]:
    """Owners, an administrator, a manager whose department has `TEAM` of the owners, and one who owns `FEW` records."""
    place, manager = _id(PERSON, "999999"), _id(PERSON, str(USERS + 1))
    sales = f"(SELECT id FROM {schema}.role WHERE name = 'bench_sales')"
    users = (
        f"INSERT INTO {schema}.user (id, email, name, name_sort, department_id) SELECT {_id(PERSON, 'i')}, "
        f"'user' || i || '@bench.example', 'user ' || i, 'user ' || i, CASE WHEN i < {TEAM} THEN {place} END "
        f"FROM generate_series(0, {USERS + 2}) i"
    )
    members = (
        f"INSERT INTO {schema}.role_member (role_id, user_id) "
        f"SELECT id, {_id(PERSON, str(USERS))} FROM {schema}.role WHERE name = 'admin' "
        f"UNION ALL SELECT {sales}, {manager} UNION ALL SELECT {sales}, {_id(PERSON, str(USERS + 2))}"
    )
    return [
        f"INSERT INTO {schema}.department (id, name) VALUES ({place}, 'bench')",
        f"INSERT INTO {schema}.department_closure VALUES ({place}, {place}, 0)",
        users,
        f"UPDATE {schema}.department SET manager_id = {manager}",
        f"INSERT INTO {schema}.role (id, name, label_zh, label_en) VALUES ({_id(PERSON, '999998')}, 'bench_sales', '', '')",
        f"INSERT INTO {schema}.object_permission (role_id, object_name, read_scope) VALUES ({sales}, '*', 'team')",
        (
            f"INSERT INTO {schema}.field_permission (role_id, object_name, field_name, level) "
            f"VALUES ({sales}, 'customer', 'phone', 'masked'), ({sales}, 'customer', 'annualRevenue', 'none')"
        ),
        members,
    ]


def _records(schema: str, sizes: Sizes) -> list[str]:
    tables = ("customer", "contact", "opportunity", "activity", '"user"', "department", "role")
    return [
        "SET synchronous_commit = off",
        *records(schema, sizes),
        # VACUUM marks a page as seen by all only once the log of it has been written.
        "SET synchronous_commit = on",
        "CHECKPOINT",
        *(f"VACUUM ANALYZE {schema}.{table}" for table in tables),
    ]


def records(schema: str, sizes: Sizes) -> list[str]:
    """The statements that fill the tables of one tenant."""
    big = max(1, sizes.customers // BIG)
    customer = f"(CASE WHEN i % 5 = 0 THEN (i / 5) % {big} ELSE (i::bigint * 7919 % {sizes.customers})::int END)"
    return [
        _customers(schema, sizes.customers),
        _contacts(schema, sizes.contacts, customer),
        _opportunities(schema, sizes, customer),
        _activities(schema, sizes, customer),
    ]


_STANDARD = "id, created_at, updated_at, created_by_id, updated_by_id, owner_id"


def _standard(number: int, owner: str = f"i % {USERS}") -> str:
    moment = "'2025-01-01 00:00:00+00'::timestamptz + i * interval '1 minute'"
    user = _id(PERSON, f"i % {USERS}")
    return f"{_id(number, 'i')}, {moment}, {moment}, {user}, {user}, {_id(PERSON, f'({owner})::int')}"


def _customers(schema: str, rows: int) -> str:
    name = "'Company ' || lpad((i::bigint * 7919 % 1000003)::text, 7, '0')"
    return (
        f"INSERT INTO {schema}.customer ({_STANDARD}, name, name_sort, name_norm, short_name, phone, email, website, "
        "industry, region, level, status, source, scale, annual_revenue, annual_revenue_currency, address, tags, "
        f"note, last_activity_at) SELECT {_standard(CUSTOMER)}, {name}, lower({name}), lower({name}), 'C' || i, "
        "'+86138' || lpad(i::text, 8, '0'), 'office' || i || '@example.com', 'https://c' || i || '.example.com', "
        "(ARRAY['software','manufacturing','retail','finance'])[1 + i % 4], 'Region ' || i % 30, "
        "(ARRAY['a','b','c','d'])[1 + i % 4], (ARRAY['potential','active','dormant','lost'])[1 + i % 4], 'website', "
        "(ARRAY['under50','under200'])[1 + i % 2], (i % 9973) * 1000.5, 'CNY', i || ' Nanjing Road, Shanghai', "
        "ARRAY['t' || i % 50], 'Note of the company ' || i, '2025-06-01 00:00:00+00'::timestamptz - i * interval "
        f"'1 minute' FROM generate_series(0, {rows - 1}) i"
    )


def _contacts(schema: str, rows: int, customer: str) -> str:
    return (
        f"INSERT INTO {schema}.contact ({_STANDARD}, name, name_sort, customer_id, phone, email, title, department, "
        f"role, is_primary) SELECT {_standard(CONTACT)}, 'Contact ' || i % 5003, 'contact ' || i % 5003, "
        f"{_id(CUSTOMER, customer)}, '+86139' || lpad(i::text, 8, '0'), 'p' || i || '@example.com', 'Title ' || i % 9, "
        f"'Department ' || i % 7, 'user', i % 4 = 0 FROM generate_series(0, {rows - 1}) i"
    )


def _opportunities(schema: str, sizes: Sizes, customer: str) -> str:
    # `few` owns every ten thousandth; the rest are spread over the users.
    few = f"CASE WHEN i % {max(1, sizes.opportunities // FEW)} = 7 THEN {USERS + 2} ELSE i % {USERS} END"
    return (
        f"INSERT INTO {schema}.opportunity ({_STANDARD}, name, name_sort, customer_id, contact_id, amount, "
        f"amount_currency, stage, probability, close_on, type, source) SELECT {_standard(OPPORTUNITY, few)}, "
        f"'Deal ' || i, 'deal ' || i, {_id(CUSTOMER, customer)}, {_id(CONTACT, f'i % {sizes.contacts}')}, "
        "(i::bigint * 7919 % 1000003) + 0.25, 'CNY', "
        "(ARRAY['qualify','needs','proposal','negotiation','won','lost'])[1 + (i / 5) % 6], i % 100, "
        "'2025-01-01'::date + i % 700, 'newBusiness', 'website' "
        f"FROM generate_series(0, {sizes.opportunities - 1}) i"
    )


def _activities(schema: str, sizes: Sizes, customer: str) -> str:
    return (
        f"INSERT INTO {schema}.activity ({_STANDARD}, subject, kind, occurred_at, customer_id, contact_id, "
        f"opportunity_id, duration_minutes, body) SELECT {_standard(ACTIVITY)}, 'Activity ' || i, "
        "(ARRAY['call','visit','email','note'])[1 + (i / 5) % 4], '2025-01-01 00:00:00+00'::timestamptz "
        f"+ (i::bigint * 7919 % 1000003) * interval '1 minute', {_id(CUSTOMER, customer)}, "
        f"{_id(CONTACT, f'i % {sizes.contacts}')}, {_id(OPPORTUNITY, f'i % {sizes.opportunities}')}, i % 90, "
        f"'What was said in activity ' || i FROM generate_series(0, {sizes.activities - 1}) i"
    )
