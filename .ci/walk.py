"""Run by one house's own environment: import every module of it, and prove the other house is not here."""

import importlib
import importlib.util
import pkgutil
import sys

FOREIGN = {
    "agent": ("fastapi", "sqlalchemy", "celery", "pydantic", "psycopg", "asyncpg", "uvicorn"),
    "server": ("pynput", "mss", "onnxruntime", "daachorse"),
}
OTHER_HOUSE = {"agent": "server", "server": "agent"}
OTHER_PLATFORMS = {
    "agent.capture.desktop.windows": "win32",
    "agent.capture.desktop.macos": "darwin",
}
"""Modules that only one system can import."""
NOT_WALKED = {
    "server.demonstration.typist",  # a process on a demonstration's display, where an agent's packages are
    "server.migrations.env",  # only Alembic can import it, in the middle of a migration
}


def main(house: str, packages: list[str]) -> int:
    """The exit status: 0 when everything imported and nothing foreign was found."""
    present = [name for name in FOREIGN[house] if importlib.util.find_spec(name) is not None]
    if present:
        print(f"the {house} environment holds the other house's packages: {', '.join(present)}")
        return 1
    count = 0
    for package in packages:
        root = importlib.import_module(package)
        for module in pkgutil.walk_packages(root.__path__, f"{package}."):
            if (
                module.name.endswith(".__main__")
                or module.name in NOT_WALKED
                or OTHER_PLATFORMS.get(module.name, sys.platform) != sys.platform
            ):
                continue
            importlib.import_module(module.name)
            count += 1
    strangers = sorted(name for name in sys.modules if name.split(".")[0] == OTHER_HOUSE[house])
    if strangers:
        print(f"importing {house} pulled in {', '.join(strangers)}")
        return 1
    print(f"lantern: {count} modules of {' and '.join(packages)} import without the other house's packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
