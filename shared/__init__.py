"""The words both houses agree on. Standard library only; no I/O; nothing only one side needs."""
