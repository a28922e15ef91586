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
REFUSED = ("ACTION_NOT_ALLOWED", ["done"])


async def quote(client: Client, **record: object) -> str:
    made = await mutate(client, "createQuote", "quote { id }", record={"name": "报价", **record})
    return str(made["quote"]["id"])


async def line(client: Client, quote_id: str) -> str:
    made = await mutate(client, "createQuoteLine", "quoteLine { id }", record={"quoteId": quote_id})
    return str(made["quoteLine"]["id"])


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


async def test_what_was_decided_is_not_undone_by_hand(person: Person) -> None:
    sales, manager = await person("sales"), await person("manager")
    mine = await quote(sales, total={"amount": "100"})

    assert await refusal(sales, "updateQuote", id=mine, set={"status": "rejected"}) == REFUSED
    await mutate(manager, "approveQuote", id=mine)
    for changes in ({"status": "draft"}, {"status": "rejected"}, {"total": {"amount": "9"}}, {"discount": "50"},
                    {"status": "sent", "terms": "x"}):  # fmt: skip
        assert await refusal(sales, "updateQuote", id=mine, set=changes) == REFUSED
        assert await refusal(sales, "updateQuotes", ids=[mine], set=changes) == REFUSED
    beside = await mutate(sales, "updateQuote", MEMBERS, id=mine, set={"status": "approved", "name": "新"})
    by_hand = await mutate(
        manager, "updateQuote", "quote { total { amount } }", id=mine, set={"total": {"amount": "9"}}
    )

    assert beside["quote"] == {"version": 3, "status": "approved", "rejectionReason": None}
    assert by_hand["quote"] == {"total": {"amount": "9"}}


async def test_a_quote_goes_on_without_who_approves_and_not_back(person: Person) -> None:
    sales = await person("sales")
    mine = await quote(sales)

    steps = [
        await mutate(sales, "updateQuote", MEMBERS, id=mine, set=changes)
        for changes in ({"status": "sent"}, {"status": "rejected", "rejectionReason": "太贵"})
    ]

    assert [step["quote"]["status"] for step in steps] == ["sent", "rejected"]
    for changes in ({"status": "draft"}, {"status": "sent"}, {"rejectionReason": "x"}):
        assert await refusal(sales, "updateQuote", id=mine, set=changes) == REFUSED
    assert await refusal(sales, "createQuote", record={"status": "rejected"}) == REFUSED


async def test_the_lines_of_a_decided_quote_stay_as_they_are(person: Person) -> None:
    sales, manager = await person("sales"), await person("manager")
    mine, draft = await quote(sales), await quote(sales)
    kept, other, gone = [await line(sales, each) for each in (mine, draft, mine)]
    await mutate(sales, "deleteQuoteLine", id=gone)
    await mutate(manager, "approveQuote", id=mine)

    attempts: list[tuple[str, dict[str, object]]] = [
        ("updateQuoteLine", {"id": kept, "set": {"quantity": "9"}}),
        ("updateQuoteLines", {"ids": [kept], "set": {"discount": "9"}}),
        ("updateQuoteLine", {"id": kept, "set": {"quoteId": draft}}),
        ("updateQuoteLine", {"id": other, "set": {"quoteId": mine}}),
        ("createQuoteLine", {"record": {"quoteId": mine}}),
        ("createQuoteLines", {"records": [{"quoteId": mine}], "onError": "SKIP"}),
        ("deleteQuoteLine", {"id": kept}),
        ("destroyQuoteLine", {"id": kept}),
        ("restoreQuoteLine", {"id": gone}),
    ]
    for verb, given in attempts:
        assert await refusal(sales, verb, **given) == REFUSED, verb
    moved = await mutate(sales, "updateQuoteLine", "quoteLine { version }", id=other, set={"quantity": "2"})
    along = await mutate(sales, "deleteQuote", "quote { id }", id=mine)
    back = await mutate(sales, "restoreQuote", "quote { lines { nodes { id } } }", id=mine)
    by_manager = await mutate(manager, "createQuoteLine", "quoteLine { version }", record={"quoteId": mine})

    assert moved["quoteLine"] == {"version": 2}
    assert along["errors"] == []
    assert back["quote"] == {"lines": {"nodes": [{"id": kept}]}}
    assert by_manager["quoteLine"] == {"version": 1}


async def test_lines_are_written_with_the_quote_that_they_make_up(person: Person) -> None:
    sales, manager = await person("sales"), await person("manager")
    members = "quote { id status lines { nodes { quantity } } }"

    sent = await mutate(
        sales, "createQuote", members, record={"name": "报价", "status": "sent", "lines": [{"quantity": "2"}]}
    )
    mine = await quote(sales)
    changes = {"status": "sent", "lines": [{"quantity": "3"}]}
    done = await mutate(sales, "updateQuote", members, id=mine, set=changes)
    for each in (sent["quote"]["id"], mine):
        assert await refusal(sales, "updateQuote", id=each, set={"lines": [{"quantity": "9"}]}) == REFUSED
        assert await refusal(sales, "updateQuote", id=each, set={"lines": []}) == REFUSED
    by_manager = await mutate(manager, "updateQuote", members, id=mine, set={"lines": []})

    assert (sent["errors"], sent["quote"]["lines"]) == ([], {"nodes": [{"quantity": "2"}]})
    assert (done["quote"]["status"], done["quote"]["lines"]) == ("sent", {"nodes": [{"quantity": "3"}]})
    assert by_manager["quote"]["lines"] == {"nodes": []}


async def test_a_quote_out_of_sight_tells_nothing_of_its_state(person: Person) -> None:
    sales, manager = await person("sales"), await person("manager")
    hidden, mine = await quote(manager), await quote(sales)
    at = await line(sales, mine)
    await mutate(manager, "approveQuote", id=hidden)

    refused = await mutate(sales, "updateQuoteLine", id=at, set={"quoteId": hidden})

    assert refused == {"errors": [{"path": ["set", "quoteId"], "code": "RELATION_NOT_FOUND"}]}
