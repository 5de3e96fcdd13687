"""Trust, Academy, staff and their roles as data. No endpoints."""
