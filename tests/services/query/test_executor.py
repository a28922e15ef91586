"""[G1] The executor answers bytes only in a fresh snapshot and to an open session; an audited read leaves its entry first."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from schema.metadata.registry import Shape
from services.permissions import EVERYONE, Level, ObjectRights, Policy
from services.permissions.loading import unrestricted
from services.permissions.policy import freeze
from services.query import executor
from services.query.executor import AuditedReadNeedsWorkError
from services.query.templates import statements_kept
from tenants.context import Work
from tenants.errors import Stale, Unauthenticated
from tests.services.query.asking import ask
from tests.services.query.rows import make_rows, store
from tests.services.query.world import ALICE, BOB, PLACEMENT, World, person

if TYPE_CHECKING:
    from schema.metadata.objects import Object

ASKED = "query ($first: Int) { deals(first: $first) { totalCount } }"
SECRET = "{ deals { nodes { secret } } }"


def shaped(world: World, *changed: Object) -> World:
    """The same world with these objects in place of its own."""
    objects = {**world.registry.shape.objects, **{each.name: each for each in changed}}
    return replace(world, registry=replace(world.registry, shape=Shape(objects.values())))


def marking(world: World, **fields: tuple[str, ...]) -> World:
    """The same world with the reading of these fields audited, or without names of the whole object."""
    objects = (world.registry.shape.objects[name] for name in fields)
    marked = [
        replace(
            each,
            audit_reads=not fields[each.name],
            fields=tuple(replace(field, audit_reads=field.name in fields[each.name]) for field in each.fields),
        )
        for each in objects
    ]
    return shaped(world, *marked)


async def entries(world: World) -> list[tuple[str, list[str]]]:
    """Of what the reading was told: objects and fields."""
    rows = await world.connection.fetch("SELECT action, object_name, body FROM t_query.audit_entry")
    assert {each["action"] for each in rows} <= {"record.read"}
    return [(each["object_name"], json.loads(each["body"])["details"]["fields"]) for each in rows]


@pytest.mark.parametrize("version", ["metadata_version", "access_version"])
async def test_a_version_that_moved_is_stale(world: World, version: str) -> None:
    await world.connection.control(f"UPDATE t_query.state SET {version} = 2")  # noqa: S608 - one of the two above

    with pytest.raises(Stale):
        await world.ask(ASKED)


async def test_an_open_session_is_answered(world: World) -> None:
    await world.sign_in(ALICE)

    assert await world.ask(ASKED, principal=person(ALICE)) == {"deals": {"totalCount": 0}}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE t_query.session SET closed_at = now()",
        "UPDATE t_query.session SET expires_at = now() - interval '1 second'",
        "DELETE FROM t_query.session",
    ],
)
async def test_a_session_that_ended_is_refused_by_the_same_statement(world: World, change: str) -> None:
    await world.sign_in(ALICE)
    await world.connection.control(change)

    with pytest.raises(Unauthenticated):
        await world.ask(ASKED, principal=person(ALICE))


async def test_the_session_of_somebody_else_is_refused(world: World) -> None:
    await world.sign_in(ALICE)

    with pytest.raises(Unauthenticated):
        await world.ask(ASKED, principal=person(BOB))


async def test_a_user_without_any_session_is_refused(world: World) -> None:
    with pytest.raises(Unauthenticated):
        await world.ask(ASKED, principal=replace(person(ALICE), session_id=None))


async def test_values_and_principals_share_a_statement(world: World) -> None:
    await store(world, make_rows(1))
    await world.ask(ASKED, {"first": 3})
    before = statements_kept()

    await world.ask(ASKED, {"first": 4})

    assert statements_kept() == before


async def test_the_answer_is_bytes_of_utf8(world: World) -> None:
    await world.insert("deal", [{"id": world.new_id("deal"), "f_title": "华"}])
    plan, values = ask(world.registry, "{ deals { nodes { title } } }")

    body = await executor.answer(world.work(), world.registry, unrestricted(1), plan, values)

    assert body == '{"deals":{"nodes":[{"title":"华"}]}}'.encode()


async def test_a_marked_field_needs_a_work_that_can_write_its_audit_entry(world: World) -> None:
    plan, _ = ask(world.registry, SECRET)

    assert executor.is_audited(world.registry, plan, by=PLACEMENT.tenant_id)
    with pytest.raises(AuditedReadNeedsWorkError):
        await world.ask(SECRET)


async def test_reading_a_marked_field_leaves_an_entry(world: World) -> None:
    answer = await world.ask(SECRET, work=world.work(kind=Work))

    assert answer == {"deals": {"nodes": []}}
    assert await entries(world) == [("deal", ["secret"])]


async def test_other_fields_are_not_audited(world: World) -> None:
    plan, _ = ask(world.registry, "{ deals { nodes { title } } }")

    assert not executor.is_audited(world.registry, plan, by=PLACEMENT.tenant_id)


async def test_a_marked_title_of_a_hit_leaves_an_entry(world: World) -> None:
    entitled = shaped(world, replace(world.registry.shape.objects["deal"], title_field="secret"))

    for asked in ("object", "title"):
        answer = await entitled.ask(f'{{ search(text: "云启") {{ {asked} }} }}', work=world.work(kind=Work))
        assert answer == {"search": []}

    assert await entries(world) == [("deal", ["secret"])]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ('{ search(text: "云启") { object } }', [("company", ["name"])]),
        ('{ companies(search: "云启") { totalCount } }', [("company", ["name"])]),
        ("{ companies { nodes { ownerId } } }", []),
        ("{ recordHistories { nodes { changes } } }", [("company", ["name", "note"])]),
    ],
)
async def test_an_entry_tells_only_of_what_the_caller_may_read(
    world: World, asked: str, told: list[tuple[str, list[str]]]
) -> None:
    marked = marking(world, company=("name", "note", "phone"), deal=("secret", "title"), user=())
    levels = (("name", Level.READ), ("note", Level.MASKED), ("phone", Level.NONE))
    company = ObjectRights(read=EVERYONE, fields=levels, default_level=Level.READ)
    history = ObjectRights(read=EVERYONE, default_level=Level.READ)
    policy = Policy(freeze({"company": company, "recordHistory": history}), 1)

    await marked.ask(asked, policy=policy, work=world.work(kind=Work))

    assert await entries(world) == told
