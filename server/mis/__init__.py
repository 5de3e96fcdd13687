"""Students, attendance and behaviour as the school's own system tells them."""
