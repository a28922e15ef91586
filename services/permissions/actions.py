"""Named actions: buttons that a role has or has not, beside what it may do with the fields of a record.

Whoever offers an action declares it under the name of its object: `lead.convert`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.permissions.loading import policy
from tenants.errors import Forbidden

if TYPE_CHECKING:
    from collections.abc import Collection

    from tenants.context import ReadWork


class ActionNotAllowed(Forbidden):
    """None of your roles has the action {action}."""

    code = "ACTION_NOT_ALLOWED"
    zh = "您的角色没有操作 {action} 的权限。"


# Each with the choice that nobody reaches without it: object, field and key.
_DECLARED: dict[str, tuple[str, str, str] | None] = {}
_BEHIND: dict[tuple[str, str, str], str] = {}
# The action without which a record does not leave a choice.
_OUT_OF: dict[tuple[str, str, str], str] = {}


def declare_action(
    name: str, *, reaches: tuple[str, str, str] | None = None, leaves: Collection[tuple[str, str, str]] = ()
) -> str:
    """Make an action known, so that roles can have it.

    A choice that it `reaches` (object, field, key) is written by those who have the action only, whatever else they may
    change of the record: a button that could be gone around would be none. So are those that it `leaves` given up.
    """
    _DECLARED[name] = reaches
    if reaches is not None:
        _BEHIND[reaches] = name
    _OUT_OF.update(dict.fromkeys(leaves, name))
    return name


def action_behind(object_name: str, field_name: str, value: object) -> str | None:
    """The action without which a field is not set to this, if there is one."""
    return _BEHIND.get((object_name, field_name, value)) if isinstance(value, str) else None


def action_out_of(object_name: str, field_name: str, value: object) -> str | None:
    """The action without which a record that holds this keeps it, if there is one."""
    return _OUT_OF.get((object_name, field_name, value)) if isinstance(value, str) else None


def actions() -> tuple[str, ...]:
    """Every action, by name."""
    return tuple(sorted(_DECLARED))


async def require_action(work: ReadWork, name: str) -> None:
    """Refuse whoever has no role with this action."""
    if not (await policy(work)).may(name):
        raise ActionNotAllowed(action=name)
