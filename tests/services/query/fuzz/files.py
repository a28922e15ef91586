"""Random files of records: what is known of each, their way into the database, and what a caller is shown of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from schema.tables.files import FileState
from tenants.file_tokens import LIFE, Claim, FileKeys, Purpose
from tenants.keys import MasterKey
from tests.services.query.world import ALICE, BOB, CAROL, NOW, PLACEMENT, SCHEMA, person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.services.query.world import World

KEYS: Final = FileKeys(MasterKey(bytes(range(32))))
PARTS = ("id", "name", "size", "mediaType", "state", "url", "thumbnailUrl", "uploadedById", "attachedAt")
_ATTACHED = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True)
class StoredFile:
    """A file in a record."""

    id: UUID
    name: str
    size: int
    state: FileState
    uploaded_by: UUID
    attached_at: datetime
    has_thumbnail: bool

    def shown(self) -> dict[str, Any]:
        """Every part. There is an address for who asks, and only of what is there to be read."""
        is_ready = self.state is FileState.READY
        return {
            "id": str(self.id),
            "name": self.name,
            "size": str(self.size),
            "mediaType": "image/png",
            "state": self.state.value,
            "url": self._address(Purpose.READ) if is_ready else None,
            "thumbnailUrl": self._address(Purpose.THUMBNAIL) if is_ready and self.has_thumbnail else None,
            "uploadedById": str(self.uploaded_by),
            "attachedAt": self.attached_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "__typename": "File",
        }

    def _address(self, purpose: Purpose) -> str:
        alice = person(ALICE)
        assert alice.session_id is not None
        claim = Claim(PLACEMENT.tenant_id, alice.kind, ALICE, alice.session_id, alice.is_token, NOW + LIFE)
        return f"/files/{KEYS.token(claim, purpose, self.id)}"


def some_files(rng: random.Random, least: int, most: int) -> list[StoredFile]:
    return [
        StoredFile(
            UUID(int=rng.getrandbits(120)),
            rng.choice(("签名.png", 'q"uote\\.png', "a.png")),
            rng.choice((1, 2**40)),
            rng.choice((FileState.READY, FileState.READY, FileState.SCANNING)),
            rng.choice((ALICE, BOB, CAROL)),
            _ATTACHED + timedelta(seconds=rng.randint(0, 90)),
            rng.random() < 0.5,
        )
        for _ in range(rng.randint(least, most))
    ]


async def store_files(world: World, object_name: str, field: str, held: Iterable[tuple[UUID, StoredFile]]) -> None:
    """Files by the record that holds them in a field."""
    names = world.registry.names[object_name]
    await world.connection.executemany(
        f"INSERT INTO {SCHEMA}.file (id, created_by_id, name, size, media_type, state, key, thumbnail_key, "  # noqa: S608 - fixed names
        "object_number, field_number, record_id, attached_at) "
        "VALUES ($1, $2, $3, $4, 'image/png', $5, $6, $7, $8, $9, $10, $11)",
        [
            (
                each.id,
                each.uploaded_by,
                each.name,
                each.size,
                each.state.value,
                str(each.id),
                f"{each.id}-small" if each.has_thumbnail else None,
                names.number,
                names.fields[field].number,
                record,
                each.attached_at,
            )
            for record, each in held
        ],
    )
