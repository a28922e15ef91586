"""[A3] A record and its lines are one thing: entered, checked, ordered and saved together, in one mutation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.builders.mutations import mutate, refusal
from tests.builders.roles import role_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.clients import Client

    ClientAs = Callable[..., Awaitable[Client]]
    Person = Callable[[str], Awaitable[Client]]

LINES = "lines { nodes { id description position } }"
QUOTE = f"quote {{ id version {LINES} }}"
COUNTS = "{ quotesAggregate { count } quoteLinesAggregate { count } }"
SERVICED = "id weiBaoList_c { nodes { shuoMing_c feiYong_c { amount } } }"


async def quote_of(client: Client, *described: str, **record: Any) -> Any:  # Any: as a client writes and reads it
    lines = [{"description": each, "quantity": "1"} for each in described]
    return (await mutate(client, "createQuote", QUOTE, record={**record, "lines": lines}))["quote"]


def told(quote: Any) -> list[tuple[str, str]]:  # Any: decoded JSON
    return [(line["position"], line["description"]) for line in quote["lines"]["nodes"]]


async def test_a_quote_is_entered_with_its_lines(person: Person) -> None:
    sales = await person("sales")

    made = await quote_of(sales, "甲", "乙", "丙", name="报价")

    assert (made["version"], told(made)) == (1, [("1", "甲"), ("2", "乙"), ("3", "丙")])


async def test_lines_are_changed_added_moved_and_left_out_in_one_write(person: Person) -> None:
    sales = await person("sales")
    made = await quote_of(sales, "a", "b", "c")
    first, _, third = (line["id"] for line in made["lines"]["nodes"])
    given = [{"id": third}, {"description": "d", "quantity": "2"}, {"id": first, "description": "A"}]

    done = await mutate(sales, "updateQuote", QUOTE, id=made["id"], ifVersion=1, set={"lines": given})

    assert done["errors"] == []
    assert (done["quote"]["version"], told(done["quote"])) == (2, [("1", "c"), ("2", "d"), ("3", "A")])
    lost = await sales.data('{ quoteLines(deleted: true, filter: {description: {eq: "b"}}) { totalCount } }')
    assert lost["quoteLines"]["totalCount"] == 1


async def test_everything_wrong_with_head_and_lines_is_told_at_once_and_nothing_is_made(person: Person) -> None:
    sales = await person("sales")
    lines = [{"quantity": "1"}, {"quantity": "-1"}, {"quantity": "1", "discount": "400", "productId": "x"}]
    before = await sales.data(COUNTS)

    done = await mutate(sales, "createQuote", QUOTE, record={"discount": "101", "lines": lines})

    assert done == {
        "quote": None,
        "errors": [
            {"path": ["record", "discount"], "code": "OUT_OF_RANGE"},
            {"path": ["record", "lines", "1", "quantity"], "code": "OUT_OF_RANGE"},
            {"path": ["record", "lines", "2", "discount"], "code": "OUT_OF_RANGE"},
            {"path": ["record", "lines", "2", "productId"], "code": "NOT_AN_ID"},
        ],
    }
    assert await sales.data(COUNTS) == before


async def test_a_version_that_moved_refuses_the_lines_too(person: Person) -> None:
    sales = await person("sales")
    made = await quote_of(sales, "a")
    one = await mutate(sales, "updateQuote", QUOTE, id=made["id"], ifVersion=1, set={"lines": [{"description": "b"}]})

    two = await mutate(sales, "updateQuote", QUOTE, id=made["id"], ifVersion=1, set={"lines": []})

    assert (one["errors"], told(one["quote"])) == ([], [("1", "b")])
    assert two == {"quote": None, "errors": [{"path": ["ifVersion"], "code": "VERSION_CONFLICT"}]}


async def test_good_heads_of_a_set_are_written_with_their_lines_and_bad_ones_without(person: Person) -> None:
    sales = await person("sales")
    records = [
        {"name": "good", "lines": [{"description": "a"}, {"description": "b"}]},
        {"name": "bad", "lines": [{"description": "a"}, {"quantity": "-1"}]},
        {"name": "plain"},
    ]

    done = await mutate(
        sales, "createQuotes", "quotes { name lines { totalCount } } count", records=records, onError="SKIP"
    )

    assert done == {
        "quotes": [{"name": "good", "lines": {"totalCount": 2}}, {"name": "plain", "lines": {"totalCount": 0}}],
        "count": 2,
        "errors": [{"path": ["1", "lines", "1", "quantity"], "code": "OUT_OF_RANGE"}],
    }


async def test_lines_are_changed_with_one_head_at_a_time(person: Person) -> None:
    sales = await person("sales")
    ids = [(await quote_of(sales, "a"))["id"] for _ in range(2)]

    done = await mutate(sales, "updateQuotes", "count", ids=ids, set={"lines": []})

    assert done == {"count": 0, "errors": [{"path": ["set", "lines"], "code": "LINES_OF_ONE_HEAD"}]}


async def test_lines_go_and_come_back_with_their_head(person: Person) -> None:
    sales = await person("sales")
    made = await quote_of(sales, "a", "b")
    count = f'{{ quoteLines(filter: {{quoteId: {{eq: "{made["id"]}"}}}}) {{ totalCount }} }}'

    await mutate(sales, "deleteQuote", id=made["id"])
    gone = (await sales.data(count))["quoteLines"]["totalCount"]
    back = (await mutate(sales, "restoreQuote", QUOTE, id=made["id"]))["quote"]

    assert (gone, told(back)) == (0, [("1", "a"), ("2", "b")])


async def test_who_may_not_write_lines_does_not_write_them_with_their_head(client_as: ClientAs) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    made = await quote_of(sales, "a")
    (line,) = made["lines"]["nodes"]
    role = await role_id(admin, "sales")
    before = await sales.data(COUNTS)
    kept = {"id": line["id"]}
    writes: list[list[dict[str, str]]] = [[kept, {"description": "b"}], [{**kept, "description": "b"}], []]

    closed = {"create": False, "read": "own", "update": "none", "delete": "none"}
    await mutate(admin, "setObjectPermission", roleId=role, object="quoteLine", **closed)
    refused = [await refusal(sales, "updateQuote", id=made["id"], set={"lines": each}) for each in writes]
    refused.append(await refusal(sales, "createQuote", record={"lines": [{"description": "a"}]}))

    assert [code for code, _ in refused] == ["OBJECT_NOT_WRITABLE"] * 4
    assert await sales.data(COUNTS) == before
    done = await mutate(sales, "updateQuote", QUOTE, id=made["id"], set={"lines": [kept], "name": "b"})
    assert (done["errors"], done["quote"]["version"]) == ([], 2)


async def test_a_field_of_lines_that_is_closed_stays_closed_with_their_head(client_as: ClientAs) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    role = await role_id(admin, "sales")
    await mutate(admin, "setFieldPermission", roleId=role, object="quoteLine", field="unitPrice", level="read")

    found = await refusal(sales, "createQuote", record={"lines": [{"unitPrice": {"amount": "1"}}]})

    assert found == ("FIELD_NOT_WRITABLE", ["done"])


async def test_lines_come_and_go_with_their_head_only_where_the_relation_to_it_is_open(client_as: ClientAs) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    made = await quote_of(sales, "a")
    (line,) = made["lines"]["nodes"]
    kept = {"id": line["id"]}
    given: list[list[dict[str, str]]] = [[kept], [], [kept, {"description": "b"}]]
    role = await role_id(admin, "sales")
    before = await sales.data(COUNTS)
    found = {}

    for level in ("none", "read"):
        about = {"object": "quoteLine", "field": "quote", "level": level}
        await mutate(admin, "setFieldPermission", roleId=role, **about)
        found[level] = [await refusal(sales, "updateQuote", id=made["id"], set={"lines": each}) for each in given[1:]]
        found[level].append(await refusal(sales, "createQuote", record={"lines": [{"description": "a"}]}))
        if level == "none":
            found[level].append(await refusal(sales, "updateQuote", id=made["id"], set={"lines": given[0]}))
    done = await mutate(sales, "updateQuote", "quote { version }", id=made["id"], set={"lines": given[0], "name": "b"})

    assert {code for level in found.values() for code, _ in level} == {"FIELD_NOT_WRITABLE"}
    assert (done["errors"], done["quote"]["version"]) == ([], 2)
    assert await sales.data(COUNTS) == before


async def test_who_may_not_read_where_lines_stand_reads_them_nevertheless(client_as: ClientAs) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    made = await quote_of(sales, "a", "b")
    role = await role_id(admin, "sales")
    await mutate(admin, "setFieldPermission", roleId=role, object="quoteLine", field="position", level="none")
    ask = f'{{ quote(id: "{made["id"]}") {{ lines%s {{ nodes {{ description }} }} }} }}'

    found = await sales.data(ask % "")
    (error,) = await sales.errors(ask % "(orderBy: [{position: ASC}])")

    assert sorted(each["description"] for each in found["quote"]["lines"]["nodes"]) == ["a", "b"]
    assert error["extensions"]["code"] == "FIELD_NOT_READABLE"


async def test_an_administrator_adds_a_line_table_in_one_step(client_as: ClientAs) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    fields = [
        {"label": {"zh": "说明"}, "type": "text", "required": True},
        {"label": {"zh": "费用"}, "type": "currency", "options": {"min": "0"}},
    ]
    table = {"label": {"zh": "维保"}, "type": "lineTable", "fields": fields}
    await mutate(admin, "createObject", label={"zh": "设备"}, fields=[{"label": {"zh": "型号"}, "type": "text"}])

    added = await mutate(admin, "addField", "object field", object="sheBei_c", field=table)
    lines = [{"shuoMing_c": "换油", "feiYong_c": {"amount": "12.5"}}, {"feiYong_c": {"amount": "-1"}}]
    wrong = await mutate(sales, "createSheBei_c", record={"xingHao_c": "A", "weiBaoList_c": lines})
    right = await mutate(
        sales, "createSheBei_c", f"sheBei_c {{ {SERVICED} }}", record={"xingHao_c": "A", "weiBaoList_c": lines[:1]}
    )

    assert added == {"object": "weiBao_c", "field": "sheBei_c", "errors": []}
    assert wrong["errors"] == [
        {"path": ["record", "weiBaoList_c", "1", "feiYong_c"], "code": "OUT_OF_RANGE"},
        {"path": ["record", "weiBaoList_c", "1", "shuoMing_c"], "code": "REQUIRED"},
    ]
    assert right["sheBei_c"]["weiBaoList_c"]["nodes"] == [{"shuoMing_c": "换油", "feiYong_c": {"amount": "12.5"}}]


async def test_a_relation_becomes_a_line_table_and_ceases_to_be_one(client_as: ClientAs) -> None:
    admin = await client_as("admin")
    about = {"object": "paymentPlan", "field": "contract"}
    plan = {"amount": {"amount": "1"}, "dueOn": "2026-03-01"}
    record = {"name": "c", "paymentPlans": [{"name": "first", **plan}, {"name": "second", **plan}]}

    refused = await mutate(admin, "updateField", **about, lineTable=True, deleteRule="restrict")
    on = await mutate(admin, "updateField", **about, lineTable=True, deleteRule="cascade")
    made = await mutate(admin, "createContract", "contract { paymentPlans { nodes { name xuHao_c } } }", record=record)
    off = await mutate(admin, "updateField", **about, lineTable=False)

    assert refused["errors"] == [{"path": ["lineTable"], "code": "LINES_NOT_CASCADING"}]
    assert (on["errors"], off["errors"]) == ([], [])
    assert made["contract"]["paymentPlans"]["nodes"] == [
        {"name": "first", "xuHao_c": "1"},
        {"name": "second", "xuHao_c": "2"},
    ]
    (error,) = await admin.errors(
        "mutation ($record: ContractCreate!) { createContract(input: {record: $record}) { errors { code } } }",
        record=record,
    )
    assert error["extensions"]["code"] == "VARIABLES_INVALID"
