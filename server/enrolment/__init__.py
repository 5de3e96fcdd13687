"""Which devices may speak to us, and for which Academy."""
