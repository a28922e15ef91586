"""[G3] Every static field says what it asks; what the process knows of a caller is what holds now."""

from __future__ import annotations

from uuid import UUID

import pytest

from resolvers.projections import NOTHING_SEEN, STATIC, Sight
from resolvers.root import static_schema
from services import packs
from services.permissions import EVERYONE, NOBODY, Arm, ObjectRights, Policy
from services.projections import projection
from tenants.context import Principal, PrincipalKind

CRM = packs.registry_of_pack("crm")


def test_every_static_field_says_what_it_asks_and_nothing_else_does() -> None:
    static = static_schema()
    names = {name for root in (static.query_type, static.mutation_type) if root is not None for name in root.fields}

    assert names == set(STATIC)


@pytest.mark.parametrize("read", [NOBODY, EVERYONE])
def test_documents_of_equal_sights_are_validated_once(read: tuple[Arm, ...]) -> None:
    from_token = projection(
        CRM,
        Policy({}, 1, others=ObjectRights(read=read)),
        Principal(PrincipalKind.CLIENT, UUID(int=1), scopes=("x",)),
        STATIC,
    )

    assert (NOTHING_SEEN.key, Sight(CRM).key) == ("", CRM.shape.hash)
    assert Sight(CRM, from_token).key == from_token.key
    assert Sight(CRM, from_token).is_as(Sight(CRM, from_token))
    assert not Sight(CRM, from_token).is_as(Sight(CRM))
