"""What a caller may not read, neither a value nor its trace: each lock taken out, one at a time."""

from __future__ import annotations

from tests.isolation.removal import Removal

_MATRIX = "tests/isolation/test_permission_matrix.py"
_GUARD = "tests/services/query/test_guard.py"
_LEVELS = "tests/services/query/test_records.py"
_TRACES = "tests/services/query/test_traces.py"

READS = (
    Removal(
        "seal of the guarded plan",
        "services/query/guard.py",
        "    bound: BoundPlan\n    rights: Rights\n\n"
        "    def __post_init__(self) -> None:\n        if self.seal is not _SEAL:",
        "    bound: BoundPlan\n    rights: Rights\n\n    def __post_init__(self) -> None:\n        if False:",
        (_GUARD,),
    ),
    Removal(
        "objects that may not be read",
        "services/query/guard.py",
        "if touch.use not in {Use.LINK, Use.TRACE, Use.NAMES} and not policy.on(touch.object_name).arms(Verb.READ):",
        "if False:",
        (_GUARD,),
    ),
    Removal("fields that may not be read", "services/query/guard.py", "    if closed:\n", "    if False:\n", (_GUARD,)),
    Removal(
        "trash of who may not delete",
        "services/query/guard.py",
        "if not policy.on(name).arms(Verb.DELETE):",
        "if False:",
        (_GUARD,),
    ),
    Removal(
        "records out of scope",
        "services/query/scopes.py",
        "    if Everyone() in arms:\n        return record_is_seen(c, thing.name, alias) if thing.name == HISTORY else TRUE\n"
        "    written",
        "    return TRUE\n    written",
        (_MATRIX,),
    ),
    Removal(
        "masks",
        "services/query/records.py",
        "return c.rights.on(object_name).level(field_name) is Level.MASKED",
        "return False",
        (_LEVELS,),
    ),
    Removal(
        "conditions over closed fields in the audit",
        "services/query/traces.py",
        "AND ({mark} = 'open' OR {mark} LIKE 'to:%') IS NOT TRUE",
        "AND {mark} IS NULL",
        ("tests/services/query/test_told.py",),
    ),
    Removal(
        "ids of records out of sight in history",
        "services/query/traces.py",
        'return _OPEN if always_visible(c, thing) or reaches_all(c, thing) else f"{behind}{target}"',
        "return _OPEN",
        (_TRACES,),
    ),
    Removal(
        "history of records out of sight",
        "services/query/scopes.py",
        "return record_is_seen(c, thing.name, alias) if thing.name == HISTORY else TRUE",
        "return TRUE",
        (_TRACES,),
    ),
    Removal(
        "closed fields in history and audit",
        "services/query/traces.py",
        "if rights.level(each.name) is not Level.NONE)",
        "if True)",
        (_TRACES,),
    ),
    Removal(
        "audited values of records out of sight",
        "services/query/traces.py",
        '"WHEN {seen} THEN',
        '"WHEN {seen} IS NOT NULL THEN',
        (_TRACES,),
    ),
)
