"""Concerns sent to the local authority, health or the police, and what came back."""
