"""What a caller may not write, and what an action decided for all: each lock taken out, one at a time."""

from __future__ import annotations

from tests.isolation.removal import Removal

_MATRIX = "tests/isolation/test_permission_matrix.py"

WRITES = (
    Removal(
        "objects that may not be written",
        "services/records/targets.py",
        "if not any(target.rights.arms(verb) for verb in verbs):",
        "if False:",
        (_MATRIX,),
    ),
    Removal(
        "sets that may not be changed",
        "services/records/targets.py",
        "if in_bulk and not target.rights.arms(Verb.BULK):",
        "if False:",
        ("tests/journeys/test_sets_and_owners.py",),
    ),
    Removal(
        "fields that may not be written",
        "services/records/inputs.py",
        "if field.name not in opened and not target.may_write(field.name):",
        "if False:",
        ("tests/services/records/test_inputs.py",),
    ),
    Removal(
        "bulk of an upsert",
        "services/records/upserting.py",
        "plan.changes and not target.rights.arms(Verb.BULK)",
        "False",
        ("tests/journeys/test_sets_and_owners.py",),
    ),
    Removal(
        "what an action decided, in changes",
        "services/records/changing.py",
        "refused = decided.refuse_changed(target, pending, locked, opened)",
        "refused: list[Violation] = []",
        ("tests/services/opportunities/test_closing.py",),
    ),
    Removal(
        "what an action decides, in new records",
        "services/records/inputs.py",
        "    violations += decided.refuse_new(target, values, path, opened)\n",
        "",
        ("tests/services/opportunities/test_closing.py",),
    ),
    Removal(
        "parts of what an action decided",
        "services/records/decided.py",
        "if any(record.values[field.name] in course.keeps for record in found.values()):",
        "if False:",
        ("tests/services/quotes/test_approving.py",),
    ),
)
