"""[A2 A8] Before a field changes, its dictionary is told; it goes on without the field."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from services.metadata import Usage
from tests.builders.dictionaries import choose_from, regions
from tests.builders.usages import told_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.builders.tenants import Tenant
    from tests.clients import Client

    Person = Callable[[str], Awaitable[Client]]


async def test_the_dictionary_of_a_field_is_told(company: Tenant, person: Person) -> None:
    admin = await person("admin")
    made, _ = await regions(admin, "yongtu")
    field = await choose_from(admin, "yongtu", "customer")

    assert await told_of(company, "customer", field) == [Usage("dictionary", "yongtu_c", UUID(made))]
    assert await told_of(company, "customer", "scale") == []
