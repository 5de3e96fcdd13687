"""Routing: a graded event becomes an alert under the right academy, with its response clock."""
