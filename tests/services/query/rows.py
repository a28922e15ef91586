"""Random but repeatable companies and deals: as Python values for the reference, as columns for the database."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from tests.services.query.world import ALICE, BOB, CAROL, COMPANY, DEAL, World, record_id

# Any: a record of the reference holds values of every field type under their API names.
Record: TypeAlias = dict[str, Any]
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_NAMES = ("Acme", "acme_1", "华夏", "华夏科技", "Zeta %", "B\\\\C", 'say "hi"', "", "zeta")
_TAGS = ("vip", "old", "华", "new")


@dataclass(frozen=True)
class Rows:
    """Every record, deleted ones included."""

    companies: Sequence[Record]
    deals: Sequence[Record]


def make_rows(seed: int, *, companies: int = 40, deals: int = 80) -> Rows:
    rng = random.Random(seed)  # noqa: S311 - repeatable
    ids = [record_id(COMPANY, number) for number in range(companies)]
    made = [_company(rng, each, ids, place) for place, each in enumerate(ids)]
    return Rows(made, [_deal(rng, record_id(DEAL, number), ids, number) for number in range(deals)])


async def store(world: World, rows: Rows) -> None:
    await world.insert("company", [_company_columns(each) for each in rows.companies])
    if rows.deals:
        await world.insert("deal", [_deal_columns(each) for each in rows.deals])


def _some(rng: random.Random, value: object, share: float = 0.75) -> Any:  # the type of the value
    return value if rng.random() < share else None


def _base(rng: random.Random, record: UUID, place: int) -> Record:
    return {
        "id": record,
        "createdAt": FIRST + timedelta(minutes=place // 3),
        "owner": _some(rng, rng.choice((ALICE, BOB, CAROL))),
        "deletedAt": _some(rng, FIRST, 0.15),
    }


def _company(rng: random.Random, record: UUID, ids: Sequence[UUID], place: int) -> Record:
    name = _some(rng, rng.choice(_NAMES))
    amount = _some(rng, Decimal(rng.randint(-30, 300)) / 10)
    return {
        **_base(rng, record, place),
        "name": name,
        "name.sort": None if name is None else name.lower(),
        "industry": _some(rng, rng.choice(("software", "food", "retail"))),
        "revenue": amount,
        "revenue.currency": None if amount is None else rng.choice(("CNY", "USD")),
        "score": _some(rng, Decimal(rng.randint(0, 50)) / 100),
        "staff": _some(rng, rng.randint(0, 5)),
        "foundedOn": _some(rng, date(2026, 3, 31) + timedelta(days=rng.randint(-40, 40))),
        "seenAt": _some(rng, datetime(2026, 3, 31, 16, tzinfo=UTC) + timedelta(hours=rng.randint(-90, 90))),
        "vip": _some(rng, rng.random() < 0.5),
        "tags": _some(rng, [each for each in _TAGS if rng.random() < 0.4]),
        "parent": _some(rng, rng.choice(ids[: place + 1]), 0.6),
    }


def _deal(rng: random.Random, record: UUID, companies: Sequence[UUID], place: int) -> Record:
    amount = _some(rng, Decimal(rng.randint(0, 400)) / 4)
    return {
        **_base(rng, record, place),
        "title": _some(rng, rng.choice(_NAMES)),
        "company": _some(rng, rng.choice(companies), 0.9),
        "stage": _some(rng, rng.choice(("open", "won", "lost"))),
        "amount": amount,
        "amount.currency": None if amount is None else rng.choice(("CNY", "USD", "EUR")),
        "closeOn": _some(rng, date(2026, 2, 25) + timedelta(days=rng.randint(0, 60))),
    }


def _fixed(record: Record) -> Mapping[str, object]:
    return {
        "id": record["id"],
        "created_at": record["createdAt"],
        "owner_id": record["owner"],
        "deleted_at": record["deletedAt"],
    }


def _company_columns(record: Record) -> Mapping[str, object]:
    plain = ("name", "industry", "revenue", "score", "staff", "foundedOn", "seenAt", "vip", "tags")
    return {
        **_fixed(record),
        **{f"f_{name.lower()}": record[name] for name in plain},
        "f_name_sort": record["name.sort"],
        "f_revenue_currency": record["revenue.currency"],
        "parent_id": record["parent"],
    }


def _deal_columns(record: Record) -> Mapping[str, object]:
    return {
        **_fixed(record),
        **{f"f_{name.lower()}": record[name] for name in ("title", "stage", "amount", "closeOn")},
        "f_amount_currency": record["amount.currency"],
        "company_id": record["company"],
    }
