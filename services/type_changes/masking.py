"""What masks let show of a field that becomes a text: nothing, where so far they let show nothing.

Of a masked text some signs may stay, of every other type nothing does. Whoever wants to show some signs of the new text
says so again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from schema.metadata.types import Output
from schema.tables.permissions import field_permission, restriction, role
from tenants.context import Moving

if TYPE_CHECKING:
    from schema.metadata.conversions import Sides
    from tenants.context import DefinitionWork


async def close_masks(work: DefinitionWork, object_name: str, sides: Sides) -> bool:
    """Let nothing show that did not before; whether anything had to be said for that."""
    if sides.source.field.type.output is Output.TEXT or sides.field.type.output is not Output.TEXT:
        return False
    named = (object_name, sides.field.name)
    given, limits = field_permission.c, restriction.c
    masked = sa.and_(given.object_name == named[0], given.field_name == named[1], given.level == "masked")
    limited = sa.and_(limits.object_name == named[0], limits.field_name == named[1], limits.level == "masked")
    roles = sa.union(sa.select(given.role_id).where(masked), sa.select(limits.role_id).where(limited))
    moved = await work.session.execute(
        sa.update(role).where(role.c.id.in_(roles)).values(version=role.c.version + 1, updated_at=work.now)
    )
    await work.session.execute(sa.update(field_permission).where(masked).values(mask="full"))
    await work.session.execute(sa.update(restriction).where(limited).values(level="none"))
    if moved:
        work.moves.add(Moving.ACCESS)
    return moved > 0
