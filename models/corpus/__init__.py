"""Passages that we wrote ourselves, by theme and level, with their look-alikes."""
