"""The schema of the demo tenant as it stands in `docs/schema.graphql`; `python -m tests.resolvers.schema_snapshot` renews it.

A change of the public contract shows up in review as a change of that file.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from resolvers.projections import STATIC
from resolvers.root import static_schema, verb_shapes
from schema.sdl.builder import build
from schema.sdl.printer import print_sdl
from schema.sdl.words import RegistryWords
from services import capabilities, packs
from services.permissions.loading import of_roles
from services.projections import projection
from tenants.context import Principal, PrincipalKind

PAGE = Path(__file__).parents[2] / "docs" / "schema.graphql"


def text() -> str:
    """What an administrator sees of a tenant with the CRM pack and nothing of its own, in English, without the roles."""
    assert capabilities.CAPABILITIES
    registry = packs.registry_of_pack("crm")
    words = RegistryWords(registry, "en")
    admin = of_roles(["admin"], (), is_admin=True, version=1)
    seen = projection(registry, admin, Principal(PrincipalKind.USER, UUID(int=1)), STATIC)
    verbs = verb_shapes(registry.shape.objects)
    return print_sdl(build(registry.shape, static_schema(), verbs=verbs, words=words, projection=seen))


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
