"""The live queue: who holds which event for review, for how long, and who hears that it moved."""
