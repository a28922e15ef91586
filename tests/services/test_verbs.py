from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from services import capabilities, verbs
from services.leads import CONVERT_LEAD
from services.verbs import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.context import Work


async def nothing(_: Work, __: Mapping[str, object]) -> Outcome:
    return Outcome()


def test_importing_the_capabilities_declares_their_verbs() -> None:
    names = [each.name for each in verbs.declared()]

    assert len(capabilities.CAPABILITIES) >= 4
    assert names == sorted(names)
    assert {"convertLead", "createUser", "assignRole", "markNotificationRead"} <= set(names)


def test_a_verb_is_found_by_its_name() -> None:
    assert verbs.definition("convertLead") is CONVERT_LEAD
    assert verbs.definition("nothing") is None


def test_a_name_is_declared_once() -> None:
    assert verbs.declare(CONVERT_LEAD) is CONVERT_LEAD
    with pytest.raises(ValueError, match="declared twice: convertLead"):
        verbs.declare(replace(CONVERT_LEAD, run=nothing))


@pytest.mark.parametrize("missing", ["lead", "customer", "contact", "opportunity", "activity"])
def test_a_verb_fits_a_tenant_that_has_every_object_it_needs(missing: str) -> None:
    objects = dict.fromkeys(["lead", "customer", "contact", "opportunity", "activity", "product"])

    assert CONVERT_LEAD.fits(objects)
    del objects[missing]
    assert not CONVERT_LEAD.fits(objects)
