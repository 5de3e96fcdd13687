"""Keeps the agent healthy and known: heartbeats, policy, packs, the process itself."""
