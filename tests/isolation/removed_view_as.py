"""What an administrator who looks as somebody else is held to, and what is noted of it: taken out one at a time."""

from __future__ import annotations

from tests.isolation.removal import Removal

_VIEWING = "tests/isolation/test_view_as.py"

VIEW_AS = (
    Removal(
        "looks as somebody else by administrators only",
        "services/identity/viewing.py",
        "    await access.require_definer(work)\n",
        "    pass\n",
        (_VIEWING,),
    ),
    Removal(
        "entries of looks as somebody else",
        "services/identity/viewing.py",
        '    await audit.append(work, [audit.Entry("access.viewedAs", "user", user_id)])\n',
        "    pass\n",
        (_VIEWING,),
    ),
    Removal(
        "changes with somebody else's eyes",
        "services/identity/viewing.py",
        "if principal.viewer_id is not None:",
        "if False:",
        (_VIEWING,),
    ),
    Removal(
        "inboxes of others",
        "services/permissions/loading.py",
        "return found if principal.viewer_id is None else _viewed(found)",
        "return found",
        (_VIEWING,),
    ),
    Removal(
        "who it is that looks, in the audit",
        "services/audit/entries.py",
        "str(work.principal.viewer_id or work.principal.id)",
        "str(work.principal.id)",
        (_VIEWING,),
    ),
)
