"""What keeps tenants apart inside PostgreSQL: the role, the names, and what is revoked, taken out one at a time."""

from __future__ import annotations

from tests.isolation.removal import Removal

_BATTERY = "tests/isolation/test_attack_battery.py"

DATABASE = (
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
)
