"""Strawberry over SQLAlchemy's ORM with dataloaders, as its documentation shows it. Not a part of the product.

`uvicorn bench.reads.naive.server:app`, told by NAIVE_URL and NAIVE_SCHEMA where the records are. Q1 to Q4 only.
"""

from __future__ import annotations

import os
import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import sqlalchemy as sa
import strawberry
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.types import Info

engine = create_async_engine(os.environ["NAIVE_URL"], pool_size=10, max_overflow=0)
sessions = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    """All tables stand in the tenant's schema."""

    metadata = sa.MetaData(schema=os.environ["NAIVE_SCHEMA"])


class Row(Base):
    """What every record has."""

    __abstract__ = True
    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True)


class Record(Row):
    """What every record of the pack has."""

    __abstract__ = True
    created_at: Mapped[datetime]
    created_by_id: Mapped[uuid.UUID]
    owner_id: Mapped[uuid.UUID]
    deleted_at: Mapped[datetime | None]


class UserRow(Row):
    """A user."""

    __tablename__ = "user"
    name: Mapped[str]


class CustomerRow(Record):
    """A customer."""

    __tablename__ = "customer"
    name: Mapped[str | None]
    name_sort: Mapped[str | None]
    short_name: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    website: Mapped[str | None]
    industry: Mapped[str | None]
    region: Mapped[str | None]
    level: Mapped[str | None]
    status: Mapped[str | None]
    source: Mapped[str | None]
    scale: Mapped[str | None]
    address: Mapped[str | None]
    note: Mapped[str | None]
    last_activity_at: Mapped[datetime | None]


class ContactRow(Record):
    """A contact."""

    __tablename__ = "contact"
    customer_id: Mapped[uuid.UUID | None]
    name: Mapped[str | None]
    title: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]


class OpportunityRow(Record):
    """An opportunity."""

    __tablename__ = "opportunity"
    customer_id: Mapped[uuid.UUID | None]
    name: Mapped[str | None]
    stage: Mapped[str | None]
    amount: Mapped[Decimal | None]
    amount_currency: Mapped[str | None]
    close_on: Mapped[date | None]
    probability: Mapped[Decimal | None]


class ActivityRow(Record):
    """An activity."""

    __tablename__ = "activity"
    customer_id: Mapped[uuid.UUID | None]
    kind: Mapped[str | None]
    subject: Mapped[str | None]
    occurred_at: Mapped[datetime | None]


class Loaders:
    """The dataloaders of one request; each batch has a session of its own, since batches of one request overlap."""

    def __init__(self) -> None:
        self.users: _ById = DataLoader(lambda ids: _by_id(UserRow, ids))
        self.customers: _ById = DataLoader(lambda ids: _by_id(CustomerRow, ids))
        self.contacts: _Children = DataLoader(lambda ids: _of_customers(ContactRow, ids))
        self.opportunities: _Children = DataLoader(lambda ids: _of_customers(OpportunityRow, ids))
        self.activities: _Children = DataLoader(lambda ids: _of_customers(ActivityRow, ids))


# Any: ORM classes and their rows, here and everywhere below.
_ById: TypeAlias = "DataLoader[uuid.UUID, Any]"
_Children: TypeAlias = "DataLoader[uuid.UUID, list[Any]]"


async def _rows(wanted: Any) -> list[Any]:
    async with sessions() as session:
        return list((await session.scalars(wanted)).all())


async def _by_id(kind: Any, ids: list[uuid.UUID]) -> list[Any]:
    found = {row.id: row for row in await _rows(sa.select(kind).where(kind.id.in_(ids)))}
    return [found.get(each) for each in ids]


async def _of_customers(kind: Any, ids: list[uuid.UUID]) -> list[list[Any]]:
    wanted = sa.select(kind).where(kind.customer_id.in_(ids), kind.deleted_at.is_(None))
    rows = await _rows(wanted.order_by(kind.created_at.desc()))
    return [[row for row in rows if row.customer_id == each] for each in ids]


@strawberry.type
class Money:
    """An amount."""

    amount: Decimal
    currency: str


@strawberry.type
class User:
    """A user."""

    id: strawberry.ID
    name: str


@strawberry.type
class Contact:
    """A contact."""

    id: strawberry.ID
    name: str | None
    title: str | None
    phone: str | None
    email: str | None


async def _user(info: Info, user_id: uuid.UUID) -> User | None:
    row = await info.context["loaders"].users.load(user_id)
    return User(id=strawberry.ID(str(row.id)), name=row.name)


@strawberry.type
class Activity:
    """An activity."""

    row: strawberry.Private[Any]
    id: strawberry.ID
    kind: str | None
    subject: str | None
    occurred_at: datetime | None

    @strawberry.field
    async def created_by(self, info: Info) -> User | None:
        """Who wrote it."""
        return await _user(info, self.row.created_by_id)


@strawberry.type
class Opportunity:
    """An opportunity."""

    row: strawberry.Private[Any]
    id: strawberry.ID
    name: str | None
    stage: str | None
    close_on: date | None
    probability: Decimal | None

    @strawberry.field
    def amount(self) -> Money | None:
        """What it is worth."""
        return Money(amount=self.row.amount, currency=self.row.amount_currency)

    @strawberry.field
    async def owner(self, info: Info) -> User | None:
        """Whose it is."""
        return await _user(info, self.row.owner_id)

    @strawberry.field
    async def customer(self, info: Info) -> Customer | None:
        """Whom it is with."""
        return _customer(await info.context["loaders"].customers.load(self.row.customer_id))


@strawberry.type
class Contacts:
    """A page of contacts."""

    nodes: list[Contact]


@strawberry.type
class Activities:
    """A page of activities."""

    nodes: list[Activity]


@strawberry.type
class Edge:
    """An opportunity in a page."""

    cursor: str
    node: Opportunity


@strawberry.type
class PageInfo:
    """Where a page ends."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Opportunities:
    """A page of opportunities."""

    nodes: list[Opportunity]
    edges: list[Edge]
    page_info: PageInfo


@strawberry.type
class Customer:
    """A customer."""

    row: strawberry.Private[Any]
    id: strawberry.ID
    name: str | None
    short_name: str | None
    phone: str | None
    email: str | None
    website: str | None
    industry: str | None
    region: str | None
    level: str | None
    status: str | None
    source: str | None
    scale: str | None
    address: str | None
    note: str | None
    last_activity_at: datetime | None

    @strawberry.field
    async def contacts(self, info: Info, first: int) -> Contacts:
        """People there."""
        rows = (await info.context["loaders"].contacts.load(self.row.id))[:first]
        names = ("name", "title", "phone", "email")
        return Contacts(nodes=[Contact(id=_id(row), **{name: getattr(row, name) for name in names}) for row in rows])

    @strawberry.field
    async def opportunities(self, info: Info, first: int) -> Opportunities:
        """Deals with it."""
        rows = (await info.context["loaders"].opportunities.load(self.row.id))[: first + 1]
        return _page(rows, first)

    @strawberry.field
    async def activities(self, info: Info, first: int) -> Activities:
        """What was done."""
        rows = (await info.context["loaders"].activities.load(self.row.id))[:first]
        names = ("kind", "subject", "occurred_at")
        return Activities(
            nodes=[Activity(row=row, id=_id(row), **{name: getattr(row, name) for name in names}) for row in rows]
        )


@strawberry.type
class Customers:
    """A page of customers."""

    nodes: list[Customer]


_CUSTOMER = (
    *("name", "short_name", "phone", "email", "website", "industry", "region", "level", "status", "source", "scale"),
    *("address", "note", "last_activity_at"),
)


def _id(row: Any) -> strawberry.ID:
    return strawberry.ID(str(row.id))


def _customer(row: Any) -> Customer | None:
    if row is None:
        return None
    return Customer(row=row, id=_id(row), **{name: getattr(row, name) for name in _CUSTOMER})


def _page(rows: list[Any], first: int) -> Opportunities:
    names = ("name", "stage", "close_on", "probability")
    nodes = [Opportunity(row=row, id=_id(row), **{name: getattr(row, name) for name in names}) for row in rows[:first]]
    edges = [Edge(cursor=str(node.id), node=node) for node in nodes]
    info = PageInfo(has_next_page=len(rows) > first, end_cursor=edges[-1].cursor if edges else None)
    return Opportunities(nodes=nodes, edges=edges, page_info=info)


@strawberry.type
class Query:
    """The roots."""

    @strawberry.field
    async def customer(self, info: Info, id: strawberry.ID) -> Customer | None:  # noqa: A002 - the name in the API
        """One customer."""
        return _customer(await info.context["loaders"].customers.load(uuid.UUID(id)))

    @strawberry.field
    async def customers(self, first: int) -> Customers:
        """Customers by name."""
        wanted = sa.select(CustomerRow).where(CustomerRow.deleted_at.is_(None)).order_by(CustomerRow.name_sort)
        rows = await _rows(wanted.limit(first))
        return Customers(nodes=[found for row in rows if (found := _customer(row)) is not None])

    @strawberry.field
    async def opportunities(self, first: int, stage: str) -> Opportunities:
        """Opportunities of a stage, the largest first."""
        wanted = sa.select(OpportunityRow).where(OpportunityRow.stage == stage, OpportunityRow.deleted_at.is_(None))
        rows = await _rows(
            wanted.order_by(OpportunityRow.amount.desc().nulls_last(), OpportunityRow.id).limit(first + 1)
        )
        return _page(rows, first)


class Door(GraphQL[Any, Any]):
    """Strawberry's own view."""

    async def get_context(self, request: Any, response: Any) -> Any:  # noqa: ARG002 - as Strawberry calls it
        """Loaders of one request."""
        return {"loaders": Loaders()}


app = Door(strawberry.Schema(query=Query))
