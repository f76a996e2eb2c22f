"""Alembic's way in: runs the steps on the connection that `Database.migrate` hands over."""

from alembic import context

from crispdeck.records.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    # All steps are one transaction, the caller's; SQLite can do that for tables as well.
    transactional_ddl=True,
    # SQLite alters a table by copying it.
    render_as_batch=True,
)
context.run_migrations()
