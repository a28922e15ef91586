"""[A4] Rules over fields and records over GraphQL: made by an administrator, asked of whoever writes next, read by forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import field_rules as building

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

SET = """
mutation ($input: SetFieldRulesInput!) { setFieldRules(input: $input) { id object field errors { path code message } } }
"""
OFFER = "mutation ($input: OfferChoicesInput!) { offerChoices(input: $input) { field errors { path code message } } }"
CREATE = """
mutation ($input: CreateValidationRuleInput!) {
  createValidationRule(input: $input) { id object name broken clientMutationId errors { path code message } }
}
"""
UPDATE = """
mutation ($input: UpdateValidationRuleInput!) {
  updateValidationRule(input: $input) { name broken errors { path code message } }
}
"""
MOVE = """
mutation ($id: ID!) { %s(input: {id: $id}) { name broken errors { path code message } } }
"""
ENDS_AFTER = {
    "name": "结束不早于开始",
    "expression": "endsOn_c >= startsOn_c",
    "message": {"zh": "结束日期不能早于开始日期。", "en": "It cannot end before it starts."},
    "fields": ["endsOn_c"],
}


def creating(object_name: str) -> str:
    word = object_name[0].upper() + object_name.removesuffix("_c")[1:]
    return (
        f"mutation ($record: {word}Create_c!) {{ create{word}_c(input: {{record: $record}}) "
        f"{{ {object_name} {{ id }} errors {{ path code message }} }} }}"
    )


async def create(client: Client, object_name: str, *, language: str = "en", **record: object) -> dict[str, Any]:
    answer = await client.ask(creating(object_name), {"record": record}, headers={"Accept-Language": language})
    assert "errors" not in answer, answer
    (payload,) = answer["data"].values()
    return payload  # type: ignore[no-any-return] # an answer has the shape of its question


async def test_rule_over_several_fields_is_said_in_the_language_of_the_caller(
    person: Callable[[str], Awaitable[Client]], company: Tenant
) -> None:
    admin, name = await person("admin"), await building.define_visit(company, "stay")
    await create(admin, name, startsOn_c="2026-05-02", endsOn_c="2026-05-01")

    made = (await admin.data(CREATE, input={"object": name, **ENDS_AFTER}))["createValidationRule"]
    said = [
        (await create(admin, name, language=each, startsOn_c="2026-05-02", endsOn_c="2026-05-01"))["errors"]
        for each in ("zh", "en")
    ]
    good = await create(admin, name, startsOn_c="2026-05-02", endsOn_c="2026-05-02")
    unknown = await create(admin, name, startsOn_c="2026-05-02")

    assert (made["object"], made["name"], made["broken"], made["errors"]) == (name, "结束不早于开始", 1, [])
    path = ["record", "endsOn_c"]
    assert said == [
        [{"path": path, "code": "RULE_BROKEN", "message": "结束日期不能早于开始日期。"}],
        [{"path": path, "code": "RULE_BROKEN", "message": "It cannot end before it starts."}],
    ]
    assert (good["errors"], unknown["errors"]) == ([], [])


async def test_conditions_of_a_field_are_read_as_text_and_as_a_tree(
    person: Callable[[str], Awaitable[Client]], company: Tenant
) -> None:
    admin, name = await person("admin"), await building.define_visit(company, "call")

    done = await admin.data(
        SET, input={"object": name, "field": "topic_c", "requiredIf": "result_c=='won'", "visibleIf": "heads_c>1"}
    )
    read = await admin.data(
        '{ fieldDefinitions(filter: {name: {eq: "topic_c"}, object: {name: {eq: "call_c"}}}) '
        "{ nodes { requiredIf requiredIfTree visibleIf readOnlyIf readOnlyIfTree } } }"
    )

    assert done["setFieldRules"]["errors"] == []
    (field,) = read["fieldDefinitions"]["nodes"]
    assert field == {
        "requiredIf": "result_c == 'won'",
        "requiredIfTree": {
            "call": {
                "function": "==",
                "arguments": [
                    {"field": {"scope": 0, "steps": [["call_c", "result_c"]]}},
                    {"constant": {"kind": "choice", "of": ["call_c", "result_c"], "operand": "won"}},
                ],
            }
        },
        "visibleIf": "heads_c > 1",
        "readOnlyIf": None,
        "readOnlyIfTree": None,
    }


async def test_condition_that_is_wrong_is_refused_at_its_place_and_leaves_all_as_it_was(
    person: Callable[[str], Awaitable[Client]], company: Tenant
) -> None:
    admin, name = await person("admin"), await building.define_visit(company, "tour")
    wrong = {
        "requiredIf": "heads_c",
        "visibleIf": "nobody_c == 1 && topic_c == 'a'",
        "readOnlyIf": "topic_c != null && createdBy != null && id != null",
    }

    done = await admin.data(SET, input={"object": name, "field": "topic_c", **wrong})
    read = await admin.data(
        '{ fieldDefinitions(filter: {name: {eq: "topic_c"}, object: {name: {eq: "tour_c"}}}) '
        "{ nodes { version requiredIf visibleIf readOnlyIf } } }"
    )

    assert [(each["path"], each["code"]) for each in done["setFieldRules"]["errors"]] == [
        (["requiredIf"], "EXPRESSION_WRONG_RESULT"),
        (["visibleIf"], "EXPRESSION_UNKNOWN_NAME"),
        (["readOnlyIf"], "RULE_LOOKS_AT_ITSELF"),
        (["readOnlyIf"], "RULE_FIELD_NOT_USABLE"),
    ]
    assert read["fieldDefinitions"]["nodes"] == [
        {"version": 1, "requiredIf": None, "visibleIf": None, "readOnlyIf": None}
    ]


async def test_choices_are_offered_by_another_field(
    person: Callable[[str], Awaitable[Client]], company: Tenant
) -> None:
    admin, name = await person("admin"), await building.define_visit(company, "fair")
    offered = [{"choice": "call", "offered": ["open", "lost"]}, {"choice": "meeting", "offered": ["won"]}]

    done = await admin.data(OFFER, input={"object": name, "field": "result_c", "by": "kind_c", "offered": offered})
    read = await admin.data(
        '{ fieldDefinitions(filter: {name: {eq: "result_c"}, object: {name: {eq: "fair_c"}}}) '
        "{ nodes { offeredBy offered } } }"
    )
    written = [
        [(each["path"], each["code"]) for each in (await create(admin, name, **record))["errors"]]
        for record in (
            {"kind_c": "call", "result_c": "open"},
            {"kind_c": "call", "result_c": "won"},
            {"kind_c": "trade_fair", "result_c": "won"},
            {"result_c": "won"},
        )
    ]

    assert done["offerChoices"]["errors"] == []
    assert read["fieldDefinitions"]["nodes"] == [
        {"offeredBy": "kind_c", "offered": {"call": ["open", "lost"], "meeting": ["won"]}}
    ]
    refused = [(["record", "result_c"], "CHOICE_NOT_OFFERED")]
    assert written == [[], refused, refused, refused]


async def test_rules_are_made_by_those_who_define_only_and_read_by_everybody(
    person: Callable[[str], Awaitable[Client]], company: Tenant
) -> None:
    admin, sales = await person("admin"), await person("sales")
    name = await building.define_visit(company, "trip")
    made = (await admin.data(CREATE, input={"object": name, **ENDS_AFTER}))["createValidationRule"]

    refused = await sales.errors(CREATE, input={"object": name, **ENDS_AFTER})
    closed = await sales.errors("query ($id: ID!) { brokenRecords(ruleId: $id) { count } }", id=made["id"])
    read = await sales.data(
        '{ validationRules(filter: {object: {name: {eq: "trip_c"}}}) '
        "{ nodes { name expression messageZh messageEn fields state object { name } } } }"
    )

    assert [each["extensions"]["code"] for each in (*refused, *closed)] == ["FORBIDDEN", "FORBIDDEN"]
    assert read["validationRules"]["nodes"] == [
        {
            "name": "结束不早于开始",
            "expression": "endsOn_c >= startsOn_c",
            "messageZh": "结束日期不能早于开始日期。",
            "messageEn": "It cannot end before it starts.",
            "fields": ["endsOn_c"],
            "state": "live",
            "object": {"name": "trip_c"},
        }
    ]


async def test_rule_is_changed_retired_and_brought_back(
    person: Callable[[str], Awaitable[Client]], company: Tenant
) -> None:
    admin, name = await person("admin"), await building.define_visit(company, "stop")
    early = {"startsOn_c": "2026-05-02", "endsOn_c": "2026-05-01"}
    made = (await admin.data(CREATE, input={"object": name, **ENDS_AFTER}))["createValidationRule"]

    stale = await admin.data(UPDATE, input={"id": made["id"], "ifVersion": 9, "name": "x"})
    retired = await admin.data(MOVE % "retireValidationRule", id=made["id"])
    written = await create(admin, name, **early)
    told = await admin.data("query ($id: ID!) { brokenRecords(ruleId: $id) { object count ids } }", id=made["id"])
    back = await admin.data(MOVE % "restoreValidationRule", id=made["id"])
    broken = await admin.data(
        "query ($id: ID!) { brokenRecords(ruleId: $id, first: 5) { object count ids } }", id=made["id"]
    )
    changed = await admin.data(UPDATE, input={"id": made["id"], "expression": "endsOn_c > date('2026-04-30')"})

    assert [each["code"] for each in stale["updateValidationRule"]["errors"]] == ["VERSION_CONFLICT"]
    assert retired["retireValidationRule"]["broken"] is None
    assert told["brokenRecords"] is None
    assert back["restoreValidationRule"] == {"name": "结束不早于开始", "broken": 1, "errors": []}
    assert broken["brokenRecords"] == {"object": name, "count": 1, "ids": [written[name]["id"]]}
    assert changed["updateValidationRule"] == {"name": "结束不早于开始", "broken": 0, "errors": []}


async def test_rule_that_was_sent_twice_is_one(person: Callable[[str], Awaitable[Client]], company: Tenant) -> None:
    admin, name = await person("admin"), await building.define_visit(company, "walk")
    given = {"object": name, "clientMutationId": "walk-1", **ENDS_AFTER}

    first = (await admin.data(CREATE, input=given))["createValidationRule"]
    again = (await admin.data(CREATE, input=given))["createValidationRule"]
    taken = (await admin.data(CREATE, input={"object": name, **ENDS_AFTER}))["createValidationRule"]

    assert first == again
    assert first["clientMutationId"] == "walk-1"
    assert [(each["path"], each["code"]) for each in taken["errors"]] == [(["name"], "NAME_TAKEN")]


async def test_everything_wrong_with_a_rule_is_told_at_once(
    person: Callable[[str], Awaitable[Client]], company: Tenant
) -> None:
    admin, name = await person("admin"), await building.define_visit(company, "lunch")
    wrong = {"name": " ", "expression": "topic_c >", "message": {}}

    made = (await admin.data(CREATE, input={"object": name, **wrong}))["createValidationRule"]

    assert [(each["path"], each["code"]) for each in made["errors"]] == [
        (["name"], "REQUIRED"),
        (["message"], "LABEL_MISSING"),
        (["expression"], "EXPRESSION_MALFORMED"),
    ]


async def test_rules_hold_for_sets_and_upserts_with_the_place_of_each_violation(
    person: Callable[[str], Awaitable[Client]], company: Tenant
) -> None:
    admin, name = await person("admin"), await building.define_visit(company, "show")
    await admin.data(CREATE, input={"object": name, **ENDS_AFTER})
    await building.set_rules(company, name, "topic_c", requiredIf="result_c == 'won'")
    records = [
        {"topic_c": "a", "startsOn_c": "2026-05-02", "endsOn_c": "2026-05-01"},
        {"topic_c": "b"},
        {"result_c": "won", "startsOn_c": "2026-05-02", "endsOn_c": "2026-05-01"},
        {"topic_c": "x" * 256, "result_c": "won"},
    ]
    document = """
    mutation ($records: [ShowCreate_c!]!, $onError: OnError!) {
      createShowList_c(input: {records: $records, onError: $onError}) { count errors { path code } }
    }
    """

    all_or_none = (await admin.data(document, records=records, onError="ABORT"))["createShowList_c"]
    good_ones = (await admin.data(document, records=records, onError="SKIP"))["createShowList_c"]

    wrong = [
        {"path": ["0", "endsOn_c"], "code": "RULE_BROKEN"},
        {"path": ["2", "topic_c"], "code": "REQUIRED"},
        {"path": ["2", "endsOn_c"], "code": "RULE_BROKEN"},
        {"path": ["3", "topic_c"], "code": "TOO_LONG"},
    ]
    assert all_or_none == {"count": 0, "errors": wrong}
    assert good_ones == {"count": 1, "errors": wrong}


async def test_unique_rule_over_several_fields_names_what_stands_in_its_way(
    person: Callable[[str], Awaitable[Client]], company: Tenant
) -> None:
    admin, sales, name = await person("admin"), await person("sales"), await building.define_visit(company, "pair")
    made = """
    mutation ($input: CreateUniqueRuleInput!) {
      createUniqueRule(input: $input) { id object fields errors { path code message } }
    }
    """
    ids = [(await create(admin, name, topic_c="a", heads_c="1"))[name]["id"] for _ in range(2)]
    given = {"object": name, "fields": ["topic_c", "heads_c"]}

    closed = await sales.errors(made, input=given)
    refused = (await admin.data(made, input=given))["createUniqueRule"]
    found = await admin.data(
        'query { repeatedRecords(object: "pair_c", fields: ["topic_c", "heads_c"]) { count groups { count ids } } }'
    )
    await admin.data("mutation ($id: ID!) { deletePair_c(input: {id: $id}) { errors { code } } }", id=ids[0])
    done = (await admin.data(made, input=given))["createUniqueRule"]
    again = await create(admin, name, topic_c="a", heads_c="1")
    read = await sales.data(
        '{ indexDefinitions(filter: {object: {name: {eq: "pair_c"}}}) { nodes { id fields isUnique state pack } } }'
    )

    assert [each["extensions"]["code"] for each in closed] == ["FORBIDDEN"]
    assert [(each["path"], each["code"]) for each in refused["errors"]] == [(["fields"], "COMBINATIONS_NOT_UNIQUE")]
    assert found["repeatedRecords"] == {"count": 1, "groups": [{"count": 2, "ids": sorted(ids)}]}
    assert (done["object"], done["fields"], done["errors"]) == (name, ["topic_c", "heads_c"], [])
    assert [(each["path"], each["code"]) for each in again["errors"]] == [(["record", "topic_c"], "UNIQUE_TAKEN")]
    assert read["indexDefinitions"]["nodes"] == [
        {"id": done["id"], "fields": ["topic_c", "heads_c"], "isUnique": True, "state": "live", "pack": ""}
    ]
