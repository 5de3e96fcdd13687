"""Reads the DevicePolicy that a welcome carries. What cannot be read changes nothing."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from shared.device_policy import DevicePolicy
from shared.taxonomy import Theme

_NAMES = frozenset(field.name for field in fields(DevicePolicy))


def read_policy(told: Mapping[str, object], current: DevicePolicy) -> DevicePolicy:
    """``current`` with what the server told; ``current`` itself if that is malformed or out of limits.

    Unknown keys are left out: a newer server may name more than we know.
    """
    known: dict[str, Any] = {name: value for name, value in told.items() if name in _NAMES}
    if not known:
        return current
    try:
        if "themes_off" in known:
            known["themes_off"] = tuple(Theme(theme) for theme in known["themes_off"])
        if "protected_hosts" in known:
            known["protected_hosts"] = tuple(str(host) for host in known["protected_hosts"])
        for name in ("version", "context_minutes", "context_passages"):
            if name in known:
                known[name] = int(known[name])
        if "screenshots" in known and not isinstance(known["screenshots"], bool):
            return current
        return DevicePolicy(**known)
    except (TypeError, ValueError):
        return current
