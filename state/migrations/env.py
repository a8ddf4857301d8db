"""Runs the migrations on the connection that `state.database` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from state.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
