"""[A11] Every change of definitions is a publication with the next number, and its rows lead back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from schema.metadata.fields import Label
from schema.tables.change_sets import publication
from services import metadata
from services.metadata import FieldChange
from tests.builders.change_sets import last_number, retire
from tests.builders.metadata import add_field

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_single_mutation_is_told_with_who_and_what(company: Tenant) -> None:
    before = await last_number(company)
    made = await add_field(company, name="told", label=Label("说", "Told"))

    row = await company.read(
        lambda work: work.session.row(sa.select(publication).where(publication.c.number == before + 1))
    )

    assert row is not None
    assert (row["kind"], row["published_by_id"]) == ("change", company.user_id("admin"))
    assert row["actions"] == [{"action": "field.created", "object": "customer", "field": "told_c"}]
    assert [(each["kind"], each["action"], each["field"]) for each in row["differences"]] == [
        ("field", "added", "told_c")
    ]
    assert row["undo"][0]["id"] == str(made.id)
    assert row["undo"][0]["before"] is None


async def test_change_that_changes_nothing_is_no_publication(company: Tenant) -> None:
    await add_field(company, name="same", label=Label("同", "Same"))
    before = await last_number(company)

    await company.define(
        lambda work: metadata.update_field(work, "customer", "same_c", FieldChange(label=Label("同"))), person="admin"
    )

    assert await last_number(company) == before


async def test_rows_since_a_publication_come_last_first(company: Tenant) -> None:
    await add_field(company, name="back", label=Label("回", "Back"))
    before = await last_number(company)
    await company.define(
        lambda work: metadata.update_field(work, "customer", "back_c", FieldChange(label=Label("来"))), person="admin"
    )
    await retire(company, "customer", "back_c")

    found = await company.read(lambda work: metadata.since(work, before))

    assert [[(each.before, each.after) for each in rows] for rows in found] == [
        [({"state": "live"}, {"state": "retired"})], [({"label_zh": "回"}, {"label_zh": "来"})],
    ]  # fmt: skip
