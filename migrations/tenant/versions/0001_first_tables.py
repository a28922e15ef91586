"""The first tables and who may use them; the text beside this file is frozen with it."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

_HERE = Path(__file__).parent


def upgrade() -> None:
    op.execute((_HERE / "0001_tables.sql").read_text())
    op.execute((_HERE / "0001_grants.sql").read_text())


def downgrade() -> None:
    tables = """
        audit_entry, change, client_mutation, department, job, number_counter, object_definition, pack_installation,
        record_history, report_snapshot, role, sign_in_failure, state, tenant_setting, value_lock, department_closure,
        validation_rule, field_definition, index_definition, object_permission, report_snapshot_row, "user", choice_option, notification,
        role_member, session, refresh_token, field_permission, criteria_rule, restriction, record_share, team, team_member, delegation, department_member, action_permission,
        hand_over_record, hand_over, type_change, pilot, publication, change_set
    """
    op.execute(
        f"DROP TABLE {tables}, trusted_document, client, api_token, default_view, saved_view, layout, dictionary_entry, dictionary, file"
    )
