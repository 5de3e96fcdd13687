"""Moderation: a person's judgement of one event, and what it announces."""
