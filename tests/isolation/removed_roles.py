"""What only some may do by their roles, to definitions and to the rights of others: each lock taken out, one at a time."""

from __future__ import annotations

from tests.isolation.removal import Removal

_ROLES = "tests/services/roles/test_granting.py"

ROLES = (
    Removal(
        "restrictions of roles",
        "services/permissions/loading.py",
        "restricted(reached, restrictions, name)",
        "reached",
        (_ROLES,),
    ),
    Removal(
        "restrictions of administrators",
        "services/permissions/loading.py",
        "{name: restricted(UNRESTRICTED_RIGHTS, restrictions, name) for name in limited}",
        "{}",
        (_ROLES,),
    ),
    Removal(
        "roles that are held",
        "services/roles/defining.py",
        "    if users or clients:\n",
        "    if False:\n",
        ("tests/services/roles/test_defining.py",),
    ),
    Removal(
        "rights of others",
        "services/explaining/effective.py",
        "    await access.require_definer(work)\n",
        "    pass\n",
        ("tests/resolvers/test_permissions.py",),
    ),
    Removal(
        "explanations",
        "services/explaining/access.py",
        "    await access.require_definer(work)\n",
        "    pass\n",
        ("tests/resolvers/test_permissions.py",),
    ),
    Removal(
        "actions that no role has",
        "services/permissions/actions.py",
        "if not (await policy(work)).may(name):",
        "if False:",
        ("tests/services/views/test_keeping.py",),
    ),
    Removal(
        "action of a verb",
        "services/views/keeping.py",
        "        await permissions.require_action(work, SHARE)\n    await access",
        "        permissions.require_action\n    await access",
        ("tests/services/views/test_keeping.py",),
    ),
    Removal(
        "definitions of who may not define",
        "services/identity/access.py",
        "if not policy.may_define:",
        "if False:",
        ("tests/services/identity",),
    ),
    Removal(
        "hand-over by administrators only",
        "services/hand_over/validation.py",
        "    await identity.require_definer(work)\n",
        "    pass\n",
        ("tests/services/hand_over/test_validation.py",),
    ),
)
