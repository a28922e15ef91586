"""The locks that keep names from those who may not read them: saved views and layouts show nobody what is closed to him."""

from __future__ import annotations

from tests.isolation.removal import Removal

_VIEWS = "tests/services/query/test_views.py"
_KEEPING = "tests/services/views/test_keeping.py"
_LAYOUTS = "tests/services/layouts/test_applying.py"

NAMES = (
    Removal(
        "names: parts of a view over closed fields",
        "services/query/views.py",
        " WHERE NOT (e.part -> 'needs' ?| {closed}))",
        " WHERE ({closed}) IS NOT NULL)",
        (_VIEWS,),
    ),
    Removal(
        "names: a filter over closed fields",
        "services/query/views.py",
        "CASE WHEN NOT ({stored} -> 'needs' ?| {closed}) THEN",
        "CASE WHEN ({closed}) IS NOT NULL THEN",
        (_VIEWS,),
    ),
    Removal(
        "names: what a masked field decides",
        "services/query/views.py",
        "    if level < Level.READ:\n",
        "    if level < Level.MASKED:\n",
        (_VIEWS,),
    ),
    Removal(
        "names: views of an object that is closed",
        "services/query/views.py",
        "(NOT ({object} = ANY ({closed})) AND (",
        "(({object} = ANY ({closed})) IS NOT NULL AND (",
        (_VIEWS,),
    ),
    Removal(
        "names: private views",
        "services/query/scopes.py",
        "        return view_is_seen(c, alias)\n",
        "        return TRUE\n",
        (_KEEPING,),
    ),
    Removal(
        "names: views that are somebody else's to change",
        "services/views/keeping.py",
        'if row is None or row["shared_with"] is None or not (await permissions.policy(work)).may_define:',
        "if row is None:",
        (_KEEPING,),
    ),
    Removal(
        "names: closed fields in a layout",
        "services/layouts/applying.py",
        "        if rights.level(name) >= Level.MASKED and _is_told(field, policy)\n",
        "",
        (_LAYOUTS,),
    ),
    Removal(
        "names: conditions over closed fields in a layout",
        "services/layouts/applying.py",
        "is_told = condition is not None and _is_open(registry, policy, object_name, condition)",
        "is_told = condition is not None",
        (_LAYOUTS,),
    ),
    Removal(
        "names: closed fields in the template of an import",
        "services/imports/templates.py",
        "is_open = policy.on(object_name).level(field.name) is Level.WRITE and not field.read_only",
        "is_open = not field.read_only",
        ("tests/resolvers/test_imports.py",),
    ),
)
