"""Alembic migrations, numbered. They never import application code."""
