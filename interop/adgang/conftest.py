"""What all tests share: the running server, the clients, and the record of what was seen.

Needs `FUNDAMENT_CONTRACTS` (the official bundle) and `FUNDAMENT_DEMO` (`demo.json` of a running server); for what
stands in the access log also `FUNDAMENT_PROGRAM` (the server's own program). What lacks something is skipped, visibly.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
# The official contracts and the examples of the standard are read by the other suite's modules.
sys.path.append(str(HERE.parent / "zeep"))
pytest.register_assert_rewrite("verify", "server")

import server  # noqa: E402
from server import Demo  # noqa: E402
from sts_client import Sts, Token  # noqa: E402
from wsp_client import Wsp  # noqa: E402

NEEDED = {"FUNDAMENT_CONTRACTS": "the folder of the official contracts", "FUNDAMENT_DEMO": "a server's demo.json"}


def missing(variable: str) -> str | None:
    """Why a variable cannot be used, if it cannot."""
    value = os.environ.get(variable)
    if not value:
        return f"{variable} is not set; it names {NEEDED.get(variable, 'the program of the server')}"
    return None if Path(value).exists() else f"{variable} names {value}, which does not exist"


def pytest_configure(config):
    if os.environ.get("FUNDAMENT_DEMO"):
        faults = [fault for fault in map(missing, NEEDED) if fault]
        if not shutil.which("xmlsec1"):
            faults.append("xmlsec1 is not installed")
        if faults:
            raise pytest.UsageError("; ".join(faults))
    server.only_loopback()


def pytest_collection_modifyitems(items):
    for item in items:
        for fault in filter(None, map(missing, NEEDED)):
            item.add_marker(pytest.mark.skip(reason=fault))


@pytest.fixture(scope="session")
def demo() -> Demo:
    demo = Demo(Path(os.environ["FUNDAMENT_DEMO"]).resolve(), os.environ.get("FUNDAMENT_DEMO_DATABASE"))
    if "sts" not in demo.json:
        pytest.skip("the server has no token service: demo.json says nothing of `sts`")
    return demo


@pytest.fixture(scope="session")
def explain(demo):
    """What the access log says of a message."""
    if fault := missing("FUNDAMENT_PROGRAM"):
        pytest.skip(fault)
    return demo.explain


@pytest.fixture(scope="session")
def sts(demo) -> Sts:
    return Sts(demo)


@pytest.fixture(scope="session")
def wsp(demo) -> Wsp:
    return Wsp(demo)


@pytest.fixture(scope="session")
def ky(demo):
    """The system that may do everything for Korsbæk."""
    return demo.systems["ky"]


@pytest.fixture(scope="session")
def ksd(demo):
    return demo.systems["ksd"]


@pytest.fixture(scope="session")
def sapa(demo):
    """The system that may act as another for Korsbæk."""
    return demo.systems["sapa"]


@pytest.fixture(scope="session")
def token(sts, ky) -> Token:
    """A token for Organisation."""
    return sts.issue(ky)


@pytest.fixture(scope="session")
def schemas() -> Path:
    return Path(os.environ["FUNDAMENT_CONTRACTS"]).resolve() / "adgangsstyring" / "bpp"


@pytest.fixture(scope="session")
def explain_if(demo):
    """Asks the log about a message where it can be asked; where it cannot, the tests of the log alone are skipped."""

    def ask(reference: str, expected: str) -> None:
        if not missing("FUNDAMENT_PROGRAM"):
            told = demo.explain(reference, expected=expected)
            assert expected in told, told

    return ask
