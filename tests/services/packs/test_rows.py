"""A pack as rows, each definition with what the pack proposes beside it."""

from __future__ import annotations

from schema.metadata import rows as stored
from services import packs
from services.packs import rows

CRM = packs.load("crm")


def test_rows_lead_back_to_the_pack() -> None:
    found = rows.of_pack(CRM)

    tables = ("object_definition", "field_definition", "choice_option", "index_definition")
    assert stored.definitions(*(found[table] for table in tables)) == CRM.objects


def test_proposal_is_what_the_row_says() -> None:
    row = next(each for each in rows.of_pack(CRM)["field_definition"] if each["name"] == "creditCode")

    assert row["pack_values"] == stored.properties(row, stored.FIELD_PROPERTIES)


def test_grants_belong_to_roles() -> None:
    found = rows.of_pack(CRM)

    assert {row["role_id"] for row in found["object_permission"]} == {row["id"] for row in found["role"]}
    assert len({row["name"] for row in found["role"]}) == 6
