"""What all tests share: the running server, the systems that call it, and the record of what was seen.

Needs `FUNDAMENT_CONTRACTS` (the official bundle) and `FUNDAMENT_DEMO` (`demo.json` of a running server). Without a
server the tests that need one are skipped, visibly; with a server but without contracts the run is an error.
"""

import os
from pathlib import Path

import pytest

pytest.register_assert_rewrite("client", "scenes")

from client import Demo, Seen, Sts  # noqa: E402
from demo import NEEDED, demand, only_loopback, skip_without  # noqa: E402


def pytest_configure(config):
    demand()
    only_loopback()


def pytest_collection_modifyitems(items):
    for item in items:
        skip_without(item, *(["FUNDAMENT_CONTRACTS"] if item.get_closest_marker("offline") else NEEDED))
    # What was covered can only be told when everything else has run.
    items.sort(key=lambda item: item.path.name == "test_coverage.py")


@pytest.fixture(scope="session")
def demo() -> Demo:
    return Demo(Path(os.environ["FUNDAMENT_DEMO"]).resolve())


@pytest.fixture(scope="session")
def seen() -> Seen:
    return Seen()


@pytest.fixture(scope="session")
def ky(demo, seen) -> Sts:
    """The first system of the demo, which may do everything for Korsbæk."""
    return Sts(demo, seen, demo.certificate(demo.systems[0]))


@pytest.fixture(scope="session")
def others(demo, seen) -> list[Sts]:
    """The other systems of the demo, with fewer rights."""
    return [Sts(demo, seen, demo.certificate(system)) for system in demo.systems[1:]]
