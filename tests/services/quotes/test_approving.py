"""[G2] A draft is approved by whoever has the action, and by nobody in another way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.mutations import mutate, refusal
from tests.builders.roles import everything

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]

MEMBERS = "quote { version status rejectionReason }"


async def quote(client: Client, **record: object) -> str:
    made = await mutate(client, "createQuote", "quote { id }", record={"name": "报价", **record})
    return str(made["quote"]["id"])


async def test_a_manager_approves_what_the_team_wrote(person: Person) -> None:
    sales, manager = await person("sales"), await person("manager")
    mine = await quote(sales, validUntil="2999-12-31")

    by_sales = await refusal(sales, "approveQuote", id=mine)
    approved = await mutate(manager, "approveQuote", MEMBERS, id=mine, ifVersion=1)
    again = await mutate(manager, "approveQuote", id=mine)
    sent = await mutate(sales, "updateQuote", "quote { status }", id=mine, set={"status": "sent"})

    assert by_sales == ("ACTION_NOT_ALLOWED", ["done"])
    assert approved == {"quote": {"version": 2, "status": "approved", "rejectionReason": None}, "errors": []}
    assert again == {"errors": [{"path": ["id"], "code": "QUOTE_NOT_DRAFT"}]}
    assert sent == {"quote": {"status": "sent"}, "errors": []}


async def test_an_outdated_draft_is_not_approved(person: Person) -> None:
    sales, manager = await person("sales"), await person("manager")
    old = await quote(sales, validUntil="2020-12-31")

    assert await mutate(manager, "approveQuote", id=old) == {"errors": [{"path": ["id"], "code": "QUOTE_OUTDATED"}]}


async def test_a_draft_is_rejected_with_a_reason(person: Person) -> None:
    sales, manager = await person("sales"), await person("manager")
    mine = await quote(sales)

    unsaid = await mutate(manager, "rejectQuote", id=mine, reason="  ")
    endless = await mutate(manager, "rejectQuote", id=mine, reason="x" * 501)
    rejected = await mutate(manager, "rejectQuote", MEMBERS, id=mine, reason="折扣太高")
    late = await mutate(manager, "rejectQuote", id=mine, reason="x")

    assert unsaid == {"errors": [{"path": ["reason"], "code": "REASON_MISSING"}]}
    assert endless == {"errors": [{"path": ["reason"], "code": "TOO_LONG"}]}
    assert rejected == {"quote": {"version": 2, "status": "rejected", "rejectionReason": "折扣太高"}, "errors": []}
    assert late == {"errors": [{"path": ["id"], "code": "QUOTE_NOT_DRAFT"}]}


@pytest.mark.parametrize(("verb", "given"), [("approveQuote", {}), ("rejectQuote", {"reason": "x"})])
async def test_others_change_nothing(company: Tenant, person: Person, verb: str, given: dict[str, object]) -> None:
    mine = await quote(await person("sales"))
    before = await everything(company)

    for who, code in (("service", "OBJECT_NOT_WRITABLE"), ("stranger", "NOT_FOUND"), ("sales", "ACTION_NOT_ALLOWED")):
        assert await refusal(await person(who), verb, id=mine, **given) == (code, ["done"])
    assert await everything(company) == before


async def test_no_other_write_approves(person: Person) -> None:
    sales = await person("sales")
    mine = await quote(sales)

    assert await refusal(sales, "updateQuote", id=mine, set={"status": "approved"}) == ("ACTION_NOT_ALLOWED", ["done"])
    assert await refusal(sales, "createQuote", record={"name": "报价", "status": "approved"}) == (
        "ACTION_NOT_ALLOWED",
        ["done"],
    )
