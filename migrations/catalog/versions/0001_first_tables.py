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
    tables = "audit_head, audit_key, secret_key, token_key, tenant, login, cell"
    op.execute(f"DROP TABLE {tables}")
