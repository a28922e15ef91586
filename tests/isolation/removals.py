"""Every lock taken out of the product, one at a time: `python -m tests.isolation.removals [NAME …]`.

A lock whose removal no test sees is a lock that somebody removes by accident. Works on a copy of the tree; answers 0 if
the tests named beside each lock are green with it and red without it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.isolation.removal import Removal
from tests.isolation.removed_names import NAMES
from tests.isolation.removed_paths import PATHS
from tests.isolation.removed_pilots import PILOTS

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent.parent
_NOT_COPIED = shutil.ignore_patterns(".*", "node_modules", "__pycache__", "data", "results")
# What pytest answers when tests ran and some failed; 2 and more mean that nothing was shown.
_TESTS_FAILED = 1


_BATTERY = "tests/isolation/test_attack_battery.py"
_MATRIX = "tests/isolation/test_permission_matrix.py"
_GUARD = "tests/services/query/test_guard.py"
_ROLES = "tests/services/roles/test_granting.py"
_LEVELS = "tests/services/query/test_records.py"
_TRACES = "tests/services/query/test_traces.py"

_SHARES = "tests/services/sharing/test_shares.py"
_TOKENS = "tests/isolation/test_api_tokens.py"
_VIEWING = "tests/isolation/test_view_as.py"

REMOVALS = (
    Removal("role", "tenants/session.py", "SET LOCAL ROLE @role@", "RESET ROLE", (_BATTERY,)),
    Removal(
        "qualification",
        "tenants/session.py",
        "SET LOCAL search_path = pg_catalog",
        "RESET search_path",
        ("tests/tenants/test_session.py",),
    ),
    Removal(
        "revoked functions",
        "tenants/hardening.py",
        'script += _revokes("REVOKE EXECUTE ON FUNCTION ", functions)',
        "script += _revokes('', [])",
        (_BATTERY,),
    ),
    Removal(
        "revoked views",
        "tenants/hardening.py",
        'script += _revokes("REVOKE SELECT ON ", views)',
        "script += _revokes('', [])",
        (_BATTERY,),
    ),
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
        "owner for whom somebody stands in",
        "services/records/scopes.py",
        "Scope.OWN if each is Scope.DELEGATED else each",
        "each",
        (_SHARES,),
    ),
    Removal(
        "shares by who stands in",
        "services/sharing/shares.py",
        'if await _stands_in(work, object_name, record_id, str(values["reach"])):',
        "if False:",
        (_SHARES,),
    ),
    Removal(
        "bins of others in refusals",
        "services/records/scopes.py",
        "({alias}.deleted_at IS NULL OR {deleted})",
        "({alias}.id IS NOT NULL OR {deleted})",
        (_SHARES,),
    ),
    Removal(
        "delegations that are over",
        "services/query/scopes.py",
        "d.starts_at <= now() AND d.ends_at > now()",
        "TRUE",
        ("tests/services/delegations",),
    ),
    Removal(
        "records that may not be shared",
        "services/sharing/shares.py",
        "            raise NotShareable",
        "            continue",
        ("tests/services/sharing/test_shares.py",),
    ),
    Removal(
        "fields that may not be written",
        "services/records/inputs.py",
        "if field.name not in opened and not target.may_write(field.name):",
        "if False:",
        ("tests/services/records/test_inputs.py",),
    ),
    Removal(
        "definitions of who may not define",
        "services/identity/access.py",
        "if not policy.may_define:",
        "if False:",
        ("tests/services/identity",),
    ),
    Removal(
        "scopes of tokens",
        "services/permissions/loading.py",
        "            await capped(work, await policy_of_token(work))\n            if principal.is_token\n            else await ",
        "            await ",
        (_TOKENS,),
    ),
    Removal(
        "field groups outside the scopes of objects",
        "services/oauth/narrowing.py",
        "caps = dict.fromkeys(grouped(thing), Level.NONE)",
        "caps: dict[str, Level] = {}",
        (_TOKENS,),
    ),
    Removal(
        "tokens at what needs a sign-in",
        "services/identity/access.py",
        "if work.principal.is_token:",
        "if False:",
        ("tests/services/identity/test_access.py",),
    ),
    Removal(
        "tokens that have expired",
        "services/oauth/bearers.py",
        "if known.expires_at <= utc_now():",
        "if False:",
        (_TOKENS,),
    ),
    Removal(
        "scopes of a client for tokens that are out",
        "services/oauth/policies.py",
        'scopes & set(found["scopes"])',
        "scopes",
        (_TOKENS,),
    ),
    Removal(
        "attempts at the token endpoint",
        "services/oauth/exchange.py",
        "await throttle.count_attempt(work, who, throttle.PER_CLIENT)",
        "()",
        ("tests/resolvers/test_token_endpoint.py",),
    ),
    Removal(
        "secrets of clients",
        "services/oauth/granting.py",
        "self.is_proven = fits and",
        "self.is_proven =",
        ("tests/resolvers/test_token_endpoint.py",),
    ),
    Removal(
        "sessions that were closed",
        "tenants/transactions.py",
        'if unit.principal.has_session and not row["signed_in"]:',
        "if False:",
        ("tests/tenants/test_transactions.py",),
    ),
    Removal(
        "sessions that were closed, in reads",
        "services/query/executor.py",
        "    if session_ok != _TRUE:",
        "    if False:",
        ("tests/services/query/test_executor.py",),
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
        "is_open = target is None or always_visible(c, target) or reaches_all(c, target)",
        "is_open = True",
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
    Removal(
        "hand-over by administrators only",
        "services/hand_over/validation.py",
        "    await identity.require_definer(work)\n",
        "    pass\n",
        ("tests/services/hand_over/test_validation.py",),
    ),
    Removal(
        "bulk of an upsert",
        "services/records/upserting.py",
        "plan.changes and not target.rights.arms(Verb.BULK)",
        "False",
        ("tests/journeys/test_sets_and_owners.py",),
    ),
    Removal(
        "owner of a shared record",
        "services/records/changing.py",
        "kept = await relations.owners_kept(target, pending)",
        "kept: list[Violation] = []",
        (_SHARES,),
    ),
    Removal("share of a new owner", "services/records/changing.py", "owner=owner,", "owner=None,", (_SHARES,)),
    Removal(
        "names out of a token's scopes",
        "resolvers/projections.py",
        "return Sight(*await current_projection(context))",
        "return Sight(await current_registry(context))",
        (_TOKENS,),
    ),
    Removal(
        "fields that a projection hides",
        "services/projections.py",
        "return self.reads(object_name) and self._on(object_name).level(field_name) >= Level.READ",
        "return self.reads(object_name)",
        ("tests/services/test_projections.py",),
    ),
    Removal(
        "action of a verb",
        "services/views/keeping.py",
        "        await permissions.require_action(work, SHARE)\n    await access",
        "        permissions.require_action\n    await access",
        ("tests/services/views/test_keeping.py",),
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


ALL = (*REMOVALS, *PATHS, *NAMES, *PILOTS)


def main(names: Sequence[str]) -> int:
    """Take out the named locks, or all."""
    chosen = [each for each in ALL if not names or each.name in names]
    with tempfile.TemporaryDirectory(prefix="kezhi-removals-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=_NOT_COPIED)
        tests = sorted({test for each in chosen for test in each.tests})
        if _status(tree, tests) != 0:
            print("not green with every lock in its place")
            return 1
        unseen = [each.name for each in chosen if not _is_seen(tree, each)]
    for name in unseen:
        print(f"NOT SEEN: {name}")
    return 1 if unseen else 0


def _is_seen(tree: Path, removal: Removal) -> bool:
    path = tree / removal.file
    whole = path.read_text()
    path.write_text(whole.replace(removal.lock, removal.without))
    try:
        status = _status(tree, removal.tests)
    finally:
        path.write_text(whole)
    print(f"without {removal.name}: pytest answers {status}", flush=True)
    return status == _TESTS_FAILED


def _status(tree: Path, tests: Sequence[str]) -> int:
    command = (sys.executable, "-m", "pytest", "-n", "0", "-q", "-x", "-p", "no:cacheprovider", *tests)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    finished = subprocess.run(
        command, cwd=tree, env=environment, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if finished.returncode not in {0, _TESTS_FAILED}:
        print(finished.stdout)
    return finished.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
