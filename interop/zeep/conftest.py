"""What all tests share: the running server, the systems that call it, and the record of what was seen.

Needs `FUNDAMENT_CONTRACTS` (the official bundle) and `FUNDAMENT_DEMO` (`demo.json` of a running server). Without a
server the tests that need one are skipped, visibly; with a server but without contracts the run is an error.
"""

import os
from pathlib import Path

import pytest

pytest.register_assert_rewrite("client", "scenes")

import client  # noqa: E402
from client import Demo, Seen, Sts  # noqa: E402

NEEDED = {"FUNDAMENT_CONTRACTS": "the folder of the official contracts", "FUNDAMENT_DEMO": "a server's demo.json"}


def missing(variable: str) -> str | None:
    """Why a variable cannot be used, if it cannot."""
    value = os.environ.get(variable)
    if not value:
        return f"{variable} is not set; it names {NEEDED[variable]}"
    return None if Path(value).exists() else f"{variable} names {value}, which does not exist"


def pytest_configure(config):
    if os.environ.get("FUNDAMENT_DEMO"):
        faults = [fault for fault in map(missing, NEEDED) if fault]
        if faults:
            raise pytest.UsageError("; ".join(faults))
    client.only_loopback()


def pytest_collection_modifyitems(items):
    for item in items:
        needs = ["FUNDAMENT_CONTRACTS"] if item.get_closest_marker("offline") else list(NEEDED)
        for fault in filter(None, map(missing, needs)):
            item.add_marker(pytest.mark.skip(reason=fault))
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
