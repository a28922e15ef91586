"""How far shares reach, and whoever stands in for somebody: each limit taken out, one at a time."""

from __future__ import annotations

from tests.isolation.removal import Removal

_SHARES = "tests/services/sharing/test_shares.py"

SHARES = (
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
        (_SHARES,),
    ),
    Removal(
        "owner of a shared record",
        "services/records/changing.py",
        "kept = await relations.owners_kept(target, pending)",
        "kept: list[Violation] = []",
        (_SHARES,),
    ),
    Removal("share of a new owner", "services/records/changing.py", "owner=owner,", "owner=None,", (_SHARES,)),
)
