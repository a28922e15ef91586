"""[A11] Drafts: kept with what is wrong with them, limited, given up."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from schema.metadata.errors import VersionConflict
from services import change_sets
from services.change_sets.errors import ChangeSetNotFound, ChangeSetPublished, ChangeSetTooLarge, TooManySteps
from services.change_sets.keeping import MOST_DRAFTS, MOST_STEPS
from tenants.errors import Fault, Forbidden, Refused
from tests.builders.change_sets import add_field, drafted, published

if TYPE_CHECKING:
    from services.change_sets import Step
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_draft_is_found_changed_and_given_up(company: Tenant) -> None:
    made = await drafted(company, add_field("customer", "one"))
    changed = await company.define(
        lambda work: change_sets.update_change_set(work, made.id, name="Two", steps=[], if_version=1), person="admin"
    )

    with pytest.raises(VersionConflict):
        await company.define(lambda work: change_sets.discard_change_set(work, made.id, if_version=1), person="admin")
    await company.define(lambda work: change_sets.discard_change_set(work, made.id, if_version=2), person="admin")
    with pytest.raises(ChangeSetNotFound):
        await company.read(lambda work: change_sets.preview_change_set(work, made.id), person="admin")
    assert (changed.version, changed.rehearsal.steps) == (2, ())


async def test_draft_is_kept_with_what_is_wrong(company: Tenant) -> None:
    await published(company, add_field("customer", "taken"))
    made = await drafted(company, add_field("customer", "taken"), add_field("customer", "fine"))

    found = await company.read(lambda work: change_sets.preview_change_set(work, made.id), person="admin")

    wrong = [(("steps", 0, "addField", "field", "name"), "NAME_TAKEN")]
    for rehearsal in (made.rehearsal, found.rehearsal):
        assert [(each.path, each.fault.code) for each in rehearsal.violations] == wrong
        assert [each and each.field_name for each in rehearsal.made] == [None, "fine_c"]


async def test_name_of_a_pack_is_free_for_the_tenant(company: Tenant) -> None:
    made = await drafted(company, add_field("customer", "name"), add_field("customer", "plain"))

    found = await company.read(lambda work: change_sets.preview_change_set(work, made.id), person="admin")

    assert [each.path for each in found.rehearsal.violations] == []
    assert [each.field_name for each in found.rehearsal.made if each] == ["name_c", "plain_c"]


async def test_published_one_is_changed_no_more(company: Tenant) -> None:
    made = await drafted(company, add_field("customer", "once"))
    await company.define(lambda work: change_sets.publish_change_set(work, made.id), person="admin")

    with pytest.raises(ChangeSetPublished):
        await company.define(lambda work: change_sets.update_change_set(work, made.id, name="x"), person="admin")


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([add_field("customer", "many")] * (MOST_STEPS + 1), TooManySteps),
        ([add_field("customer", "long", options={"default": "字" * 200_000})], ChangeSetTooLarge),
    ],
)
async def test_draft_has_its_limits(company: Tenant, steps: list[Step], fault: type[Fault]) -> None:
    with pytest.raises(fault):
        await drafted(company, *steps)


@pytest.mark.parametrize(("name", "code"), [(" ", "REQUIRED"), ("长" * 81, "TOO_LONG")])
async def test_draft_has_a_name(company: Tenant, name: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        await company.define(lambda work: change_sets.create_change_set(work, name, []), person="admin")

    assert [(each.path, each.fault.code) for each in refused.value.violations] == [(("name",), code)]


async def test_nobody_else_drafts_or_finds_one(company: Tenant) -> None:
    made = await drafted(company)

    with pytest.raises(Forbidden):
        await company.read(lambda work: change_sets.preview_change_set(work, made.id), person="sales")
    with pytest.raises(ChangeSetNotFound):
        await company.read(lambda work: change_sets.preview_change_set(work, uuid4()), person="admin")


async def test_drafts_are_limited_and_published_ones_do_not_count(tenant: Tenant) -> None:
    await published(tenant, add_field("customer", "first"))
    for _ in range(MOST_DRAFTS):
        await drafted(tenant)

    with pytest.raises(change_sets.TooManyChangeSets):
        await drafted(tenant)
