"""[G2] Opportunities are closed and opened by their buttons: under the action, by the stage, told everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from schema.tables.audit import audit_entry
from tests.builders.mutations import mutate, refusal
from tests.builders.roles import everything, role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

MEMBERS = "opportunity { version stage probability closeOn lostReason }"


async def deal(client: Client, **record: object) -> str:
    made = await mutate(client, "createOpportunity", "opportunity { id }", record={"name": "采购", **record})
    return str(made["opportunity"]["id"])


async def actions_of(tenant: Tenant, record: str) -> list[str]:
    """What audit entries say of a record beside its creation."""
    said = sa.select(audit_entry.c.action).where(audit_entry.c.record_id == record).order_by(audit_entry.c.id)
    rows = await tenant.read(lambda work: work.session.rows(said))
    return [row["action"] for row in rows if row["action"] != "opportunity.created"]


async def test_won_is_closed_on_a_day_and_told(company: Tenant, person: Person) -> None:
    sales = await person("sales")
    won = await deal(sales, amount={"amount": "5000"}, probability="60")

    done = await mutate(sales, "closeOpportunityWon", MEMBERS, id=won, ifVersion=1, closeOn="2026-03-31")
    history = await sales.data(
        "query ($id: ID!) { recordHistories(filter: {recordId: {eq: $id}}) { totalCount } }", id=won
    )

    assert done == {
        "opportunity": {
            "version": 2, "stage": "won", "probability": "100", "closeOn": "2026-03-31", "lostReason": None,
        },
        "errors": [],
    }  # fmt: skip
    assert sorted(await actions_of(company, won)) == ["opportunity.updated", "opportunity.won"]
    assert history["recordHistories"]["totalCount"] == 2


async def test_lost_needs_a_reason_that_there_is(person: Person) -> None:
    sales = await person("sales")
    lost = await deal(sales)

    without = await mutate(sales, "closeOpportunityLost", MEMBERS, id=lost, reason="boredom")
    done = await mutate(sales, "closeOpportunityLost", MEMBERS, id=lost, reason="price", closeOn="2026-04-01")

    assert without == {"opportunity": None, "errors": [{"path": ["reason"], "code": "UNKNOWN_CHOICE"}]}
    assert done["opportunity"] == {
        "version": 2, "stage": "lost", "probability": "0", "closeOn": "2026-04-01", "lostReason": "price",
    }  # fmt: skip


async def test_what_is_closed_is_opened_before_it_is_closed_again(person: Person) -> None:
    sales, manager = await person("sales"), await person("manager")
    won = await deal(sales)
    await mutate(sales, "closeOpportunityWon", id=won)

    again = await mutate(sales, "closeOpportunityLost", id=won, reason="price")
    by_sales = await refusal(sales, "reopenOpportunity", id=won, stage="needs")
    to_closed = await mutate(manager, "reopenOpportunity", id=won, stage="lost")
    outdated = await mutate(manager, "reopenOpportunity", id=won, stage="needs", ifVersion=1)
    opened = await mutate(manager, "reopenOpportunity", "opportunity { stage lostReason }", id=won, stage="needs")
    twice = await mutate(manager, "reopenOpportunity", id=won, stage="needs")

    assert again == {"errors": [{"path": ["id"], "code": "OPPORTUNITY_CLOSED"}]}
    assert by_sales == ("ACTION_NOT_ALLOWED", ["done"])
    assert to_closed == {"errors": [{"path": ["stage"], "code": "STAGE_NOT_OPEN"}]}
    assert outdated == {"errors": [{"path": ["ifVersion"], "code": "VERSION_CONFLICT"}]}
    assert opened == {"opportunity": {"stage": "needs", "lostReason": None}, "errors": []}
    assert twice == {"errors": [{"path": ["id"], "code": "OPPORTUNITY_OPEN"}]}


VERBS: list[tuple[str, dict[str, Any]]] = [
    ("closeOpportunityWon", {}),
    ("closeOpportunityLost", {"reason": "price"}),
    ("reopenOpportunity", {"stage": "needs"}),
]


@pytest.mark.parametrize(("verb", "given"), VERBS)
async def test_others_change_nothing(company: Tenant, person: Person, verb: str, given: dict[str, object]) -> None:
    mine = await deal(await person("sales"))
    before = await everything(company)

    for who, code in (("service", "OBJECT_NOT_WRITABLE"), ("stranger", "NOT_FOUND")):
        assert await refusal(await person(who), verb, id=mine, **given) == (code, ["done"])
    assert await everything(company) == before


@pytest.mark.parametrize("path", ["one", "set", "created", "upserted"])
async def test_no_other_write_goes_around_the_button(tenant: Tenant, client_as: Any, path: str) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    mine = await deal(sales)
    await mutate(
        admin, "revokeAction", "role { version }", roleId=await role_id(admin, "sales"), action="opportunity.closeWon"
    )
    paths: dict[str, tuple[str, dict[str, object]]] = {
        "one": ("updateOpportunity", {"id": mine, "set": {"stage": "won"}}),
        "set": ("updateOpportunities", {"ids": [mine], "set": {"stage": "won"}}),
        "created": ("createOpportunity", {"record": {"name": "采购", "stage": "won"}}),
        "upserted": ("createOpportunities", {"records": [{"name": "采购", "stage": "won"}], "onError": "SKIP"}),
    }
    verb, given = paths[path]
    before = await everything(tenant)

    refused = await refusal(sales, verb, **given)

    assert refused == ("ACTION_NOT_ALLOWED", ["done"])
    assert await refusal(sales, "closeOpportunityWon", id=mine) == ("ACTION_NOT_ALLOWED", ["done"])
    assert await everything(tenant) == before
    moved = await mutate(sales, "updateOpportunity", "opportunity { stage }", id=mine, set={"stage": "needs"})
    assert moved["opportunity"] == {"stage": "needs"}


async def test_no_other_write_opens_again_what_was_closed(company: Tenant, person: Person) -> None:
    sales, manager = await person("sales"), await person("manager")
    mine = await deal(sales)
    await mutate(sales, "closeOpportunityLost", id=mine, reason="price")
    before = await everything(company)

    refused = [await refusal(sales, "updateOpportunity", id=mine, set={"stage": stage}) for stage in ("needs", "won")]
    assert refused == [("ACTION_NOT_ALLOWED", ["done"])] * 2
    assert await everything(company) == before
    beside = await mutate(
        sales, "updateOpportunity", "opportunity { stage }", id=mine, set={"stage": "lost", "name": "新"}
    )
    by_hand = await mutate(manager, "updateOpportunity", "opportunity { stage }", id=mine, set={"stage": "needs"})
    assert (beside["opportunity"], by_hand["opportunity"]) == ({"stage": "lost"}, {"stage": "needs"})


async def test_what_a_closed_deal_came_to_stays(person: Person) -> None:
    sales, manager = await person("sales"), await person("manager")
    won, lost = await deal(sales), await deal(sales)
    await mutate(sales, "closeOpportunityWon", id=won)
    await mutate(sales, "closeOpportunityLost", id=lost, reason="price")
    changes: list[tuple[str, dict[str, object]]] = [
        (won, {"amount": {"amount": "1"}}),
        (won, {"closeOn": "2020-01-01"}),
        (won, {"probability": "1", "stage": "won"}),
        (lost, {"lostReason": "budget"}),
    ]

    for record, change in changes:
        assert await refusal(sales, "updateOpportunity", id=record, set=change) == ("ACTION_NOT_ALLOWED", ["done"])
        assert (await mutate(manager, "updateOpportunity", id=record, set=change))["errors"] == []
    reason = await mutate(sales, "updateOpportunity", "opportunity { stage }", id=won, set={"lostReason": "other"})
    assert reason["opportunity"] == {"stage": "won"}


async def test_the_button_needs_no_right_on_the_fields(client_as: Person) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    mine, role = await deal(sales), await role_id(admin, "sales")
    for field in ("stage", "probability", "closeOn"):
        about = {"roleId": role, "object": "opportunity", "field": field, "level": "read"}
        await mutate(admin, "setFieldPermission", "role { version }", **about)

    by_hand = await refusal(sales, "updateOpportunity", id=mine, set={"stage": "needs"})
    done = await mutate(sales, "closeOpportunityWon", "opportunity { stage }", id=mine)

    assert by_hand == ("FIELD_NOT_WRITABLE", ["done"])
    assert done == {"opportunity": {"stage": "won"}, "errors": []}
