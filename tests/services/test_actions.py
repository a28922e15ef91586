"""[G2] A step of an action is written whatever the levels of its fields, and names its inputs as the verb does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services import actions, metadata
from services.actions import Step
from tenants.errors import Refused
from tests.builders.records import create_one, stored

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant


async def test_an_input_is_named_as_the_verb_names_it(company: Tenant) -> None:
    deal = await create_one(company, "opportunity", person="sales", name="采购")
    step = Step("opportunity.lost", {"lostReason": "boredom"}, {}, {"lostReason": "reason"})

    with pytest.raises(Refused) as refused:
        await company.write(lambda work: actions.take(work, "opportunity", deal, step, if_version=None), person="sales")

    assert [(each.path, each.fault.code) for each in refused.value.violations] == [(("reason",), "UNKNOWN_CHOICE")]


async def test_what_the_tenant_retired_is_left_out(tenant: Tenant) -> None:
    deal = await create_one(tenant, "opportunity", person="sales", name="采购")
    await tenant.define(lambda work: metadata.retire_field(work, "opportunity", "probability"), person="admin")
    step = Step("opportunity.won", {"stage": "won", "probability": 100}, {}, {})

    await tenant.write(lambda work: actions.take(work, "opportunity", deal, step, if_version=1), person="sales")

    row = await stored(tenant, "opportunity", deal)
    assert (row["stage"], row["probability"], row["version"]) == ("won", None, 2)
