"""What a heartbeat says: counters of every room, state, reasons; blocked stays blocked."""

from agent.upkeep.health import Health, State


def test_counters_are_asked_when_needed() -> None:
    health, seen = Health(agent_version="0.1.0", pack_version="2026.11.1"), {"passages_seen": 0}
    health.count(lambda: seen)
    health.count(lambda: {"bytes_sent": 5})
    seen["passages_seen"] = 7
    signs = health.vital_signs()
    assert signs.counters == {"passages_seen": 7, "bytes_sent": 5}
    assert (signs.state, signs.agent_version, signs.pack_version) == ("notice_pending", "0.1.0", "2026.11.1")


def test_states_and_reasons() -> None:
    health = Health(agent_version="1", pack_version="1")
    health.state = State.WATCHING
    assert health.vital_signs().state == "watching"
    health.block("badge_gone")
    signs = health.vital_signs()
    assert (signs.state, signs.reasons) == ("blocked", ("badge_gone",))


def test_a_reason_is_given_while_it_is_so() -> None:
    health, is_so = Health(agent_version="1", pack_version="1"), [True]
    health.watch_for("no_accessibility_bus", lambda: is_so[0])
    assert health.vital_signs().reasons == ("no_accessibility_bus",)
    is_so[0] = False
    assert health.vital_signs().reasons == ()


def test_the_states_are_the_wires() -> None:
    assert {state.value for state in State} == {"watching", "paused", "notice_pending", "blocked"}
