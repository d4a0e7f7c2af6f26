"""Alembic's entry: runs the steps on the connection handed over by ``store.schema``, in its transaction."""

from alembic import context

from planner.store import indexes  # noqa: F401 - belong to the metadata
from planner.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
