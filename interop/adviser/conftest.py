"""What all tests share: the issuer the program trusts, and servers that are stopped afterwards.

Needs `FUNDAMENT_PROGRAM` (the server's own program); two servers on one database also `FUNDAMENT_MAIL_DATABASE` (the
URL of an empty PostgreSQL database). What lacks something is skipped, visibly.
"""

import os

import pytest

pytest.register_assert_rewrite("smtp", "program")

from demo import only_loopback  # noqa: E402
from program import Program  # noqa: E402
from smtp import Pki  # noqa: E402


def pytest_configure(config):
    only_loopback()


@pytest.fixture(scope="session")
def pki(tmp_path_factory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def program(tmp_path_factory):
    """Makes servers; they are stopped at the end."""
    if not os.environ.get("FUNDAMENT_PROGRAM"):
        pytest.skip("FUNDAMENT_PROGRAM is not set; it names the program of the server")
    started: list[Program] = []

    def make(*arguments, **named) -> Program:
        started.append(Program(tmp_path_factory.mktemp("server"), *arguments, **named))
        return started[-1]

    yield make
    for server in started:
        server.stop()
