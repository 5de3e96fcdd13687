"""The demonstration: an invented trust with three weeks of history, a mailbox page and a scripted story.

Everything here is plainly marked as invented. It uses the other rooms' verbs like any other caller;
nothing imports it but the command that starts it.
"""
