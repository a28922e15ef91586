"""Ids of what a pack defines follow from its names."""

from __future__ import annotations

from services.packs.model import derived_id
from tenants.ids import object_number


def test_id_is_the_same_every_time_and_carries_its_number() -> None:
    first = derived_id("crm", 10, "customer", "name")

    assert first == derived_id("crm", 10, "customer", "name")
    assert (first.version, first.variant, object_number(first)) == (7, "specified in RFC 4122", 10)


def test_other_names_have_other_ids() -> None:
    ids = {
        derived_id("crm", 10, "customer", "name"),
        derived_id("crm", 10, "customer", "phone"),
        derived_id("srm", 10, "customer", "name"),
        derived_id("crm", 9, "customer", "name"),
    }

    assert len(ids) == 4
