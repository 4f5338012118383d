"""What all tests share: the running server, the clients, and the record of what was seen.

Needs `FUNDAMENT_CONTRACTS` (the official bundle) and `FUNDAMENT_DEMO` (`demo.json` of a running server); for what
stands in the access log also `FUNDAMENT_PROGRAM` (the server's own program), for what it writes of itself
`FUNDAMENT_DEMO_LOG` (the file), and on PostgreSQL `FUNDAMENT_DEMO_DATABASE` (the URL). What lacks something is skipped,
visibly.
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

from demo import NEEDED, demand, missing, only_loopback, skip_without  # noqa: E402
from server import Demo  # noqa: E402
from sts_client import Sts, Token  # noqa: E402
from wsp_client import Wsp  # noqa: E402


def pytest_configure(config):
    demand(*([] if shutil.which("xmlsec1") else ["xmlsec1 is not installed"]))
    only_loopback()


def pytest_collection_modifyitems(items):
    for item in items:
        skip_without(item, *NEEDED)


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
