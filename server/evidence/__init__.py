"""Sealed bodies and screenshots: stored, opened for those who may see them, never printed."""
