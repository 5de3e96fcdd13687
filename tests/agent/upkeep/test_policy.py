"""The policy from a welcome: obeyed when it can be read, otherwise nothing changes."""

from dataclasses import asdict

import pytest

from agent.upkeep.policy import read_policy
from shared.device_policy import DevicePolicy
from shared.taxonomy import Theme

NOW = DevicePolicy(context_minutes=7)


def test_what_the_server_sends_is_what_is_obeyed() -> None:
    told = DevicePolicy(
        context_minutes=0, screenshots=False, themes_off=(Theme.GAMBLING,), protected_hosts=("x.org",)
    )
    assert read_policy(asdict(told), NOW) == told
    wire = {**asdict(told), "themes_off": ["T15"], "protected_hosts": ["x.org"], "newer_field": 1}
    assert read_policy(wire, NOW) == told


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"newer_field": 1},
        {"context_minutes": 31},
        {"context_minutes": "many"},
        {"context_passages": -1},
        {"themes_off": ["T00"]},
        {"themes_off": 5},
        {"screenshots": "no"},
        {"protected_hosts": None},
    ],
)
def test_what_cannot_be_meant_changes_nothing(told: dict[str, object]) -> None:
    assert read_policy(told, NOW) is NOW
