"""A policy outside the published limits cannot exist, on the device or on the server."""

import dataclasses

import pytest

from shared.device_policy import DevicePolicy


def test_the_defaults_protect_help_services() -> None:
    policy = DevicePolicy()
    assert "childline.org.uk" in policy.protected_hosts
    assert policy.themes_off == ()


@pytest.mark.parametrize("minutes", [0, 10, 30])
def test_the_limits_themselves_are_allowed(minutes: int) -> None:
    assert DevicePolicy(context_minutes=minutes).context_minutes == minutes


@pytest.mark.parametrize("minutes", [-1, 31])
def test_context_longer_than_published_is_refused(minutes: int) -> None:
    with pytest.raises(ValueError, match="context_minutes"):
        DevicePolicy(context_minutes=minutes)


@pytest.mark.parametrize("passages", [-1, 21])
def test_more_context_than_published_is_refused(passages: int) -> None:
    with pytest.raises(ValueError, match="context_passages"):
        DevicePolicy(context_passages=passages)


def test_a_policy_cannot_be_changed_in_place() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        DevicePolicy().screenshots = False  # type: ignore[misc]
