"""Whole stories, key press to outcome, through the real product."""
