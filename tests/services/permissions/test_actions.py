"""[G2] Actions are known by name, and refused to those without a role that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import capabilities, permissions
from services.permissions.actions import ActionNotAllowed, Course

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


COURSE = Course(
    "quote",
    "status",
    reaches={"approved": frozenset(), "rejected": frozenset({"sent"})},
    leaves={"approved": frozenset({"sent"})},
    keeps={"approved": frozenset({"total"})},
)


@pytest.mark.parametrize(
    ("held", "moved", "is_decided"),
    [
        (None, {"status": "approved"}, True),
        (None, {"status": "rejected"}, True),
        (None, {"status": "sent", "total": 1}, False),
        ("draft", {"status": "approved"}, True),
        ("draft", {"status": "rejected"}, True),
        ("sent", {"status": "rejected"}, False),
        ("draft", {"status": "sent", "total": 1}, False),
        ("approved", {"status": "draft"}, True),
        ("approved", {"status": None}, True),
        ("approved", {"status": "sent"}, False),
        ("approved", {"status": "sent", "total": 1}, True),
        ("approved", {"total": None}, True),
        ("approved", {"name": "x"}, False),
        ("draft", {"total": 1}, False),
    ],
)
def test_a_course_says_what_takes_the_action(held: str | None, moved: dict[str, object], *, is_decided: bool) -> None:
    assert COURSE.decides(held, moved) is is_decided


def test_parts_are_found_by_their_object() -> None:
    ((part, decided),) = permissions.wholes("quoteLine")

    assert (part.relation, decided.action) == ("quote", "quote.approve")
    assert permissions.wholes("orderLine") == ()


def test_what_is_offered_is_declared() -> None:
    assert capabilities.CAPABILITIES
    assert "lead.convert" in permissions.actions()


@pytest.mark.parametrize("person", ["admin", "director", "manager", "sales"])
async def test_the_standard_roles_have_it(shared_tenant: Tenant, person: str) -> None:
    assert (await shared_tenant.read(permissions.policy, person=person)).may("lead.convert")


async def test_others_are_refused(shared_tenant: Tenant) -> None:
    with pytest.raises(ActionNotAllowed) as refused:
        await shared_tenant.read(lambda work: permissions.require_action(work, "lead.convert"), person="service")

    assert refused.value.details == {"action": "lead.convert"}
