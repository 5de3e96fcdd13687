"""Counts and times per academy and trust, built from Messages. Never names a student."""
