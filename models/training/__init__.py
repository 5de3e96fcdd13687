"""Fits, calibrates and exports the shipped classifier. Never imported by agent or server."""
