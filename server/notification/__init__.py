"""Notification: telling a DSL, and telling again until somebody answers. Never details in the channel."""
