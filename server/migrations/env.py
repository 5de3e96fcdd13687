"""What Alembic runs: the numbered versions, in one transaction, on the connection it is handed.

Never imports application code: a migration means the same on the day it is run as on the day it was written.
"""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=None, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
