"""[A3] What leads from a record to its many: a relation that points at it, or links from either side."""

from __future__ import annotations

import pytest

from schema.metadata.objects import Inverse, Link
from services.query.compilation import column
from services.query.parents import Parent
from tenants.sql import render


@pytest.mark.parametrize(
    ("inverse", "text"),
    [
        (Inverse("deals", "deal", "company"), '"q0"."deal_company" = "p"."company_id"'),
        (
            Inverse("tags", "tag", "", link=Link("company", "tags")),
            (
                '"q0"."tag_id" IN (SELECT link.target_id FROM "t_x"."company_tags" AS link'
                ' WHERE link.source_id = "p"."company_id")'
            ),
        ),
        (
            Inverse("partners", "deal", "", link=Link("deal", "partners", is_backward=True)),
            (
                '"q0"."deal_id" IN (SELECT link.source_id FROM "t_x"."deal_partners" AS link'
                ' WHERE link.target_id = "p"."company_id")'
            ),
        ),
    ],
    ids=["relation", "link", "backward"],
)
def test_children_are_found_by_what_leads_to_them(inverse: Inverse, text: str) -> None:
    condition = Parent(inverse, column("p", "company", "id")).leads_to("q0")

    assert render(condition).bind("t_x", lambda slot: f"{slot.object_name}_{slot.field_name}") == text
