"""[A3] Every field type in every place of the API, over HTTP: a test behind each cell of `docs/fields.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from schema.metadata.types import FIELD_TYPES, Function, Operators, Output
from schema.sdl.filters import FAMILIES
from tests.architecture.error_catalogue import PAGE
from tests.builders.all_types import (
    CREATE,
    EMPTY,
    HIGH,
    LOW,
    THING,
    THINGS,
    UPDATE,
    Stage,
    all_types,
    definition_of,
    field_of,
)
from tests.builders.field_cases import ALICE, CASES, ENTERED, Case, member, name
from tests.builders.metadata import columns_of, registry_of
from tests.builders.mutations import mutate
from tests.builders.roles import role_id
from tests.builders.wrong_values import OF_TEXT, verdicts
from tests.clients import Client, http_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from starlette.applications import Starlette

    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

TYPES = pytest.mark.parametrize("type_name", ENTERED)


@pytest.fixture(scope="module")
async def stage(app: Starlette, company: Tenant) -> AsyncIterator[Stage]:
    async with all_types(app, company) as made:
        yield made


def test_every_type_that_somebody_enters_has_its_case() -> None:
    assert list(CASES) == sorted(CASES, key=ENTERED.index)
    assert CASES.keys() == OF_TEXT.keys() == set(ENTERED)


# --- store, import, export --------------------------------------------------------------------------------------------


@TYPES
async def test_store(stage: Stage, type_name: str) -> None:
    column = (await registry_of(stage.tenant)).names[THING].fields[name(type_name)].column
    table = (await registry_of(stage.tenant)).names[THING].table
    columns = await columns_of(stage.tenant, table)

    own = {part: sql for part, sql in FIELD_TYPES[type_name].columns.items() if part not in {"sort", "norm"}}
    spelled = {
        "char(3)": "character(3)",
        "time(0)": "time(0) without time zone",
        "timestamptz": "timestamp with time zone",
    }
    assert {part: columns[f"{column}_{part}" if part else column] for part in own} == {
        part: spelled.get(sql, sql).removesuffix(' COLLATE "C"') for part, sql in own.items()
    }


@TYPES
async def test_export(stage: Stage, type_name: str) -> None:
    case = CASES[type_name]

    assert await stage.read(stage.ids[LOW], type_name) == stage.filled(type_name, case.read(low=True))
    assert await stage.read(stage.ids[HIGH], type_name) == stage.filled(type_name, case.read(low=False))
    assert await stage.read(stage.ids[EMPTY], type_name) is None


@TYPES
async def test_import(stage: Stage, type_name: str) -> None:
    """What was read may be written, and is the same then; it is no change where it stands already."""
    read = stage.filled(type_name, CASES[type_name].read(low=True))
    written = {part: read[part] for part in read if part != "text"} if type_name == "address" else read
    before = await stage.admin.data(f'{{ {THING}(id: "{stage.ids[LOW]}") {{ version }} }}')

    again = await mutate(
        stage.admin, UPDATE, f"{THING} {{ version }}", id=stage.ids[LOW], set={member(type_name): written}
    )
    copy = await mutate(
        stage.admin, CREATE, f"{THING} {{ id }}", record={"title_c": "copy", member(type_name): written}
    )

    assert again == {THING: before[THING], "errors": []}
    assert copy["errors"] == []
    assert await stage.read(copy[THING]["id"], type_name) == read


# --- filter, sort, group, aggregate, search ---------------------------------------------------------------------------


def _standard(case: Case, family: Operators) -> Sequence[tuple[Mapping[str, Any], str]]:
    """What the operators of a family find of one low value, one high and none; those of texts and lists are the case's."""
    low, high = case.low, case.high
    known = {
        "eq": (low, "l"),
        "ne": (low, "he"),
        "in": ([low], "l"),
        "notIn": ([low], "he"),
        "lt": (high if family is not Operators.TEXT else case.read(low=False), "l"),
        "lte": (case.read(low=True) if family is Operators.TEXT else low, "l"),
        "gt": (case.read(low=True) if family is Operators.TEXT else low, "h"),
        "gte": (case.read(low=False) if family is Operators.TEXT else high, "h"),
        "between": (
            sorted((case.read(low=True), case.read(low=False))) if family is Operators.TEXT else [low, high],
            "lh",
        ),
    }
    if family in FAMILIES and family not in {Operators.LIST, Operators.ID_LIST, Operators.WORDS}:
        return [({each: known[each][0]}, known[each][1]) for each in FAMILIES[family][1] if each in known]
    return []


@TYPES
async def test_filter(stage: Stage, type_name: str) -> None:
    row, case = FIELD_TYPES[type_name], CASES[type_name]
    if row.operators is Operators.NONE:
        (error,) = await stage.admin.errors(
            f"{{ {THINGS}(filter: {{{member(type_name)}: {{isEmpty: true}}}}) {{ totalCount }} }}"
        )
        assert error["extensions"]["code"] == "DOCUMENT_INVALID"
        return
    asked = [*_standard(case, row.operators), *case.filters, ({"isEmpty": True}, "e"), ({"isEmpty": False}, "lh")]
    for filter_, expected in asked:
        assert await stage.found({member(type_name): stage.filled(type_name, filter_)}) == expected, filter_


@TYPES
async def test_sort(stage: Stage, type_name: str) -> None:
    row = FIELD_TYPES[type_name]
    if not row.sortable:
        text = f"{{ {THINGS}(orderBy: [{{{member(type_name)}: ASC}}]) {{ totalCount }} }}"
        assert {each["extensions"]["code"] for each in await stage.admin.errors(text)} == {"DOCUMENT_INVALID"}
        return
    rising = await stage.titles(orderBy=[{member(type_name): "ASC"}])
    falling = await stage.titles(orderBy=[{member(type_name): "DESC"}])

    assert (rising, falling) == ([LOW, HIGH, EMPTY], [HIGH, LOW, EMPTY])


_ONLY = '{title_c: {in: ["low", "high", "empty"]}}'


@TYPES
async def test_group(stage: Stage, type_name: str) -> None:
    row, case = FIELD_TYPES[type_name], CASES[type_name]
    by = "DAY" if row.output in {Output.DATE, Output.DATETIME} else "true"
    text = (
        f'{{ {THINGS.replace("List_c", "ListAggregate_c")}(filter: {_ONLY}, groupBy: [{{{member(type_name)}: {by}}}], zone: "UTC")'
        f" {{ count group {{ value: {member(type_name)} }} }} }}"
    )
    if not row.groupable:
        assert {each["extensions"]["code"] for each in await stage.admin.errors(text)} == {"DOCUMENT_INVALID"}
        return
    groups = next(iter((await stage.admin.data(text)).values()))
    expected = [stage.filled(type_name, case.read(low=low)) for low in (True, False)]
    if type_name == "dateTime":
        expected = [each[:10] for each in expected]
    found = [each["group"]["value"] for each in groups]
    assert {each["count"] for each in groups} == {1}
    assert (found if not row.is_relation else [*sorted(found[:2]), *found[2:]]) == [
        *(sorted(expected) if row.is_relation else expected),
        None,
    ]


@TYPES
async def test_aggregate(stage: Stage, type_name: str) -> None:
    row, case = FIELD_TYPES[type_name], CASES[type_name]
    low, high = (stage.filled(type_name, case.read(low=each)) for each in (True, False))
    money = row.output is Output.MONEY
    expected = {
        Function.SUM: case.total,
        Function.AVG: case.mean,
        Function.MIN: [low] if money else low,
        Function.MAX: [high] if money else high,
        Function.COUNT_DISTINCT: 2,
    }
    aggregate = THINGS.replace("List_c", "ListAggregate_c")
    for function in Function:
        parts = case.parts if money and function is not Function.COUNT_DISTINCT else ""
        text = f"{{ {aggregate}(filter: {_ONLY}) {{ {function} {{ value: {name(type_name)} {parts} }} }} }}"
        if function not in row.functions:
            assert "errors" in await stage.admin.ask(text)
            continue
        assert (await stage.admin.data(text))[aggregate] == [{function.value: {"value": expected[function]}}]


@TYPES
async def test_search(stage: Stage, type_name: str) -> None:
    row, case = FIELD_TYPES[type_name], CASES[type_name]
    assert bool(row.lines) is bool(case.sought)
    if case.sought:
        assert await stage.titles(search=case.sought) == [LOW]
        return
    refused = await mutate(
        stage.admin,
        "addField",
        object=THING,
        field={**field_of(f"{type_name}Sought", definition_of(type_name)), "options": {"search": True}},
    )
    assert [(each["path"], each["code"]) for each in refused["errors"]] == [
        (["field", "options", "search"], "UNKNOWN_OPTION")
    ]


@TYPES
async def test_unique(stage: Stage, type_name: str) -> None:
    row, case = FIELD_TYPES[type_name], CASES[type_name]
    field = {
        "label": {"zh": "唯一"},
        "name": f"{type_name}Unique",
        "type": type_name,
        **case.definition,
        "unique": True,
    }

    made = await mutate(stage.admin, "addField", object=THING, field=field)

    if not row.may_be_unique:
        assert [(each["path"], each["code"]) for each in made["errors"]] == [(["field", "unique"], "CANNOT_BE_UNIQUE")]
        return
    record = {f"{type_name}Unique_c": case.low}
    first = await mutate(stage.admin, CREATE, f"{THING} {{ id }}", record=record)
    second = await mutate(stage.admin, CREATE, f"{THING} {{ id }}", record=record)
    assert (made["errors"], first["errors"]) == ([], [])
    assert second["errors"] == [{"path": ["record", f"{type_name}Unique_c"], "code": "UNIQUE_TAKEN"}]


@pytest.mark.parametrize("type_name", [each for each in ENTERED if not FIELD_TYPES[each].may_be_indexed])
async def test_long_values_have_no_index(stage: Stage, type_name: str) -> None:
    field = {"label": {"zh": "索引"}, "name": f"{type_name}Indexed", "type": type_name, "indexed": True}

    made = await mutate(stage.admin, "addField", object=THING, field=field)

    assert [(each["path"], each["code"]) for each in made["errors"]] == [(["field", "indexed"], "CANNOT_BE_INDEXED")]


async def test_longest_indexed_text_of_wide_signs_is_taken(stage: Stage) -> None:
    options = {"maxLength": 501}
    field: dict[str, Any] = {"label": {"zh": "长"}, "name": "long", "type": "text", "indexed": True, "unique": True}
    refused = await mutate(stage.admin, "addField", object=THING, field={**field, "options": options})
    made = await mutate(stage.admin, "addField", "field", object=THING, field={**field, "options": {"maxLength": 500}})
    # Every sign another one, so that nothing is pressed together.
    wide = "".join(chr(0x20000 + number * 37) for number in range(500))
    written = await mutate(stage.admin, CREATE, f"{THING} {{ long_c }}", record={"long_c": wide})

    assert [(each["path"], each["code"]) for each in refused["errors"]] == [
        (["field", "options", "maxLength"], "BAD_OPTION")
    ]
    assert (made["field"], written["errors"]) == ("long_c", [])
    assert written[THING] == {"long_c": wide}


async def test_number_is_made_and_found_but_not_entered(stage: Stage) -> None:
    options = {"format": "N{0000}", "search": True}
    made = await mutate(
        stage.admin,
        "addField",
        "field",
        object=THING,
        field={"label": {"zh": "编号"}, "name": "number", "type": "autoNumber", "options": options, "unique": True},
    )
    created = await mutate(stage.admin, CREATE, f"{THING} {{ number_c }}", record={"title_c": "numbered"})
    number = created[THING]["number_c"]
    found = await stage.admin.data(
        f'{{ {THINGS}(filter: {{number_c: {{eq: "{number}"}}}}, search: "{number}", orderBy: [{{number_c: ASC}}])'
        " { nodes { title_c } } }"
    )
    refused = await stage.admin.errors(
        f'mutation {{ {CREATE}(input: {{record: {{number_c: "N1"}}}}) {{ errors {{ code }} }} }}'
    )

    assert (made["field"], found[THINGS]["nodes"]) == ("number_c", [{"title_c": "numbered"}])
    assert {each["extensions"]["code"] for each in refused} == {"DOCUMENT_INVALID"}


# --- default, mask, history -------------------------------------------------------------------------------------------


@TYPES
async def test_default(stage: Stage, type_name: str) -> None:
    case = CASES[type_name]
    assert ("default" in FIELD_TYPES[type_name].options) is (case.default is not None)

    made = await mutate(stage.admin, CREATE, f"{THING} {{ id }}", record={"title_c": "by default"})

    assert await stage.read(made[THING]["id"], type_name) == (None if case.default is None else case.default[1])


@TYPES
async def test_mask(stage: Stage, type_name: str) -> None:
    row, case = FIELD_TYPES[type_name], CASES[type_name]
    assert (case.masked is not None) is (row.output in {Output.TEXT, Output.SEALED})

    shown = await stage.read(stage.ids[LOW], type_name, client=stage.masked)

    assert shown == case.masked
    if row.operators is not Operators.NONE:
        text = f"{{ {THINGS}(filter: {{{member(type_name)}: {{isEmpty: true}}}}) {{ totalCount }} }}"
        (error,) = await stage.masked.errors(text)
        assert error["extensions"]["code"] == "FIELD_NOT_READABLE"


@TYPES
async def test_history(stage: Stage, type_name: str) -> None:
    number = (await registry_of(stage.tenant)).names[THING].fields[name(type_name)].number
    text = f'{{ recordHistories(filter: {{recordId: {{eq: "{stage.ids[LOW]}"}}, version: {{eq: 1}}}}) {{ nodes {{ changes }} }} }}'

    (created,) = (await stage.admin.data(text))["recordHistories"]["nodes"]

    assert created["changes"][str(number)] == [None, stage.filled(type_name, CASES[type_name].kept)]


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_name", ["person", "department", "relation", "persons"])
async def test_who_is_named_must_be_there(stage: Stage, type_name: str) -> None:
    """An id of the right object that nobody has, and one of another object."""
    nobody = stage.links[type_name][ALICE][:-12] + "0" * 12
    several = FIELD_TYPES[type_name].has_several
    at = ["record", member(type_name), *(["1"] if several else [])]
    for wrong, code in ((nobody, "RELATION_NOT_FOUND"), (stage.ids[LOW], "WRONG_OBJECT")):
        value = [stage.links[type_name][ALICE], wrong] if several else wrong

        made = await mutate(stage.admin, CREATE, f"{THING} {{ id }}", record={member(type_name): value})

        assert (made[THING], [(each["path"], each["code"]) for each in made["errors"]]) == (None, [(at, code)])


async def test_lengths_of_time_open_records_by_an_expression(stage: Stage, app: Starlette) -> None:
    role = await role_id(stage.admin, "manager")

    opened = await mutate(
        stage.admin,
        "openRecords",
        roleId=role,
        object=THING,
        reach="read",
        expression="durationField_c > hours(2) && durationField_c <= days(1) + minutes(1)",
    )

    assert opened["errors"] == []
    async with http_for(app, stage.tenant.placement.slug) as http:
        manager = Client(http, await stage.tenant.token("manager"))
        nodes = (await manager.data(f"{{ {THINGS} {{ nodes {{ title_c durationField_c }} }} }}"))[THINGS]["nodes"]
    assert nodes == [{"title_c": HIGH, "durationField_c": "PT24H0.5S"}]


@TYPES
async def test_bad_input_has_its_code(stage: Stage, type_name: str) -> None:
    for raw, code in CASES[type_name].wrong:
        made = (await stage.create(type_name, stage.filled(type_name, raw)))["data"]["done"]

        found = [(each["path"][:2], each["code"]) for each in made["errors"]]
        assert (made[THING], found) == (None, [(["record", member(type_name)], code)]), str(raw)[:80]


@TYPES
async def test_whatever_is_sent_has_its_verdict(stage: Stage, type_name: str) -> None:
    """[A3] Every type beside every value that is wrong for some: taken as it must be read, or refused, and then nothing is left."""
    documented = PAGE.read_text(encoding="utf-8")
    count = f"{{ {THINGS} {{ totalCount }} recordHistoriesAggregate {{ count }} }}"
    told, written = await stage.admin.data(count), 0
    for kind, raw, said, taken in verdicts(type_name):
        answer = await stage.create(type_name, raw)
        done = (answer.get("data") or {}).get("done") or {}
        codes = {each["extensions"]["code"] for each in answer.get("errors", ())}
        codes |= {each["code"] for each in done.get("errors", ())}
        written += taken
        if taken:
            assert codes == set(), (kind, answer)
            assert await stage.read(done[THING]["id"], type_name) == said, kind
        else:
            assert (codes, done.get(THING), f"`{said}`" in documented) == ({said}, None, True), kind
    after = await stage.admin.data(count)
    assert after[THINGS]["totalCount"] == told[THINGS]["totalCount"] + written
    (before,), (now,) = told["recordHistoriesAggregate"], after["recordHistoriesAggregate"]
    assert now["count"] == before["count"] + written


async def test_ten_megabytes_are_refused_before_they_are_read(stage: Stage) -> None:
    response = await stage.admin.post({"query": "{ __typename }", "variables": {"x": "x" * 10_000_000}})

    assert response.status_code == 413
