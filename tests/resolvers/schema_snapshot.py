"""The schema of the demo tenant as it stands in `docs/schema.graphql`; `python -m tests.resolvers.schema_snapshot` renews it.

A change of the public contract shows up in review as a change of that file.
"""

from __future__ import annotations

from pathlib import Path

from resolvers.root import static_schema, verb_shapes
from schema.sdl.builder import build
from schema.sdl.printer import print_sdl
from schema.sdl.words import RegistryWords
from services import capabilities, packs

PAGE = Path(__file__).parents[2] / "docs" / "schema.graphql"


def text() -> str:
    """The schema of a tenant with the CRM pack and nothing of its own, in English."""
    assert capabilities.CAPABILITIES
    registry = packs.registry_of_pack("crm")
    words = RegistryWords(registry, "en")
    return print_sdl(build(registry.shape, static_schema(), verbs=verb_shapes(registry.shape.objects), words=words))


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
