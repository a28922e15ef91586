"""[G1] What the role that runs may do with each fixed table, in one table that a reviewer can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tenants.connection import Connection
    from tests.tenants.bare import Bare

pytestmark = pytest.mark.integration

READ, ADD, CHANGE, ALL = "r", "ar", "arw", "adrw"
GRANTS = {
    "action_permission": READ,
    "api_token": CHANGE,
    "audit_entry": ADD,
    "change": ADD,
    "change_set": READ,
    "choice_option": READ,
    "client": READ,
    "client_mutation": ALL,
    "criteria_rule": READ,
    "default_view": READ,
    "delegation": READ,
    "department": READ,
    "dictionary": READ,
    "dictionary_entry": READ,
    "department_closure": READ,
    "department_member": READ,
    "field_definition": READ,
    "field_permission": READ,
    "file": ALL,
    "hand_over": CHANGE,
    "hand_over_record": CHANGE,
    "index_definition": READ,
    "job": CHANGE,
    "layout": READ,
    "notification": CHANGE,
    "number_counter": CHANGE,
    "object_definition": READ,
    "object_permission": READ,
    "pack_installation": READ,
    "pilot": READ,
    "publication": READ,
    "record_history": ADD,
    "record_share": ALL,
    "refresh_token": ALL,
    "report_snapshot": ADD,
    "report_snapshot_row": ADD,
    "restriction": READ,
    "role": READ,
    "role_member": READ,
    "saved_view": ALL,
    "session": ALL,
    "sign_in_failure": ALL,
    "state": READ,
    "team": READ,
    "team_member": READ,
    "tenant_setting": READ,
    "trusted_document": READ,
    "type_change": READ,
    "user": CHANGE,
    "validation_rule": READ,
    "value_lock": ALL,
}


async def test_role_that_runs_has_these_rights_and_no_others(bare: Bare, administrator: Connection) -> None:
    rows = await administrator.fetch(
        """
        SELECT c.relname AS name, string_agg(left(lower(x.privilege_type), 1), '') AS rights
        FROM pg_class AS c, LATERAL aclexplode(c.relacl) AS x
        WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' AND x.grantee = $2::regrole GROUP BY c.relname
        """,
        bare.placement.schema,
        bare.placement.role,
    )

    # select, insert, update and delete, as the server abbreviates them.
    letters = str.maketrans("siud", "rawd")
    found = {row["name"]: "".join(sorted(row["rights"].translate(letters))) for row in rows}
    assert found == GRANTS


async def test_nobody_else_but_the_sequencer_has_rights(bare: Bare, administrator: Connection) -> None:
    rows = await administrator.fetch(
        """
        SELECT DISTINCT coalesce(r.rolname::text, 'PUBLIC') AS name FROM pg_class AS c,
            LATERAL aclexplode(c.relacl) AS x LEFT JOIN pg_roles AS r ON r.oid = x.grantee
        WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' ORDER BY 1
        """,
        bare.placement.schema,
    )

    assert [row["name"] for row in rows] == sorted([
        bare.placement.role,
        bare.placement.owner_role,
        f"{bare.placement.cell}_sequencer",
    ])
