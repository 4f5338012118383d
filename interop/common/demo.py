"""What several suites know of the server under test: where it is, and what `demo.json` tells; and that none calls others."""

import json
import os
import socket
from functools import cached_property
from pathlib import Path

import pytest

#: Without these there is nothing to test.
NEEDED = {"FUNDAMENT_CONTRACTS": "the folder of the official contracts", "FUNDAMENT_DEMO": "a server's demo.json"}
#: With these there is more.
MORE = {"FUNDAMENT_PROGRAM": "the program of the server", "FUNDAMENT_DEMO_LOG": "the file with the server's log"}


def missing(variable: str) -> str | None:
    """Why a variable cannot be used, if it cannot."""
    value = os.environ.get(variable)
    if not value:
        return f"{variable} is not set; it names {(NEEDED | MORE)[variable]}"
    return None if Path(value).exists() else f"{variable} names {value}, which does not exist"


def demand(*others: str) -> None:
    """With a server, all that is needed must be there; `others` is what else is wrong."""
    if os.environ.get("FUNDAMENT_DEMO"):
        faults = [fault for fault in map(missing, NEEDED) if fault] + list(others)
        if faults:
            raise pytest.UsageError("; ".join(faults))


def skip_without(item, *variables: str) -> None:
    """Skips a test where one of these is missing, and says which."""
    for fault in filter(None, map(missing, variables)):
        item.add_marker(pytest.mark.skip(reason=fault))


def only_loopback() -> None:
    """From here on a connection to anywhere but this machine is an error."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise PermissionError(f"the suite must not call {address}")
        return connect(self, address)

    socket.socket.connect = guarded


class Demo:
    """A running server; paths in its `demo.json` are relative to its folder."""

    def __init__(self, path: Path):
        self.path = path

    @cached_property
    def json(self) -> dict:
        return json.loads(self.path.read_text(encoding="utf-8"))

    def file(self, name: str) -> str:
        return str((self.path.parent / name).resolve())

    @cached_property
    def ca(self) -> str:
        return self.file(self.json["ca"])

    @property
    def mtls(self) -> str:
        return self.json["mtls"].rstrip("/")
