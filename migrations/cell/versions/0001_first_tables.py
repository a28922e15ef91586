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
    tables = "outbox, timer_request, timers, ticks, touched, lease".replace(", ", ", kezhi.")
    op.execute(f"DROP TABLE kezhi.{tables}")
