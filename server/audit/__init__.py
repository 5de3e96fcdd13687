"""Who did or saw what: append-only, never changed, never cascaded away."""
