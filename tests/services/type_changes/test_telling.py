"""[A2] Administrators are told which changes of type there were."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from services import type_changes
from tenants.errors import Forbidden, NotFound
from tests.builders.type_changes import add_value_field, change_type, undo

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


async def test_changes_are_told_the_last_one_first(company: Tenant) -> None:
    await add_value_field(company, "turned")
    await change_type(company, "turned_c", "longText")
    back = await undo(company, "turned_c")

    told = await company.read(lambda work: type_changes.type_changes(work, "customer", "turned_c"), person="admin")

    assert [(each.from_type, each.to_type, each.state) for each in told] == [
        ("longText", "text", "done"), ("text", "longText", "undone"),
    ]  # fmt: skip
    assert told[0].done == back
    assert told[0].kept_until is not None
    assert (told[0].kept_until - told[0].created_at).days == 30
    assert told[1].kept_until is None


async def test_nobody_else_is_told(company: Tenant) -> None:
    with pytest.raises(Forbidden):
        await company.read(lambda work: type_changes.type_changes(work, "customer"), person="sales")
    with pytest.raises(NotFound):
        await company.read(lambda work: type_changes.find(work, uuid4()))
