"""[B11] Before a hand-over it is said what would go to whom, and what hangs on it."""

from __future__ import annotations

from services.hand_over import Dependants, Portion, Rule
from tests.services.hand_over.conftest import Office


async def test_everything_is_counted_with_what_belongs_to_it(office: Office) -> None:
    colleague = office.tenant.user_id("colleague")

    found = await office.preview(Rule(colleague))

    assert found == (
        Portion(0, "contact", colleague, 1, ()),
        Portion(0, "customer", colleague, 2, (Dependants("contact", 1), Dependants("opportunity", 1))),
        Portion(0, "lead", colleague, 1, ()),
        Portion(0, "opportunity", colleague, 1, ()),
    )


async def test_a_record_is_counted_once_by_the_first_rule_that_reaches_it(office: Office) -> None:
    colleague, manager = office.tenant.user_id("colleague"), office.tenant.user_id("manager")

    found = await office.preview(Rule(colleague, regions=("east",)), Rule(manager, objects=("customer", "contact")))

    assert [(each.rule, each.object_name, each.count) for each in found] == [
        (0, "contact", 1),
        (0, "customer", 1),
        (1, "customer", 1),
    ]
    assert [each.to_user_id for each in found] == [colleague, colleague, manager]


async def test_looking_moves_nothing(office: Office) -> None:
    await office.preview(Rule(office.tenant.user_id("colleague")))

    await office.cell.drain()

    assert set((await office.owners()).values()) == {"sales"}
