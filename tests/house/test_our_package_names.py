"""Our top-level names are ours: no installed distribution owns a package called like one of our houses."""

import importlib.metadata
import importlib.util
from pathlib import Path

from tests.house.sources import HOUSES, ROOT


def test_no_distribution_owns_one_of_our_names() -> None:
    """A stranger's `server` package installed beside ours would be imported instead of it, or mixed with it."""
    owners = importlib.metadata.packages_distributions()
    assert not {name: owners[name] for name in HOUSES if set(owners.get(name, ())) - {"lantern"}}


def test_our_packages_come_from_this_tree() -> None:
    """What the tests import is what lies here."""
    for name in HOUSES:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        assert Path(spec.origin).resolve().is_relative_to(ROOT)
