"""[H1] `clientMutationId` and `ifVersion` of the mutations that define: sent twice they happen once, and stale ones do not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
import strawberry
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from resolvers.once import canonical
from resolvers.root import static_schema
from schema.tables.audit import audit_entry
from schema.types.metadata import FieldOptionsInput, LabelInput, UpdateFieldInput
from tests.architecture.test_mutations import NOT_REPEATABLE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

GRADE = {"object": "machine_c", "field": "grade_c"}
# What the same key is sent with once more.
OTHER = {
    "id": "0190cf6c-2d00-7017-8000-000000000001", "label": {"en": "Other"}, "name": "other", "object": "other_c",
    "title": "Other", "to": 1,
}  # fmt: skip
HIGH = {**GRADE, "key": "high"}
FIELDS = [
    {"label": {"en": "Model"}, "type": "text"},
    {"label": {"en": "Site"}, "type": "choice", "choices": [{"label": {"en": "East"}}]},
    {"label": {"en": "Depth"}, "type": "integer"},
    {"label": {"en": "Shown"}, "type": "formula", "options": {"expression": "model_c"}},
]
ADDED = [
    {"addField": {"object": "machine_c", "field": {"label": {"en": name}, "type": "text"}}} for name in ("Gate", "Hall")
]
GATE, HALL = ([{"object": "machine_c", "field": name}] for name in ("gate_c", "hall_c"))
# In this order they make a story; each is sent again, and once more with another input. `$x` is the id that x answered last.
STORY: list[tuple[str, dict[str, Any]]] = [
    ("createObject", {"label": {"en": "Machine"}, "fields": FIELDS}),
    ("updateObject", {"object": "machine_c", "label": {"zh": "机器"}}),
    (
        "addField",
        {
            "object": "machine_c",
            "field": {"label": {"en": "Grade"}, "type": "choice", "choices": [{"label": {"en": "Low"}}]},
        },
    ),
    ("updateField", {**GRADE, "required": True}),
    ("addChoice", {**GRADE, "choice": {"label": {"en": "High"}}}),
    ("updateChoice", {**HIGH, "position": 0}),
    ("retireChoice", HIGH),
    ("restoreChoice", HIGH),
    ("offerChoices", {**GRADE, "by": "site_c", "offered": [{"choice": "east", "offered": ["high"]}]}),
    ("setFieldRules", {**GRADE, "requiredIf": "model_c == 'a'"}),
    ("createUniqueRule", {"object": "machine_c", "fields": ["model_c", "site_c"]}),
    ("retireUniqueRule", {"id": "$createUniqueRule"}),
    (
        "createValidationRule",
        {"object": "machine_c", "name": "named", "expression": "model_c != 'b'", "message": {"en": "Not b"}},
    ),
    ("updateValidationRule", {"id": "$createValidationRule", "expression": "model_c != 'c'"}),
    ("retireValidationRule", {"id": "$createValidationRule"}),
    ("restoreValidationRule", {"id": "$createValidationRule"}),
    ("recalculateField", {"object": "machine_c", "field": "shown_c"}),
    ("changeFieldType", {"object": "machine_c", "field": "depth_c", "type": "text", "confirm": True}),
    ("undoFieldType", {"object": "machine_c", "field": "depth_c", "confirm": True}),
    ("createChangeSet", {"name": "Never", "steps": []}),
    ("discardChangeSet", {"id": "$createChangeSet"}),
    ("createChangeSet", {"name": "Places", "steps": ADDED}),
    ("updateChangeSet", {"id": "$createChangeSet", "name": "Where it stands"}),
    ("publishChangeSet", {"id": "$createChangeSet"}),
    ("startPilot", {"title": "Gates", "coordinates": GATE, "group": {"userIds": ["$director"]}}),
    ("changePilotGroup", {"id": "$startPilot", "group": {"userIds": ["$admin"]}}),
    ("releasePilot", {"id": "$startPilot"}),
    ("startPilot", {"title": "Halls", "coordinates": HALL, "group": {"userIds": ["$admin"]}}),
    ("withdrawPilot", {"id": "$startPilot"}),
    ("retireField", GRADE),
    ("restoreField", GRADE),
    ("retireObject", {"object": "machine_c"}),
    ("restoreObject", {"object": "machine_c"}),
    ("rollBack", {"to": 0}),
    ("upgradePack", {"name": "crm"}),
]
# They define nothing, answer a secret once, or wait for a month; `test_audit`, `test_hand_over`, `test_impact`,
# `test_oauth`, `test_uploads` and `test_upload_requests` send them twice.
TOLD_ELSEWHERE = (
    "createApiToken",
    "createClient",
    "createUpload",
    "destroyField",
    "destroyObject",
    "exportAuditEntries",
    "handOver",
    "reverseHandOver",
    "rotateClientSecret",
    "uploadFile",
)
UPDATE_OBJECT = (
    "mutation ($input: UpdateObjectInput!) "
    "{ updateObject(input: $input) { clientMutationId object errors { path code message } } }"
)
VERSIONS = '{ objectDefinitions(filter: {name: {eq: "customer"}}) { nodes { version labelEn } } }'


def document(name: str) -> str:
    """Everything that the payload can tell."""
    mutation = static_schema().mutation_type
    assert mutation is not None
    payload = mutation.fields[name].type
    assert isinstance(payload, GraphQLObjectType)
    plain = " ".join(sorted(each for each, field in payload.fields.items() if is_leaf_type(get_named_type(field.type))))
    pack = "pack { name version }" if "pack" in payload.fields else ""
    return (
        f"mutation ($input: {name[0].upper()}{name[1:]}Input!) "
        f"{{ {name}(input: $input) {{ {plain} {pack} errors {{ path code }} }} }}"
    )


def filled(told: dict[str, Any], made: dict[str, str]) -> dict[str, Any]:
    """What is told, with the ids that it leaves open."""
    text = json.dumps(told)
    for name, answered in made.items():
        text = text.replace(f'"{name}"', json.dumps(answered))
    filled: dict[str, Any] = json.loads(text)
    return filled


async def entries(tenant: Tenant) -> int:
    query = sa.select(sa.func.count()).select_from(audit_entry)
    return int(await tenant.read(lambda work: work.session.scalar(query)))


async def test_each_definition_sent_twice_happens_once(
    client_as: Callable[..., Awaitable[Client]], tenant: Tenant
) -> None:
    admin = await client_as("admin")

    made = {f"${person}": str(tenant.user_id(person)) for person in ("admin", "director")}
    for at, (name, told) in enumerate(STORY):
        given = filled(told, made)
        key = f"key {at} of {name}"
        asked = {**given, "clientMutationId": key}
        first = (await admin.data(document(name), input=asked))[name]
        written = await entries(tenant)
        again = (await admin.data(document(name), input=asked))[name]
        made[f"${name}"] = first.get("id") or ""
        known = {each: value for each, value in OTHER.items() if each in given}
        other = (await admin.data(document(name), input={**asked, **known}))[name]

        assert (first["errors"], first["clientMutationId"]) == ([], key)
        assert again == first
        assert other["errors"] == [{"path": ["clientMutationId"], "code": "CLIENT_MUTATION_ID_REUSED"}]
        assert other["clientMutationId"] == key
        assert await entries(tenant) == written


def test_story_has_every_static_mutation() -> None:
    mutation = static_schema().mutation_type

    assert mutation is not None
    assert {*TOLD_ELSEWHERE, *(name for name, _ in STORY)} == mutation.fields.keys() - NOT_REPEATABLE.keys()
    assert {*TOLD_ELSEWHERE}.isdisjoint(name for name, _ in STORY)


async def test_refused_definition_leaves_its_id_to_the_corrected_one(
    client_as: Callable[..., Awaitable[Client]],
) -> None:
    admin = await client_as("admin")
    asked = {"object": "customer", "titleField": "nothing", "clientMutationId": "k"}

    first = (await admin.data(UPDATE_OBJECT, input=asked))["updateObject"]
    corrected = (await admin.data(UPDATE_OBJECT, input={**asked, "titleField": "name"}))["updateObject"]

    assert (first["clientMutationId"], first["object"]) == ("k", None)
    assert [(each["path"], each["code"]) for each in first["errors"]] == [(["titleField"], "UNKNOWN_TITLE")]
    assert corrected == {"clientMutationId": "k", "object": "customer", "errors": []}


async def test_repeated_definition_is_told_to_nobody_who_may_not_define(
    client_as: Callable[..., Awaitable[Client]], tenant: Tenant
) -> None:
    admin, sales = await client_as("admin"), await client_as("sales")
    asked = {"object": "customer", "label": {"en": "Client"}, "clientMutationId": "k"}
    await admin.data(UPDATE_OBJECT, input=asked)
    written = await entries(tenant)

    errors = await sales.errors(UPDATE_OBJECT, input=asked)

    assert [each["extensions"]["code"] for each in errors] == ["FORBIDDEN"]
    assert await entries(tenant) == written


@pytest.mark.parametrize("key", ["", "k"])
async def test_change_of_an_object_goes_by_the_version_that_was_read(
    client_as: Callable[..., Awaitable[Client]], key: str
) -> None:
    admin = await client_as("admin")
    with_key = {"clientMutationId": key} if key else {}
    (before,) = (await admin.data(VERSIONS))["objectDefinitions"]["nodes"]
    asked = {"object": "customer", "ifVersion": before["version"]}

    first = await admin.data(UPDATE_OBJECT, input={**asked, "label": {"en": "Client"}})
    late = await admin.data(UPDATE_OBJECT, input={**asked, **with_key, "label": {"en": "Buyer"}})

    (after,) = (await admin.data(VERSIONS))["objectDefinitions"]["nodes"]
    assert first["updateObject"]["errors"] == []
    assert late["updateObject"] == {
        "clientMutationId": key or None,
        "object": None,
        "errors": [
            {
                "path": ["ifVersion"],
                "code": "VERSION_CONFLICT",
                "message": f"The record was changed in the meantime; it is at version {before['version'] + 1} now.",
            }
        ],
    }
    assert after == {"version": before["version"] + 1, "labelEn": "Client"}


async def test_change_of_a_field_goes_by_the_version_that_was_read(client_as: Callable[..., Awaitable[Client]]) -> None:
    admin = await client_as("admin")
    change = "mutation ($input: UpdateFieldInput!) { updateField(input: $input) { field errors { path code } } }"
    asked = {"object": "customer", "field": "level", "ifVersion": 1}

    first = await admin.data(change, input={**asked, "label": {"en": "Class"}})
    late = await admin.data(change, input={**asked, "label": {"en": "Rank"}})

    assert first["updateField"] == {"field": "level", "errors": []}
    assert late["updateField"] == {"field": None, "errors": [{"path": ["ifVersion"], "code": "VERSION_CONFLICT"}]}


def test_what_is_left_out_is_told_from_what_is_taken_away() -> None:
    def of(options: FieldOptionsInput, key: str | None = None) -> bytes:
        words = LabelInput(zh="甲")
        return canonical(UpdateFieldInput(object="a", field="b", label=words, options=options, client_mutation_id=key))

    assert of(FieldOptionsInput()) == of(FieldOptionsInput(min_length=strawberry.UNSET), "k")
    assert len({of(FieldOptionsInput()), of(FieldOptionsInput(min="")), of(FieldOptionsInput(min=None))}) == 3
