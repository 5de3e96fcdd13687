"""From a Flag to an Event: what a moderator needs to judge it, and nothing beside."""
