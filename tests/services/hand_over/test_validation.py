"""[B11] A hand-over that cannot be is refused before anything moves, with everything that is wrong in it."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.hand_over import Rule, id_of, preview
from services.hand_over.validation import MOST_CHOSEN, MOST_RULES
from tenants.errors import Forbidden, Refused
from tests.builders.records import refused
from tests.services.hand_over.conftest import Office

NOBODY = UUID(int=7)


async def test_everything_wrong_is_said_at_once(office: Office) -> None:
    rules = (
        Rule(office.leaver),
        Rule(NOBODY, objects=("customer", "user", "nothing")),
        Rule(office.tenant.user_id("colleague"), record_ids=(NOBODY,) * (MOST_CHOSEN + 1)),
    )

    assert await refused(office.preview(*rules)) == [
        (("rules", 0, "toUserId"), "HAND_OVER_TO_ONESELF"),
        (("rules", 1, "toUserId"), "RELATION_NOT_FOUND"),
        (("rules", 1, "objects"), "HAND_OVER_OWNS_NOTHING"),
        (("rules", 1, "objects"), "HAND_OVER_OWNS_NOTHING"),
        (("rules", 2, "recordIds"), "HAND_OVER_TOO_MANY_CHOSEN"),
    ]


@pytest.mark.parametrize("number", [0, MOST_RULES + 1])
async def test_there_are_some_rules_and_not_too_many(office: Office, number: int) -> None:
    rules = (Rule(office.tenant.user_id("colleague")),) * number

    assert await refused(office.preview(*rules)) == [(("rules",), "HAND_OVER_WITHOUT_RULES")]


@pytest.mark.parametrize("person", ["director", "manager", "sales"])
async def test_only_administrators_hand_over(office: Office, person: str) -> None:
    rules = (Rule(office.tenant.user_id("colleague")),)

    with pytest.raises(Forbidden):
        await office.tenant.read(lambda work: preview(work, office.leaver, rules), person=person)


def test_an_id_that_is_none_is_refused_at_its_place() -> None:
    with pytest.raises(Refused) as refusal:
        id_of("x", "rules", 0, "toUserId")

    (violation,) = refusal.value.violations
    assert (violation.path, violation.fault.code) == (("rules", 0, "toUserId"), "NOT_AN_ID")
