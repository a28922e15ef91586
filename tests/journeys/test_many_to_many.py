"""[A3 A5] Records are linked many to many: from one side written, from both sides read, and never past the rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders.mutations import mutate, refusal
from tests.builders.roles import customer, role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]

FIELD = {
    "label": {"zh": "参与客户", "en": "Guests"},
    "type": "relations",
    "name": "guests",
    "target": "customer",
    "inverseName": "events",
}
GUESTS = "activity { id version guests_c(orderBy: [{name: ASC}]) { totalCount nodes { name } } }"


@pytest.fixture
async def admin(client_as: ClientAs) -> Client:
    made = await client_as("admin")
    assert (await mutate(made, "addField", "object field", object="activity", field=FIELD)) == {
        "object": "activity",
        "field": "guests_c",
        "errors": [],
    }
    return made


async def activity(client: Client, **guests: object) -> Any:  # Any: decoded JSON
    record = {"subject": "a", "kind": "call", "occurredAt": "2026-03-01T00:00:00Z", "guests_c": guests}
    done = await mutate(client, "createActivity", GUESTS, record=record)
    assert done["errors"] == []
    return done["activity"]


def told(record: Any) -> list[str]:  # Any: decoded JSON
    return [each["name"] for each in record["guests_c"]["nodes"]]


async def test_links_are_set_added_and_removed_and_read_from_both_sides(admin: Client) -> None:
    a, b, c = [await customer(admin, name=name) for name in ("a", "b", "c")]
    made = await activity(admin, set=[a, b])

    steps = []
    for given in ({"add": [c, a]}, {"remove": [b, c]}, {"set": [c]}, {"set": [c]}, None):
        done = await mutate(admin, "updateActivity", GUESTS, id=made["id"], set={"guests_c": given})
        steps.append((done["activity"]["version"], told(done["activity"])))

    assert (made["version"], told(made)) == (1, ["a", "b"])
    # What is as it was already makes no new version.
    assert steps == [(2, ["a", "b", "c"]), (3, ["a"]), (4, ["c"]), (4, ["c"]), (5, [])]
    await mutate(admin, "updateActivity", id=made["id"], set={"guests_c": {"set": [a]}})
    found = await admin.data(
        "query ($a: ID!, $b: ID!) { a: customer(id: $a) { events_c { nodes { id } } eventsAggregate_c { count } }"
        " b: customer(id: $b) { events_c { totalCount } } }",
        a=a, b=b,
    )  # fmt: skip
    assert found == {
        "a": {"events_c": {"nodes": [{"id": made["id"]}]}, "eventsAggregate_c": [{"count": 1}]},
        "b": {"events_c": {"totalCount": 0}},
    }


async def test_filters_ask_for_some_none_and_every_link(admin: Client) -> None:
    a, b = [await customer(admin, name=name) for name in ("a", "b")]
    for guests in ([], [a], [a, b]):
        await activity(admin, set=guests)

    found = {}
    for quantifier in ("some", "none", "every"):
        asked = {"guests_c": {quantifier: {"name": {"eq": "a"}}}}
        answer = await admin.data("query ($f: ActivityFilter) { activities(filter: $f) { totalCount } }", f=asked)
        found[quantifier] = answer["activities"]["totalCount"]

    assert found == {"some": 2, "none": 1, "every": 2}
    back = await admin.data("{ customers(filter: {events_c: {none: {}}}) { totalCount } }")
    assert back["customers"]["totalCount"] == 0


async def test_wrong_links_are_told_with_their_places_and_nothing_is_written(admin: Client) -> None:
    a = await customer(admin, name="a")
    made = await activity(admin, set=[a])
    given = {"add": [a, "x", made["id"], "01990000-0000-7064-8000-000000000000"]}

    done = await mutate(admin, "updateActivity", id=made["id"], set={"subject": "", "guests_c": given})

    assert [(each["path"], each["code"]) for each in done["errors"]] == [
        (["set", "subject"], "REQUIRED"),
        (["set", "guests_c", "add", "1"], "NOT_AN_ID"),
        (["set", "guests_c", "add", "2"], "WRONG_OBJECT"),
        (["set", "guests_c", "add", "3"], "WRONG_OBJECT"),
    ]


async def test_links_out_of_sight_are_hidden_and_survive(admin: Client, client_as: ClientAs) -> None:
    sales = await client_as("sales")
    own, hidden = await customer(sales, name="own"), await customer(admin, name="hidden")
    made = await activity(sales, set=[own])
    await mutate(admin, "updateActivity", id=made["id"], set={"guests_c": {"add": [hidden]}})

    refused = await mutate(sales, "updateActivity", id=made["id"], set={"guests_c": {"add": [hidden]}})
    await mutate(sales, "updateActivity", id=made["id"], set={"guests_c": {"remove": [hidden]}})
    emptied = await mutate(sales, "updateActivity", GUESTS, id=made["id"], set={"guests_c": {"set": []}})
    left = await admin.data(f'{{ activity(id: "{made["id"]}") {{ guests_c {{ nodes {{ name }} }} }} }}')

    assert refused["errors"] == [{"path": ["set", "guests_c", "add", "0"], "code": "RELATION_NOT_FOUND"}]
    assert told(emptied["activity"]) == []
    assert told(left["activity"]) == ["hidden"]
    count = '{ activities(filter: {guests_c: {some: {name: {eq: "hidden"}}}}) { totalCount } }'
    assert [(await each.data(count))["activities"]["totalCount"] for each in (sales, admin)] == [0, 1]


async def test_a_field_of_links_is_closed_like_any_other(admin: Client, client_as: ClientAs) -> None:
    sales = await client_as("sales")
    own = await customer(sales, name="own")
    role = await role_id(admin, "sales")
    level = {"roleId": role, "object": "activity", "field": "guests_c"}

    await mutate(admin, "setFieldPermission", **level, level="read")
    unwritten = await refusal(sales, "createActivity", record={"guests_c": {"add": [own]}})
    read = await sales.data("{ activities { nodes { guests_c { totalCount } } } }")
    await mutate(admin, "setFieldPermission", **level, level="none")
    refused = [
        (await sales.errors(text))[0]["extensions"]["code"]
        for text in (
            "{ activities { nodes { guests_c { totalCount } } } }",
            "{ customers { nodes { events_c { totalCount } } } }",
            "{ activities(filter: {guests_c: {some: {}}}) { totalCount } }",
            "{ customers { nodes { eventsAggregate_c { count } } } }",
        )
    ]

    assert unwritten == ("FIELD_NOT_WRITABLE", ["done"])
    assert read == {"activities": {"nodes": []}}
    assert refused == ["FIELD_NOT_READABLE"] * 4


async def test_links_wait_for_a_record_in_the_bin_and_go_with_one_that_is_destroyed(admin: Client) -> None:
    a, b = [await customer(admin, name=name) for name in ("a", "b")]
    made = await activity(admin, set=[a, b])
    seen = f'{{ activity(id: "{made["id"]}") {{ guests_c(orderBy: [{{name: ASC}}]) {{ nodes {{ name }} }} }} }}'

    answers = []
    for verb in ("deleteCustomer", "restoreCustomer", "destroyCustomer"):
        await mutate(admin, verb, id=a)
        answers.append(told((await admin.data(seen))["activity"]))

    assert answers == [["b"], ["a", "b"], ["b"]]


async def test_a_field_of_links_is_retired_and_comes_back_with_them(admin: Client) -> None:
    a = await customer(admin, name="a")
    made = await activity(admin, set=[a])
    about = {"object": "activity", "field": "guests_c"}
    text = f'{{ activity(id: "{made["id"]}") {{ guests_c {{ nodes {{ name }} }} }} }}'

    await mutate(admin, "retireField", **about)
    (gone,) = await admin.errors(text)
    await mutate(admin, "restoreField", **about)

    assert gone["extensions"]["code"] == "DOCUMENT_INVALID"
    assert told((await admin.data(text))["activity"]) == ["a"]


async def test_sets_of_records_are_linked_at_once(admin: Client) -> None:
    a, b = [await customer(admin, name=name) for name in ("a", "b")]
    ids = [(await activity(admin, set=[each]))["id"] for each in (a, b)]

    done = await mutate(admin, "updateActivities", "count", ids=ids, set={"guests_c": {"add": [a, b]}})

    counts = await admin.data("{ activities { nodes { version guests_c { totalCount } } } }")
    assert done == {"count": 2, "errors": []}
    assert counts["activities"]["nodes"] == [{"version": 2, "guests_c": {"totalCount": 2}}] * 2


@pytest.mark.parametrize(
    ("given", "path", "code"),
    [
        ({"required": True}, ["field", "required"], "CANNOT_BE_REQUIRED"),
        ({"deleteRule": "cascade"}, ["field", "deleteRule"], "UNKNOWN_DELETE_RULE"),
        ({"target": None}, ["field", "target"], "TARGET_MISSING"),
        ({"unique": True}, ["field", "unique"], "CANNOT_BE_UNIQUE"),
    ],
)
async def test_what_links_cannot_be_is_refused(
    client_as: ClientAs, given: dict[str, object], path: list[str], code: str
) -> None:
    done = await mutate(await client_as("admin"), "addField", object="activity", field={**FIELD, **given})

    assert done["errors"] == [{"path": path, "code": code}]
