"""Alembic's environment for the history of a tenant's fixed tables: it renders SQL (`alembic upgrade --sql`) and connects to nothing.

`./kezhi migrate` applies what is rendered here, with limits and in the right role; see `tenants.history`.
"""

from __future__ import annotations

from alembic import context

if not context.is_offline_mode():
    raise SystemExit("Revisions are applied by `./kezhi migrate`; here they are only rendered, with --sql.")

context.configure(dialect_name="postgresql", literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
