"""Choices of a field are added, renamed, moved, retired and restored; keys never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema.metadata.errors import ChoicesNotAllowed, NameTaken, UnknownChoice
from schema.metadata.fields import Choice, Label
from services import metadata
from services.metadata import ChoiceChange, ChoiceDraft
from tests.builders.metadata import registry_of

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

SCALES = ("under50", "under200", "under1000", "over1000")


async def choices_of(tenant: Tenant) -> tuple[Choice, ...]:
    field = (await registry_of(tenant)).shape.field("customer", "scale")
    assert field is not None
    return field.choices


async def test_choice_is_added_where_it_belongs(tenant: Tenant) -> None:
    draft = ChoiceDraft(Label("战略客户", "Strategic"))

    made = await tenant.define(
        lambda work: metadata.add_choice(work, "customer", "scale", draft, position=0), person="admin"
    )

    assert made.choice_key == "zhanLveKeHu"
    assert [each.key for each in await choices_of(tenant)] == ["zhanLveKeHu", *SCALES]


async def test_choice_is_renamed_and_moved(tenant: Tenant) -> None:
    changes = ChoiceChange(Label("观察名单", ""), position=0)

    await tenant.define(
        lambda work: metadata.update_choice(work, "customer", "scale", "over1000", changes), person="admin"
    )

    labels = (await registry_of(tenant)).names["customer"].fields["scale"].choice_labels
    assert [each.key for each in await choices_of(tenant)] == ["over1000", *SCALES[:3]]
    assert labels["over1000"] == Label("观察名单", "Over 1,000")


async def test_retired_choice_stays_and_comes_back(tenant: Tenant) -> None:
    await tenant.define(lambda work: metadata.retire_choice(work, "customer", "scale", "under50"), person="admin")
    retired = await choices_of(tenant)
    await tenant.define(lambda work: metadata.restore_choice(work, "customer", "scale", "under50"), person="admin")

    assert retired[0] == Choice("under50", retired=True)
    assert (await choices_of(tenant))[0] == Choice("under50")


async def test_taken_key_is_refused(tenant: Tenant) -> None:
    with pytest.raises(NameTaken):
        await tenant.define(
            lambda work: metadata.add_choice(work, "customer", "scale", ChoiceDraft(Label("A", "A"), "under50")),
            person="admin",
        )


async def test_unknown_choice_is_told(tenant: Tenant) -> None:
    with pytest.raises(UnknownChoice):
        await tenant.define(lambda work: metadata.retire_choice(work, "customer", "scale", "z"), person="admin")


async def test_field_without_choices_takes_none(tenant: Tenant) -> None:
    with pytest.raises(ChoicesNotAllowed):
        await tenant.define(
            lambda work: metadata.add_choice(work, "customer", "name", ChoiceDraft(Label("A", "A"))), person="admin"
        )
