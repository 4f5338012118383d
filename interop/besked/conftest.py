"""What all tests share: the running server, its senders and receivers, and the oracle.

Needs `FUNDAMENT_CONTRACTS` (the official bundle) and `FUNDAMENT_DEMO` (`demo.json` of a running server that demands
tokens); for push also `FUNDAMENT_PROGRAM` (the server's own program), and for what is AMQP's own `FUNDAMENT_RABBITMQ`
(the URL of a RabbitMQ of one's own). What lacks something is skipped, visibly.
"""

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
# The server, its token service, tokens and signed messages are the other suites'.
sys.path.extend(str(HERE.parent / suite) for suite in ("adgang", "zeep"))
pytest.register_assert_rewrite("verify", "clients", "brokers", "envelope", "own", "receiver", "vaerdiliste")

import brokers  # noqa: E402
from clients import Distributor  # noqa: E402
from demo import NEEDED, demand, missing, only_loopback  # noqa: E402
from expiry import Waiter  # noqa: E402
from server import Demo  # noqa: E402


def pytest_configure(config):
    demand()
    only_loopback()


@pytest.fixture(scope="session")
def demo() -> Demo:
    if faults := [fault for fault in map(missing, NEEDED) if fault]:
        pytest.skip("; ".join(faults))
    demo = Demo(Path(os.environ["FUNDAMENT_DEMO"]).resolve(), os.environ.get("FUNDAMENT_DEMO_DATABASE"))
    if "besked" not in demo.json or "amqps" not in demo.json:
        pytest.skip("the server distributes no messages: demo.json says nothing of `besked` or `amqps`")
    return demo


def pytest_collection_modifyitems(items):
    # What waits for a token to run out has waited when the others are done.
    items.sort(key=lambda item: item.path.name == "test_expiry.py")


@pytest.fixture(scope="session", autouse=True)
def waiter(request) -> Waiter | None:
    """A connection whose token runs out while the other tests run; only where a test asks about it."""
    if not any("waiter" in item.fixturenames and item.path.name == "test_expiry.py" for item in request.session.items):
        return None
    try:
        return Waiter(request.getfixturevalue("bfo"), request.getfixturevalue("ours"))
    except pytest.skip.Exception:
        return None


@pytest.fixture(scope="session")
def bfo(demo) -> Distributor:
    return Distributor(demo)


@pytest.fixture
def sender(bfo):
    """A connection as the official sample's, its replies consumed."""
    with bfo.sender() as sender:
        yield sender


@pytest.fixture
def receiver(bfo):
    """A connection of the receiving system; its dueslag are empty."""
    bfo.drain(*bfo.pull)
    with bfo.receiver() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def ours(bfo):
    return brokers.ours(bfo)


@pytest.fixture(scope="session")
def rabbitmq():
    url = os.environ.get("FUNDAMENT_RABBITMQ")
    if not url:
        pytest.skip("FUNDAMENT_RABBITMQ is not set; it is the URL of a RabbitMQ to compare with")
    return brokers.rabbitmq(url)
