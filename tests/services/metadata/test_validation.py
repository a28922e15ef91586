"""[G2] What a text means is told to administrators only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from schema.metadata.errors import UnknownObject
from services import metadata
from services.expressions import Step
from services.metadata import Meaning
from tenants.errors import Forbidden

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]
TEXT = "(stage!='lost') && owner == currentUser()"


async def test_a_text_has_a_meaning(shared_tenant: Tenant) -> None:
    found = await shared_tenant.read(
        lambda work: metadata.validate_expression(work, "opportunity", TEXT), person="admin"
    )

    assert isinstance(found, Meaning)
    assert (found.text, found.type) == ("stage != 'lost' && owner == currentUser()", "boolean")
    assert found.dependencies == (Step("opportunity", "owner"), Step("opportunity", "stage"))


async def test_what_is_wrong_is_told(shared_tenant: Tenant) -> None:
    found = await shared_tenant.read(
        lambda work: metadata.validate_expression(work, "opportunity", "stage == 'wonn' || x"), person="admin"
    )

    assert not isinstance(found, Meaning)
    assert [(each.position, each.fault.code) for each in found] == [
        (9, "EXPRESSION_UNKNOWN_CHOICE"),
        (19, "EXPRESSION_UNKNOWN_NAME"),
    ]


@pytest.mark.parametrize(
    ("person", "object_name", "fault"), [("sales", "opportunity", Forbidden), ("admin", "nope", UnknownObject)]
)
async def test_others_and_unknown_objects_are_refused(
    shared_tenant: Tenant, person: str, object_name: str, fault: type[Exception]
) -> None:
    ask = partial(metadata.validate_expression, object_name=object_name, text=TEXT)

    with pytest.raises(fault):
        await shared_tenant.read(ask, person=person)
