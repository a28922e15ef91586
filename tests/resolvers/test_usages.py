"""What uses a thing, as the API tells it."""

from __future__ import annotations

from uuid import UUID

from resolvers.usages import usages_told
from services.metadata import Usage


def test_usage_is_told_with_its_name_and_id() -> None:
    (first, second) = usages_told([Usage("view", "All", UUID(int=7), breaks=True), Usage("index", "ix")])

    assert (first.kind, first.name, first.id, first.breaks) == ("view", "All", str(UUID(int=7)), True)
    assert (second.kind, second.name, second.id, second.breaks) == ("index", "ix", None, False)
