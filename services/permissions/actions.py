"""Named actions: buttons that a role has or has not, beside what it may do with the fields of a record.

Whoever offers an action declares it under the name of its object: `lead.convert`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.permissions.loading import policy
from tenants.errors import Forbidden

if TYPE_CHECKING:
    from tenants.context import ReadWork


class ActionNotAllowed(Forbidden):
    """None of your roles has the action {action}."""

    code = "ACTION_NOT_ALLOWED"
    zh = "您的角色没有操作 {action} 的权限。"


_DECLARED: set[str] = set()


def declare_action(name: str) -> str:
    """Make an action known, so that roles can have it."""
    _DECLARED.add(name)
    return name


def actions() -> tuple[str, ...]:
    """Every action, by name."""
    return tuple(sorted(_DECLARED))


async def require_action(work: ReadWork, name: str) -> None:
    """Refuse whoever has no role with this action."""
    if not (await policy(work)).may(name):
        raise ActionNotAllowed(action=name)
